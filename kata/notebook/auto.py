"""Loads the extension in any kernel of this Python that is opened in a workspace.

So a kata's cell is checked although nobody has run the notebook's first cell. In any
other folder nothing is loaded.
"""

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from kata.errors import KataError
from kata.notebook.place import workspace_of
from kata.workspace.workspace import write_atomically

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

SETTINGS = "etc/ipython/ipython_config.py"
"""Where IPython looks for what holds for every kernel of an environment."""
TEXT = f"""# Written by `kata start`: kernels of this Python check the cells of lessons.
from importlib.util import find_spec

if find_spec("kata"):  # it may have been uninstalled
    get_config().InteractiveShellApp.extensions.append("{__name__}")  # noqa: F821
"""


def load_ipython_extension(shell: "InteractiveShell") -> None:
    """Load the course's extension if the notebook lies in a workspace."""
    with suppress(KataError):
        workspace_of(shell)
        from kata.notebook.extension import load

        load(shell)


def install() -> None:
    """Have IPython load this in each kernel of this environment, where that can be."""
    file = Path(sys.prefix, SETTINGS)
    with suppress(KataError, OSError):
        if not file.exists():
            write_atomically(file, TEXT)
