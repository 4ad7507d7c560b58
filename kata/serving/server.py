"""The learner's app in a process of its own, for as long as somebody looks at it."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO

from kata.errors import KataError
from kata.runner.supervise import within_the_limits_of_this_machine
from kata.serving.ports import HOST
from kata.workspace.development import wished
from kata.workspace.workspace import Workspace

FACTORY = "kata.serving.offline:app"
VARIABLE = "KATA_APP"
"""Names the app to serve, as `waybill.main:app`: a factory takes no arguments."""
PATIENCE = 3.0
"""Seconds that the process has to end by itself."""


@dataclass
class Server:
    """Serves a workspace's app on a free port, and serves it anew when asked to."""

    workspace: Workspace
    proxy: str = ""
    """The path below which a proxy offers this machine's ports, with a slash."""
    port: int = 0
    _process: subprocess.Popen[str] | None = None
    _served: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://{HOST}:{self.port}"

    def serve(self) -> None:
        """Serve the app as its files are now: a process that does so already stays.

        An app that does not start is a `KataError` with the reason.
        """
        files = self._files()
        if self._process and self._process.poll() is None and files == self._served:
            return
        self.close()
        self._served = files
        # A file, not a pipe: nobody reads what the app prints while it is served.
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as told:
            self._process = self._started(told)
            said = self._process.stdout.readline() if self._process.stdout else ""
            if not said.strip():
                self.close()
                told.seek(0)
                raise _not_started(told.read())
        self.port = int(said)

    def close(self) -> None:
        """End the process, and wait for its end."""
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(OSError):
            if process.stdin:
                process.stdin.close()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()

    def _started(self, told: IO[str]) -> subprocess.Popen[str]:
        app = app_of(self.workspace)
        with within_the_limits_of_this_machine():
            return self._process_of(app, told)

    def _process_of(self, app: str, told: IO[str]) -> subprocess.Popen[str]:
        return subprocess.Popen(  # noqa: S603 - our own program
            [
                sys.executable,
                "-m",
                "kata.serving.child",
                f"{self.port}",
                self.proxy,
            ],
            cwd=self.workspace.root,
            # A stale .pyc could hide a change made within the same second.
            env={
                **os.environ,
                **wished(self.workspace.root),
                VARIABLE: app,
                "PYTHONDONTWRITEBYTECODE": "1",
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=told,
            text=True,
            # Stopping a cell is not meant for it.
            start_new_session=True,
        )

    def _files(self) -> dict[str, bytes]:
        package = self.workspace.root / "waybill"
        return {
            str(path): path.read_bytes()
            for path in sorted(package.rglob("*.py"))
            if path.is_file()
        }


def app_of(place: Workspace) -> str:
    """Return the app to serve; a workspace without one is a `KataError`."""
    if place.app:
        return place.app
    raise KataError(
        "There is no app in your workspace yet.",
        "Run the first kata of lesson 01, then come back.",
    )


def _not_started(told: str) -> KataError:
    lines = told.strip().splitlines()
    reason = lines[-1] if lines else "it ended at once"
    return KataError(
        f"Your app does not start: {reason}",
        "Fix that in its kata, then come back. `kata run` shows the whole traceback.",
    )
