"""Checks of permissions.promote: one account, and nobody else."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

    from waybill.tables import Account

    Sessions = async_sessionmaker[AsyncSession]

Rows = Callable[..., list[Any]]
ROLES = "SELECT email, role FROM accounts ORDER BY email"


@pytest.fixture
async def asked(
    sessions: "Sessions", known: "dict[str, Account]"
) -> Callable[[str], Any]:
    """Return a function that promotes an address, and commits."""
    from waybill.promote import promote
    from waybill.tables import Account

    assert known
    async with sessions.begin() as session:
        others = ("lenax@example.com", "zo\u00eb@example.com")
        session.add_all([Account(email=email) for email in others])

    async def asked(email: str) -> object:
        async with sessions.begin() as session:
            return await promote(session, email)

    return asked


# - `promote(session, email)` makes a dispatcher of the account with this address, and
# of no other one.
@pytest.mark.parametrize(
    ("typed", "whose"),
    [
        ("lena@example.com", "lena@example.com"),
        ("Lena@Example.COM", "lena@example.com"),
        ("cem@example.com", "cem@example.com"),
        ("dora@example.com", "dora@example.com"),
        ("cara@example.com", "cara@example.com"),
        ("Zoe\u0308@example.com", "zo\u00eb@example.com"),
    ],
)
async def test_one_account_is_promoted(
    asked: Callable[[str], Any], rows: Rows, typed: str, whose: str
) -> None:
    """The account with this address becomes a dispatcher, and no other one."""
    wanted = dict(rows(ROLES)) | {whose: "DISPATCHER"}
    await asked(typed)
    found = dict(rows(ROLES))
    changed = {email: role for email, role in found.items() if wanted[email] != role}
    assert not changed, (
        f"promote(session, {typed!r}) was called, and these accounts have another role "
        f"than they should: {changed}. `canonical` spells an address as the table does."
    )


async def test_a_closed_account_stays_closed(
    asked: Callable[[str], Any], rows: Rows
) -> None:
    """Nothing but the role changes: a closed account stays closed."""
    before = rows("SELECT id, email, active FROM accounts ORDER BY id")
    await asked("cara@example.com")
    await asked("lena@example.com")
    after = rows("SELECT id, email, active FROM accounts ORDER BY id")
    assert after == before, (
        "Cara's account is closed, and Lena's is open. Both were promoted, and an "
        f"e-mail address or `active` has changed: {after}. Set the role alone."
    )


# - It returns whether there is such an account.
@pytest.mark.parametrize("email", ["Lena@example.com", "dora@example.com"])
async def test_it_says_yes(asked: Callable[[str], Any], email: str) -> None:
    """It returns True for an account that is there, a dispatcher's included."""
    for _ in range(2):
        said = await asked(email)
        assert said is True, f"promote(session, {email!r}) returned {said!r}."


@pytest.mark.parametrize(
    "email",
    [
        "nobody@example.com",
        "len_@example.com",
        "%@example.com",
        "lena@example.co",
        "xlena@example.com",
    ],
)
async def test_it_says_no(asked: Callable[[str], Any], rows: Rows, email: str) -> None:
    """It returns False where nobody has this address, and changes nothing."""
    before = rows(ROLES)
    said = await asked(email)
    hint = " In `ilike`, `_` is any character." if email[3] == "_" else ""
    assert said is False, f"Nobody has {email!r}, and promote returned {said!r}.{hint}"
    assert rows(ROLES) == before, f"Nobody has {email!r}, and somebody was promoted."


# - It never commits.
async def test_it_never_commits(
    sessions: "Sessions", known: "dict[str, Account]", rows: Rows
) -> None:
    """It never commits: that is for whoever opened the session."""
    from waybill.promote import promote

    assert known
    before = rows(ROLES)
    async with sessions() as session:
        await promote(session, "lena@example.com")
        held = session.in_transaction()
        await session.rollback()
    after = rows(ROLES)
    assert after == before, (
        "After `promote` the session was rolled back, and Lena is a dispatcher all the "
        "same."
    )
    assert held, "After `promote` the transaction had ended; leave it open."


async def test_the_command_commits(
    engine: "AsyncEngine", known: "dict[str, Account]", rows: Rows
) -> None:
    """`main`, as it is given, commits, and ends in words where nobody is found."""
    from waybill.promote import main

    assert known
    url = engine.url.render_as_string(hide_password=False)
    said = await main(url, "Lena@example.com")
    assert "lena@example.com" in said, f"The command said {said!r}."
    assert dict(rows(ROLES))["lena@example.com"] == "DISPATCHER", (
        "`python -m waybill.promote Lena@example.com` was run, and she is none."
    )
    with pytest.raises(SystemExit):
        await main(url, "nobody@example.com")
