"""The checks' database: its tables are made once, and no check sees another's rows."""

import shutil
from pathlib import Path

import pytest

from kata.runner.report import Job, Runner
from tests.helpers.warm import passed

HOME = Path(__file__).parents[2]
TABLES = """
from sqlalchemy import event
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

made = []


class Base(DeclarativeBase):
    pass


class Box(Base):
    __tablename__ = "boxes"
    id: Mapped[int] = mapped_column(primary_key=True)


event.listen(Base.metadata, "after_create", lambda *_, **__: made.append("tables"))
"""
CHECKS = """
import pytest
from sqlalchemy import text


@pytest.mark.parametrize("number", range(3))
async def test_a_check_has_its_own_rows(sessions, number):
    from waybill.tables import Box, made

    async with sessions.begin() as session:
        session.add(Box(id=1))  # which would be refused if another were there
    assert made == ["tables"]


@pytest.fixture
def late():
    from waybill.tables import Base
    from sqlalchemy import Column, Integer, Table

    return Table("late", Base.metadata, Column("id", Integer, primary_key=True))


async def test_a_table_that_comes_later_is_made_as_well(late, sessions):
    async with sessions() as session:
        assert (await session.execute(text("SELECT * FROM late"))).all() == []
"""


@pytest.fixture
def job(tmp_path: Path) -> Job:
    """Checks with the course's own fixtures, on a service that is only a table."""
    checks = tmp_path / "checks" / "boxes" / "test_boxes.py"
    checks.parent.mkdir(parents=True)
    for shared in ("pytest.ini", "conftest.py"):
        shutil.copy(HOME / "checks" / shared, tmp_path / "checks")
    checks.write_text(CHECKS)
    package = tmp_path / "waybill"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "tables.py").write_text(TABLES)
    return Job(checks, tmp_path, "waybill.tables", 60.0)


def test_tables_are_made_once_and_rows_are_a_checks_own(
    real_runner: Runner, job: Job
) -> None:
    report = real_runner.run(job)
    assert passed(report), report
    assert len(report.checks) == 4
