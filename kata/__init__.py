"""FastAPI Katas: the engine behind the lessons.

It stands in rooms, a folder each. A room's `__init__.py` says what lives there, and
what other rooms use of it. `ROOMS` is their order: imports go from a later room to an
earlier one. `errors` and `verdict` come before all rooms.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

ROOMS = (
    *("source", "course", "workspace", "progress", "runner", "judge", "loop"),
    *("export", "update", "display", "serving", "notebook", "build"),
    *("verify", "page", "site", "cli"),
)


def load_ipython_extension(shell: "InteractiveShell") -> None:
    """Make `%load_ext kata` work. A second call changes nothing."""
    from kata.notebook.extension import load

    load(shell)
