"""Checks of security_review.verify: nobody else's message passes."""

import hmac
import inspect
import secrets
import types
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr

KEY = SecretStr("the key that this carrier and Waybill share")
OTHER = SecretStr("a key that somebody has made up for himself")
BODY = b'{"parcel": 7, "kind": "delivered"}'
AT = datetime(2026, 3, 2, 12, tzinfo=UTC)


def header(*, body: bytes = BODY, key: SecretStr = KEY, seconds: int = 0) -> str:
    """Return what a carrier sends, signed so many seconds after AT."""
    from waybill.signatures import sign

    return sign(key, body, int(AT.timestamp()) + seconds)


def refused(
    verify: Callable[..., Any], what: str, text: str, error: type[Exception]
) -> None:
    """Want BadSignatureError for a header, and no other end."""
    try:
        verify(KEY, BODY, text, AT)
    except error:
        return
    except Exception as raised:  # noqa: BLE001  # whatever it is, it is the wrong one
        kind, said = type(raised).__name__, str(raised).rstrip(".")
        pytest.fail(
            f"{what} ended with {kind}: {said}. Whoever calls `verify` catches "
            "BadSignatureError and answers 401; any other exception is a 500."
        )
    pytest.fail(f"{what} was accepted. `raise BadSignatureError(…)` refuses it.")


# - What `sign` makes of the same key and body passes, and `verify` returns None.
@pytest.mark.parametrize("body", [BODY, b"", b"\xff\x00 no text", b"x" * 100_000])
def test_the_right_header_passes(body: bytes) -> None:
    """A message that is signed with the key passes, whatever its body is."""
    from waybill.signatures import BadSignatureError, verify

    try:
        answer: Any = verify(KEY, body, header(body=body), AT)
    except BadSignatureError as error:
        pytest.fail(
            f"A message was signed with the key at the moment `at`, and refused: "
            f"{error} Sign the body as it came, with `key` itself; `at` is now."
        )
    assert answer is None, f"`verify` returned {answer!r} for a good message, not None."


# - Every other header raises `BadSignatureError`, also one that is no signature at all.
OTHERS = {
    "A signature of another body": lambda: header(body=BODY + b" "),
    "A signature of an empty body": lambda: header(body=b""),
    "A signature with another key": lambda: header(key=OTHER),
    "A signature that was cut": lambda: header()[:-1],
    "A signature with a character more": lambda: header() + "0",
    "A signature with another moment": lambda: header()[:9] + "7" + header()[10:],
    "A moment without its signature": lambda: header().partition(".")[0] + ".",
    "Half of a signature": lambda: header()[:40],
    "An empty header": lambda: "",
    "A dot": lambda: ".",
    "A word": lambda: "hello",
    "A header with é": lambda: f"{int(AT.timestamp())}.é",
    "A moment without an end": lambda: "9" * 5_000 + ".ab",
    "A moment beyond all years": lambda: "9" * 30 + ".ab",
    "A moment before all years": lambda: "-" + "9" * 18 + ".ab",
}


@pytest.mark.parametrize("what", OTHERS)
def test_any_other_header_is_refused(what: str) -> None:
    """What doesn't prove the body raises BadSignatureError, and nothing else."""
    from waybill.signatures import BadSignatureError, verify

    refused(verify, what, OTHERS[what](), BadSignatureError)


# - A message may be up to `GOOD_FOR` old, or as far in the future.
@pytest.mark.parametrize("seconds", [-300, -299, 0, 299, 300])
def test_a_new_message_passes(seconds: int) -> None:
    """A message that is up to five minutes off passes."""
    from waybill.signatures import BadSignatureError, verify

    try:
        verify(KEY, BODY, header(seconds=seconds), AT)
    except BadSignatureError as error:
        pytest.fail(
            f"A message from {seconds} seconds after `at` was refused: {error}. The "
            "distance counts, in both directions; GOOD_FOR itself is still good."
        )


@pytest.mark.parametrize("seconds", [-86_400, -301, 301, 86_400])
def test_an_old_message_is_refused(seconds: int) -> None:
    """A message that is further off is refused, though its signature is right."""
    from waybill.signatures import BadSignatureError, verify

    what = f"A message from {seconds} seconds after `at`"
    refused(verify, what, header(seconds=seconds), BadSignatureError)


def test_now_is_the_parameter() -> None:
    """What time it is says `at`, in any zone, and no clock of this machine."""
    from datetime import timezone

    from waybill.signatures import verify

    kolkata = timezone(timedelta(hours=5, minutes=30))
    verify(KEY, BODY, header(), AT.astimezone(kolkata))


# - It is so with `python -O`, too.
def test_it_holds_without_asserts() -> None:
    """With `python -O`, which leaves asserts out, nothing else is accepted."""
    from waybill import signatures

    code = compile(inspect.getsource(signatures), "signatures.py", "exec", optimize=1)
    module = types.ModuleType("waybill.signatures")
    exec(code, vars(module))  # noqa: S102  # the learner's own file
    optimized: Any = module
    for what in ("A signature with another key", "A signature of another body"):
        said = f"With `python -O`, {what[0].lower()}{what[1:]}"
        text = OTHERS[what]()
        refused(optimized.verify, said, text, optimized.BadSignatureError)
    for seconds in (-301, 301):
        said = f"With `python -O`, a message {seconds} seconds from now"
        text = header(seconds=seconds)
        refused(optimized.verify, said, text, optimized.BadSignatureError)


# - `hmac.compare_digest` compares, since `==` is done sooner where the first characters
# differ.
@pytest.mark.parametrize("key", [KEY, OTHER], ids=["good", "forged"])
def test_it_takes_as_long_for_all(
    key: SecretStr, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The signature is compared in constant time."""
    from waybill import signatures

    compared: list[tuple[object, object]] = []
    right = hmac.compare_digest

    def noted(one: Any, other: Any) -> bool:  # noqa: ANN401
        compared.append((one, other))
        return right(one, other)

    for module in (hmac, secrets, signatures):
        for name, value in [*vars(module).items()]:
            if value is right:
                monkeypatch.setattr(module, name, noted)
    with suppress(signatures.BadSignatureError):
        signatures.verify(KEY, BODY, header(key=key), AT)
    whole = [pair for pair in compared if min(map(len, pair)) >= 32]  # type: ignore[arg-type]
    assert whole, (
        "`hmac.compare_digest` wasn't asked about the signature. `==` stops at the "
        "first character that differs, and whoever measures learns how many were right."
    )
