"""Checks of passwords.hasher: slow on purpose, and nobody else has to wait."""

import asyncio
import re
import threading
from collections.abc import Awaitable, Callable
from inspect import isawaitable
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import httpx
import pytest
from anyio import CancelScope
from fastapi import FastAPI
from pydantic import SecretStr, ValidationError

if TYPE_CHECKING:
    from waybill.passwords import Passwords

Connect = Callable[..., httpx.AsyncClient]
Begin = Callable[..., list[asyncio.Future[object]]]

PASSWORD = "correct horse battery"  # noqa: S105
SECRET = SecretStr(PASSWORD)
# With a cost that is another than today's.
HASH = "$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA"
KEYS = "\N{KEY}" * 127  # with one more, 128 characters and 512 bytes
NAMES = ("memory_kib", "rounds", "lanes", "at_once")
IMPOSSIBLE = [(16, 3, 4, 4), (31, 3, 4, 4), (2**32, 3, 4, 4), (64, 0, 4, 4)]
IMPOSSIBLE += [(64, 2**32, 4, 4), (64, 3, 0, 4), (2**31, 3, 2**24, 4), (64, 3, 4, 0)]
JOBS = 6  # so many of each kind are asked for at a time, or more
TODAY = {"rounds": 2, "memory_kib": 64, "lanes": 1}
OTHER_COSTS = [{"rounds": 1}, {"rounds": 3}, {"memory_kib": 32}, {"lanes": 2}]


def make(**settings: int) -> "Passwords":
    """Return a `Passwords` of today, but for these settings."""
    from waybill.passwords import Passwords, PasswordSettings

    return Passwords(PasswordSettings(**TODAY | settings))


async def ask(name: str, answer: Awaitable[object]) -> object:
    """Wait for what one of the two methods returns."""
    from argon2.exceptions import Argon2Error

    assert isawaitable(answer), (
        f"`passwords.{name}(…)` returned {type(answer).__name__}, and those who call "
        "it write `await` before it. Keep it an `async def`."
    )
    try:
        return await answer
    except UnicodeEncodeError as error:
        raise AssertionError(
            f"`passwords.{name}` was given {error.object!a}, and UTF-8 can't encode "
            "half a character. Hash what `as_bytes(password)` returns."
        ) from None
    except Argon2Error as error:
        raise AssertionError(
            f"`passwords.{name}(…)` ended in {type(error).__name__}. A password that "
            "is wrong is no accident: return (False, None)."
        ) from None


async def hash_of(passwords: "Passwords", password: str) -> str:
    """Return the hash of a password."""
    hashed = await ask("hash", passwords.hash(SecretStr(password)))
    assert isinstance(hashed, str), f"`passwords.hash(…)` came to {hashed!r}, no text."
    return hashed


async def verdict_on(
    passwords: "Passwords", password: str, hashed: str
) -> tuple[bool, str | None]:
    """Return what `verify` says."""
    said = await ask("verify", passwords.verify(SecretStr(password), hashed))
    assert isinstance(said, tuple) and len(said) == 2, (  # noqa: PT018
        f"`await passwords.verify(…)` came to {said!r}, not to two things: a verdict "
        "and a new hash, or None."
    )
    return said


def cost_of(hashed: str) -> dict[str, int]:
    """Return memory (m), rounds (t) and lanes (p), as a hash tells them."""
    pairs = re.findall(r"\b([mtp])=(\d+)", hashed.partition("$v=")[2])
    return {name: int(number) for name, number in pairs}


# - What works today stays.
async def test_a_hash_is_argon2ids() -> None:
    """A hash is Argon2id's, and the same password never gives the same hash twice."""
    passwords = make()
    hashes = [await hash_of(passwords, PASSWORD) for _ in range(2)]
    assert hashes[0].startswith("$argon2id$"), (
        f"A hash begins {hashes[0][:40]!r}; Argon2id's begin with $argon2id$."
    )
    alike = "One password was hashed twice, and both are alike: each needs a salt."
    assert len(set(hashes)) == 2, alike


OTHERS = [(PASSWORD, f"{PASSWORD} "), (PASSWORD, PASSWORD.title())]
OTHERS += [(KEYS + "a", KEYS + "b"), ("half of one: \ud800", "half of one: \udfff")]
OTHERS += [("correct\0horse battery", "correct\0horse")]


@pytest.mark.parametrize(("right", "wrong"), OTHERS)
async def test_only_the_password_is_right(right: str, wrong: str) -> None:
    """`verify` says (True, None) to the password and (False, None) to any other."""
    passwords = make()
    hashed = await hash_of(passwords, right)
    said = await verdict_on(passwords, right, hashed)
    assert said == (True, None), (
        f"The right password came to {said}; (True, None) was expected. Both methods "
        "work on `as_bytes(password)`, and a hash of today needs no new one."
    )
    said = await verdict_on(passwords, wrong, hashed)
    assert said == (False, None), (
        f"The password ended in {right[-15:]!a}, one that ends in {wrong[-15:]!a} was "
        f"tried, and `verify` said {said} instead of (False, None). Hash each letter "
        "of the secret as it is: `str(secret)` is asterisks."
    )


async def test_settings_set_the_cost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rounds, memory and lanes are the settings', such as WAYBILL_HASH_ROUNDS."""
    from waybill.passwords import Passwords, PasswordSettings

    monkeypatch.chdir(tmp_path)
    for rounds, memory_kib, lanes in ((1, 8, 1), (2, 136, 2)):
        values = {"ROUNDS": rounds, "MEMORY_KIB": memory_kib, "LANES": lanes}
        for name, value in values.items():
            monkeypatch.setenv(f"WAYBILL_HASH_{name}", str(value))
        if rounds == 2:  # and once from a file, in which other things stand as well
            monkeypatch.delenv("WAYBILL_HASH_ROUNDS")
            lines = "WAYBILL_HASH_ROUNDS=2\nWAYBILL_HASH_COLOUR=red\n"
            (tmp_path / ".env").write_text(lines, encoding="utf-8")
        cost = cost_of(await hash_of(Passwords(PasswordSettings()), PASSWORD))
        assert cost == {"m": memory_kib, "t": rounds, "p": lanes}, (
            f"Variables or `.env` said {rounds} rounds, {memory_kib} KiB and {lanes} "
            f"lanes, and the hash was made with {cost} (t: rounds, m: KiB, p: lanes). "
            "The settings were complete in the cell; hand them to the hasher."
        )


async def test_the_default_is_no_bargain() -> None:
    """By default a hash costs no less than OWASP's floor for Argon2id."""
    from waybill.passwords import get_passwords

    cost = cost_of(await hash_of(get_passwords(), PASSWORD))
    said = f"By default a hash costs {cost}; OWASP's floor is m=19456, t=2."
    assert cost["m"] >= 19_456 and cost["t"] >= 2, said  # noqa: PT018


@pytest.mark.parametrize("impossible", IMPOSSIBLE)
def test_an_impossible_cost_is_refused(impossible: tuple[int, ...]) -> None:
    """Settings that Argon2 can't compute with are refused when they are read."""
    from waybill.passwords import PasswordSettings

    asked = dict(zip(NAMES, impossible, strict=True))
    try:
        PasswordSettings(**asked)
    except ValidationError:
        return
    raise AssertionError(
        f"PasswordSettings took {asked}. Argon2 can't compute that, and the first "
        "person who signs up would find out. Keep the bounds of the starting code."
    )


async def test_a_process_has_one(connect: Connect) -> None:
    """Every request that asks for `AppPasswords` gets the same one."""
    from waybill.passwords import AppPasswords, Passwords, get_passwords

    app = FastAPI()
    seen: list[object] = []

    @app.get("/seen")
    async def see(passwords: AppPasswords) -> None:
        seen.append(passwords)

    async with connect(app) as client:
        for _ in range(2):
            await client.get("/seen")
    seen.append(get_passwords())
    shared = isinstance(seen[0], Passwords) and len({id(one) for one in seen}) == 1
    assert shared, (
        f"Two requests and `get_passwords()` were handed {seen}, not one Passwords. "
        "Each has a limit of its own, so together there is none. Keep `lru_cache`."
    )


# - Argon2 works on a worker thread, so the event loop stays free.
@pytest.mark.parametrize("name", ["hash", "verify"])
async def test_the_loop_stays_free(argon2: SimpleNamespace, name: str) -> None:
    """Argon2 works on another thread than the event loop's."""
    if name == "verify":
        await verdict_on(make(), PASSWORD, HASH)
    else:
        await hash_of(make(), PASSWORD)
    assert argon2.done, f"`passwords.{name}` was awaited, and Argon2 did nothing."
    stood_still = threading.get_ident() in {thread for _, thread in argon2.done}
    assert not stood_still, (
        f"`passwords.{name}` made Argon2 work on the thread of the event loop. That "
        "thread serves everybody: until the hash is done, no other request gets on. "
        "`async def` alone moves nothing elsewhere."
    )


# - A right password with a hash made at another cost comes with a new hash.
@pytest.mark.parametrize("other", OTHER_COSTS)
async def test_a_weak_hash_is_renewed(other: dict[str, int]) -> None:
    """A right password with a hash made at another cost comes with a new hash."""
    weak, passwords = make(**other), make()
    old = await hash_of(weak, PASSWORD)
    asked = f"A hash was made with {TODAY | other}, the settings are {TODAY} now"
    is_right, renewed = await verdict_on(passwords, PASSWORD, old)
    assert (is_right, bool(renewed)) == (True, True), (
        f"{asked}, and `verify` said ({is_right}, {renewed!r}) to the right password. "
        "Each Passwords has its own cost; compare all three that a hash tells."
    )
    cost = cost_of(str(renewed))
    assert cost == {"m": 64, "t": 2, "p": 1}, (
        f"{asked}, and the new hash that `verify` returned was made with {cost} (m: "
        "memory_kib, t: rounds, p: lanes)."
    )
    said = await verdict_on(passwords, PASSWORD, str(renewed))
    assert said == (True, None), f"On the new hash `verify` says {said}."
    said = await verdict_on(passwords, "incorrect horse", old)
    assert said == (False, None), (
        f"A wrong password met such a hash, and `verify` said {said} instead of "
        "(False, None). A new hash would be one of the wrong password."
    )


# - `at_once` pieces of work run together if so many are waiting, and never more.
@pytest.mark.parametrize("at_once", [1, 3, 64])
async def test_a_few_at_once(
    argon2: SimpleNamespace, begin: Begin, at_once: int
) -> None:
    """At most `at_once` hashes and verifications run together; the others wait."""
    passwords, _other = make(at_once=at_once), make(at_once=64 // at_once)
    argon2.go.clear()  # from here on, whoever begins stays in there
    jobs = max(JOBS, at_once)
    running = await argon2.count(begin(passwords, jobs), at_once)
    asked_for = f"at_once={at_once}, {jobs} hashes and {jobs} verifications wanted"
    assert running <= at_once, (
        f"{asked_for}, and at least {running} ran together. Each takes its memory, 64 "
        "MiB by default. Each Passwords counts by itself, and both methods ask it."
    )
    assert running == at_once, (
        f"{asked_for}, and {running} ran together; {at_once} should. AnyIO's own "
        "limiter has 40 places, and the threads of `asyncio.to_thread` are fewer: "
        "hand a limiter of your own to `to_thread.run_sync`."
    )


async def test_a_cancelled_request_keeps_its_place(
    argon2: SimpleNamespace, begin: Begin
) -> None:
    """A request that is cancelled keeps its place until its piece of work is done."""
    passwords, scopes = make(at_once=2), [CancelScope(), CancelScope()]
    argon2.go.clear()

    async def request(scope: CancelScope, work: Awaitable[object]) -> None:
        with scope:  # Starlette cancels a request in this way
            await work

    works = passwords.hash(SECRET), passwords.verify(SECRET, HASH)
    pairs = zip(scopes, works, strict=True)
    gone = [asyncio.ensure_future(request(*one)) for one in pairs]
    await argon2.settle(2)
    for scope in scopes:
        scope.cancel()
    running = await argon2.count([*gone, *begin(passwords, JOBS)], 3)
    assert running <= 2, (
        "at_once=2, two requests were cancelled while Argon2 worked for them, others "
        f"came, and at least {running} pieces of work ran together. No thread can be "
        "cancelled: keep the place until it is done, as `to_thread.run_sync` does."
    )


@pytest.mark.parametrize("at_once", [1, 2])
async def test_renewing_counts_too(argon2: SimpleNamespace, at_once: int) -> None:
    """A hash that is made because an old one is weak counts as well."""
    passwords = make(at_once=at_once)
    argon2.held = {"hash"}  # verifying ends at once, and each finds a weak hash
    argon2.go.clear()
    asked = [asyncio.ensure_future(passwords.verify(SECRET, HASH)) for _ in range(JOBS)]
    running = await argon2.count(asked, at_once)
    assert running, f"{JOBS} right passwords met weak hashes; none was hashed anew."
    assert running <= at_once, (
        f"at_once={at_once}, {JOBS} right passwords met weak hashes, and at least "
        f"{running} new hashes were made together. Renewing is Argon2's work too: let "
        "it happen inside the same limit, as verify_and_update does in one call."
    )
