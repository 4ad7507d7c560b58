"""Checks of observability.redact: no secret is left in a line."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from fastapi import FastAPI

Left = Callable[[], AbstractContextManager[dict[str, Any]]]
Written = Callable[[], list[dict[str, Any]]]

KEY = "wb_0123456789abcdef_" + "aB3-_" * 8 + "xyz"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.c2lnbmF0dXJl-_x"
TEXTS = {
    "127.0.0.1:1234 - 'WebSocket /v1/depots/HAM/live?ticket=sesame' 403": "sesame",
    "GET /x?a=1&token=sesame&b=2 was slow": "sesame",
    "Authorization: Bearer sesame": "sesame",
    "a letter to lena.q+shop@mail.example.com": "lena.q+shop@mail.example.com",
    f"{KEY} was shown": KEY,
    f"somebody showed {JWT}.": JWT,
    "no connection to postgresql+asyncpg://waybill:sesame@db:5432/waybill": "sesame",
}
"""What is said, and the secret in it."""
NAMES = (
    *("password", "new_password", "Password", "access_token", "refreshToken"),
    *("ticket", "Authorization", "Cookie", "set-cookie", "api_key", "apikey"),
    *("X-API-Key", "secret_key", "email"),
)


def redact(**line: object) -> dict[str, Any]:
    """Redact a line as the chain does."""
    from waybill.request_log import redact

    found = redact(None, "info", line)
    assert isinstance(found, dict), (
        f"`redact` returned {found!r}. A processor returns the line, a dict."
    )
    return found


# - What a field is called: if `SECRET_NAMES` finds something in its name, its value
# becomes `HIDDEN`, whatever it is.
@pytest.mark.parametrize("name", NAMES)
def test_secret_names(name: str) -> None:
    """A field whose name says that it is secret is hidden, whatever it holds."""
    from waybill.request_log import HIDDEN

    for value in ("sesame", 4711, None, ["sesame"], {"a": "sesame"}, b"sesame"):
        found = redact(event="x", **{name: value})
        assert found.get(name) == HIDDEN, (
            f"A line had {name}={value!r}, and now has {name}={found.get(name)!r}; "
            f"{HIDDEN!r} is wanted. `SECRET_NAMES.search(name)` looks anywhere in a "
            "name."
        )


# - What a text holds: whatever `SECRET_TEXTS` finds becomes `HIDDEN`, and the rest of
# the text stays.
@pytest.mark.parametrize("text", TEXTS)
def test_secret_texts(text: str) -> None:
    """What is secret in a text is hidden, and the rest of the text stays."""
    from waybill.request_log import HIDDEN

    secret = TEXTS[text]
    wanted = text.replace(secret, HIDDEN)
    for name in ("event", "exception", "note"):
        found = redact(**{"event": "x", name: text}).get(name)
        assert found == wanted, (
            f"A line had {name}={text!r}, and now has {found!r}; {wanted!r} is wanted. "
            "`SECRET_TEXTS.sub(HIDDEN, text)` replaces what it finds."
        )
    twice = redact(event=f"{text} / {text}")["event"]
    assert secret not in twice, f"The secret was there twice, and is in {twice!r}."


# - Both rules hold at any depth of dicts and lists.
@pytest.mark.parametrize("depth", [1, 2, 3, 7])
def test_any_depth(depth: int) -> None:
    """Both rules hold at any depth of dicts and lists."""
    from waybill.request_log import HIDDEN

    value: Any = {"password": "sesame", "note": "ticket=sesame", "count": 3}
    wanted: Any = {"password": HIDDEN, "note": f"ticket={HIDDEN}", "count": 3}
    for number in range(depth):
        value = [value, "token=sesame"] if number % 2 else {"inner": value}
        wanted = [wanted, f"token={HIDDEN}"] if number % 2 else {"inner": wanted}
    found = redact(event="x", sent=value).get("sent")
    assert found == wanted, (
        f"A line had sent={value!r}, and now has {found!r}; {wanted!r} is wanted. A "
        "function may call itself for what is inside."
    )
    found = redact(event="x", sent=(value, "ticket=sesame")).get("sent")
    assert "sesame" not in repr(found), f"The same in a tuple, and there is {found!r}."


# - Both rules hold at any depth of dicts and lists.
def test_the_sample() -> None:
    """The line of the sample is redacted as the sample says."""
    found = redact(
        event="GET /live?ticket=K7x", sent={"password": "hunter2", "tries": 3}
    )
    wanted = {
        "event": "GET /live?ticket=[hidden]",
        "sent": {"password": "[hidden]", "tries": 3},
    }
    assert found == wanted, f"The sample's line became {found}; {wanted} is wanted."


# - Numbers, booleans and None stay as they are. Of everything else, the `repr` is what
# the line would show, so that is redacted as a text.
def test_other_values() -> None:
    """Numbers, booleans and None stay; anything else is redacted as its `repr`."""
    from waybill.request_log import HIDDEN

    plain = {"status": 200, "ms": 0, "share": 0.5, "complete": False, "route": None}
    found = redact(event="x", **plain)
    assert {name: found.get(name) for name in plain} == plain, (
        f"A line had {plain}, which is no secret, and now has {found}."
    )
    for name, one in plain.items():
        assert type(found[name]) is type(one), (
            f"{name} was {one!r}, is {found[name]!r}."
        )
    for value in (ValueError("ticket=sesame"), b"?ticket=sesame", {"a ticket=sesame"}):
        found = redact(event="x", cause=value)
        text = found.get("cause")
        assert ("sesame" in repr(text), HIDDEN in repr(text)) == (False, True), (
            f"A line had cause={value!r}. JSON doesn't know such a thing, so "
            f"JSONRenderer writes its `repr`: {text!r} holds the secret. Hide it in "
            "`repr(value)`."
        )


# - What was logged stays as it was: others may still need it.
def test_what_was_logged_stays() -> None:
    """What was logged isn't changed itself; only the line is."""
    sent = {"password": "sesame", "list": ["ticket=sesame", {"token": "sesame"}]}
    before = repr(sent)
    redact(event="x", sent=sent)
    assert repr(sent) == before, (
        f"The dict that was logged was {before}, and is {sent!r} now. It belongs to "
        "whoever logged it: make new dicts and lists."
    )


# - `redact` is the last one in `chain`, so that it meets the text of exceptions, too.
async def test_it_is_the_last_in_the_chain(
    as_under_uvicorn: Left,
    written: Written,
) -> None:
    """`redact` meets all that is written: fields, what is bound, and exceptions."""
    from structlog.contextvars import bound_contextvars

    from waybill.request_log import chain, redact, write_log

    with as_under_uvicorn():
        assert chain.count(redact) == 1, (
            f"`redact` is in `chain` {chain.count(redact)} times; append it once."
        )
        async with write_log(FastAPI()):
            log = logging.getLogger("waybill.problems")
            with bound_contextvars(note="ticket=sesame"):
                try:
                    raise LookupError("no row for ticket=sesame")
                except LookupError as error:
                    log.error("it failed", exc_info=error, extra={"password": "sesame"})
            logging.getLogger("another.package").warning("Bearer %s", "sesame")
            lines = written()
        assert len(lines) == 2, (
            f"Two lines were logged, and {len(lines)} written: {lines}"
        )
        for line in lines:
            assert "sesame" not in repr(line), (
                f"“sesame” is a secret, and the log has {line}. A traceback becomes "
                "text in "
                "`format_exc_info`: what comes before it in `chain` never sees that "
                "text."
            )
        assert "LookupError: no row for ticket=" in lines[0].get("exception", ""), (
            f"The rest of the traceback has to stay: {lines[0]}"
        )
