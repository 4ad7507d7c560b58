"""Checks of testing.database: small tests that write into what they were lent."""

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import Engine, event

Run = Callable[..., SimpleNamespace]

PREFIX = "sqlite+aiosqlite:///"
WRITES = """
import sqlite3
from contextlib import closing


def write(database_url):
    with closing(sqlite3.connect(database_url.partition("///")[2])) as connection:
        found = connection.execute("SELECT count(*) FROM accounts").fetchone()[0]
        row = "(email, role, active) VALUES ('a@b.cd', 'SENDER', 1)"
        connection.execute("INSERT INTO accounts " + row)
        connection.commit()
    assert found == 0


def test_one(database_url):
    write(database_url)


def test_two(database_url):
    write(database_url)
"""
READS = """
import sqlite3
from contextlib import closing


def test_tables(database_url):
    with closing(sqlite3.connect(database_url.partition("///")[2])) as connection:
        query = "SELECT name FROM sqlite_master WHERE type = 'table'"
        found = {name for (name,) in connection.execute(query)}
    from waybill.tables import Base

    missing = sorted(set(Base.metadata.tables) - found)
    assert not missing, f"there is no table {missing[0]}"
"""


@pytest.fixture
def made() -> Iterator[list[str]]:
    """What was sent to make the table of accounts."""
    sent: list[str] = []

    def note(*details: object) -> None:
        if "CREATE TABLE accounts" in str(details[2]):
            sent.append(str(details[2]))

    event.listen(Engine, "before_cursor_execute", note)
    yield sent
    event.remove(Engine, "before_cursor_execute", note)


def urls_of(outcome: SimpleNamespace) -> list[str]:
    """Return the URL that each test was lent."""
    return [given["database_url"] for given in outcome.fixtures if given]


# - A test that asks for `database_url` gets a database of its own, with all tables and
# without rows, whatever other tests have written.
def test_all_tables_are_there(run_tests: Run) -> None:
    """A test gets a database with all of Waybill's tables."""
    outcome = run_tests(READS)
    advice = (
        "What asks for a fixture of a shorter life can't have a scope of its own: let "
        "the one for a test ask for the one for the run."
        if "ScopeMismatch" in outcome.story
        else "Does the copy hold what make_database made?"
    )
    assert not outcome.problems, (
        f"A test looked for Waybill's tables in its database, and ended with "
        f"{outcome.story}. {advice}"
    )


def test_no_rows_are_shared(run_tests: Run) -> None:
    """No test finds what another one has written."""
    outcome = run_tests(WRITES, WRITES)
    assert outcome.passed == len(outcome.fixtures), (
        "Four tests in two files added the same account, each to its database, and "
        f"{outcome.passed} of them could. Another one ended with "
        f"{outcome.story or 'nothing: it never ran'}. Give each test a copy of a file "
        "that nobody writes to."
    )


def test_files_differ(run_tests: Run) -> None:
    """Each test has a file of its own."""
    urls = urls_of(run_tests(WRITES, WRITES))
    different = len(set(urls))
    assert different == 4, (
        "Of four tests, some were lent the same database, or none. What one of them "
        "leaves open or locked would meet the others: let each copy lie in tmp_path."
    )


# - The tables are made once in a run, however many tests and files there are.
def test_tables_are_made_once(run_tests: Run, made: list[str]) -> None:
    """The tables are made once in a run, however many tests and files there are."""
    outcome = run_tests(WRITES, READS)
    assert outcome.fixtures, f"The tests never ran: {outcome.story}."
    times = len(made)
    assert times == 1, (
        f"Three tests in two files asked for `database_url`, and the tables were made "
        f"{times} times. Let the fixture that makes them live for the whole run, and "
        "copy its file."
    )


# - The URL begins with `sqlite+aiosqlite:///`, and the file lies in a temporary folder:
# nobody touches `waybill.db`.
def test_url_is_for_waybill(run_tests: Run, tmp_path: Path) -> None:
    """The URL begins with sqlite+aiosqlite:///, and leads to a file."""
    for url in urls_of(run_tests(READS)) or [f"nothing; {tmp_path}"]:
        assert url.startswith(PREFIX), (
            f"database_url was {url!r}. Waybill needs the asynchronous driver: "
            f"{PREFIX} and a path."
        )
        file = Path(url.removeprefix(PREFIX))
        assert file.is_absolute(), (
            f"database_url was {url!r}, so the file's place depends on where pytest "
            "was started. Name the whole path."
        )
        assert file.is_file(), f"database_url was {url!r}, and there is no such file."


def test_nothing_is_left_where_pytest_started(run_tests: Run, place: Path) -> None:
    """Nothing is left in the folder in which pytest was started."""
    run_tests(WRITES)
    left = sorted(path.name for path in place.iterdir())
    assert not left, (
        f"After two tests there was {left[0]} in the current folder. Put what tests "
        "need into pytest's temporary folders."
    )
