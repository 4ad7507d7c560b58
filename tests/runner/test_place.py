"""Where a run happens: in a folder that goes with it."""

import shutil
import tempfile
from collections import namedtuple
from pathlib import Path

import pytest

from kata.runner import supervise
from kata.runner.report import Job, Runner
from tests.helpers.places import SAMPLE
from tests.helpers.warm import passed

CHECKS = """
def test_place(tmp_path):
    from waybill.noted import note

    note(tmp_path.parents[2])
"""
SERVICE = """
def note(text):
    with open({file!r}, "w", encoding="utf-8") as file:
        file.write(str(text))
"""
Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def noted(tmp_path: Path) -> Path:
    """The file into which the checks write where they were."""
    return tmp_path / "noted"


@pytest.fixture
def job(tmp_path: Path, noted: Path) -> Job:
    """Checks that note the folder of their run, on a service that writes it down."""
    checks = tmp_path / "checks" / "place" / "test_place.py"
    checks.parent.mkdir(parents=True)
    shutil.copy(SAMPLE / "checks" / "pytest.ini", tmp_path / "checks")
    checks.write_text(CHECKS)
    package = tmp_path / "waybill"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "noted.py").write_text(SERVICE.format(file=str(noted)))
    return Job(checks, tmp_path, "waybill.noted", 60.0)


def test_what_a_run_wrote_goes_with_it(
    each_runner: Runner, job: Job, noted: Path
) -> None:
    assert passed(each_runner.run(job))
    folder = Path(noted.read_text(encoding="utf-8"))
    assert folder.name.startswith("kata-")
    assert not folder.exists()


@pytest.mark.skipif(not supervise.MEMORY.is_dir(), reason="Linux keeps files in memory")
@pytest.mark.parametrize("free", [0, 10 * supervise.ROOM])
def test_a_run_writes_into_memory_if_there_is_room(
    real_runner: Runner,
    job: Job,
    noted: Path,
    free: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(free, 0, free))
    assert passed(real_runner.run(job))
    folder = Path(noted.read_text(encoding="utf-8"))
    there = supervise.MEMORY if free else Path(tempfile.gettempdir())
    assert folder.parent == there.resolve()
