"""What else may lie beside the files of the service while a notebook is at work."""

import os
from pathlib import Path

import pytest

from kata.loop.watching import Snapshot, snapshot
from tests.helpers.cli import workspace
from tests.helpers.kernel import kernel
from tests.helpers.loop import APP, COURSE, FILE, GREET, NAME

LOCK = Path(FILE).with_name(".#hello.py").as_posix()


@pytest.mark.skipif(os.name == "nt", reason="there a link needs rights of its own")
@pytest.mark.parametrize("kind", ["an editor's lock", "a folder", "a pipe"])
def test_what_is_no_file_is_not_read_as_one(kind: str, tmp_path: Path) -> None:
    place = workspace(tmp_path / "place")
    with kernel(place) as notebook:
        assert "PASSED" in notebook.run(GREET).plain
        beside = place.root / LOCK
        if kind == "an editor's lock":
            beside.symlink_to("ada@machine.4711:1700000000")
        elif kind == "a folder":
            beside.mkdir()
        else:
            os.mkfifo(beside)
        assert "PASSED" in notebook.run(APP).plain
        demo = notebook.run(f"#| needs: {NAME.id}\ngreet('Ada')").plain
        assert demo == "'Hello, Ada!'"
        assert "http://" in notebook.run("%docs").plain
    assert LOCK not in snapshot(place, Snapshot(), COURSE.curriculum.ids).files
