"""The terminal finds the learner's folder, and what `kata start` prints works."""

import json
import os
import shutil
import subprocess
import sysconfig
from pathlib import Path

import httpx
import pytest
import websocket

from kata.workspace.workspace import INI, OLDER_INI, PYTEST_INI, Workspace
from tests.helpers.cli import Answer, answer, environment, kata, line_with, running
from tests.helpers.loop import GREET
from tests.helpers.places import ROOT

SCRIPTS = sysconfig.get_path("scripts")
SHELL = shutil.which("bash") or shutil.which("sh") or ""
UV = shutil.which("uv")
BARE = {"UV": "", "PATH": os.defpath}
"""As a shell is in which nothing was activated, and not as this test's own may be."""
LEFT_BY_UV = (
    *("UV", "UV_RUN_RECURSION_DEPTH", "VIRTUAL_ENV"),
    "UV_INTERNAL__PARENT_INTERPRETER",  # where it was started as `python -m uv`
)
REAL = {"KATA_COURSE": str(ROOT)}
needs_uv = pytest.mark.skipif(UV is None, reason="uv is not installed here")
needs_shell = pytest.mark.skipif(os.name == "nt", reason="the lines are for sh here")


def typed(line: str, home: Path, **more: str) -> Answer:
    """Type a line in a new terminal, whose PATH holds nothing of this environment."""
    path = [one for one in os.environ["PATH"].split(os.pathsep) if one != SCRIPTS]
    settings = {"PATH": os.pathsep.join(path), **more}
    inherited = environment(home, settings)
    for name in LEFT_BY_UV:
        inherited.pop(name, None)
    done = subprocess.run(
        [SHELL, "-c", line],
        cwd=home,
        env=inherited,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return Answer(done.returncode, done.stdout, done.stderr)


def printed(shown: Answer) -> list[str]:
    """Return the lines that `kata start` says to type."""
    lines = shown.out.splitlines()
    first = lines.index("To work on it in a terminal, type:") + 1
    return [line.strip() for line in lines[first : first + 4]]


def assert_they_work(lines: list[str], home: Path, place: Path, **more: str) -> None:
    enter, show_map, check, run_tests = lines
    assert enter.startswith("cd ")
    shown = typed(f"{enter} && {show_map}", home, **more)
    assert "3 of 3 katas left" in shown.out, shown
    answer(Workspace(place), GREET)
    assert "PASSED: greeting.name" in typed(f"{enter} && {check}", home, **more).out
    (place / "tests").mkdir()
    (place / "tests" / "test_mine.py").write_text(
        "import sys\n"
        "from waybill.hello import greet\n\n\n"
        "async def test_mine() -> None:\n"
        "    assert greet('Ada') == 'Hello, Ada!'\n"
        # Plugins of whatever else is installed are not even imported.
        "    assert {'nbval', 'hypothesis', 'schemathesis'}.isdisjoint(sys.modules)\n"
    )
    ran = typed(f"{enter} && {run_tests}", home, **more)
    assert "1 passed" in ran.out, ran


@needs_shell
def test_in_an_environment_that_is_not_active_the_lines_name_it(
    tmp_path: Path,
) -> None:
    place = tmp_path / "a place"
    lines = printed(kata("start", "--no-server", str(place), cwd=tmp_path, **BARE))
    assert lines[1] == str(Path(SCRIPTS, "kata"))
    assert_they_work(lines, tmp_path, place)


@needs_shell
def test_what_is_on_the_path_is_called_by_its_name(tmp_path: Path) -> None:
    path = os.pathsep.join([SCRIPTS, os.environ["PATH"]])
    place = tmp_path / "place"
    shown = kata("start", "--no-server", str(place), cwd=tmp_path, PATH=path, UV="")
    lines = printed(shown)
    assert lines[1:] == ["kata", "kata check", "python -m pytest tests"]
    assert_they_work(lines, tmp_path, place, PATH=path)


@needs_uv
@needs_shell
def test_what_was_started_by_uv_is_called_through_uv(tmp_path: Path) -> None:
    place, offline = tmp_path / "place", {"UV_NO_SYNC": "1", "UV_OFFLINE": "1"}
    start = f"uv run --project {ROOT} kata start --no-server {place}"
    lines = printed(typed(start, tmp_path, **offline))
    assert lines[1].startswith("uv run --project")
    assert_they_work(lines, tmp_path, place, **offline)
    # And without the option, as the README has it.
    bare = typed("cd place && uv run kata", tmp_path, **offline)
    assert "katas left" in bare.out, bare


@needs_uv
@needs_shell
def test_in_a_clone_the_lines_are_short(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    clone.mkdir()
    (clone / "pyproject.toml").write_text("[project]\nname = 'x'\nversion = '1'\n")
    code = (
        "import sys; sys.prefix = sys.argv[1]\n"
        "from pathlib import Path\n"
        "from kata.cli.typed import lines_for\n"
        "from kata.workspace.workspace import Workspace\n"
        "print('\\n'.join(lines_for(Workspace(Path(sys.argv[2])))))"
    )
    python = shutil.which("python", path=SCRIPTS) or ""
    lines = subprocess.run(
        [python, "-c", code, clone / ".venv", clone / "my-waybill"],
        env={**os.environ, "UV": "uv"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout.splitlines()
    assert lines[1:3] == ["uv run kata", "uv run kata check"]


def test_from_anywhere_a_command_is_about_the_workspace_opened_last(
    tmp_path: Path,
) -> None:
    home = {"JUPYTER_DATA_DIR": str(tmp_path / "data")}
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for name in ("first", "second"):
        kata("start", "--no-server", name, cwd=tmp_path, **home)
    answer(Workspace(tmp_path / "second"), GREET)
    shown = kata("check", "greeting.name", cwd=elsewhere, **home)
    assert shown.status == 0
    assert f"In {tmp_path / 'second'}, the workspace that was opened last" in shown.err
    # The one around the folder comes first, and then nothing needs to be said.
    around = kata("check", "greeting.name", cwd=tmp_path / "first", **home)
    assert around.status == 1
    assert around.err == ""
    named = kata("check", cwd=elsewhere, KATA_WORKSPACE=str(tmp_path / "no"), **home)
    assert "KATA_WORKSPACE names" in named.err
    (tmp_path / "second").rename(tmp_path / "moved")
    gone = kata("check", "greeting.name", cwd=elsewhere, **home)
    assert gone.status == 2
    assert f"{tmp_path / 'second'}, is gone" in " ".join(gone.err.split())


def test_start_opens_the_last_one_of_this_course_and_no_other(tmp_path: Path) -> None:
    home = {"JUPYTER_DATA_DIR": str(tmp_path / "data")}
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    kata("start", "--no-server", "mine", cwd=tmp_path, **home)
    again = kata("start", "--no-server", cwd=elsewhere, **home)
    assert "The workspace that was opened last" in again.out
    assert f"Your workspace: {tmp_path / 'mine'}" in again.out
    other = kata("start", "--no-server", cwd=elsewhere, **home, **REAL)
    assert f"Your workspace: {elsewhere / 'my-waybill'}" in other.out


def test_pytests_settings_are_renewed_unless_the_learner_has_changed_them(
    tmp_path: Path,
) -> None:
    kata("start", "--no-server", cwd=tmp_path)
    settings = tmp_path / "my-waybill" / PYTEST_INI
    for before, after in ((OLDER_INI, INI), ("[pytest]\n", "[pytest]\n")):
        settings.write_text(before)
        kata("start", "--no-server", cwd=tmp_path)
        assert settings.read_text() == after


@needs_shell
def test_a_terminal_in_jupyterlab_opens_in_the_workspace_and_knows_kata(
    tmp_path: Path,
) -> None:
    start = ("start", "--no-browser", "place")
    with running(*start, cwd=tmp_path, SHELL=SHELL, **BARE) as lab:
        address, _, token = (
            line_with("token=", lab.stdout).split()[1].partition("?token=")
        )
        server = address.partition("/lab")[0]
        headers = {"Authorization": f"token {token}"}
        made = httpx.post(
            f"{server}/api/terminals", headers=headers, trust_env=False, timeout=60
        )
        name = made.json()["name"]
        socket = websocket.create_connection(
            f"ws{server.removeprefix('http')}/terminals/websocket/{name}",
            header=[f"Authorization: token {token}"],
            timeout=60,
            http_no_proxy=["*"],
        )
        line = 'echo "<$(pwd)> <$(command -v kata)> $((40 + 2)) katas"\n'
        socket.send(json.dumps(["stdin", line]))
        seen = ""
        while "42 katas" not in seen:
            kind, *text = json.loads(socket.recv())
            seen += text[0] if kind == "stdout" else ""
        socket.close()
    seen = seen.replace("\r", "").replace("\n", "")  # a terminal breaks long lines
    assert f"<{tmp_path / 'place'}>" in seen
    assert f"<{Path(SCRIPTS, 'kata')}>" in seen
