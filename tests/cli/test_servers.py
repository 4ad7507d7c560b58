"""`kata start` and `kata run`: real servers, from their address to their end."""

import os
import re
import signal
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import httpx
import psutil
import pytest

from kata.notebook.kernel import NAME
from kata.workspace.workspace import Workspace
from tests.helpers.cli import (
    PATIENCE,
    NothingSeenError,
    eventually,
    family,
    kata,
    line_with,
    running,
    workspace,
)
from tests.helpers.ports import free_port, get, taken_port

NOTIFICATIONS = "/lab/api/settings/@jupyterlab/apputils-extension:notification"
pytestmark = pytest.mark.skipif(
    os.name == "nt", reason="a test can't press Ctrl+C for another process there"
)


def save(file: Path, text: str, look: Callable[[], object]) -> None:
    """Save a file, and again until a change is seen, as an impatient person would.

    What was saved before uvicorn began to watch is no change to it. But each change has
    it start the service again, and on a busy machine that takes its time.
    """
    for number in range(7):
        file.write_text(text)
        with suppress(NothingSeenError):
            eventually(look, patience=1.5 * 2**number)
            return
    raise NothingSeenError


def press_ctrl_c(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """Interrupt a command, wait for its end, and return what it left running."""
    started = family(process)
    process.send_signal(signal.SIGINT)
    assert process.wait(PATIENCE) == 0
    return psutil.wait_procs(started, timeout=PATIENCE)[1]


@pytest.fixture
def served(tmp_path: Path) -> Workspace:
    """A workspace with an app."""
    place = workspace(tmp_path / "my-waybill")
    kata("catch-up", "02", cwd=place.root)
    return place


def test_run_serves_the_docs_and_every_change_and_ends_without_a_trace(
    served: Workspace,
) -> None:
    port = free_port()
    with running("run", "--port", str(port), cwd=served.root) as process:
        printed = line_with("/docs", process.stdout)
        address = f"http://127.0.0.1:{port}"
        assert f"{address}/docs" in printed
        docs = eventually(lambda: get(f"{address}/docs"))
        assert docs.status_code == 200
        assert "https://" not in docs.text
        greeting = f"{address}/hello/Ada"
        assert httpx.get(greeting).json() == {"message": "Hello, Ada!"}
        file = served.root / "waybill" / "hello.py"
        changed = file.read_text().replace("Hello,", "Good day,")
        save(file, changed, lambda: "Good day" in getattr(get(greeting), "text", ""))
        assert press_ctrl_c(process) == []


def test_run_listens_on_this_machine_only(served: Workspace) -> None:
    port = free_port()
    with running("run", "--port", str(port), cwd=served.root) as process:
        assert eventually(lambda: get(f"http://127.0.0.1:{port}/docs"))
        listening = {
            connection.laddr.ip
            for one in [psutil.Process(process.pid), *family(process)]
            for connection in one.net_connections("tcp")
            if connection.status == psutil.CONN_LISTEN
        }
        assert listening == {"127.0.0.1"}


def test_run_works_in_the_workspace_wherever_it_is_called_from(
    served: Workspace,
) -> None:
    file = served.root / "waybill" / "hello.py"
    file.write_text(file.read_text() + "\nopen('waybill.db', 'w').close()\n")
    port = free_port()
    with running("run", "--port", str(port), cwd=served.root / "waybill"):
        assert eventually((served.root / "waybill.db").exists)
    assert not (served.root / "waybill" / "waybill.db").exists()


SAYS_WHERE = """
import os

from dotenv import dotenv_values

where = dotenv_values() | os.environ
app.title = where.get("WAYBILL_ENVIRONMENT", "nobody said")
"""


@pytest.mark.parametrize(
    ("env_file", "variables", "expected"),
    [
        ("", {}, "development"),
        ("WAYBILL_ENVIRONMENT=production\n", {}, "production"),
        ("", {"WAYBILL_ENVIRONMENT": "production"}, "production"),
    ],
)
def test_run_serves_for_development_unless_somebody_says_otherwise(
    env_file: str, variables: dict[str, str], expected: str, served: Workspace
) -> None:
    (served.root / ".env").write_text(env_file)
    file = served.root / "waybill" / "hello.py"
    file.write_text(file.read_text() + SAYS_WHERE)
    port = free_port()
    with running("run", "--port", str(port), cwd=served.root, **variables):
        schema = eventually(lambda: get(f"http://127.0.0.1:{port}/openapi.json"))
    assert schema.json()["info"]["title"] == expected


def test_run_waits_for_a_file_to_be_mended(served: Workspace) -> None:
    file = served.root / "waybill" / "hello.py"
    good = file.read_text()
    file.write_text(f"{good}\nthis is no Python\n")
    port = free_port()
    arguments = ("run", "--port", str(port))
    with running(*arguments, cwd=served.root, stderr=subprocess.PIPE) as process:
        line_with("SyntaxError", process.stderr)
        save(file, good, lambda: get(f"http://127.0.0.1:{port}/docs"))


def test_run_names_a_port_that_is_taken_and_another(served: Workspace) -> None:
    with taken_port() as port:
        shown = kata("run", "--port", str(port), cwd=served.root)
    assert shown.status == 2
    assert f"Port {port} can't be used" in shown.err
    assert f"`kata run --port {port + 1}`" in shown.err
    assert "Traceback" not in shown.err


def test_start_without_a_server_makes_the_workspace_and_the_kernel(
    tmp_path: Path,
) -> None:
    shown = kata("start", "--no-server", cwd=tmp_path)
    assert shown.status == 0
    assert "Open 01_greeting.ipynb in it" in shown.out
    made = tmp_path / "my-waybill"
    assert (made / "02_counting.ipynb").exists()
    (made / "01_greeting.ipynb").write_text("mine")
    again = kata("start", "--no-server", cwd=made)
    assert again.out == shown.out, "inside a workspace, start means that one"
    assert (made / "01_greeting.ipynb").read_text() == "mine"


def test_start_makes_the_workspace_that_the_environment_names(tmp_path: Path) -> None:
    named = tmp_path / "elsewhere"
    kata("start", "--no-server", cwd=tmp_path, KATA_WORKSPACE=str(named))
    assert (named / "01_greeting.ipynb").exists()
    assert not (tmp_path / "my-waybill").exists()


def test_start_goes_on_at_the_next_kata(tmp_path: Path) -> None:
    place = workspace(tmp_path / "my-waybill")
    kata("catch-up", "02", cwd=place.root)
    assert "02_counting.ipynb" in kata("start", "--no-server", cwd=place.root).out


def test_start_opens_jupyterlab_with_the_course_kernel_and_ends_without_a_trace(
    tmp_path: Path,
) -> None:
    with running("start", "--no-browser", cwd=tmp_path) as process:
        found = re.search(
            r"(http://127\.0\.0\.1:\d+)/lab/tree/01_greeting\.ipynb\?token=(\w+)",
            line_with("http://", process.stdout),
        )
        assert found
        lab = httpx.get(found[0], timeout=PATIENCE, follow_redirects=True)
        assert lab.status_code == 200
        assert httpx.get(f"{found[1]}/api/contents").status_code == 403
        authorization = {"Authorization": f"token {found[2]}"}
        with httpx.Client(
            base_url=found[1], headers=authorization, timeout=PATIENCE
        ) as server:
            assert NAME in server.get("/api/kernelspecs").json()["kernelspecs"]
            news = server.get(NOTIFICATIONS).json()["schema"]["properties"]["fetchNews"]
            assert news["default"] == "false", "no question over the first notebook"
            server.post("/api/kernels", json={"name": NAME}).raise_for_status()
        assert family(process), "the kernel runs"
        assert press_ctrl_c(process) == []
