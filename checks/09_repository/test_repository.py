"""Checks of repository.repository: rows found and kept, and never committed."""

import inspect
from collections.abc import Awaitable, Callable
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import exc, text

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

    Sessions = async_sessionmaker[AsyncSession]

LENA, BOB = "lena@example.com", "bob@example.com"
Keep = Callable[..., Awaitable[None]]


@pytest.fixture
async def stored(
    keep: Keep,
    known: dict[str, Any],  # noqa: ARG001  # used for what it does
    parcel: Callable[..., Any],
    change: Callable[..., Any],
) -> None:
    """Two parcels; the key of a change, reversed, is that of another one."""
    await keep(parcel(2, BOB), parcel(7))
    await keep(*[change(7, number) for number in (1, 2, 3)])
    await keep(*[change(2, number, BOB) for number in range(1, 8)])


# - `await repository.get(*key)` returns the row with this key, or `None`:
async def test_a_row_is_found_by_its_key(
    stored: None,  # noqa: ARG001
    sessions: "Sessions",
    known: dict[str, Any],
) -> None:
    """`get` returns the row of its own table with this key, or None."""
    from waybill.repository import Repository
    from waybill.tables import Account, Parcel

    async with sessions() as session:
        accounts, parcels = Repository(session, Account), Repository(session, Parcel)
        for table, repository, key in (
            (Account, accounts, known[BOB].id),
            (Parcel, parcels, 7),
            (Parcel, parcels, 2),
        ):
            found = await repository.get(key)
            is_it = isinstance(found, table) and found.id == key
            assert is_it, (
                f"Repository(session, {table.__name__}).get({key}) returned {found!r}; "
                f"there is {table.__name__} {key}."
            )
        nobody = await accounts.get(404)
        assert nobody is None, f"No account has the id 404, and get gave {nobody!r}."


async def test_a_key_may_have_two_columns(
    stored: None,  # noqa: ARG001
    sessions: "Sessions",
) -> None:
    """A key may have several columns: `get(7, 2)` is change 2 of parcel 7."""
    from waybill.repository import Repository
    from waybill.tables import Change

    async with sessions() as session:
        repository = Repository(session, Change)
        for key in ((7, 2), (2, 7), (7, 3)):
            try:
                found = await repository.get(*key)
            except TypeError as error:
                parameters = inspect.signature(repository.get).parameters.values()
                raise AssertionError(
                    f"Repository(session, Change).get{key} said: {error}. "
                    + (
                        "Your parameter has its star. `session.get` takes the key as "
                        "one tuple: `key`, without a star in the call."
                        if any(one.kind == one.VAR_POSITIONAL for one in parameters)
                        else "A parameter with a star takes keys of any length."
                    )
                ) from None
            is_it = found is not None and (found.parcel_id, found.number) == key
            assert is_it, (
                f"Repository(session, Change).get{key} returned {found!r} instead of "
                f"change {key[1]} of parcel {key[0]}."
            )
        missing = await repository.get(7, 9)
        assert missing is None, f"Parcel 7 has no change 9, and get gave {missing!r}."


# - `Repository` stays generic
def test_it_stays_generic() -> None:
    """`Repository` stays generic: `Repository[Change]` says which rows it holds."""
    from waybill.repository import Repository
    from waybill.tables import Change

    try:
        Repository[Change]
    except TypeError as error:
        raise AssertionError(
            f"`Repository[Change]` ended in a TypeError: {error}. The next kata builds "
            "on it: leave `Generic[Row]` in the brackets of the class."
        ) from None


# - `await repository.add(row)` sends the row to the database and returns it.
async def test_a_row_is_sent_and_returned(
    stored: None,  # noqa: ARG001
    sessions: "Sessions",
    parcel: Callable[..., Any],
) -> None:
    """`add` sends a row and returns it, with its id; the owner is whoever was named."""
    from waybill.repository import Repository
    from waybill.tables import Account, Parcel

    async with sessions() as session:
        repository = Repository(session, Parcel)
        assert hasattr(repository, "add"), "The repository has no method `add` yet."
        new = parcel(1, BOB, tracking_code="WBNEW", value=Decimal("0.07"), id=None)
        kept = await repository.add(new)
        assert kept is new, f"`add` returned {kept!r} instead of the row it was given."
        assert new.id, (
            "After `add` a new parcel has no id. Was it sent to the database?"
        )
        query = text("SELECT owner_id, value FROM parcels WHERE tracking_code='WBNEW'")
        sent = [tuple(row) for row in await session.execute(query)]
        assert sent == [(17, 7)], (
            f"Bob's parcel, worth 0.07, was added, and the same session finds {sent}."
        )
        people = Repository(session, Account)
        nobody = await people.get(404)
        await people.add(Account(id=404, email="new@example.com"))
        found = (nobody, getattr(await people.get(404), "id", None))
        assert found == (None, 404), f"Before and after `add`, get gave {found}."


# - A row that breaks a rule of its table ends in a `RefusedError`.
@pytest.mark.parametrize("rule", ["unique", "foreign key", "not null", "primary key"])
async def test_a_rule_of_the_table_ends_in_refused_error(
    stored: None,  # noqa: ARG001
    sessions: "Sessions",
    parcel: Callable[..., Any],
    change: Callable[..., Any],
    rule: str,
) -> None:
    """A row that breaks a rule of its table ends in a `RefusedError`."""
    from waybill.repository import RefusedError, Repository

    row = {
        "unique": lambda: parcel(9, tracking_code="WB7"),
        "foreign key": lambda: change(404, 1),
        "not null": lambda: parcel(9, to=None, weight_g=None),
        "primary key": lambda: change(7, 2),
    }[rule]()
    async with sessions() as session:
        try:
            await Repository(session, type(row)).add(row)
        except RefusedError:
            return
        except exc.IntegrityError as error:
            raise AssertionError(
                f"A row broke a rule ({rule}), and `add` ended in SQLAlchemy's "
                f"{type(error).__name__}. Catch it, and raise a RefusedError."
            ) from None
    raise AssertionError(
        f"A row broke a rule ({rule}), and `add` raised nothing. The database speaks "
        "when the row is sent: flush in `add`."
    )


@pytest.mark.usefixtures("other_words")
async def test_a_refusal_has_a_class(
    stored: None,  # noqa: ARG001
    sessions: "Sessions",
    change: Callable[..., Any],
) -> None:
    """A refusal is known by the class of the error, whatever its words are."""
    from waybill.repository import RefusedError, Repository
    from waybill.tables import Change

    async with sessions() as session:
        try:
            with pytest.raises(RefusedError):
                await Repository(session, Change).add(change(7, 2))
        except exc.IntegrityError:
            raise AssertionError(
                "Another database refused a row in words of its own, and `add` let its "
                "IntegrityError go on. Every database raises one: look at no words."
            ) from None


async def test_other_errors_go_on(
    stored: None,  # noqa: ARG001
    sessions: "Sessions",
    parcel: Callable[..., Any],
    change: Callable[..., Any],
) -> None:
    """Every other error goes on unchanged."""
    from waybill.repository import RefusedError, Repository
    from waybill.tables import Change, Parcel

    naive = parcel(9, created_at=datetime(2026, 3, 2, 9))  # noqa: DTZ001
    async with sessions() as session:
        try:
            await Repository(session, Parcel).add(naive)
        except RefusedError:
            raise AssertionError(
                "A time without offset was a RefusedError: catch IntegrityError only."
            ) from None
        except exc.StatementError:
            pass
    async with sessions() as session:
        await session.execute(text("DROP TABLE changes"))
        try:
            await Repository(session, Change).add(change(7, 4))
        except RefusedError:
            raise AssertionError(
                "The table was gone, and `add` made a RefusedError of that. Only an "
                "IntegrityError is a refusal; what else is wrong should be seen."
            ) from None
        except exc.OperationalError:
            pass


# - It never commits and never rolls back: that is for whoever opened the session.
async def test_nothing_is_committed(
    stored: None,  # noqa: ARG001
    sessions: "Sessions",
    parcel: Callable[..., Any],
    change: Callable[..., Any],
    rows: Callable[..., list[Any]],
) -> None:
    """It commits nothing: whoever opened the session may still roll back."""
    from waybill.repository import Repository
    from waybill.tables import Change, Parcel

    async with sessions() as session:
        await Repository(session, Parcel).add(parcel(9))
        await Repository(session, Change).add(change(9, 1))
        await Repository(session, Change).get(9, 1)
        await session.rollback()
    left = rows("SELECT id FROM parcels WHERE id = 9")
    assert not left, (
        "A parcel and its change were added, then the session was rolled back, and "
        "the parcel is still there. Something committed; `flush` sends without that."
    )


async def test_nothing_is_rolled_back(
    stored: None,  # noqa: ARG001
    sessions: "Sessions",
    parcel: Callable[..., Any],
    rows: Callable[..., list[Any]],
) -> None:
    """It rolls nothing back, and leaves the session open."""
    from waybill.repository import Repository
    from waybill.tables import Parcel

    async with sessions() as session:
        session.add(parcel(9))
        await session.flush()
        await Repository(session, Parcel).get(404)
        await Repository(session, Parcel).add(parcel(10))
        await session.commit()
    kept = rows("SELECT id FROM parcels WHERE id IN (9, 10) ORDER BY id")
    assert kept == [9, 10], (
        "A parcel was in the session, then `get` looked for one that isn't there and "
        f"`add` added another. After the commit, of 9 and 10 there is {kept}."
    )


async def test_a_refusal_leaves_the_session_alone(
    stored: None,  # noqa: ARG001
    sessions: "Sessions",
    change: Callable[..., Any],
    rows: Callable[..., list[Any]],
) -> None:
    """It rolls nothing back after a refusal either."""
    from waybill.repository import RefusedError, Repository
    from waybill.tables import Account, Change

    new = "new@example.com"
    async with sessions() as session:
        await Repository(session, Account).add(Account(email=new))
        with pytest.raises(RefusedError):
            await Repository(session, Change).add(change(7, 2))
        try:
            await session.commit()
        except exc.PendingRollbackError:
            return  # who opened the session is told that all of it failed
    kept = rows("SELECT email FROM accounts WHERE email = ?", new)
    assert kept == [new], (
        "An account was added, then `add` refused a change and rolled back. The "
        "commit afterwards went through, and the account was lost without a word. "
        "Leave the rollback to whoever opened the session."
    )
