"""Checks of security_review.more: the other six categories have a test, too."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import FastAPI

Assert = Callable[..., None]
GREEN = {
    "a02": "Both paths are answered 404 in production.",
    "a03": "`gate` returns a list; of two empty texts, it isn't empty.",
    "a04": "`kept` is a text that begins with $argon2id$.",
    "a06": "The first answer is a 200, the last one a 429.",
    "a08": "`verify(KEY, body, header, now())` returns, or raises BadSignatureError.",
    "a09": "`caplog.text` is all that was written: the path, and the 401.",
}


# - Each of the six is green on your Waybill, and keeps its name.
@pytest.mark.parametrize("category", GREEN)
def test_right_waybill_is_green(category: str, assert_green: Assert) -> None:
    """Your tests agree with a Waybill that is right."""
    assert_green(category, GREEN[category])


# - `test_a02_…` is red when production shows one of `/openapi.json` and `/docs`.
@pytest.mark.parametrize("path", ["/openapi.json", "/docs"])
def test_open_docs_are_seen(path: str, assert_red: Assert) -> None:
    """Docs that are open in production are noticed."""
    from waybill.app import create_app

    def open_docs(*arguments: Any, **options: Any) -> FastAPI:  # noqa: ANN401
        app = create_app(*arguments, **options)

        @app.get(path)
        async def docs() -> str:
            return "Waybill's docs"

        return app

    replaced: Any = {create_app: open_docs}
    bug = f"Production answered GET {path} with 200"
    assert_red("a02", bug, f"Ask for {path}, and expect 404.", replaced=replaced)


# - `test_a03_…` is red when `gate` lets a release go without reports.
def test_a_gate_that_stands_open_is_seen(assert_red: Assert) -> None:
    """A gate that is open when no tool ran is noticed."""
    from tests.audit import gate

    replaced: Any = {gate: lambda *_arguments, **_options: []}
    advice = "Give it two empty texts, and expect a list that isn't empty."
    bug = "No tool had run, and the gate was open"
    assert_red("a03", bug, advice, replaced=replaced)


def keeping(kept: Callable[[str], str]) -> Callable[[FastAPI], None]:
    """Return what plants a Waybill that keeps passwords in another way."""
    from waybill.passwords import app_passwords

    async def keep(password: Any) -> str:  # noqa: ANN401
        return kept(password.get_secret_value())

    def plant(app: FastAPI) -> None:
        app.dependency_overrides[app_passwords] = lambda: SimpleNamespace(hash=keep)

    return plant


# - `test_a04_…` is red when a password is kept as it is, and when it is kept as a fast
# hash.
def test_a_plain_password_is_seen(assert_red: Assert) -> None:
    """A password that is kept as it is is noticed."""
    plant = keeping(lambda text: text)
    assert_red("a04", "The password itself was kept", "Look at `kept`.", plant)


def test_a_fast_hash_is_seen(assert_red: Assert) -> None:
    """A password that is kept as a fast hash is noticed."""
    from hashlib import sha256

    plant = keeping(lambda text: sha256(text.encode()).hexdigest())
    advice = "`kept` begins with $argon2id$; compare with that."
    assert_red("a04", "A SHA-256 of the password was kept", advice, plant)


def limiting(*, allowed: bool) -> Callable[[FastAPI], None]:
    """Return what plants a limit that always says the same."""
    from waybill.limits import Hit, Limit

    async def hit(_key: str) -> Hit:
        return Hit(allowed, 1, 0 if allowed else 1, 1)

    def plant(app: FastAPI) -> None:
        app.state.limiter = SimpleNamespace(limit=Limit(100, 60), hit=hit)

    return plant


# - `test_a06_…` is red when nobody is ever refused, and when everybody is.
def test_a_missing_limit_is_seen(assert_red: Assert) -> None:
    """A Waybill without a limit is noticed."""
    advice = "Compare the status of the last answer with 429."
    plant = limiting(allowed=True)
    assert_red("a06", "All of the requests were answered", advice, plant)


def test_a_limit_of_nothing_is_seen(assert_red: Assert) -> None:
    """A Waybill that refuses everybody is noticed."""
    advice = "Compare the status of the first answer with 200."
    plant = limiting(allowed=False)
    assert_red("a06", "The first request was refused", advice, plant)


# - `test_a08_…` is red when a changed message passes, and when a good one doesn't.
def test_a_changed_message_is_seen(assert_red: Assert) -> None:
    """A `verify` that lets everything pass is noticed."""
    from waybill.signatures import verify

    replaced: Any = {verify: lambda *_arguments, **_options: None}
    advice = "Verify another body with `header`, and expect BadSignatureError."
    bug = "A message that was changed passed"
    assert_red("a08", bug, advice, replaced=replaced)


def test_a_good_message_that_is_refused_is_seen(assert_red: Assert) -> None:
    """A `verify` that lets nothing pass is noticed."""
    from waybill.signatures import BadSignatureError, verify

    def never(*_arguments: Any, **_options: Any) -> None:  # noqa: ANN401
        raise BadSignatureError("no")

    replaced: Any = {verify: never}
    advice = "Verify the body that was signed, too."
    assert_red("a08", "A good message was refused", advice, replaced=replaced)


# - `test_a09_…` is red when nothing is written, and when the line doesn't say that the
# answer was a 401.
def test_a_silent_refusal_is_seen(
    assert_red: Assert, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A refusal that leaves no line is noticed."""
    import logging

    for name in [*logging.root.manager.loggerDict]:
        if name.startswith("waybill"):
            monkeypatch.setattr(logging.getLogger(name), "disabled", True)
    advice = "Look for the path in `caplog.text`."
    assert_red("a09", "Nothing was written about a refusal", advice)


def test_a_line_without_a_status_is_seen(
    assert_red: Assert, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line that looks as if all was well is noticed."""
    import logging

    right = logging.Logger.makeRecord

    def made(*arguments: Any, **options: Any) -> logging.LogRecord:  # noqa: ANN401
        record = right(*arguments, **options)
        record.msg, record.args = record.getMessage().replace("401", "200"), ()
        return record

    monkeypatch.setattr(logging.Logger, "makeRecord", made)
    advice = "Look for 401 in `caplog.text`, too."
    assert_red("a09", "The line said 200 instead of 401", advice)
