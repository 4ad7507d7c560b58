"""The service as an exported project, finished or half way: one to merge."""

import ast
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import yaml

from kata.verify.warn import SELDOM
from tests.helpers import postgres
from tests.helpers.cli import PATIENCE, eventually
from tests.helpers.exported import (
    COURSE,
    clean,
    exported,
    run_there,
    tool,
    up_to,
    workspace_of,
)
from tests.helpers.places import ROOT
from tests.helpers.ports import free_port
from tests.helpers.slips import BUGS
from tests.helpers.waybill import PARCEL, answers, signed_in

PINS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
ROUTE = re.compile(r"\w+\.(get|head|post|put|patch|delete|websocket)\(")
ADDED_TO_A_TABLE = {"Base.metadata.tables['scans'].append_column", "Index"}
PASSES = f"""import gc, pytest
gc.set_threshold{SELDOM}
sys.exit(pytest.main(['-q', '-p', 'no:cacheprovider']))"""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project that the real course's reference is exported as; only to be read."""
    folder = tmp_path_factory.mktemp("whole")
    return exported(workspace_of(folder / "my-waybill", COURSE.curriculum.katas))


@pytest.fixture(scope="module")
def types(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where mypy keeps what it knows of libraries: to find that out takes it 10 s."""
    return f"--cache-dir={tmp_path_factory.mktemp('types')}"


def modules(folder: Path) -> Iterator[tuple[str, ast.Module]]:
    """Yield the modules of an exported service."""
    for path in sorted(folder.glob("waybill/*.py")):
        yield path.stem, ast.parse(path.read_text("utf-8"))


def written(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the files of a project, but for what tools leave behind."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not re.search(r"cache\w*/|\.db|\.hypothesis", name):
            yield name, path.read_text("utf-8")


def test_ruff_and_mypy_have_nothing_to_say(whole: Path, types: str) -> None:
    assert tool(whole, "ruff", "check", "--no-cache", ".") == ""
    assert tool(whole, "ruff", "format", "--no-cache", "--check", ".") == ""
    assert tool(whole, "mypy", types) == ""


def test_a_course_half_way_is_a_project_with_tests_of_what_is_there(
    tmp_path: Path, types: str
) -> None:
    out = exported(workspace_of(tmp_path / "mine", up_to("07_dependencies")))
    slices = {path.name for path in (out / "tests" / "slices").iterdir()}
    assert {"test_rates.py", "test_parcels.py", "test_readiness.py"} <= slices
    assert not {"test_tokens.py", "test_events.py", "test_limits.py"} & slices
    assert tool(out, "ruff", "check", "--no-cache", ".") == ""
    assert tool(out, "mypy", types) == ""
    done = run_there(out, PASSES)
    assert done.returncode == 0, done.stdout


def test_its_tests_pass_where_the_engine_cannot_be_imported(whole: Path) -> None:
    assert run_there(whole, "import kata").returncode != 0
    done = run_there(whole, PASSES)
    assert done.returncode == 0, done.stdout
    (passed,) = re.findall(r"(\d+) passed", done.stdout)
    tests = "".join(text for name, text in written(whole) if name.startswith("tests/"))
    assert int(passed) >= len(re.findall(r"def test_", tests)) - 1  # one needs Redis


@pytest.mark.skipif(not postgres.URL, reason=postgres.MISSING)
def test_its_tests_pass_on_postgresql_too(whole: Path) -> None:
    url = postgres.for_sqlalchemy(postgres.new_database("waybill_export"))
    done = run_there(whole, PASSES, TEST_DATABASE_URL=url)
    assert done.returncode == 0, done.stdout


def test_its_tests_see_a_slip_in_each_slice(whole: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(whole, broken)
    for module, right, wrong, _ in BUGS:
        path = broken / "waybill" / f"{module}.py"
        text = path.read_text("utf-8")
        assert right in text, f"{module}: {right}"
        path.write_text(text.replace(right, wrong), encoding="utf-8")
    seeing = " or ".join(seen for *_, seen in BUGS)
    done = run_there(broken, PASSES.replace("'-q'", f"'-q', '-k', '{seeing}'"))
    failed = re.findall(r"^FAILED \S+::(\w+)", done.stdout, re.MULTILINE)
    unseen = [
        seen for *_, seen in BUGS if not any(name.startswith(seen) for name in failed)
    ]
    assert unseen == [], done.stdout


def test_what_it_opens_and_what_it_gets_stands_in_one_place(whole: Path) -> None:
    trees = dict(modules(whole))
    for name, tree in trees.items():
        for node in tree.body:
            changes = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
            called = ast.unparse(node.value.func) if changes else ""  # type: ignore[attr-defined]
            adds = name == "tables" and called in ADDED_TO_A_TABLE
            assert adds or called in {"", "api.include_router"}, f"{name}: {called}"
    app = {getattr(one, "name", ""): ast.unparse(one) for one in trees["app"].body}
    opened = "open_carriers(app), try_again(app), open_database(app), write_log(app)"
    opened += ", share_limit(app), open_cache(app), share_cache(app)"
    opened += ", notice_stop(app), open_hub(app), push_scans(app)"
    opened += ", review_screens(app), share_hub(app)"
    assert f"async with {opened}:" in app["lifespan"]
    lines = [line.strip() for line in app["create_app"].splitlines()]
    assert lines[-8:] == [
        "document_limit(app)",
        "add_routes(app)",
        "stand_layers(app)",
        "answer_problems(app)",
        "hide_input(app)",
        "refuse_cheap(app)",
        "limit_requests(app)",
        "return app",
    ]
    last = [ast.unparse(node) for node in trees["api"].body if "api" in ast.dump(node)]
    assert last[-14] == "api = APIRouter(prefix='/v1')"


def test_nothing_in_it_is_unused(whole: Path) -> None:
    text = "\n".join(text for name, text in written(whole) if name.endswith(".py"))
    for name, tree in modules(whole):
        for node in tree.body:
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                routed = any(ROUTE.match(ast.unparse(d)) for d in node.decorator_list)
                uses = len(re.findall(rf"\b{node.name}\b", text))
                assert routed or uses > 1, f"{name}.{node.name}"
    assert not (whole / "waybill" / "hello.py").exists()
    assert not (whole / "tests" / "test_hello.py").exists()


def test_no_mark_of_the_course_and_no_secret_is_in_it(whole: Path) -> None:
    for path, content in written(whole):
        assert not re.search(r"\bkatas?\b|# needs:", content), path
        assert not re.search(r"_(KEY|PASSWORD)=[^$\s]", content), path


def test_its_env_example_is_enough_to_try_it_and_nothing_is_production(
    whole: Path, tmp_path: Path
) -> None:
    copied = tmp_path / "copied"
    shutil.copytree(whole, copied)
    ask = "from waybill.main import app; print(app.state.settings.environment)"
    refused = run_there(copied, ask)
    assert "UnsafeSettingsError: WAYBILL_SECRET_KEY" in refused.stderr
    done = run_there(copied, ask, WAYBILL_SECRET_KEY="k" * 32)
    assert done.stdout.strip() == "production", done.stderr
    shutil.copy(copied / ".env.example", copied / ".env")
    assert run_there(copied, ask).stdout.strip() == "development"


def test_its_compose_file_starts_it_when_its_servers_are_healthy(whole: Path) -> None:
    services = yaml.safe_load((whole / "compose.yaml").read_text("utf-8"))["services"]
    migrate = services.pop("migrate")
    assert migrate["command"] == ["python", "-m", "waybill.migrate"]
    worker = services.pop("worker")
    assert worker["command"] == ["python", "-m", "waybill.worker"]
    assert worker["healthcheck"] == {"disable": True}  # nobody asks it for /health
    assert {*worker["depends_on"]} == {"migrate", "database"}
    assert services.keys() == {"waybill", "database", "redis"}
    for name, service in services.items():
        assert service["healthcheck"]["test"][0] == "CMD", name
        for value in service.get("environment", {}).values():
            assert "PASSWORD" not in value or "${POSTGRES_PASSWORD:?" in value
    waybill = services["waybill"]
    assert waybill["env_file"] == ".env"  # or most of `.env.example` would reach nobody
    assert waybill["environment"]["WAYBILL_ENVIRONMENT"] == "production"
    needed = waybill["depends_on"]
    assert {name: one["condition"] for name, one in needed.items()} == {
        "migrate": "service_completed_successfully",
        "database": "service_healthy",
        "redis": "service_healthy",
    }


def test_its_workflow_checks_it_on_both_databases(whole: Path) -> None:
    workflow = yaml.safe_load((whole / ".github/workflows/ci.yml").read_text("utf-8"))
    job = workflow["jobs"]["test"]
    ran = [step["run"] for step in job["steps"] if "run" in step]
    assert ran[1:4] == ["ruff check .", "ruff format --check .", "mypy"]
    tests = [step for step in job["steps"] if "pytest" in step.get("run", "")]
    urls = [step["env"].get("TEST_DATABASE_URL", "sqlite") for step in tests]
    assert [url.partition("+")[0] for url in urls] == ["sqlite", "postgresql"]


def test_it_pins_what_the_service_needs_as_the_course_does(whole: Path) -> None:
    project = tomllib.loads((whole / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    pins = {*PINS["dependencies"], *PINS["optional-dependencies"]["dev"]}
    assert {*project["dependencies"], *extras["dev"], *extras["postgres"]} <= pins
    names = [re.split(r"[=\[]", pin)[0] for pin in project["dependencies"]]
    assert names == [
        "aiosqlite",  # which no line imports: the database's address names it
        "alembic",
        "anyio",
        "email-validator",  # which Pydantic imports where it reads `EmailStr`
        "fastapi",
        "httpx",
        "prometheus-client",
        "pwdlib",
        "pydantic",
        "pydantic-settings",
        "pyjwt",
        "python-multipart",  # which FastAPI imports where it reads a form
        "redis",
        "rq",
        "sqlalchemy",
        "starlette",
        "uvicorn",
        "websockets",  # which uvicorn imports where a connection stays open
    ]
    tools = [pin.partition("==")[0] for pin in extras["dev"]]  # and httpx, above
    assert tools == ["coverage", "hypothesis", "mypy", "pytest", "ruff"]
    assert [pin.partition("==")[0] for pin in extras["postgres"]] == ["asyncpg"]


def test_it_can_be_built_and_holds_the_package_alone(
    whole: Path, tmp_path: Path
) -> None:
    build = ["-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run([sys.executable, *build], cwd=whole, capture_output=True, check=True)
    (wheel,) = tmp_path.glob("waybill-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.partition("/")[0] for name in archive.namelist()}
    assert tops == {"waybill", "waybill-1.0.0.dist-info"}


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGTERM to ask with")
def test_its_container_stops_when_asked_with_a_stream_open(
    whole: Path, tmp_path: Path
) -> None:
    text = (whole / "Dockerfile").read_text("utf-8")
    assert re.search(r"^USER 10001$", text, re.MULTILINE)
    (line,) = re.findall(r"^CMD (.+)$", text, re.MULTILINE)
    program, *arguments = json.loads(line)  # the exec form: no shell in between
    assert "--limit-concurrency" in arguments
    port = str(free_port())
    arguments = [port if word == "8000" else word for word in arguments]
    arguments = ["127.0.0.1" if word == "0.0.0.0" else word for word in arguments]  # noqa: S104
    folder = str(tmp_path)
    env = clean(WAYBILL_SECRET_KEY="k" * 32, PYTHONPATH=str(whole))
    step = [sys.executable, "-m", "waybill.migrate"]  # as compose.yaml does
    subprocess.run(step, cwd=folder, env=env, check=True)
    command = [str(Path(sysconfig.get_path("scripts")) / program), *arguments]
    with subprocess.Popen(command, cwd=folder, env=env) as process:
        try:
            url = f"http://127.0.0.1:{port}"
            eventually(lambda: answers(url))
            with httpx.Client(base_url=f"{url}/v1", timeout=PATIENCE) as client:
                lena = signed_in(client, "lena@example.com")
                number = client.post("/parcels", json=PARCEL, headers=lena).json()["id"]
                path = f"/parcels/{number}/events"
                with client.stream("GET", path, headers=lena) as stream:
                    assert stream.status_code == 200
                    process.send_signal(signal.SIGTERM)
                    assert b"".join(stream.iter_raw()) is not None
                    process.wait(PATIENCE)
        finally:
            process.kill()
