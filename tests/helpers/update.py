"""A workspace and a newer course: what the tests of `kata update` share."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kata.workspace.workspace import Workspace
from tests.helpers.cli import Answer, kata, too_wide, workspace
from tests.helpers.loop import STUB
from tests.helpers.places import SAMPLE

FIRST, SECOND = "01_greeting.ipynb", "02_counting.ipynb"
NEW_STUB = STUB.replace("Greet somebody", "Greet anybody")
UP_TO_DATE = "Every notebook is up to date.\n"
OUTPUT = {"output_type": "stream", "name": "stdout", "text": ["mine\n"]}

Raw = dict[str, Any]


def new_cell(name: str, source: str, kind: str = "code") -> Raw:
    cell: Raw = {"id": name, "cell_type": kind, "metadata": {}, "source": [source]}
    return cell | ({"outputs": [], "execution_count": None} if kind == "code" else {})


@dataclass
class Pages:
    """A notebook file, changed the way a person or an author changes it."""

    path: Path

    @property
    def raw(self) -> Raw:
        found: Raw = json.loads(self.path.read_text(encoding="utf-8"))
        return found

    @property
    def ids(self) -> list[str]:
        return [cell.get("id", "") for cell in self.raw["cells"]]

    @property
    def texts(self) -> list[tuple[str, str]]:
        return [(one["id"], "".join(one["source"])) for one in self.raw["cells"]]

    def change(self, how: Callable[[list[Raw]], object]) -> None:
        raw = self.raw
        how(raw["cells"])
        self.path.write_text(json.dumps(raw), encoding="utf-8")

    def cell(self, name: str) -> Raw:
        found: Raw = self.raw["cells"][self.ids.index(name)]
        return found

    def source(self, name: str) -> str:
        return "".join(self.cell(name)["source"])

    def write(self, name: str, source: str, **more: object) -> None:
        at = self.ids.index(name)
        self.change(lambda cells: cells[at].update(source=[source], **more))

    def insert(self, after: str, cell: Raw) -> None:
        at = self.ids.index(after) + 1
        self.change(lambda cells: cells.insert(at, cell))

    def remove(self, name: str) -> None:
        at = self.ids.index(name)
        self.change(lambda cells: cells.pop(at))


@dataclass
class Desk:
    """A learner's workspace, and the newer course that they install."""

    place: Workspace
    course: Path

    def update(self, *arguments: str) -> Answer:
        return kata(
            "update", *arguments, cwd=self.place.root, KATA_COURSE=str(self.course)
        )

    @property
    def mine(self) -> Pages:
        return Pages(self.place.root / FIRST)

    @property
    def lesson(self) -> Pages:
        return Pages(self.course / "lessons" / FIRST)

    def forget_what_was_given(self) -> None:
        """Make the workspace one of those made before that was noted."""
        shutil.rmtree(self.place.root / ".kata" / "given")
        (self.place.root / ".kata" / "version").unlink()

    def contents(self) -> dict[str, bytes]:
        return {
            path.relative_to(self.place.root).as_posix(): path.read_bytes()
            for path in sorted(self.place.root.rglob("*"))
            if path.is_file()
        }


def desk_in(folder: Path) -> Desk:
    """Make a workspace of the sample course, and a course to be changed."""
    course = Path(shutil.copytree(SAMPLE, folder / "newer"))
    return Desk(workspace(folder / "my-waybill"), course)


def said(shown: Answer) -> str:
    """Return all that was said, which fits a terminal, as one line."""
    assert too_wide(shown.out + shown.err) == []
    return " ".join(f"{shown.out} {shown.err}".split())
