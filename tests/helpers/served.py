"""The finished service, served by uvicorn from a folder of its own."""

import os
import sqlite3
import subprocess
import sysconfig
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil

from kata.course.find import find_course
from kata.workspace.workspace import Workspace
from tests.helpers import postgres
from tests.helpers.cli import PATIENCE, eventually
from tests.helpers.ports import free_port
from tests.helpers.waybill import answers, signed_in

COURSE = find_course()
TERMINAL = "terminal.txt"
"""Where a served Waybill's standard error goes, which a terminal would show."""


@dataclass
class Served:
    """A Waybill with an address, a database and a process."""

    url: str
    folder: Path
    process: psutil.Process
    postgres: str = ""
    """The address of its database, if that is no SQLite file."""
    tokens: dict[str, dict[str, str]] = field(default_factory=dict)

    def client(self) -> httpx.Client:
        """Return a client of the API."""
        return httpx.Client(base_url=f"{self.url}/v1", timeout=PATIENCE)

    def signed_in(self, name: str) -> dict[str, str]:
        """Return the headers of somebody who has signed up and in."""
        if name not in self.tokens:
            with self.client() as client:
                self.tokens[name] = signed_in(client, f"{name}@example.com")
        return self.tokens[name]

    def execute(self, statement: str, *values: object) -> None:
        """Change the database behind the service's back."""
        if self.postgres:
            postgres.execute(self.postgres, statement, *values)
            return
        database = sqlite3.connect(self.folder / "waybill.db", timeout=PATIENCE)
        with database:
            database.execute(statement, values)
        database.close()


UVICORN = (str(Path(sysconfig.get_path("scripts")) / "uvicorn"),)


@contextmanager
def serving(
    folder: Path, *, program: Sequence[str] = UVICORN, **variables: str
) -> Iterator[Served]:
    """Serve the reference from a folder of its own until the block ends."""
    katas = COURSE.curriculum.katas
    Workspace(folder).write_all(COURSE.reference(katas))
    port = free_port()
    cheap = {"ROUNDS": "1", "MEMORY_KIB": "64", "LANES": "1"}
    hashing = {f"WAYBILL_HASH_{name}": value for name, value in cheap.items()}
    with (
        (folder / TERMINAL).open("wb") as terminal,
        subprocess.Popen(
            [*program, "waybill.main:app", "--port", str(port)],
            cwd=folder,
            env={
                **os.environ,
                "WAYBILL_ENVIRONMENT": "development",
                **hashing,
                **variables,
                "PYTHONPATH": str(folder),
            },
            stdout=terminal,
            stderr=terminal,
        ) as process,
    ):
        served = Served(f"http://127.0.0.1:{port}", folder, psutil.Process(process.pid))
        try:
            eventually(lambda: answers(served.url))
            yield served
        finally:
            process.kill()
