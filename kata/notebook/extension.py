"""What `%load_ext kata` does: cell options and magics for an IPython shell."""

from typing import TYPE_CHECKING

from kata.notebook.cell_options import CellOptions
from kata.notebook.docs import Docs
from kata.notebook.magics import Magics
from kata.notebook.session import Session

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

ATTRIBUTE = "_kata_session"


def load(shell: "InteractiveShell") -> None:
    """Register the cell options and magics with a shell, once."""
    if hasattr(shell, ATTRIBUTE):
        return
    session = Session(shell)
    setattr(shell, ATTRIBUTE, session)
    cells, magics, docs = CellOptions(session), Magics(session), Docs(session)
    shell.input_transformers_cleanup.append(cells.transform)
    shell.events.register("pre_run_cell", magics.begin)
    shell.events.register("pre_run_cell", cells.notice_a_half)
    register = shell.magics_manager.register_function
    register(cells.kata, "cell", "kata")
    register(cells.needs, "line", "needs")
    register(magics.lesson, "line", "lesson")
    register(magics.hint, "line", "hint")
    register(magics.diff, "line", "diff")
    register(magics.give, "line", "give")
    register(magics.reset_kata, "line", "reset_kata")
    register(docs.show, "line", "docs")
