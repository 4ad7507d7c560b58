"""Checks of performance.revision: an index for databases that are there."""

import importlib
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.script.revision import RevisionError
from alembic.util import CommandError
from sqlalchemy import Connection, create_engine, inspect, text

NAME = "ix_scans_depot_at"
SCAN = (
    "INSERT INTO scans (id, parcel_id, depot, kind, at, received_at) "
    "VALUES (7, 3, 'HAM', 'ARRIVED', '2026-03-02', '2026-03-02')"
)


def revision() -> ModuleType:
    """Import the learner's revision as Alembic does."""
    name = "waybill.migrations.versions.r8_scans_depot_at"
    return importlib.reload(importlib.import_module(name))


@pytest.fixture
def database() -> Iterator[Connection]:
    """A connection to a database as it was before: with a scan, without the index."""
    from waybill.tables import Base

    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        Base.metadata.create_all(connection)
        connection.execute(text(f"DROP INDEX IF EXISTS {NAME}"))
        connection.execute(text(SCAN))
        connection.commit()
        yield connection
    engine.dispose()


@pytest.fixture
def step(database: Connection) -> Callable[[str], dict[str, list[str | None]]]:
    """Return what takes a step, and tells which indexes `scans` then has."""

    def step(way: str) -> dict[str, list[str | None]]:
        with Operations.context(MigrationContext.configure(database)):
            getattr(revision(), way)()
        found = inspect(database).get_indexes("scans")
        count = database.execute(text("SELECT count(*) FROM scans")).scalar()
        assert count == 1, f"There was one scan, and {count} are left after {way}."
        return {str(one["name"]): one["column_names"] for one in found}

    return step


# - Upwards, `scans` gets the index `ix_scans_depot_at` on `depot` and `at`, unless
# it is there.
def test_it_makes_the_index(step: Callable[[str], dict[str, list[str]]]) -> None:
    """Upwards, `scans` gets the index on `depot` and `at`."""
    found = step("upgrade")
    assert found.get(NAME) == ["depot", "at"], (
        f"After the step, `scans` has the indexes {found}; {NAME} on depot, then at, "
        "was expected."
    )
    assert found.get("ix_scans_depot_id") == ["depot", "id"], (
        "The index of lesson 10 is gone."
    )


def test_it_may_be_there(step: Callable[[str], dict[str, list[str]]]) -> None:
    """An index that is there already is no error."""
    step("upgrade")
    try:
        found = step("upgrade")
    except Exception as error:  # noqa: BLE001 - whatever the database says
        raise AssertionError(
            f"The index was there already, as `create_all` makes it, and the step "
            f"failed: {error}. `if_not_exists=True` leaves it."
        ) from None
    assert NAME in found


# - It comes after the newest revision that you have, `r7`.
def test_it_comes_after_the_newest() -> None:
    """It comes after the newest revision, and there is one line of them."""
    import waybill.migrations

    (folder,) = waybill.migrations.__path__
    scripts = ScriptDirectory(folder)
    name = revision().revision
    try:
        heads = {*scripts.get_heads()}
        line = [one.revision for one in scripts.walk_revisions()]
    except (RevisionError, CommandError, KeyError) as error:
        raise AssertionError(
            f"Alembic can't follow your revisions: {error}. `down_revision` names a "
            "revision that lies in waybill/migrations/versions/."
        ) from None
    one_line = len(heads) == 1 and name in line
    assert one_line, (
        f"Nothing comes after {', '.join(sorted(heads))}, so Alembic doesn't know "
        f"which one is the newest. Let {name!r} come after the newest before it."
    )


# - Downwards, the index goes.
def test_it_goes_downwards(step: Callable[[str], dict[str, list[str]]]) -> None:
    """Downwards, the index goes, and no other one."""
    step("upgrade")
    found = step("downgrade")
    assert NAME not in found, f"After the way down, {NAME} is still there."
    assert "ix_scans_depot_id" in found, "The index of lesson 10 is gone, too."
