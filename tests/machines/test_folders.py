"""A workspace may lie in a folder of a group, or where there are no locks."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from kata.course.course import Course
from kata.loop.loop import Loop
from kata.progress import locks
from kata.progress.progress import Progress
from kata.runner.report import Runner
from kata.verdict import Status
from kata.workspace.workspace import create, write_atomically
from tests.helpers import cli
from tests.helpers.cli import kata
from tests.helpers.loop import APP, COURSE, FILE, GREET, NAME, said
from tests.helpers.places import SAMPLE, TESTS
from tests.helpers.rehearsal import Rehearsal

posix = pytest.mark.skipif(os.name != "posix", reason="rights are a thing of POSIX")
GROUP, MEMBERS = 4242, (5001, 5002)
AS_A_MEMBER = """
import os, sys, tempfile
from pathlib import Path
from kata.loop.loop import Loop
from kata.workspace.workspace import Workspace, create
from tests.helpers.loop import APP, COURSE, GREET, NAME
from tests.helpers.rehearsal import Rehearsal

def work(place):
    loop = Loop(COURSE, place, Rehearsal())
    for cell in (GREET, APP, GREET.replace("Hello", sys.argv[3])):
        print(loop.run_cell(cell).status)
    print(len(loop.progress.history(NAME.id)))

with tempfile.TemporaryDirectory() as elsewhere:
    # A member may not be let to where Python is, so all is imported before.
    work(create(Path(elsewhere) / "w", COURSE))
os.setgroups([])
os.setgid(int(sys.argv[2]))
os.setuid(int(sys.argv[3]))
os.umask(0o002)
print("-")
work(Workspace(Path(sys.argv[1])))
"""


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder whose files belong to a group; pytest's own are closed to others."""
    with tempfile.TemporaryDirectory() as around:
        Path(around).chmod(0o755)
        folder = Path(around).resolve() / "shared"
        folder.mkdir()
        if os.getuid() == 0:
            os.chown(folder, -1, GROUP)
        folder.chmod(0o2775)
        yield folder


@posix
def test_what_is_made_has_the_rights_that_the_umask_leaves(shared: Path) -> None:
    before = os.umask(0o002)
    try:
        kata("start", "w", "--no-server", cwd=shared)
        place = shared / "w"
        assert kata("give", NAME.id, cwd=place).status == 0
    finally:
        os.umask(before)
    made = [place, *place.rglob("*")]
    assert place / ".kata" / "progress.db" in made
    assert place / FILE in made
    assert [path for path in made if not path.stat().st_mode & stat.S_IWGRP] == []
    assert {path.stat().st_gid for path in made} == {shared.stat().st_gid}


@posix
def test_a_file_keeps_the_rights_that_it_has(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("x = 1\n")
    path.chmod(0o640)
    write_atomically(path, "x = 2\n")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    before = os.umask(0o077)
    try:
        write_atomically(tmp_path / "b.py", "x = 1\n")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "b.py").stat().st_mode) == 0o600


@pytest.mark.skipif(
    os.name != "posix" or os.getuid() != 0, reason="who is not root is one person"
)
def test_two_members_of_a_group_work_in_one_folder(shared: Path) -> None:
    before = os.umask(0o002)
    try:
        place = create(shared / "w", COURSE)
        for path in (place.root, *place.root.rglob("*")):
            os.chown(path, MEMBERS[0], -1)
    finally:
        os.umask(before)
    for number, member in enumerate(MEMBERS, start=1):
        command = [sys.executable, "-c", AS_A_MEMBER, str(place.root), str(GROUP)]
        done = subprocess.run(
            [*command, str(member)], capture_output=True, text=True, check=False
        )
        came = done.stdout.partition("-")[2].split()
        assert came == [*["passed"] * 3, str(2 * number)], done.stderr
    assert str(MEMBERS[1]) in (place.read(FILE) or "")
    assert Progress(place.progress_path).history(NAME.id)[-1].status is Status.PASSED


# Where a file system has no locks.


@pytest.mark.skipif(sys.platform != "linux", reason="that is how Linux can play it")
def test_a_folder_without_locks_works_and_says_once_what_is_weaker(
    tmp_path: Path,
) -> None:
    refused = tmp_path / "refused"
    refused.mkdir()
    shutil.copyfile(TESTS / "helpers" / "no_locks.py", refused / "sitecustomize.py")
    more = {"PYTHONPATH": str(refused)}
    place = cli.workspace(tmp_path / "place")
    shown = kata("give", NAME.id, cwd=place.root, **more)
    assert shown.status == 0, shown.err
    assert "has no file locks" in shown.out
    shown = kata("check", NAME.id, cwd=place.root, **more)
    assert shown.status == 0, shown.err
    assert "locks" not in shown.out + shown.err
    assert len(Progress(place.progress_path).history(NAME.id)) == 1
    assert not [*place.progress_path.parent.glob("*.lock.lock")]


@pytest.fixture
def lockless(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine whose folders have no locks, and where nobody waits for long."""
    monkeypatch.setattr(locks, "has_locks", lambda _: False)
    monkeypatch.setattr(locks, "ABANDONED", 0.05)


@posix
@pytest.mark.usefixtures("lockless")
@pytest.mark.parametrize("held", ["progress.db", "change.lock"])
def test_a_lock_whose_owner_was_killed_is_not_waited_for_for_ever(
    tmp_path: Path, held: str
) -> None:
    loop = Loop(COURSE, create(tmp_path / "place", COURSE), Rehearsal())
    loop.run_cell(GREET)
    left_behind = loop.workspace.root / ".kata" / f"{held}.lock"
    left_behind.mkdir()
    assert loop.run_cell(APP).status is Status.PASSED
    assert not left_behind.exists()


# Folders that are links.


@pytest.mark.skipif(os.name == "nt", reason="a link needs rights of its own there")
def test_a_service_may_be_a_link_to_a_folder_elsewhere(
    tmp_path: Path, real_runner: Runner
) -> None:
    place = create(tmp_path / "place", Course(SAMPLE))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (place.root / "waybill").symlink_to(elsewhere)
    (place.root / "round").symlink_to(place.root)
    (place.root / "out").symlink_to(tmp_path)
    loop = Loop(COURSE, place, real_runner)
    for cell in (GREET, APP):
        assert loop.run_cell(cell).status is Status.PASSED
    variant = APP.replace("\n", "\n#| variant: another way\n", 1)
    verdict = loop.run_cell(variant)
    assert verdict.status is Status.PASSED, said(verdict)
    assert (place.root / "waybill").is_symlink()
    assert (elsewhere / "hello.py").exists()


@pytest.mark.skipif(os.name == "nt", reason="a link needs rights of its own there")
def test_a_file_that_is_a_link_stays_one(tmp_path: Path) -> None:
    real, link = tmp_path / "real.py", tmp_path / "link.py"
    real.write_text("x = 1\n")
    link.symlink_to(real)
    write_atomically(link, "x = 2\n")
    assert link.is_symlink()
    assert real.read_text() == "x = 2\n"
