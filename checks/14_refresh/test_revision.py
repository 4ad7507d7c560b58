"""Checks of refresh.revision: both tables, where no start makes them."""

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, create_engine, event, exc, inspect, text

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES = {"families", "tries"}
KINDS = {
    "families": {
        "id": "VARCHAR",
        "account_id": "INTEGER",
        "digest": "VARCHAR",
        "expires_at": "DATETIME",
    },
    "tries": {"id": "INTEGER", "key": "VARCHAR", "at": "DATETIME"},
}
ACCOUNTS = "CREATE TABLE accounts (id INTEGER NOT NULL PRIMARY KEY)"
FAMILY = "INSERT INTO families VALUES ('a', 3, 'b', '2026-03-01 09:30:00')"


def step(way: str, connection: Connection) -> None:
    """Take one step of the revision."""
    module = importlib.import_module("waybill.migrations.versions.r4_families")
    with Operations.context(MigrationContext.configure(connection)):
        getattr(importlib.reload(module), way)()
    connection.commit()


@pytest.fixture
def connection(tmp_path: Path) -> Any:  # noqa: ANN401
    """A connection to a database with an account."""
    engine = create_engine(f"sqlite:///{tmp_path / 'old.db'}")

    @event.listens_for(engine, "connect")
    def check_keys(connection: Any, _record: object) -> None:  # noqa: ANN401
        connection.execute("PRAGMA foreign_keys = ON")

    with engine.connect() as connection:
        connection.exec_driver_sql(ACCOUNTS)
        connection.exec_driver_sql("INSERT INTO accounts VALUES (3)")
        connection.commit()
        yield connection
    engine.dispose()


def there(connection: Connection) -> set[str]:
    """Return which of the two tables are there."""
    return NAMES & {*inspect(connection).get_table_names()}


# - It comes after `r3`.
def test_it_comes_after_r3() -> None:
    """It is called `r4`, and comes after another revision."""
    from waybill.migrations.versions import r4_families

    assert r4_families.revision == "r4", f"`revision` is {r4_families.revision!r}."
    assert r4_families.down_revision == "r3", (
        f"`down_revision` is {r4_families.down_revision!r}. Two revisions that come "
        "after none, or after the same one, are two ways: Alembic refuses to choose."
    )


# - Upwards, both tables are there as `tables.py` has them,
def test_upwards_they_are_as_their_classes(connection: Connection) -> None:
    """Upwards, both tables are there as their classes describe them."""
    from waybill.tables import Base

    step("upgrade", connection)
    assert there(connection) == NAMES, f"There is {there(connection) or 'no table'}."

    def ours(one: Any, name: str | None, kind: str, *_rest: object) -> bool:  # noqa: ANN401
        table = name if kind == "table" else getattr(one, "table", one).name
        return table in NAMES

    context = MigrationContext.configure(
        connection, opts={"include_object": ours, "compare_type": False}
    )
    found = compare_metadata(context, Base.metadata)
    assert not found, f"tables.py has something else than the revision: {found}"
    for name in NAMES:
        columns = inspect(connection).get_columns(name)
        kinds = {one["name"]: str(one["type"]).split("(")[0] for one in columns}
        kinds = {
            key: kind.replace("TIMESTAMP", "DATETIME") for key, kind in kinds.items()
        }
        assert kinds == KINDS[name], f"The columns of {name} are {kinds}."
        for one in columns:
            length = getattr(one["type"], "length", None)
            assert length in {None, 64}, (
                f"{name}.{one['name']} has {length} characters."
            )
        empty = [one["name"] for one in columns if one["nullable"]]
        assert not empty, f"Of {name}, these columns may be empty: {empty}."
    connection.exec_driver_sql(FAMILY)
    with pytest.raises(exc.IntegrityError):
        connection.exec_driver_sql(FAMILY.replace("'a', 3", "'c', 404"))


# - Upwards, both tables are there as `tables.py` has them,
@pytest.mark.parametrize("made", [("families",), ("tries",), ("families", "tries")])
def test_what_is_there_stays(connection: Connection, made: tuple[str, ...]) -> None:
    """A table that development has made stays, with its rows."""
    from waybill.tables import Base

    for name in made:
        Base.metadata.tables[name].create(connection)
    rows = {"families": FAMILY, "tries": "INSERT INTO tries VALUES (1, 'k', '2026')"}
    for name in made:
        connection.exec_driver_sql(rows[name])
    connection.commit()
    try:
        step("upgrade", connection)
    except exc.OperationalError as error:
        raise AssertionError(
            f"A start in development had made {' and '.join(made)}, and the way up "
            f"said: {error.orig}. Create a table only where it isn't there."
        ) from None
    lacks = sorted(NAMES - there(connection))
    assert not lacks, (
        f"A start in development had made {' and '.join(made)}, and after the way up "
        f"there is no {' and no '.join(lacks)}. Ask for each table by itself."
    )
    for name in made:
        kept = connection.execute(text(f"SELECT count(*) FROM {name}")).scalar()  # noqa: S608
        assert kept == 1, f"{name} had a row, and has {kept} after the way up."


# - Downwards both are gone, and the way up works again.
def test_down_and_up_again(connection: Connection) -> None:
    """Downwards both are gone, and the way up works again."""
    for _ in range(2):
        step("upgrade", connection)
        step("downgrade", connection)
        assert not there(connection), (
            f"After the way down there is {there(connection)}."
        )
    step("upgrade", connection)
    assert there(connection) == NAMES, "The way up doesn't work a second time."


# - Downwards both are gone, and the way up works again.
def test_accounts_stay(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """No account is lost on either way, and nothing of `waybill` is needed."""
    import sys

    ours = [one for one in sys.modules if one.startswith("waybill.")]
    importlib.import_module("waybill.migrations.versions.r4_families")
    for module in {*ours, "waybill.tables", "waybill.refresh"}:
        if not module.startswith("waybill.migrations"):
            monkeypatch.setitem(sys.modules, module, None)  # type: ignore[arg-type]
    look: Callable[[], Any] = lambda: connection.exec_driver_sql(  # noqa: E731
        "SELECT id FROM accounts"
    ).scalars()
    try:
        for way in ("upgrade", "downgrade"):
            step(way, connection)
            assert [*look()] == [3], f"An account was lost on the way {way}."
    except ImportError as error:
        raise AssertionError(
            f"The revision needs {error}. In a year that may be another one: name the "
            "columns here."
        ) from None
