"""Checks of refresh.rotate: each token works once, for one of two."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

Families = Callable[[], Awaitable[dict[str, Any]]]
Keep = Callable[..., Awaitable[str]]
Rotate = Callable[..., Awaitable[tuple[int, str] | None]]
LENA, BOB, CLOSED = 311, 17, 1094
AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
END = AT + timedelta(days=9)


def digest_of(text: str) -> str:
    """Return what is stored of a text."""
    return sha256(text.encode()).hexdigest()


@pytest.fixture
def rotated(
    sessions: "async_sessionmaker[AsyncSession]",
    known: None,  # noqa: ARG001
) -> Rotate:
    """Return a function that rotates a token, and commits as a request does."""

    async def rotate_one(token: str, at: datetime = AT) -> tuple[int, str] | None:
        from waybill.refresh import rotate

        async with sessions.begin() as session:
            found = await rotate(session, token, at)
        assert found is None or (
            isinstance(found, tuple) and [type(one) for one in found] == [int, str]
        ), (
            f"rotate returned {found!r}; it should be None, or the account's id and "
            "the next token."
        )
        return found

    return rotate_one


# - The newest token of a family returns its account's id and the next token:
async def test_the_newest_gets_the_next(
    rotated: Rotate, keep: Keep, families: Families
) -> None:
    """The newest token gets its account's id, and a token with another secret."""
    secrets = set()
    for account_id, name in ((LENA, "phone-of-lena"), (BOB, "phone-of-bob")):
        token = await keep(name, f"first-secret-of-{name}", account_id, END)
        for step in range(3):
            found = await rotated(token)
            assert found, (
                f"Token {step + 1} of a family was the newest, and rotate returned "
                "None. What it returned before has to work once."
            )
            assert found[0] == account_id, (
                f"The family is account {account_id}'s, and rotate said {found[0]}."
            )
            token = found[1]
            start, dot, secret = token.partition(".")
            assert (start, dot) == (name, "."), (
                f"The family's name is {name!r}, and its next token is {token!r}. The "
                "name stays in front of the dot."
            )
            assert len(secret) >= 42, (
                f"{secret!r} is too short: 32 bytes are asked for."
            )
            stored = (await families())[digest_of(name)].digest
            assert stored == digest_of(secret), (
                f"The next secret is {secret!r}, and the family's digest is not that "
                "of it."
            )
            secrets.add(secret)
    assert len(secrets) == 6, f"Six rotations made {len(secrets)} different secrets."


# - Any other token returns None and changes nothing:
async def test_an_older_one_is_none(
    rotated: Rotate, keep: Keep, families: Families
) -> None:
    """A token that was used is None from then on, and changes nothing."""
    used = [await keep(expires_at=END)]
    for _ in range(3):
        found = await rotated(used[-1])
        assert found, "The newest token was refused."
        before = await families()
        for number, token in enumerate(used, start=1):
            assert await rotated(token) is None, (
                f"Token {number} of a family was used, and worked once more. Whoever "
                "has copied it stays signed in."
            )
        assert await families() == before, (
            "A used token was refused, and the family changed by it."
        )
        used.append(found[1])


async def test_anything_else_is_none(
    rotated: Rotate,
    keep: Keep,
    families: Families,
    sessions: "async_sessionmaker[AsyncSession]",
) -> None:
    """Whatever is no token of a family is None, and changes nothing."""
    from waybill.tables import Family

    lena = await keep("phone-of-lena", "secret-of-lena", LENA, END)
    bob = await keep("phone-of-bob", "secret-of-bob", BOB, END)
    before = await families()
    row = before[digest_of("phone-of-lena")]
    for what, token in {
        "Lena's name with Bob's secret": "phone-of-lena.secret-of-bob",
        "a name that isn't there": "phone-of-zoe.secret-of-lena",
        "a name alone": "phone-of-lena",
        "a name and a dot": "phone-of-lena.",
        "a secret alone": ".secret-of-lena",
        "the secret": "secret-of-lena",
        "nothing": "",
        "a dot": ".",
        "other letters": lena.upper(),
        "a token with something behind it": f"{lena}.more",
        "a token with a space": f"{lena} ",
        "two tokens": f"{lena}.{bob}",
        "what is stored": f"{row.id}.{row.digest}",
        "what is stored of the secret": f"phone-of-lena.{row.digest}",
        "a pattern": "phone-of-lena.%",
        "another pattern": "%.%",
        "a zero": "phone-of-lena\x00.secret-of-lena",
    }.items():
        found = await rotated(token)
        assert found is None, f"{what} ({token!r}) was taken, and returned {found}."
    assert await families() == before, "A text that is no token changed a family."
    other = "1" if row.digest.startswith("0") else "0"
    for digest in (row.digest[:-1] + "x", other + row.digest[1:]):
        async with sessions.begin() as session:
            (await session.get_one(Family, row.id)).digest = digest
        assert await rotated(lena) is None, (
            "A token was taken whose digest differs from the family's in one "
            "character. Compare all 64."
        )


# - Of two requests with the same token, one gets the next token and the other None,
@pytest.mark.parametrize("before", ["", "UPDATE", "SELECT"])
async def test_another_process_was_faster(
    rotated: Rotate,
    keep: Keep,
    families: Families,
    rival: Callable[[str, str], list[str]],
    before: str,
) -> None:
    """Where another process was faster, the token is None, and its exchange stays."""
    token = await keep(expires_at=END)
    done = rival("UPDATE families SET digest = printf('%064d', 7)", before)
    found = await rotated(token)
    if not done or "locked" in done:
        return  # there was no such moment, or nobody else could write in it
    (row,) = (await families()).values()
    assert found is None, (
        "Two processes were asked with the same token. The other one exchanged it "
        f"right before this one sent {done[0].split()[0]}, and this one returned a "
        "token, too. One statement has to compare and to write. "
        "(SQLite ignores FOR UPDATE.)"
    )
    assert row.digest == "7".zfill(64), (
        "Another process had exchanged the token already, and this one wrote over it: "
        "whoever got the token from there is taken for a thief."
    )


async def test_of_two_at_once_one_wins(
    rotated: Rotate, keep: Keep, families: Families
) -> None:
    """Of several at the same moment, exactly one gets the next token."""
    token = await keep(expires_at=END)
    tries = [rotated(token) for _ in range(4)]
    if sys.platform == "emscripten":  # in a page nobody can wait for a lock
        found = [await one for one in tries]
    else:
        found = await asyncio.gather(*tries)
    winners = [one for one in found if one]
    assert len(winners) == 1, (
        f"Four requests came with the same token at the same moment, and "
        f"{len(winners)} of them got the next one."
    )
    (row,) = (await families()).values()
    assert row.digest == digest_of(winners[0][1].partition(".")[2]), (
        "One of four got the next token, and the family holds another digest."
    )


# - A token whose family ends at `at` or before returns None.
@pytest.mark.parametrize("minutes", [0, 345, -210])
async def test_a_family_that_is_over(rotated: Rotate, keep: Keep, minutes: int) -> None:
    """A family is None from the moment at which it ends, and not before."""
    zone = timezone(timedelta(minutes=minutes))
    tick = timedelta(microseconds=1)
    year = timedelta(days=400)
    over = {AT: True, AT - tick: True, AT - year: True, AT + tick: False}
    over[AT + year] = False
    for number, (end, is_over) in enumerate(over.items()):
        token = await keep(f"family-{number}", expires_at=end)
        found = await rotated(token, AT.astimezone(zone))
        assert (found is None) == is_over, (
            f"The family ends at {end}, and at {AT.astimezone(zone)} rotate returned "
            f"{found}. Compare with `at`."
        )


# - A token of an account that isn't `active` returns None.
async def test_a_closed_account(
    rotated: Rotate, keep: Keep, sessions: "async_sessionmaker[AsyncSession]"
) -> None:
    """The family of an account that isn't active is None."""
    from waybill.tables import Account

    assert await rotated(await keep("closed", account_id=CLOSED)) is None, (
        "The account of a family was closed, and its token was exchanged: it would "
        "go on for a month."
    )
    token = await keep("lena")
    found = await rotated(token)
    assert found, "Lena's account is open, and her token was refused."
    async with sessions.begin() as session:
        (await session.get_one(Account, LENA)).active = False
    assert await rotated(found[1]) is None, (
        "Lena's account was closed between two rotations, and the second one worked."
    )


# - `expires_at` stays:
async def test_nobody_stays_for_ever(
    rotated: Rotate, keep: Keep, families: Families
) -> None:
    """A rotation doesn't move the end of a family."""
    token = await keep(expires_at=END)
    for day in range(4):
        found = await rotated(token, AT + timedelta(days=day))
        assert found, f"On day {day} the newest token was refused."
        token = found[1]
        (row,) = (await families()).values()
        assert row.expires_at == END, (
            f"A family ended at {END}; after a rotation it ends at {row.expires_at}. A "
            "thief who comes back every day would stay for ever."
        )


# - The caller commits.
async def test_the_caller_commits(
    sessions: "async_sessionmaker[AsyncSession]", rotated: Rotate, keep: Keep
) -> None:
    """A rotation that is rolled back has not happened."""
    from waybill.refresh import rotate

    token = await keep(expires_at=END)
    async with sessions() as session:
        await rotate(session, token, AT)
        await session.rollback()
    assert await rotated(token), (
        "A rotation was rolled back, and the token is used up all the same. Leave the "
        "commit to the caller."
    )


# - The caller commits.
async def test_families_end(
    sessions: "async_sessionmaker[AsyncSession]",
    keep: Keep,
    families: Families,
    known: None,  # noqa: ARG001
) -> None:
    """`end_family` and `end_families` end what they ended before, and nothing else."""
    from waybill.refresh import end_families, end_family

    tokens = [await keep(name) for name in ("one", "two", "three")]
    await keep("of-bob", account_id=BOB)
    async with sessions.begin() as session:
        ended = [await end_family(session, one) for one in (tokens[0], "nobody.else")]
        ended.append(await end_family(session, "two.an-old-secret"))
    assert ended == [True, False, True], (
        f"end_family returned {ended} for a token, a strange one, and an old one."
    )
    left = {*await families()}
    wanted = {digest_of("three"), digest_of("of-bob")}
    assert left == wanted, "end_family ended another family than the one named."
    async with sessions.begin() as session:
        await end_families(session, LENA)
    assert {*await families()} == {digest_of("of-bob")}, (
        "end_families should end those of one account, and leave the others."
    )
