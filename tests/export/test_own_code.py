"""`kata export` of a workspace under way, in which a learner has written more."""

from pathlib import Path

import pytest

from kata.workspace.workspace import Workspace
from tests.helpers.cli import kata
from tests.helpers.exported import exported, tool, up_to, workspace_of

APP, HELLO = "waybill/app.py", "waybill/hello.py"
LOOP = """\
    async with AsyncExitStack() as stack:
        for resource in resources:
            await stack.enter_async_context(resource(app))
        yield
"""
RECURSION = """\
    async with opened(app, resources):
        yield


@asynccontextmanager
async def opened(app: FastAPI, waiting: list[Resource]) -> AsyncIterator[None]:
    if not waiting:
        yield
        return
    async with waiting[0](app), opened(app, waiting[1:]):
        yield
"""
OWN = '''

# Mine: who serves, for when two do.
def name_server(app: FastAPI) -> None:
    """Sign every answer."""
    app.state.server = "one"


extensions.append(name_server)


@asynccontextmanager
async def warm_up(app: FastAPI) -> AsyncIterator[None]:
    """Be ready before the first request."""
    app.state.warm = True
    yield


resources.append(warm_up)


def not_used_yet() -> int:
    """Wait for a better day."""
    return 7
'''


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    """A workspace with the first lessons, up to the one that makes the app."""
    return workspace_of(tmp_path / "mine", up_to("04_settings"))


def edit(place: Workspace, file: str, old: str, new: str) -> None:
    text = place.read(file) or ""
    assert old in text
    place.write(file, text.replace(old, new))


def test_what_a_learner_wrote_is_kept_and_named_where_it_is_used(
    place: Workspace,
) -> None:
    place.write(APP, f"{place.read(APP)}{OWN}")
    own_test = "\n\ndef test_mine() -> None:\n    assert app.title\n"
    place.write("tests/test_hello.py", f"{place.read('tests/test_hello.py')}{own_test}")
    out = exported(place)
    text = (out / APP).read_text("utf-8")
    assert "    async with warm_up(app):\n        yield\n" in text
    assert "    add_routes(app)\n    name_server(app)\n" in text
    assert "# Mine: who serves, for when two do.\ndef name_server(" in text
    assert "def not_used_yet() -> int:" in text
    for gone in ("resources", "extensions", "AsyncExitStack", "Resource ="):
        assert gone not in text
    assert (out / HELLO).exists()  # the test that the learner wrote needs it
    assert tool(out, "ruff", "check", "--no-cache", ".") == ""
    assert tool(out, "ruff", "format", "--no-cache", "--check", ".") == ""


def test_a_lifespan_written_another_way_keeps_its_list_whole_in_one_place(
    place: Workspace,
) -> None:
    edit(place, APP, LOOP, RECURSION)
    place.write(APP, f"{place.read(APP)}{OWN}")
    text = (exported(place) / APP).read_text("utf-8")
    assert "resources: list[Resource] = [\n    warm_up,\n]\n" in text
    assert ".append(" not in text
    assert text.index("def warm_up") < text.index("resources: list[Resource]")


@pytest.mark.parametrize(
    "line", ["extensions.append(lambda app: None)", "extensions.remove(add_routes)"]
)
def test_a_change_of_a_list_that_cannot_be_written_out_is_refused(
    line: str, place: Workspace
) -> None:
    place.write(APP, f"{place.read(APP)}\n\n{line}\n")
    shown = kata("export", "../out", cwd=place.root, KATA_COURSE="")
    assert shown.status == 2
    said = " ".join(shown.err.split())
    assert f"waybill/app.py: what `{line}` does can't be written out" in said
    assert "Write `extensions.append(…)` with the name of a function" in said
    assert not (place.root.parent / "out").exists()


def test_a_service_that_says_whether_it_is_ready_gets_no_second_way(
    tmp_path: Path,
) -> None:
    place = workspace_of(tmp_path / "mine", up_to("06_database"))
    own = '\n\n@router.get("/ready")\nasync def ready() -> str:\n    return "yes"\n'
    place.write("waybill/health.py", f"{place.read('waybill/health.py')}{own}")
    out = exported(place)
    assert not (out / "waybill" / "readiness.py").exists()
    assert not (out / "tests" / "slices" / "test_readiness.py").exists()
