"""The course's own Jupyter kernel: this Python, with the extension loaded."""

import sys
import tempfile
from pathlib import Path

from kata.errors import KataError

NAME = "fastapi-katas"
LOAD = "import kata.extension; kata.extension.load(get_ipython())"
ARGUMENTS = (
    "-m",
    "ipykernel_launcher",
    "-f",
    "{connection_file}",
    f"--IPKernelApp.exec_lines={LOAD}",
)


def install() -> None:
    """Install the kernel into this environment, or for this user where it can't be."""
    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager

    spec = KernelSpec(
        argv=[sys.executable, *ARGUMENTS],
        display_name="FastAPI Katas",
        language="python",
        metadata={"debugger": True},
    )
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "kernel.json").write_text(spec.to_json(), encoding="utf-8")
        manager = KernelSpecManager()
        for where in ({"prefix": sys.prefix}, {"user": True}):
            try:
                manager.install_kernel_spec(folder, NAME, **where)
            except OSError as error:
                reason = error.strerror
            else:
                return
    raise KataError(
        f"The kernel could not be installed: {reason}.",
        f"Make {sys.prefix} writable, or work in a virtual environment.",
    )


def installed_python() -> str | None:
    """Return the Python that the installed kernel runs, or None."""
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        return str(KernelSpecManager().get_kernel_spec(NAME).argv[0])
    except NoSuchKernel:
        return None
