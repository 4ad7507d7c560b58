"""`kata doctor`: what is right, and what mends what is not."""

import json
import os
import socket
from contextlib import suppress
from importlib import metadata
from pathlib import Path

import pytest

from kata.cli.doctor import disk
from kata.notebook.kernel import FILE
from tests.helpers.cli import environment_without_kernel, kata, workspace
from tests.helpers.places import ROOT


@pytest.fixture(scope="module")
def bare_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a new environment: the same packages, and no kernel yet."""
    return environment_without_kernel(tmp_path_factory.mktemp("bare") / "env")


def test_a_healthy_machine_is_ready(tmp_path: Path) -> None:
    kata("start", "--no-server", cwd=tmp_path)
    shown = kata("doctor", cwd=tmp_path)
    assert shown.status == 0
    assert shown.out.endswith("Ready.\n")
    assert "fix " not in shown.out
    assert str(tmp_path / "my-waybill") in shown.out


def test_a_missing_kernel_is_named_and_kata_start_mends_it(
    bare_python: Path, tmp_path: Path
) -> None:
    shown = kata("doctor", cwd=tmp_path, python=bare_python)
    assert shown.status == 1
    assert "fix   The kernel “FastAPI Katas” is not installed." in shown.out
    assert "`kata start --no-server`" in shown.out
    kata("start", "--no-server", cwd=tmp_path, python=bare_python)
    assert kata("doctor", cwd=tmp_path, python=bare_python).status == 0


def test_a_server_that_is_not_there_is_no_fault(tmp_path: Path) -> None:
    kata("start", "--no-server", cwd=tmp_path)
    shown = kata("doctor", cwd=tmp_path, KATA_COURSE=str(ROOT), PATH=str(tmp_path))
    said = " ".join(shown.out.split())
    assert "note rate_limiting.redis_bucket can't be checked here" in said
    assert "there is no redis-server or valkey-server" in said
    assert shown.status == 0


def test_a_kernel_of_another_python_is_named(tmp_path: Path) -> None:
    file = tmp_path / "other" / FILE
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"argv": ["/another/bin/python"]}))
    shown = kata("doctor", cwd=tmp_path, JUPYTER_PATH=str(tmp_path / "other"))
    assert shown.status == 1
    assert "/another/bin/python" in shown.out


def test_another_version_of_a_package_is_named(tmp_path: Path) -> None:
    info = tmp_path / "httpx-0.1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: httpx\nVersion: 0.1\n")
    shown = kata("doctor", cwd=tmp_path, PYTHONPATH=str(tmp_path))
    assert shown.status == 1
    pinned = metadata.version("httpx")
    assert f"httpx 0.1, pinned =={pinned}" in " ".join(shown.out.split())
    assert "uv sync" in shown.out


def test_a_lesson_that_is_missing_from_the_course_is_named(tmp_path: Path) -> None:
    (tmp_path / "curriculum.toml").write_text(
        'title = "T"\n[[parts]]\ntitle = "P"\n'
        '[[parts.lessons]]\nslug = "01_gone"\ntitle = "Gone"\nkatas = []\n'
    )
    shown = kata("doctor", cwd=tmp_path, KATA_COURSE=str(tmp_path))
    assert shown.status == 1
    assert "01_gone.ipynb" in shown.out


def test_a_taken_port_is_worth_a_note_and_no_more(tmp_path: Path) -> None:
    with socket.socket() as other:
        with suppress(OSError):  # then it is taken already
            other.bind(("127.0.0.1", 8000))
            other.listen()
        shown = kata("doctor", cwd=tmp_path)
    assert "note  Port 8000 is taken." in shown.out
    assert "`kata run --port 8001`" in shown.out
    assert shown.status == 0


def test_a_full_disk_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (enough,) = disk(room=0)
    assert not enough.fix
    (too_little,) = disk(room=10**18)
    assert "Free at least" in too_little.fix


@pytest.mark.skipif(
    os.name == "nt" or os.geteuid() == 0, reason="nothing is read-only for this user"
)
def test_a_workspace_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    place = workspace(tmp_path / "my-waybill")
    place.root.chmod(0o500)
    try:
        shown = kata("doctor", cwd=tmp_path)
    finally:
        place.root.chmod(0o700)
    assert shown.status == 1
    assert "Nothing can be written" in shown.out


def test_a_workspace_named_by_mistake_is_to_be_mended(tmp_path: Path) -> None:
    shown = kata("doctor", cwd=tmp_path, KATA_WORKSPACE=str(tmp_path / "nowhere"))
    assert shown.status == 1
    assert "is not a workspace" in shown.out


def test_a_damaged_progress_file_is_named(tmp_path: Path) -> None:
    place = workspace(tmp_path / "my-waybill")
    place.progress_path.write_bytes(b"not a database, whatever its name says" * 99)
    shown = kata("doctor", cwd=tmp_path)
    assert "progress.damaged-1.db" in shown.out
    assert (place.progress_path.parent / "progress.damaged-1.db").exists()
