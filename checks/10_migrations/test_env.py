"""Checks of migrations.env: Alembic works where it is told to."""

import importlib
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, inspect

REVISION = """
import sys

from alembic import op

revision, down_revision = "x1", None


def upgrade() -> None:
    op.execute("CREATE TABLE lockers (id INTEGER)")
    sys.modules["seen_by_lockers"].options = op.get_context().opts


def downgrade() -> None:
    op.execute("DROP TABLE lockers")
"""
Run = Callable[[Connection], dict[str, Any]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that lets Alembic run a revision with the learner's env.py.

    It returns what `context.configure` was told.
    """
    env = importlib.import_module("waybill.migrations.env")
    versions = tmp_path / "versions"
    versions.mkdir()
    (versions / "x1_lockers.py").write_text(REVISION, encoding="utf-8")
    place = tmp_path / "place"
    place.mkdir()
    monkeypatch.chdir(place)  # what is opened by a name of its own lands here
    seen = types.ModuleType("seen_by_lockers")
    monkeypatch.setitem(sys.modules, seen.__name__, seen)

    def run(connection: Connection) -> dict[str, Any]:
        config = Config()
        folder = Path(str(env.__file__)).parent
        for name, value in {
            "script_location": folder,
            "version_locations": versions,
            "path_separator": "newline",
        }.items():
            config.set_main_option(name, str(value).replace("%", "%%"))
        config.attributes["connection"] = connection
        seen.__dict__["options"] = {}
        try:
            command.upgrade(config, "head")
        except KeyError as error:
            raise AssertionError(
                f"Alembic ran env.py, and {error} was missing. What hands over the "
                f'connection is `context.config.attributes["connection"]`.'
            ) from None
        options: dict[str, Any] = seen.__dict__["options"]
        return options

    return run


# - Alembic works on the connection in `config.attributes["connection"]`, and opens
@pytest.mark.parametrize("name", ["one.db", "two.db"])
def test_it_works_on_the_connection(run: Run, tmp_path: Path, name: str) -> None:
    """Alembic works on the connection that it was given, and opens no other."""
    opened: list[object] = []

    def note(*details: object) -> None:
        opened.append(details)

    engine = create_engine(f"sqlite:///{tmp_path / name}")
    with engine.connect() as connection:
        event.listen(Engine, "connect", note)
        try:
            run(connection)
        finally:
            event.remove(Engine, "connect", note)
        found = inspect(connection).get_table_names()
    engine.dispose()
    strays = [path.name for path in (tmp_path / "place").iterdir()]
    assert not strays, (
        f"Alembic was given a connection to {name}, and made the file {strays[0]}. "
        f"Tell `context.configure` the connection, not a URL."
    )
    assert not opened, (
        "Alembic was given a connection, and env.py opened another one. In a database "
        "in memory, that would be another database."
    )
    assert "lockers" in found, (
        f"A revision that makes the table `lockers` was to run on a connection to "
        f"{name}. There are: {found}. Does `context.run_migrations()` come after "
        f"`context.configure(connection=…)`?"
    )


# - It knows the tables that there should be: `Base.metadata`.
def test_it_knows_the_tables(run: Run) -> None:
    """Alembic knows which tables there should be: `Base.metadata`."""
    from waybill.tables import Base

    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        told = run(connection).get("target_metadata")
    engine.dispose()
    many = told if isinstance(told, (list, tuple)) else [told]
    assert any(one is Base.metadata for one in many), (
        f"`target_metadata` is {told!r}; wanted is Base.metadata, of waybill.tables. "
        f"It is what autogenerate compares a database with."
    )


# - It runs the revisions.
def test_it_runs_the_revisions(run: Run) -> None:
    """The revisions are run, and Alembic notes which one was the last."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        connection.exec_driver_sql("BEGIN")
        run(connection)
        there = inspect(connection).has_table("alembic_version")
        query = "SELECT version_num FROM alembic_version"
        noted = connection.exec_driver_sql(query).scalars().all() if there else []
    engine.dispose()
    assert noted == ["x1"], (
        f"After a run up to the revision x1, alembic_version holds {noted}. What runs "
        f"them is `context.run_migrations()`."
    )


# - Importing the file does nothing.
def test_an_import_does_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To import the file opens nothing, and Alembic's own run is not part of it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delitem(sys.modules, "waybill.migrations.env", raising=False)
    env = importlib.import_module("waybill.migrations.env")
    assert callable(getattr(env, "run", None)), (
        "There is no function `run` in waybill/migrations/env.py. Leave its name and "
        "the last two lines: Alembic calls the file `env_py` when it runs it."
    )
    assert not [*tmp_path.iterdir()], "The import has made a file."
