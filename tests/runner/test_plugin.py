"""What happened in a run is told under the name of the check it happened in."""

import shutil
from dataclasses import replace
from pathlib import Path

from kata.runner.report import Runner
from tests.helpers.runner import GOOD
from tests.helpers.warm import job, passed


def test_a_parameter_of_a_check_may_look_like_an_address(
    tmp_path: Path, each_runner: Runner
) -> None:
    one = job(tmp_path / "learner", GOOD)
    suite = tmp_path / "checks"
    shutil.copytree(one.suite, suite)
    checks = suite / one.checks.relative_to(one.suite)
    checks.write_text(
        """\
import pytest

@pytest.mark.parametrize("address", ["2001:db8::1", "::ffff:192.0.2.1", "[::1]"])
def test_address(address: str) -> None:
    \"\"\"An address is doubled.\"\"\"
    from waybill.numbers import double
    assert double(2) == 4
""",
        encoding="utf-8",
    )
    said = each_runner.run(replace(one, checks=checks))
    assert {check.check for check in said.checks} == {"test_address"}
    assert passed(said)
