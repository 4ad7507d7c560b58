"""FastAPI Katas: the engine behind the lessons.

Imports go one way: errors, verdict, curriculum, notebook, syntax, imports, clashes,
source, course, workspace, scratch, progress, answers, writer, runner, explain, judge,
loop, hints, compare, reveal, pins, templates, export, watching, merge, update, names,
display, build, verify, site, and last the front ends: extension and cli.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


def load_ipython_extension(shell: "InteractiveShell") -> None:
    """Make `%load_ext kata` work. A second call changes nothing."""
    from kata.notebook.extension import load

    load(shell)
