"""Checks of websockets.tickets: a secret that works once, soon, and at one depot."""

import asyncio
import base64
import re
import sqlite3
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

    Sessions = async_sessionmaker[AsyncSession]

Issue = Callable[..., Awaitable[str]]
Use = Callable[..., Awaitable[int | None]]
AT = datetime(2031, 3, 2, 23, 59, 50, tzinfo=UTC)
TICK = timedelta(microseconds=1)


@pytest.fixture
async def issue(sessions: "Sessions") -> Issue:
    """Return a function that issues a ticket, in a session of its own, and commits."""
    from waybill.tables import Account
    from waybill.tickets import issue_ticket

    async with sessions.begin() as session:
        session.add_all(Account(id=n, email=f"{n}@example.com") for n in (7, 51))

    async def issue(account_id: int = 7, depot: str = "HAM", at: datetime = AT) -> str:
        async with sessions.begin() as session:
            return await issue_ticket(session, account_id, depot, at)

    return issue


@pytest.fixture
def use(sessions: "Sessions") -> Use:
    """Return a function that uses a ticket, in a session of its own, and commits."""
    from waybill.tickets import use_ticket

    async def use(
        ticket: str, depot: str = "HAM", at: datetime = AT + timedelta(seconds=5)
    ) -> int | None:
        async with sessions.begin() as session:
            return await use_ticket(session, ticket, depot, at)

    return use


@pytest.fixture
def stored(engine: "AsyncEngine") -> Callable[[], list[tuple[Any, ...]]]:
    """Return a function that reads the whole table, as others see it."""

    def stored() -> list[tuple[Any, ...]]:
        with sqlite3.connect(str(engine.url.database)) as connection:
            columns = "digest, account_id, depot, expires_at"
            return connection.execute(f"SELECT {columns} FROM tickets").fetchall()  # noqa: S608

    return stored


def odd(ticket: str) -> str:
    """Return the characters that an address has to escape."""
    return " ".join(sorted({*re.sub("[A-Za-z0-9_.~-]", "", ticket)}))


# - `issue_ticket` returns 32 random bytes, as text for an address.
async def test_a_ticket_is_random(issue: Issue) -> None:
    """A ticket is 32 random bytes, as text that an address may hold."""
    tickets = [await issue() for _ in range(8)]
    for ticket in tickets:
        assert isinstance(ticket, str)
        assert re.fullmatch(r"[A-Za-z0-9_.~-]+", ticket), (
            f"A ticket has the characters {odd(ticket)}. In an address, others than "
            "letters, digits, - and _ are escaped. secrets.token_urlsafe(32) has none."
        )
        assert len(ticket) >= 43, (
            f"A ticket has {len(ticket)} characters; 32 bytes need 43 of them. A "
            "shorter one can be guessed sooner."
        )
    for position in range(0, 40, 8):
        parts = {ticket[position : position + 8] for ticket in tickets}
        assert len(parts) == len(tickets), (
            f"Two of 8 tickets have the same 8 characters from number {position} on."
        )


# The table holds its digest, and no part of the ticket itself.
async def test_only_the_digest_is_stored(
    issue: Issue, stored: Callable[[], list[tuple[Any, ...]]]
) -> None:
    """The table holds a ticket's digest, whose it is and for what; not the ticket."""
    ticket = await issue(51, "BER")
    assert ticket not in base64.b64encode(repr(stored()).encode()).decode()
    (row,) = stored()
    texts = [str(one) for one in row]
    pieces = {ticket[n : n + 6] for n in range(len(ticket) - 5)}
    leaked = [one for one in texts if any(piece in one for piece in pieces)]
    assert not leaked, (
        "A ticket was issued, and its row holds it, or a part of it. Whoever reads a "
        "backup could use it. Store digest(ticket)."
    )
    wanted = sha256(ticket.encode()).hexdigest()
    assert row[:3] == (wanted, 51, "BER"), (
        "Account 51 was issued a ticket for BER. Its row should hold digest(ticket), "
        f"51 and BER; it holds {row[1:3]}, and "
        f"{'the digest' if row[0] == wanted else 'something else than the digest'}."
    )


# Up to two old ones are forgotten, as in the starting code.
async def test_old_ones_are_forgotten(
    issue: Issue, use: Use, stored: Callable[[], list[tuple[Any, ...]]]
) -> None:
    """With each new ticket up to two go that are over; no other goes."""
    from waybill.tickets import GOOD_FOR

    for _ in range(3):
        await issue(at=AT - GOOD_FOR)
    good = await issue(at=AT - GOOD_FOR + TICK)
    counts = []
    for _ in range(3):
        await issue()
        counts.append(len(stored()))
    assert counts == [3, 3, 4], (
        "Three tickets were over and one was still good. Three more were issued, and "
        f"the table had {counts} rows; 3, 3 and 4 were expected."
    )
    found = await use(good, at=AT)
    assert found == 7, (
        f"A ticket that is still good was used, and `use_ticket` returned {found!r}. "
        "Is its row still there, and does `use_ticket` look for its digest?"
    )


# - `use_ticket` returns the account of a ticket, once, even if two ask at the same
# moment.
async def test_a_ticket_works_once(issue: Issue, use: Use) -> None:
    """A ticket returns its account, once; others stay good."""
    mine, other, again = await issue(51), await issue(7), await issue(51)
    found = [await use(mine), await use(mine), await use(other), await use(again)]
    assert found == [51, None, 7, 51], (
        "Account 51 had two tickets, and 7 had one. 51's first was used twice, then "
        f"the others: {found}; 51, None, 7 and 51 were expected."
    )


@pytest.mark.parametrize("before", ["SELECT", "DELETE", "UPDATE"])
async def test_another_worker_was_faster(
    engine: "AsyncEngine", issue: Issue, use: Use, before: str
) -> None:
    """Where another worker was faster, the ticket is None."""
    from sqlalchemy import event

    ticket = await issue()
    done: list[str] = []

    @event.listens_for(engine.sync_engine, "before_cursor_execute")
    def strike(*details: object) -> None:
        sql = str(details[2]).lstrip()
        if done or not sql.upper().startswith(before):
            return
        done.append(before)
        other = sqlite3.connect(str(engine.url.database), timeout=1)
        try:
            with other:
                other.execute("DELETE FROM tickets")
        except sqlite3.OperationalError:
            done.append("locked")  # this worker writes already
        finally:
            other.close()

    found = await use(ticket)
    if done and "locked" not in done:
        assert found is None, (
            "Two workers were shown the same ticket. The other one used it up right "
            f"before this one sent {before}, and this one returned {found!r}, too. Let "
            "one statement look and delete."
        )


async def test_of_several_at_once_one_wins(issue: Issue, use: Use) -> None:
    """Of several at the same moment, exactly one gets the account."""
    ticket = await issue()
    tries = [use(ticket) for _ in range(4)]
    if sys.platform == "emscripten":  # in a page nobody can wait for a lock
        found = [await one for one in tries]
    else:
        found = [*await asyncio.gather(*tries)]
    assert sorted(one or 0 for one in found) == [0, 0, 0, 7], (
        f"Four came with the same ticket at the same moment, and got {found}."
    )


async def test_what_is_rolled_back_was_not(
    issue: Issue, use: Use, sessions: "Sessions"
) -> None:
    """The caller commits: what is rolled back was neither issued nor used."""
    from waybill.tickets import issue_ticket, use_ticket

    async with sessions() as session:
        unborn = await issue_ticket(session, 7, "HAM", AT)
        await session.rollback()
    ticket = await issue()
    async with sessions() as session:
        await use_ticket(session, ticket, "HAM", AT)
        await session.rollback()
    found = [await use(unborn), await use(ticket)]
    assert found == [None, 7], (
        "A ticket was issued and rolled back; another one was used, and that was "
        f"rolled back. Then both were used: {found}; None and 7 were expected. The "
        "caller commits, not you."
    )


# - `use_ticket` returns `None` for a ticket of another depot, for one that was issued
# `GOOD_FOR` ago or earlier, and for every other text. A ticket of another depot stays
# good there.
@pytest.mark.parametrize("minutes", [0, 345, -210])
async def test_a_ticket_is_good_for_so_long(
    issue: Issue, use: Use, minutes: int
) -> None:
    """A ticket is good until `GOOD_FOR` has passed, whatever zone a time is in."""
    from waybill.tickets import GOOD_FOR

    zone = timezone(timedelta(minutes=minutes))
    good = {GOOD_FOR - TICK: True, timedelta(0): True, GOOD_FOR: False}
    good |= {GOOD_FOR + TICK: False, timedelta(days=1): False}
    for passed, is_good in good.items():
        ticket = await issue(at=AT.astimezone(zone))
        found = await use(ticket, at=AT + passed)
        assert found == (7 if is_good else None), (
            f"A ticket was issued at {AT.astimezone(zone)} and used {passed} later: "
            f"{found!r}. It is good as long as less than {GOOD_FOR} have passed."
        )


async def test_a_ticket_is_for_one_depot(issue: Issue, use: Use) -> None:
    """A ticket is for one depot, and nobody else's text is a ticket."""
    ticket = await issue(51, "HAM")
    digest = sha256(ticket.encode()).hexdigest()
    others = [("BER", ticket), ("ham", ticket), ("", ticket), ("%", ticket)]
    others += [("HAM", text) for text in (digest, "", "%", ticket[:-1], f"{ticket} ")]
    others += [("HAM", text) for text in (ticket.swapcase(), "€", "x" * 5_000, "\x00")]
    for depot, text in others:
        found = await use(text, depot)
        assert found is None, (
            f"Account 51 has a ticket for HAM. At {depot!r}, "
            f"{'it' if text == ticket else 'another text'} was shown, and use_ticket "
            f"returned {found!r}."
        )
    found = await use(ticket)
    assert found == 51, (
        "A ticket for HAM was shown at other depots, and other texts were tried. Then "
        f"it was shown at HAM, and use_ticket returned {found!r}. It was still good."
    )
