"""`benchmarks/attack.py`, in its short form: it attacks, and it sees what is broken."""

import shutil
import subprocess
import sys
from pathlib import Path

from tests.helpers.places import ROOT

SERVICE = ROOT / "solutions" / "service"


def attack(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, ROOT / "benchmarks" / "attack.py", "--short", *arguments],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def rows(table: str) -> dict[str, str]:
    """Return the verdict of each row of the table."""
    cells = [line.strip("│").split("│") for line in table.splitlines() if "│" in line]
    return {name.strip(): verdict.strip() for name, _, verdict in cells if name.strip()}


def test_every_attack_is_withstood() -> None:
    done = attack()
    assert done.returncode == 0, done.stdout + done.stderr
    verdicts = rows(done.stdout)
    assert set(verdicts.values()) == {"passed"}
    assert len(verdicts) > 20


def test_a_service_that_a_change_has_broken_is_found_out(tmp_path: Path) -> None:
    service = tmp_path / "service"
    shutil.copytree(SERVICE, service)
    app = service / "waybill" / "app.py"
    code = app.read_text("utf-8")
    assert "max_body_size=LARGEST_BODY" in code
    app.write_text(code.replace("max_body_size=LARGEST_BODY", "max_body_size=None"))
    done = attack("large_bodies", "formulas", "--service", str(service))
    assert rows(done.stdout) == {"large_bodies": "FAILED", "formulas": "passed"}
    assert "Failed: large_bodies" in done.stderr
    assert done.returncode == 1
