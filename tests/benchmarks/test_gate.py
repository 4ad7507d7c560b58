"""`benchmarks/gate.py`: what tests take, the processes that they start included."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.places import ROOT

BUSY = """
import subprocess, sys, time

LOOP = "import time\\nwhile time.process_time() < {}: pass"


def test_that_computes():
    exec(LOOP.format(time.process_time() + 0.3))


def test_that_has_another_process_compute():
    subprocess.run([sys.executable, "-c", LOOP.format(0.5)], check=True)


def test_that_kills_one():
    code = LOOP.format(0.5) + "\\nprint(flush=True)\\ninput()"
    process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE)
    process.stdout.readline()
    process.kill()
    process.wait()


def test_that_waits():
    pass
"""


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="it reads /proc")
def test_each_test_is_charged_with_what_it_and_its_processes_compute(
    tmp_path: Path,
) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "test_busy.py").write_text(BUSY)
    saved = tmp_path / "seconds.json"
    command = [sys.executable, str(ROOT / "benchmarks" / "gate.py"), "--save", saved]
    own = ["-c", str(tmp_path / "pytest.ini"), str(tmp_path)]
    done = subprocess.run([*command, *own], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    seconds = json.loads(saved.read_text("utf-8"))
    took = {name.rpartition("::")[2]: spent for name, spent in seconds.items()}
    assert took["test_that_computes"] >= 0.2
    assert took["test_that_has_another_process_compute"] >= 0.4
    assert took["test_that_kills_one"] >= 0.4
    assert took["test_that_waits"] < took["test_that_computes"]
    assert "The 7 slowest, by folder" in done.stdout
    again = subprocess.run(
        [*command[:2], "--read", saved, "--against", saved],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "before" in again.stdout
