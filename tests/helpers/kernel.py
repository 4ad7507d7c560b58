"""A real kernel with the extension loaded, and what its cells show and give back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import start_new_kernel

from kata.workspace.workspace import Workspace
from tests.helpers.cli import PATIENCE, environment


@dataclass(frozen=True)
class Shown:
    """What a cell showed, and what the kernel asked the notebook to do with cells."""

    plain: str
    html: str
    cells: list[tuple[str, bool]]
    """The code for another cell, and whether it replaces the one that ran."""


class Kernel:
    """A kernel in a workspace of the sample course."""

    def __init__(self, client: BlockingKernelClient) -> None:
        self.client = client

    def send(self, source: str) -> None:
        """Send a cell and don't wait for it; the next one comes after it."""
        self.client.execute(source)

    def run(self, source: str, cell: str | None = None) -> Shown:
        """Run a cell and fail on an error; `cell` is the id a front end may give."""
        outputs: list[dict[str, Any]] = []

        def hear(message: dict[str, Any]) -> None:
            outputs.append(message["content"])

        with self._naming(cell):
            reply = self.client.execute_interactive(
                source, timeout=PATIENCE, output_hook=hear
            )["content"]
        assert reply["status"] == "ok", reply
        shown = [content["data"] for content in outputs if "data" in content]
        return Shown(
            "\n".join(data["text/plain"] for data in shown),
            "".join(data.get("text/html", "") for data in shown),
            [(one["text"], one["replace"]) for one in reply["payload"]],
        )

    @contextmanager
    def _naming(self, cell: str | None) -> Iterator[None]:
        """Send the cell's id with each message, as JupyterLab does."""
        session = self.client.session
        session.metadata = {"cellId": cell} if cell else {}
        try:
            yield
        finally:
            session.metadata = {}


@contextmanager
def kernel(place: Workspace, **more: str) -> Iterator[Kernel]:
    """Start a kernel in a workspace, with more variables, and end it again."""
    manager, client = start_new_kernel(
        kernel_name="python3",
        extra_arguments=["--log-level=ERROR"],
        cwd=str(place.root),
        env=environment(
            place.root, {"IPYTHONDIR": str(place.root / ".ipython"), **more}
        ),
    )
    try:
        started = Kernel(client)
        started.run("%load_ext kata")
        yield started
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
