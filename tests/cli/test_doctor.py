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
from tests.helpers.cli import Answer, environment_without_kernel, kata, workspace
from tests.helpers.places import ROOT
from tests.helpers.shared import OWN


@pytest.fixture(scope="module")
def bare_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a new environment: the same packages, and no kernel yet."""
    return environment_without_kernel(tmp_path_factory.mktemp("bare") / "env")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a workspace of the real course."""
    folder = tmp_path_factory.mktemp("home")
    (folder / "tmp").mkdir()
    kata("start", "--no-server", cwd=folder, KATA_COURSE=str(ROOT))
    return folder


@pytest.fixture(scope="module")
def healthy(home: Path) -> Answer:
    """What is said where a port is taken and a program missing, and nothing is wrong.

    It fails if that changed a file.
    """
    before = everything(home)
    with socket.socket() as other:
        with suppress(OSError):  # then it is taken already
            other.bind(("127.0.0.1", 8000))
            other.listen()
        settings = {"PATH": str(home), "TMPDIR": str(home / "tmp"), "HOME": str(home)}
        shown = kata("doctor", cwd=home, KATA_COURSE=str(ROOT), **settings)
    assert everything(home) == before
    return shown


def with_another_kernel(folder: Path) -> dict[str, str]:
    """Return the settings of a machine whose kernel runs another Python."""
    file = folder / "other" / FILE
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"argv": ["/another/bin/python"]}))
    return {"JUPYTER_PATH": str(folder / "other")}


def everything(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder, and all folders."""
    return {
        str(path): path.read_bytes() if path.is_file() else b""
        for path in folder.rglob("*")
    }


def test_a_healthy_machine_is_ready(healthy: Answer, home: Path) -> None:
    assert healthy.status == 0
    assert healthy.out.endswith("Ready.\n")
    assert "fix " not in healthy.out
    assert str(home / "my-waybill") in healthy.out


def test_ready_means_that_verdicts_were_reached_in_each_way(healthy: Answer) -> None:
    said = " ".join(healthy.out.split())
    came = "a wrong answer was refused, and a right one passed"
    assert f"ok One kata in a terminal: {came} (plain)" in said
    assert f"ok Several katas in a terminal: {came}" in said
    assert f"ok A notebook: {came}." in said
    assert "ok A page on this machine: the docs of an app were served" in said


@pytest.mark.skipif(os.name == "nt", reason="sitecustomize is a way of this system")
def test_what_stops_a_kernel_or_a_page_is_named(tmp_path: Path) -> None:
    startup = tmp_path / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "mine.py").write_text("import os; os._exit(3)")
    (tmp_path / "machine").mkdir()
    (tmp_path / "machine" / "sitecustomize.py").write_text(
        "import socket\n"
        "def refused(*_, **__):\n"
        "    raise PermissionError(13, 'No server may listen here')\n"
        "socket.create_server = refused\n"
    )
    shown = kata(
        "doctor",
        cwd=tmp_path,
        IPYTHONDIR=str(tmp_path / "ipython"),
        PYTHONPATH=str(tmp_path / "machine"),
    )
    said = " ".join(shown.out.split())
    assert shown.status == 1
    assert "fix A notebook: the kernel “FastAPI Katas” does not answer" in said
    assert "fix A page on this machine" in said
    assert "No server may listen here" in said
    assert "ok One kata in a terminal" in said
    assert said.endswith("Some things have to be fixed.")
    assert "Traceback" not in shown.out + shown.err


@pytest.mark.skipif(os.name == "nt", reason="sitecustomize is a way of this system")
def test_a_machine_that_starts_no_process_is_named_each_time(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import _posixsubprocess, errno\n"
        "def full(*_):\n"
        "    raise BlockingIOError(errno.EAGAIN, 'Resource temporarily unavailable')\n"
        "_posixsubprocess.fork_exec = full\n"
    )
    shown = kata("doctor", cwd=tmp_path, PYTHONPATH=str(tmp_path), **OWN)
    said = " ".join(shown.out.split())
    assert shown.status == 1
    assert said.count("does not let you start another program") == 3
    assert said.count("Resource temporarily unavailable") == 4
    assert "Traceback" not in shown.out + shown.err


def test_nothing_is_tried_before_the_rest_is_right(tmp_path: Path) -> None:
    shown = kata("doctor", cwd=tmp_path, KATA_WORKSPACE=str(tmp_path / "nowhere"))
    assert shown.status == 1
    assert "Nothing was tried." in shown.out
    assert "in a terminal" not in shown.out


def test_a_missing_kernel_is_named_and_kata_start_mends_it(
    bare_python: Path, tmp_path: Path
) -> None:
    shown = kata("doctor", cwd=tmp_path, python=bare_python)
    assert shown.status == 1
    assert "fix   The kernel “FastAPI Katas” is not installed." in shown.out
    assert "`kata start --no-server`" in shown.out
    kata("start", "--no-server", cwd=tmp_path, python=bare_python)
    assert kata("doctor", cwd=tmp_path, python=bare_python).status == 0


def test_a_server_that_is_not_there_is_no_fault(healthy: Answer) -> None:
    said = " ".join(healthy.out.split())
    assert "note rate_limiting.redis_bucket can't be checked here" in said
    assert "there is no redis-server or valkey-server" in said


def test_a_kernel_of_another_python_is_named(tmp_path: Path) -> None:
    shown = kata("doctor", cwd=tmp_path, **with_another_kernel(tmp_path))
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


def test_a_taken_port_is_worth_a_note_and_no_more(healthy: Answer) -> None:
    assert "note  Port 8000 is taken." in healthy.out
    assert "`kata run --port 8001`" in healthy.out


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
    # So that no more is tried, which would take seconds.
    shown = kata("doctor", cwd=tmp_path, **with_another_kernel(tmp_path))
    assert "progress.damaged-1.db" in shown.out
    assert (place.progress_path.parent / "progress.damaged-1.db").exists()
