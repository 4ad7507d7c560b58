"""Toy checks, run once, so that the first verdict need not wait for late imports."""

import shutil
from pathlib import Path

from kata.runner import child
from kata.runner.inprocess import InProcessRunner
from kata.runner.report import Job, Report

INI = """[pytest]
addopts = -p no:cacheprovider --import-mode=importlib
anyio_mode = auto
"""


def rehearse(folder: Path) -> Report:
    """Run the toy checks that the engine's other back ends rehearse with."""
    checks = folder / "checks" / "toys"
    (folder / "root").mkdir(parents=True, exist_ok=True)
    checks.mkdir(parents=True, exist_ok=True)
    (folder / "root" / "toy.py").write_text("", encoding="utf-8")
    (checks.parent / "pytest.ini").write_text(INI, encoding="utf-8")
    file = checks / "test_toys.py"
    shutil.copy(Path(str(child.__file__)).with_name("rehearsal.py"), file)
    return InProcessRunner().run(Job(file, folder / "root", "toy", time_limit=60))
