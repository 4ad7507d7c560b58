"""`%docs`: a learner's own docs in the notebook, without the internet."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from kata.errors import KataError
from kata.serving.server import Server
from kata.workspace.workspace import Workspace
from tests.helpers.cli import eventually, kata, workspace
from tests.helpers.kernel import Kernel, kernel

ELSEWHERE = re.compile(r"""(?:src|href)="(?:https?:)?//""")
FILE = "waybill/hello.py"


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    """A workspace with an app."""
    made = workspace(tmp_path / "my-waybill")
    kata("catch-up", "02", cwd=made.root)
    return made


@pytest.fixture
def server(place: Workspace) -> Iterator[Server]:
    served = Server(place)
    yield served
    served.close()


def address_in(plain: str) -> str:
    found = re.search(r"http://127\.0\.0\.1:\d+", plain)
    assert found, plain
    return found[0]


def answers(address: str) -> bool:
    try:
        httpx.get(address, trust_env=False)
    except httpx.TransportError:
        return False
    return True


def change(place: Workspace, old: str, new: str) -> None:
    text = place.read(FILE) or ""
    assert old in text
    place.write(FILE, text.replace(old, new))


def test_the_page_asks_no_other_host_and_finds_what_it_asks_for(server: Server) -> None:
    server.serve()
    with httpx.Client(base_url=server.address, trust_env=False) as client:
        page = client.get("/docs").text
        assert not ELSEWHERE.search(page)
        assets = re.findall(r'(?:src|href)="(swagger-ui/[^"]+)"', page)
        assert len(assets) == 3
        assert {client.get(f"/{asset}").status_code for asset in assets} == {200}
        assert client.get("/swagger-ui/nothing.js").status_code == 404
        assert client.get("/hello/Ada").json() == {"message": "Hello, Ada!"}
        assert "swagger" not in client.get("/openapi.json").text


def test_behind_a_proxy_the_page_finds_its_schema_below_the_same_path(
    place: Workspace,
) -> None:
    server = Server(place, "/user/ada/proxy/")
    try:
        server.serve()
        page = httpx.get(f"{server.address}/docs", trust_env=False).text
        assert f"url: '/user/ada/proxy/{server.port}/openapi.json'" in page
    finally:
        server.close()


def test_served_again_it_stays_and_after_a_change_it_is_new_at_the_same_address(
    server: Server, place: Workspace
) -> None:
    server.serve()
    first, process = server.address, server._process
    server.serve()
    assert server._process is process
    change(place, "Hello,", "Good day,")
    server.serve()
    assert server.address == first
    answer = httpx.get(f"{first}/hello/Ada", trust_env=False)
    assert answer.json() == {"message": "Good day, Ada!"}


def test_it_ends_when_it_is_closed(server: Server) -> None:
    server.serve()
    assert answers(server.address)
    server.close()
    assert not answers(server.address)


def test_an_app_that_does_not_start_says_why(server: Server, place: Workspace) -> None:
    change(place, "app = FastAPI", "1 / 0\napp = FastAPI")
    with pytest.raises(KataError, match="ZeroDivisionError: division by zero"):
        server.serve()
    change(place, "1 / 0\n", "")
    server.serve()
    assert answers(server.address)


def test_without_an_app_it_says_what_comes_first(tmp_path: Path) -> None:
    with pytest.raises(KataError, match="no app in your workspace yet"):
        Server(workspace(tmp_path / "my-waybill")).serve()


@pytest.fixture
def notebook(place: Workspace) -> Iterator[Kernel]:
    with kernel(place) as started:
        yield started


def test_the_magic_shows_the_page_and_names_every_operation(notebook: Kernel) -> None:
    shown = notebook.run("%docs")
    address = address_in(shown.plain)
    assert f'<iframe src="{address}/docs"' in shown.html
    assert f'<a href="{address}/docs"' in shown.html
    assert "GET     /hello/{name}" in shown.plain
    assert "needs no internet" in shown.plain
    assert address_in(notebook.run("%docs").plain) == address


def test_the_server_ends_with_the_kernel(place: Workspace) -> None:
    with kernel(place) as started:
        address = address_in(started.run("%docs").plain)
        assert answers(address)
    # The kernel is killed, not asked: nothing of it can run after that.
    assert eventually(lambda: not answers(address))


def test_docs_that_are_off_are_no_empty_frame(
    notebook: Kernel, place: Workspace
) -> None:
    change(place, "app = FastAPI(", "app = FastAPI(docs_url=None")
    shown = notebook.run("%docs")
    assert "Your app has no docs: GET /docs answered 404." in shown.plain
    assert "<iframe" not in shown.html


def test_what_a_master_stores_is_the_same_on_every_machine(
    place: Workspace,
) -> None:
    with kernel(place, KATA_OUTPUTS="stored") as started:
        shown = started.run("%docs")
    assert "127.0.0.1" not in shown.plain + shown.html
    assert "GET     /hello/{name}" in shown.plain


def test_on_a_hub_it_says_how_the_browser_gets_there(place: Workspace) -> None:
    with kernel(place, JUPYTERHUB_SERVICE_PREFIX="/user/ada/") as started:
        shown = started.run("%docs")
    assert re.search(r'src="/user/ada/proxy/\d+/docs"', shown.html)
    assert "jupyter-server-proxy" in shown.plain
