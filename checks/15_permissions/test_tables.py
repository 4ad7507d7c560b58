"""Checks of permissions.tables: one courier a parcel, and keys that can be revoked."""

from collections.abc import Awaitable, Callable
from datetime import timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from waybill.tables import Parcel

Keep = Callable[..., Awaitable[None]]
KEY = {"prefix": "6f0c1a2b3c4d5e6f", "hash": "9b" * 32, "depot": "BER"}


@pytest.fixture
async def refuses(keep: Keep) -> Callable[[object], Awaitable[bool]]:
    """Return a function that tells whether the database refuses a row."""
    from sqlalchemy.exc import IntegrityError

    async def refuses(row: object) -> bool:
        try:
            await keep(row)
        except IntegrityError:
            return True
        return False

    return refuses


@pytest.fixture
async def parcels(
    keep: Keep,
    known: dict[str, Any],  # noqa: ARG001  # used for what it does
    parcel: "Callable[..., Parcel]",
) -> None:
    """Three parcels that nobody carries."""
    await keep(*[parcel(number) for number in (7, 8, 9)])


# - A parcel has one courier at a time: `parcel_id` is the key of `assignments`.
@pytest.mark.usefixtures("parcels")
async def test_a_parcel_has_one_courier(
    keep: Keep, refuses: Callable[[object], Awaitable[bool]]
) -> None:
    """A parcel can't have two couriers at a time."""
    from waybill.tables import Assignment

    await keep(Assignment(parcel_id=7, courier_id=23))
    assert await refuses(Assignment(parcel_id=7, courier_id=41)), (
        "Parcel 7 was given to courier 23, and then to courier 41 as well. With "
        "`parcel_id` as the key, the database refuses the second row."
    )


async def test_the_parcel_is_the_key() -> None:
    """The key of `assignments` is `parcel_id`, and nothing else."""
    from waybill.tables import Assignment

    key = [column.name for column in Assignment.__table__.primary_key]
    assert key == ["parcel_id"], f"The key of `assignments` is {key}."


@pytest.mark.usefixtures("parcels")
async def test_a_courier_carries_many(
    keep: Keep, refuses: Callable[[object], Awaitable[bool]]
) -> None:
    """A courier carries several parcels."""
    from waybill.tables import Assignment

    await keep(Assignment(parcel_id=7, courier_id=23))
    assert not await refuses(Assignment(parcel_id=9, courier_id=23)), (
        "Courier 23 carries parcel 7, and could not be given parcel 9 as well."
    )


# - A key of a depot has a `revoked_at` of the type `Moment`.
async def test_a_key_can_be_revoked(keep: Keep) -> None:
    """`revoked_at` is empty at first, and keeps a moment with its offset."""
    from datetime import UTC, datetime

    from waybill.tables import ApiKey, Moment

    columns = ApiKey.__table__.columns
    assert "revoked_at" in columns, "`ApiKey` has no column `revoked_at` yet."
    assert isinstance(columns["revoked_at"].type, Moment), (
        f"`revoked_at` is of the type {columns['revoked_at'].type!r}; Waybill's times "
        "are of the type Moment, as `last_used` is."
    )
    assert columns["revoked_at"].nullable, (
        "`revoked_at` may not be empty, so every key would be revoked from the start."
    )
    row = ApiKey(**KEY)
    await keep(row)
    assert row.revoked_at is None, (
        f"A key that nobody has revoked has the `revoked_at` {row.revoked_at!r}."
    )
    at = datetime(2026, 3, 2, 9, 30, tzinfo=timezone(timedelta(hours=5, minutes=45)))
    other = ApiKey(**(KEY | {"prefix": "0" * 16}), revoked_at=at)
    await keep(other)
    assert other.revoked_at == at.astimezone(UTC)


# - The other columns stay as the starting code has them.
@pytest.mark.usefixtures("parcels")
async def test_other_columns_stay(
    keep: Keep, refuses: Callable[[object], Awaitable[bool]]
) -> None:
    """Parcel and courier have to exist, and a key has its prefix once."""
    from waybill.tables import ApiKey, Assignment

    for unknown in ({"parcel_id": 99}, {"courier_id": 99}):
        row = Assignment(**({"parcel_id": 7, "courier_id": 23} | unknown))
        assert await refuses(row), (
            f"An assignment with {unknown} was kept, and there is no such row. "
            "ForeignKey points at the other table."
        )
    columns = Assignment.__table__.columns
    assert {*columns.keys()} == {"parcel_id", "courier_id"}, (
        f"`assignments` has the columns {columns.keys()}."
    )
    assert not columns["courier_id"].nullable, "`courier_id` may be empty now."
    indexed = [
        [column.name for column in index.columns]
        for index in Assignment.__table__.indexes
    ]
    assert indexed == [["courier_id"]], (
        f"`assignments` has indexes on {indexed}; `courier_id` had one."
    )
    await keep(ApiKey(**KEY))
    assert await refuses(ApiKey(**(KEY | {"depot": "HAM"}))), (
        "Two keys with the same prefix were kept."
    )


async def test_what_a_key_always_has() -> None:
    """A key has its hash, its depot and the moment when it was made."""
    from waybill.tables import ApiKey, Moment

    found = {
        column.name: (str(column.type), column.nullable)
        for column in ApiKey.__table__.columns
        if column.name != "revoked_at"
    }
    moment = str(Moment())
    assert found == {
        "prefix": ("VARCHAR(16)", False),
        "hash": ("VARCHAR(64)", False),
        "depot": ("VARCHAR(3)", False),
        "created_at": (moment, False),
        "last_used": (moment, True),
    }, f"`api_keys` has these columns (type, may it be empty): {found}."
    assert ApiKey.__table__.columns["created_at"].default is not None, (
        "`created_at` has lost its default."
    )
