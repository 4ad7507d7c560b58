"""Checks of concurrency.notice: who waits on which thread."""

import asyncio
import builtins
import io
import json
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest
from anyio import to_thread
from fastapi import FastAPI
from pydantic import ValidationError

Connect = Callable[..., httpx.AsyncClient]
Patiently = Callable[[], AbstractContextManager[Any]]

URLS = {
    "Night Mail": "https://night.example/v2/price?key=s3same",
    "Lowland Freight": "https://lena:s3same@lowland.example/",
    "ABC Post": "https://abc.example/?lang=en",
}


@pytest.fixture
async def client(
    connect: Connect, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the carriers' routes, with three carriers and no notice yet."""
    monkeypatch.setenv("WAYBILL_CARRIERS", json.dumps(URLS))
    monkeypatch.setenv("WAYBILL_NOTICE_FILE", str(folder / "depot.txt"))
    from waybill.carriers import router

    app = FastAPI()
    app.include_router(router)
    async with connect(app) as client:
        yield client


async def notice_of(client: httpx.AsyncClient) -> str:
    """Return the notice that a sender reads."""
    response = await client.get("/carriers/notice")
    assert response.status_code == 200, (
        f"GET /carriers/notice was answered {response.status_code}: {response.text}"
    )
    text: str = response.json()
    return text


# - While the file is read, the event loop is free: `read_text` runs on another thread.
async def test_the_file_is_read_elsewhere(
    client: httpx.AsyncClient, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The notice is read on another thread than the event loop's."""
    (folder / "depot.txt").write_text("No parcels on Friday.", encoding="utf-8")
    threads: list[int] = []
    for module in (io, builtins):
        real = module.open

        def noting(
            file: Any,  # noqa: ANN401
            *arguments: Any,  # noqa: ANN401
            _real: Any = real,  # noqa: ANN401
            **options: Any,  # noqa: ANN401
        ) -> Any:  # noqa: ANN401
            if str(file).endswith("depot.txt"):
                threads.append(threading.get_ident())
            return _real(file, *arguments, **options)

        monkeypatch.setattr(module, "open", noting)
    assert await notice_of(client) == "No parcels on Friday."
    assert threads, "GET /carriers/notice was answered, and nobody opened the file."
    stood_still = threading.get_ident() in threads  # ids differ from run to run
    assert not stood_still, (
        "The file was read on the thread of the event loop, and no other request could "
        "go on meanwhile. FastAPI calls a plain `def` on another thread; in an `async "
        "def`, `await to_thread.run_sync(read_text, …)` moves the one call there."
    )


# - The names are answered even while all 40 threads are busy.
async def test_the_names_need_no_thread(
    client: httpx.AsyncClient, patiently: Patiently
) -> None:
    """The names of the carriers are answered even while all 40 threads are busy."""
    limiter = to_thread.current_default_thread_limiter()
    busy = [object() for _ in range(int(limiter.available_tokens))]
    for one in busy:
        limiter.acquire_on_behalf_of_nowait(one)
    asking = asyncio.ensure_future(client.get("/carriers"))
    try:
        with patiently():
            await asyncio.wait([asking])
        answered = asking.done()
    finally:
        for one in busy:
            limiter.release_on_behalf_of(one)
        await asyncio.wait([asking])
    assert answered, (
        "All 40 threads were busy, and GET /carriers waited for one. Something on its "
        "way is a plain `def`: the route, or what it depends on."
    )


# - `GET /carriers` answers the names in alphabetical order, and no URL: a URL may hold
# a key.
async def test_the_names_and_no_more(client: httpx.AsyncClient) -> None:
    """`GET /carriers` answers the names in alphabetical order, and no URL."""
    response = await client.get("/carriers")
    assert "s3same" not in response.text, (
        f"GET /carriers was answered {response.text}, with a key that stands in a URL."
    )
    assert response.json() == sorted(URLS), (
        f"WAYBILL_CARRIERS named {[*URLS]}, and GET /carriers was answered "
        f"{response.text}. Return the names of `settings.by_name()`, in its order."
    )


# - `GET /carriers/notice` answers the beginning of the file, 500 characters at most,
# and an empty text if it can't be read.
@pytest.mark.parametrize("text", ["No parcels on Friday.", "é" * 499, "€" * 501, "x\n"])
async def test_the_beginning_is_answered(
    client: httpx.AsyncClient, folder: Path, text: str
) -> None:
    """The first 500 characters of the file are answered, as they are now."""
    file = folder / "depot.txt"
    for now in (text, f"Again: {text}"):
        file.write_text(now, encoding="utf-8")
        found = await notice_of(client)
        assert found == now[:500], (
            f"The file has {len(now)} characters and begins {now[:20]!r}. Answered "
            f"were {len(found)}, beginning {found[:20]!r}; {len(now[:500])} should be. "
            "`read_text` was complete in the cell."
        )


@pytest.mark.parametrize("what", ["nothing", "a folder", "other bytes"])
async def test_an_unreadable_file_is_no_accident(
    client: httpx.AsyncClient, folder: Path, what: str
) -> None:
    """Where the file can't be read, the answer is a 200 all the same."""
    file = folder / "depot.txt"
    if what == "a folder":
        file.mkdir()
    elif what == "other bytes":
        file.write_bytes(b"\xff\xfe!")
    found = await notice_of(client)
    wanted = "" if what != "other bytes" else "\ufffd\ufffd!"
    assert found == wanted, (
        f"In the file's place was {what}, and the answer was {found!r}. `read_text` "
        "was complete in the cell."
    )


# - The rest stays as it is:
def test_carriers_may_stand_in_a_file(folder: Path) -> None:
    """`WAYBILL_CARRIERS` may stand in `.env`, beside what others read there."""
    from waybill.carriers import Carrier, CarrierSettings, get_carrier_settings

    lines = f"WAYBILL_CARRIERS={json.dumps(URLS)}\nWAYBILL_OF_OTHERS=1\n"
    (folder / ".env").write_text(lines, encoding="utf-8")
    found = CarrierSettings().by_name()
    wanted = [Carrier(name, url) for name, url in sorted(URLS.items())]
    assert found == wanted, (
        f"`.env` names the carriers {[*URLS]}, and `by_name()` returned {found}. The "
        "class of the settings was complete in the cell."
    )
    is_kept = get_carrier_settings() is get_carrier_settings()
    assert is_kept, "The settings were read twice; `lru_cache` has them read once."


def test_nobody_has_to_name_a_carrier() -> None:
    """Without a variable there are no carriers, and the notice is `notice.txt`."""
    from waybill.carriers import CarrierSettings

    settings = CarrierSettings()
    found = settings.by_name(), settings.notice_file
    assert found == ([], Path("notice.txt")), f"Without a variable: {found}."


def test_no_key_leaves_in_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is no URL is refused, and the error doesn't repeat it."""
    from waybill.carriers import CarrierSettings

    monkeypatch.setenv("WAYBILL_CARRIERS", '{"Night Mail": "s3same"}')
    with pytest.raises(ValidationError) as refused:
        CarrierSettings()
    assert "s3same" not in str(refused.value), (
        f"Night Mail's URL was 's3same', and the error says {refused.value}. A URL may "
        "hold a key, and somebody reads the log: leave `hide_input_in_errors` there."
    )
