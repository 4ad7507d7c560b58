"""The spawning back end: what the process that stands by has done ahead of time."""

from pathlib import Path

from kata.runner.spawn import SpawnRunner
from tests.helpers.warm import GOOD, job

LOOKS = (
    GOOD
    + "import sys\nprint(*sorted({'jw' + 't', 'sql' + 'alchemy'} & {*sys.modules}))\n"
)


def test_who_stands_by_has_imported_what_the_service_names_and_nothing_else(
    tmp_path: Path,
) -> None:
    one = job(tmp_path, LOOKS)
    with SpawnRunner() as runner:
        assert runner.run(one).printed == "\n"
        # Somebody has come as far as accounts.
        (one.service / "accounts.py").write_text("import jwt\n", encoding="utf-8")
        runner.run(one)
        assert runner.run(one).printed == "jwt\n"


def test_who_stands_by_for_any_service_has_imported_everything(tmp_path: Path) -> None:
    one = job(tmp_path, LOOKS)
    with SpawnRunner() as runner:
        runner.start(one.suite)
        assert runner.run(one).printed == "jwt sqlalchemy\n"
