"""Checks of refresh.open_family: a token that says nothing, stored as a digest."""

import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy.exc import IntegrityError

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

Families = Callable[[], Awaitable[dict[str, Any]]]
LENA, BOB = 311, 17
AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


@pytest.fixture
def sent(engine: "AsyncEngine") -> list[str]:
    """Every statement and its values, as they are sent to the database."""
    from sqlalchemy import event

    found: list[str] = []

    @event.listens_for(engine.sync_engine, "before_cursor_execute")
    def note(*details: object) -> None:
        found.append(f"{details[2]} {details[3]!r}")

    return found


@pytest.fixture
def opened(
    sessions: "async_sessionmaker[AsyncSession]",
    known: None,  # noqa: ARG001
) -> Callable[..., Awaitable[str]]:
    """Return a function that opens a family, and commits as a request does."""

    async def open_one(account_id: int = LENA, at: datetime = AT) -> str:
        from waybill.refresh import open_family

        try:
            async with sessions.begin() as session:
                token = await open_family(session, account_id, at)
        except IntegrityError as error:
            raise AssertionError(
                f"A second family could not be stored: {error.orig}. Two calls have "
                "made the same name; each has to make one of its own."
            ) from None
        assert isinstance(token, str), f"open_family returned {token!r}, and no text."
        return token

    return open_one


# - A token is two random texts with a dot in between:
async def test_a_token_has_two_parts(opened: Callable[..., Awaitable[str]]) -> None:
    """A token is two texts with a dot in between, both long enough."""
    for account_id in (LENA, BOB):
        token = await opened(account_id)
        parts = token.split(".")
        assert len(parts) == 2, (
            "A token should be a name and a secret with a dot in between; yours has "
            f"{len(parts)} part{'s' * (len(parts) > 1)}."
        )
        lengths = [len(part) for part in parts]
        for what, length, bytes_ in zip(
            ("name", "secret"), lengths, (16, 32), strict=True
        ):
            least = bytes_ * 4 // 3
            assert length >= least, (
                f"The {what} has {length} characters; {bytes_} random bytes make at "
                f"least {least} of them. The fewer there are, the sooner somebody has "
                "tried them all."
            )


# - A token is two random texts with a dot in between:
async def test_nobody_can_guess_one(opened: Callable[..., Awaitable[str]]) -> None:
    """Name and secret are random, and no other token tells anything of them."""
    parts = []
    for _ in range(12):
        random.seed(7)
        parts += (await opened()).split(".")
    assert len({*parts}) == len(parts), (
        "Twelve families were opened for the same account at the same moment, and "
        "some of the names and secrets are the same. `secrets` makes each anew; what "
        "`random` makes can be calculated."
    )
    texts = {str(LENA), "lena", str(int(AT.timestamp()))}
    for part in parts:
        tell = [text for text in texts if part.startswith(text)]
        assert not tell, f"The part {part!r} begins with {tell}: take random bytes."
    for name, secret in zip(parts[::2], parts[1::2], strict=True):
        made = sha256(name.encode()).hexdigest(), name * 2, name[::-1]
        assert secret not in made, (
            f"The secret {secret[:12]}… is made from the name {name[:12]}…: whoever "
            "knows one knows the other. Take random bytes for each."
        )
    for at in range(3):
        column = {part[at] for part in parts}
        assert len(column) > 3, (
            f"Of {len(parts)} names and secrets, all have {sorted(column)} as "
            f"character {at + 1}. A part that is always the same is known to everybody."
        )


# - The family's `id` is the digest of the name, and its `digest` that of the secret.
async def test_digests_are_stored(
    opened: Callable[..., Awaitable[str]], families: Families
) -> None:
    """The digests of name and secret are stored."""
    for _ in range(2):
        token = await opened()
        name, _, secret = token.partition(".")
        found = await families()
        wanted = sha256(name.encode()).hexdigest()
        assert wanted in found, (
            f"The token is {token!r}. No family has the id digest({name!r}), which is "
            f"{wanted[:8]}…; there are {[one[:12] for one in found]}."
        )
        row, fits = found[wanted], sha256(secret.encode()).hexdigest()
        assert row.digest == fits, (
            f"The secret is {secret!r}, whose digest begins with {fits[:8]}; stored is "
            f"{row.digest[:12]}."
        )


async def test_no_part_of_a_token_is_sent(
    opened: Callable[..., Awaitable[str]], sent: list[str]
) -> None:
    """No part of the token reaches the database."""
    for _ in range(2):
        sent.clear()
        token = await opened()
        for part in (token, *token.split(".")):
            where = [one for one in sent if part and part in one]
            assert not where, (
                f"The token is {token!r}, and {part!r} was sent to the database: "
                f"{where[0][:120]}. Whoever reads it, or a backup, is Lena."
            )


# - The family belongs to `account_id`, and ends `STAY` after `at`.
@pytest.mark.parametrize("minutes", [0, 345, -210])
async def test_it_belongs_to_its_account_and_ends(
    opened: Callable[..., Awaitable[str]], families: Families, minutes: int
) -> None:
    """The family belongs to the account, and ends `STAY` after the moment given."""
    from waybill.refresh import STAY

    assert timedelta(days=1) <= STAY <= timedelta(days=400), f"STAY is {STAY}."
    zone = timezone(timedelta(minutes=minutes))
    for account_id, days in ((LENA, 0), (BOB, 3)):
        at = (AT + timedelta(days=days)).astimezone(zone)
        name = (await opened(account_id, at)).partition(".")[0]
        row = (await families())[sha256(name.encode()).hexdigest()]
        assert row.account_id == account_id, (
            f"A family was opened for account {account_id}, and is of {row.account_id}."
        )
        assert row.expires_at == at + STAY, (
            f"A family opened at {at} ends at {row.expires_at}; STAY is {STAY}."
        )


# - Each call opens another family, so that Lena's phone and her laptop don't share
# one.
async def test_each_device_has_its_own(
    opened: Callable[..., Awaitable[str]], families: Families
) -> None:
    """Each call opens another family, and leaves those that are there."""
    names = {(await opened()).partition(".")[0] for _ in range(3)}
    names.add((await opened(BOB)).partition(".")[0])
    found = await families()
    assert {sha256(name.encode()).hexdigest() for name in names} == {*found}, (
        f"Lena signed in three times and Bob once, and there are {len(found)} "
        "families. Each sign-in has its own: one that ends doesn't end the others."
    )


# - The caller commits:
async def test_the_caller_commits(
    sessions: "async_sessionmaker[AsyncSession]",
    families: Families,
    known: None,  # noqa: ARG001
) -> None:
    """A request that fails keeps no family."""
    from waybill.refresh import open_family

    async with sessions() as session:
        await open_family(session, LENA, AT)
        await session.rollback()
    found = await families()
    assert not found, (
        "A family was opened, the request failed and was rolled back, and the family "
        "is there. Add it to the session that you are given, and leave the commit to "
        "the caller."
    )


# - Each call forgets two families whose time is over,
async def test_old_ones_are_forgotten(
    opened: Callable[..., Awaitable[str]],
    families: Families,
    keep: Callable[..., Awaitable[str]],
) -> None:
    """Each call forgets two families whose time is over, and no other."""
    for number in range(5):
        late = timedelta(days=number) if number else timedelta(0)
        await keep(f"over-{number}", account_id=BOB, expires_at=AT - late)
    await keep("not-yet", expires_at=AT + timedelta(microseconds=1))
    for call, left in enumerate((3, 1, 0, 0), start=1):
        await opened()
        found = await families()
        over = [row for row in found.values() if row.expires_at <= AT]
        assert len(over) == left, (
            f"Five families were over, and after call {call}, {len(over)} of them are "
            f"left instead of {left}. Call forget_expired once, with `at`."
        )
        assert len(found) == left + call + 1, (
            f"A family that isn't over was forgotten at call {call}: {found}."
        )
