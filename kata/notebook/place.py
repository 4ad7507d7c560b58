"""Where a notebook lies: its workspace, whatever folder the kernel was started in."""

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from kata.errors import KataError
from kata.workspace import workspace
from kata.workspace.workspace import VARIABLE, Workspace

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

VS_CODE = "__vsc_ipynb_file__"
"""The name under which VS Code puts the notebook's path into the kernel."""
JUPYTER = "JPY_SESSION_NAME"
"""The variable in which a Jupyter server tells a kernel the notebook's path."""


def workspace_of(shell: "InteractiveShell") -> Workspace:
    """Return the workspace around the notebook, or else around the kernel's folder.

    None found is a `KataError` that names the folder, and how to change it.
    """
    notebook = _notebook(shell)
    if notebook and not os.environ.get(VARIABLE):
        # Not in one: a kernel inherits the variable if a notebook starts it.
        with suppress(KataError):
            return workspace.find(notebook.parent)
    try:
        return workspace.find()
    except KataError as error:
        if os.environ.get(VARIABLE):
            raise
        raise KataError(
            f"This notebook's kernel runs in a folder that is no workspace: "
            f"{error.happened}",
            f"{error.next_step} If yours does lie in a workspace, open that folder "
            "itself in your editor (in VS Code: File > Open Folder), and restart the "
            "kernel.",
        ) from None


def _notebook(shell: "InteractiveShell") -> Path | None:
    """Return the path of the notebook, where the front end tells it."""
    for told in (shell.user_ns.get(VS_CODE), os.environ.get(JUPYTER)):
        if told and isinstance(told, str) and Path(told).is_absolute():
            return Path(told)
    return None
