"""What a machine is set to is no business of a check, or of a demo."""

import ast
import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

import kata as ours
from kata.course.course import Course
from kata.runner.report import Runner
from kata.verdict import Status
from kata.workspace.workspace import Workspace
from tests.helpers.cli import answer, kata, workspace
from tests.helpers.kernel import kernel
from tests.helpers.runner import COURSE, GOOD, verdict_on
from tests.helpers.shared import OWN

HELLO = COURSE.cells(COURSE.curriculum.kata("greeting.hello")).reference
NAME = COURSE.cells(COURSE.curriculum.kata("greeting.name")).reference
KATA = "#| kata:"
SETTINGS = {
    "addresses that take no proxy": {"NO_PROXY": "localhost,127.0.0.1,::1,fd00::/8"},
    "a proxy for everything": {"ALL_PROXY": "socks5://127.0.0.1:1080"},
    "a proxy for the web": {
        "http_proxy": "http://127.0.0.1:9",
        "HTTPS_PROXY": "http://127.0.0.1:9",
    },
    "certificates": {"SSL_CERT_FILE": "/nonexistent.pem", "SSLKEYLOGFILE": "/nowhere"},
    "Python": {
        "PYTHONOPTIMIZE": "2",
        "PYTHONWARNINGS": "error",
        "PYTHONBREAKPOINT": "nowhere.stop",
        "PYTHONASYNCIODEBUG": "1",
    },
    "pytest": {"PYTEST_ADDOPTS": "--no-such-option", "PYTEST_PLUGINS": "nowhere"},
    "the service": {"WAYBILL_ENVIRONMENT": "production"},
    "the language": {"LANG": "C", "LC_ALL": "C", "PYTHONIOENCODING": "ascii"},
    "the terminal": {"COLUMNS": "20", "FORCE_COLOR": "1"},
    "the zone": {"TZ": "Asia/Kolkata"},
}
LOOKS = (
    "import json, os, time\n\n"
    f"{GOOD}\n\n"
    "before = os.umask(0)\n"
    "print(json.dumps([sorted(os.environ), time.tzname[0], oct(before)]))\n"
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace with a right answer in it."""
    place = workspace(tmp_path_factory.mktemp("settings") / "place")
    for cell in (NAME, HELLO):
        assert answer(place, cell).status is Status.PASSED
    return place


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_right_answer_is_right_however_a_machine_is_set(
    place: Workspace, setting: str
) -> None:
    checked = kata("check", "greeting.hello", cwd=place.root, **SETTINGS[setting])
    assert checked.status == 0, checked.out + checked.err


@pytest.mark.parametrize("back_end", ["spawn", "warm"])
def test_a_right_answer_is_right_however_a_machine_is_set_in_every_way(
    place: Workspace, back_end: str
) -> None:
    everything = {**OWN, "KATA_RUNNER": back_end}
    for setting in SETTINGS.values():
        everything |= setting
    checked = kata("check", "greeting", cwd=place.root, **everything)
    assert checked.status == 0, checked.out + checked.err


def test_a_demo_reaches_the_service_however_a_machine_is_set(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for setting in (SETTINGS[one] for one in SETTINGS if one != "Python"):
        for name, value in setting.items():
            monkeypatch.setenv(name, value)
    demo = (
        "#| needs: greeting.hello\n"
        "import httpx\n"
        "transport = httpx.ASGITransport(app)\n"
        "client = httpx.AsyncClient(transport=transport, base_url='http://waybill')\n"
        "async with client:\n"
        "    answer = await client.get('/hello/Ada')\n"
        "answer.json()['message']"
    )
    with kernel(place) as notebook:
        assert "Hello, Ada!" in notebook.run(demo).plain


def test_no_example_and_no_demo_asks_what_a_machine_is_set_to() -> None:
    # A client that Waybill itself makes, in a kata, may have to use a server's proxy.
    course = Course(Path(__file__).parents[2])
    masters = sorted((course.root / "solutions").glob("*.ipynb"))
    assert masters
    cells = [
        cell
        for master in masters
        for cell in json.loads(master.read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "code" and not "".join(cell["source"]).startswith(KATA)
    ]
    assert [call for cell in cells for call in asking("".join(cell["source"]))] == []


def asking(source: str) -> list[str]:
    """Return the clients made in a cell that would use this machine's proxy."""
    try:
        tree = ast.parse(source)
    except SyntaxError:  # a magic, or a top-level await in a form of IPython's own
        return []
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [
        ast.unparse(call)
        for call in calls
        if ast.unparse(call.func) in {"httpx.AsyncClient", "httpx.Client", "httpx.get"}
        and not {word.arg for word in call.keywords} & {"transport", "trust_env", "app"}
    ]


def test_nothing_but_what_a_process_needs_reaches_the_checks(
    tmp_path: Path, each_runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed_on = {"PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH"}
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    for setting in SETTINGS.values():
        for name, value in setting.items():
            if not name.startswith("PYTHON"):  # those strike this process, too
                monkeypatch.setenv(name, value)
    monkeypatch.setenv("SOMETHING_NOBODY_HAS_THOUGHT_OF", "yes")
    verdict = verdict_on(LOOKS, tmp_path, each_runner)
    assert verdict.status is Status.PASSED
    names, zone, mask = json.loads(verdict.printed)
    ours = {"COLUMNS", "LANG", "NO_COLOR", "NO_PROXY", "PYTHONUTF8", "TZ"}
    ours |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD", "PYTEST_DEBUG_TEMPROOT", "SSL_CERT_DIR"}
    ours |= {"USER", "LOGNAME", "WAYBILL_ENVIRONMENT"}
    # pytest sets these while it runs, and Python this one where the language is C.
    theirs = {"PYTEST_CURRENT_TEST", "PYTEST_VERSION", "LC_CTYPE"}
    assert {*names} <= passed_on | ours | theirs
    assert {"PATH", "TMPDIR"} <= {*names}
    assert (zone, mask) == ("UTC", "0o22")


@pytest.mark.skipif(os.name != "posix", reason="masks are a thing of POSIX")
def test_the_mask_of_a_machine_does_not_reach_the_checks(
    tmp_path: Path, each_runner: Runner
) -> None:
    before = os.umask(0o077)
    try:
        verdict = verdict_on(LOOKS, tmp_path, each_runner)
        assert os.umask(0o077) == 0o077
    finally:
        os.umask(before)
    assert json.loads(verdict.printed)[2] == "0o22"


@pytest.mark.parametrize("back_end", ["plain", "spawn", "warm"])
def test_a_course_that_only_the_environment_leads_to_works(
    tmp_path: Path, place: Workspace, back_end: str
) -> None:
    bare = tmp_path / "bare"
    venv.create(bare, symlinks=os.name == "posix", with_pip=False)
    scripts = bare / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / Path(sys.executable).name
    # Of this package, and of one that it needs.
    packages = {str(Path(one.__file__ or "").parent.parent) for one in (ours, pytest)}
    alone = [python, "-P", "-c", "import kata"]
    assert subprocess.run(alone, stderr=subprocess.DEVNULL, check=False).returncode
    checked = kata(
        "check",
        "greeting",
        cwd=place.root,
        python=python,
        PYTHONPATH=os.pathsep.join(sorted(packages)),
        KATA_RUNNER=back_end,
        **OWN,
    )
    assert checked.status == 0, checked.out + checked.err
