"""Checks of migrations.up_to_date.

The learner's file is run by pytest: on Waybill's revisions as they are, and on others
in which something was forgotten.
"""

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import Column, Integer, Table

Run = Callable[..., SimpleNamespace]
ENV = """
from alembic import context
from waybill.tables import Base

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata
)
context.run_migrations()
"""
R1 = """
from alembic import op
import sqlalchemy as sa

revision, down_revision = "r1", None
LEFT_OUT = {names}


def upgrade() -> None:
    from waybill.tables import Base

    metadata = sa.MetaData()
    for name in ("accounts", "parcels", "scans", "changes"):
        table = Base.metadata.tables[name].to_metadata(metadata)
        for column in [*table.c]:
            if f"{{name}}.{{column.name}}" in LEFT_OUT:
                table._columns.remove(column)
        for index in [*table.indexes]:
            columns = {{f"{{name}}.{{column}}" for column in index.columns.keys()}}
            if LEFT_OUT & {{index.name, *columns}}:
                table.indexes.remove(index)
        for column in table.c:
            if f"{{name}}.{{column.name}}?" in LEFT_OUT:
                column.nullable = True
        for column in LEFT_OUT:
            if column.startswith(f"{{name}}.") and column.endswith("+"):
                more = column.removeprefix(f"{{name}}.").strip("+")
                table.append_column(sa.Column(more, sa.Integer(), index=True))
    metadata.create_all(op.get_bind())


def downgrade() -> None:
    raise NotImplementedError
"""


@pytest.fixture
def run(
    run_pytest: Callable[..., SimpleNamespace],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Run:
    """Return a function that runs the learner's tests, on revisions that forget it."""
    place = tmp_path / "place"
    place.mkdir()
    monkeypatch.chdir(place)
    monkeypatch.delenv("WAYBILL_DATABASE_URL", raising=False)

    def run(*forgotten: str) -> SimpleNamespace:
        folder = tmp_path / "-".join(["scripts", *forgotten]).strip("?+")
        for name, code in {
            "env": ENV,
            "versions/r1": R1.format(names={*forgotten, ""}),
        }.items():
            path = folder / f"{name}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(code, encoding="utf-8")
        migrate = importlib.import_module("waybill.migrate")
        sys.modules.pop("tests.test_migrations", None)
        tests = importlib.import_module("tests.test_migrations")
        with monkeypatch.context() as patch:
            patch.setattr(migrate, "SCRIPTS", folder)
            return run_pytest(str(tests.__file__))

    return run


def assert_noticed(run: SimpleNamespace, mistake: str) -> None:
    """Assert that a test disagreed, rather than passed or crashed."""
    assert run.problems, (
        f"{mistake}, and your tests stayed green. Is `create_all` called before "
        f"`upgrade(connection)`, or your assertion content with some of what "
        f"`compare_metadata` returned? All of it has to be empty, lists included."
    )
    disagreed = (AssertionError, pytest.fail.Exception)
    assert any(isinstance(one, disagreed) for one in run.problems), (
        f"{mistake}, and your test crashed: {run.story}. Say with `assert` that there "
        f"is no difference."
    )


# - On Waybill as it is, your test passes, in a database of its own: below pytest's
def test_it_passes_on_waybill(run: Run, tmp_path: Path) -> None:
    """On a Waybill whose revisions are complete your tests pass, twice."""
    for time in ("first", "second"):
        found = run()
        assert not found.problems, (
            f"No revision forgets anything, and in the {time} run your test says: "
            f"{found.story}."
        )
        assert found.passed, (
            "pytest has found no test in tests/test_migrations.py. Its name begins "
            "with `test_`."
        )
    strays = [path.name for path in (tmp_path / "place").iterdir()]
    assert not strays, (
        f"Your test has left {strays} in the folder where pytest was started. Make its "
        f"database below `tmp_path`, or in memory."
    )


# - It fails if a revision forgets a column or an index, or lets a column be empty that
@pytest.mark.parametrize(
    ("forgotten", "mistake"),
    [
        ("ix_scans_depot_id", "A revision forgot the index ix_scans_depot_id"),
        ("ix_parcels_owner_id", "A revision forgot the index of parcels.owner_id"),
        ("scans.received_at", "A revision forgot the column scans.received_at"),
        ("scans.weight_g", "A revision forgot the column scans.weight_g"),
        ("scans.received_at?", "A revision lets scans.received_at be empty"),
        ("parcels.value?", "A revision lets parcels.value be empty"),
    ],
)
def test_it_notices_what_was_forgotten(run: Run, forgotten: str, mistake: str) -> None:
    """It fails if a revision forgets a column or an index, or is too generous."""
    assert_noticed(run(forgotten), mistake)


@pytest.fixture
def newer() -> Iterator[None]:
    """Let a table of tables.py have a column that no revision knows."""
    from waybill.tables import Base

    table = Base.metadata.tables["accounts"]
    column: Column[int] = Column("points", Integer())
    table.append_column(column)
    yield
    table._columns.remove(column)


# - It fails if a table has changed and no revision says so.
@pytest.mark.usefixtures("newer")
def test_it_notices_a_missing_revision(run: Run) -> None:
    """It fails if tables.py has a column that no revision knows."""
    assert_noticed(run("accounts.points"), "No revision was written for a new column")


# - It fails if a table has changed and no revision says so.
@pytest.mark.parametrize("forgotten", ["accounts.points+", "scans.note+"])
def test_it_notices_what_is_gone(run: Run, forgotten: str) -> None:
    """It fails if tables.py has lost a column that the revisions still make."""
    what = forgotten.strip("+")
    assert_noticed(run(forgotten), f"No revision says that the column {what} is gone")


@pytest.fixture
def unfinished() -> Iterator[None]:
    """Let tables.py have a table that no revision knows, with a foreign key."""
    from waybill.tables import Base

    table = Table(
        "ideas",
        Base.metadata,
        Column("id", Integer(), primary_key=True),
        Column("rank", Integer(), index=True),
    )
    yield
    Base.metadata.remove(table)


# - A whole table without a revision, with its indexes, is none of its business.
@pytest.mark.usefixtures("unfinished")
def test_a_table_in_the_making_is_fine(run: Run) -> None:
    """A whole table without a revision is none of its business."""
    found = run()
    assert not found.problems, (
        f"tables.py has a table that no revision knows yet, and your test says: "
        f"{found.story}. Let `create_all` make whole tables, after the revisions."
    )
    assert_noticed(
        run("scans.received_at"),
        "There is a table without a revision, and a revision forgot a column",
    )
