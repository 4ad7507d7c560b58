"""The course's own Jupyter kernel: this Python, with the extension loaded.

Its kernel.json is written and found here, the way Jupyter documents it; importing
jupyter_client for that would cost each command a quarter of a second.
"""

import json
import sys
from pathlib import Path

from jupyter_core.paths import jupyter_data_dir, jupyter_path

from kata.errors import KataError
from kata.workspace.workspace import write_atomically

NAME = "fastapi-katas"
TITLE = "FastAPI Katas"
LOAD = "import kata; kata.load_ipython_extension(get_ipython())"
ARGUMENTS = (
    "-m",
    "ipykernel_launcher",
    "-f",
    "{connection_file}",
    "--log-level=ERROR",  # its warnings would scare whoever reads the terminal
    f"--IPKernelApp.exec_lines={LOAD}",
)
FILE = f"kernels/{NAME}/kernel.json"


def install() -> None:
    """Install the kernel into this environment, or for this user.

    For the user where the environment can't be written to, and where an older kernel
    of the same name would be found first.
    """
    spec = {
        "argv": [sys.executable, *ARGUMENTS],
        "display_name": TITLE,
        "language": "python",
        "metadata": {"debugger": True},
    }
    text = json.dumps(spec, ensure_ascii=False, indent=1) + "\n"
    reason = ""
    for folder in (Path(sys.prefix, "share", "jupyter"), Path(jupyter_data_dir())):
        try:
            if not _holds(folder / FILE, text):
                write_atomically(folder / FILE, text)
        except KataError as error:
            reason = error.happened
        if is_ours(installed_python()):
            return
    raise KataError(
        reason or f"Another kernel named {NAME} is in the way.",
        f"Make {sys.prefix} writable, or work in a virtual environment.",
    )


def installed_python() -> str | None:
    """Return the Python that the kernel runs which Jupyter would find, or None."""
    for folder in jupyter_path():
        try:
            spec = json.loads(Path(folder, FILE).read_text(encoding="utf-8"))
            return str(spec["argv"][0])
        except OSError:  # not there, or not for us to see: Jupyter looks on as well
            continue
        except (ValueError, LookupError, TypeError):
            return "a kernel.json that can't be read"
    return None


def is_ours(python: str | None) -> bool:
    """Tell whether a kernel's Python is the one of this environment."""
    # By folder: `python` and `python3` of one environment are the same.
    return python is not None and Path(python).parent == Path(sys.executable).parent


def _holds(file: Path, text: str) -> bool:
    try:
        return file.read_text(encoding="utf-8") == text
    except (OSError, UnicodeError):
        return False
