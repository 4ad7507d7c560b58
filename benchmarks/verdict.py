"""How long a verdict takes, beside pytest on the same file, in one interleaved run.

    python benchmarks/verdict.py
    python benchmarks/verdict.py --rounds 5 --many 200
    python benchmarks/verdict.py --quick
    python benchmarks/verdict.py --quick --against ../an-older-checkout

The times of a busy machine say little; the ratios of one run say more.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import peers
import psutil
from figures import BREATH, HOME, SAMPLE, Times, Variant, compared, interleaved
from floor import floor
from older import older
from rich.console import Console
from rich.table import Table

from kata.course.course import Course
from kata.runner.plain import PlainRunner
from kata.runner.report import Ending, Job, Runner
from kata.runner.spawn import SpawnRunner
from kata.runner.warm import WarmRunner

KATAS = (
    (SAMPLE, "counting.double"),
    (SAMPLE, "greeting.hello"),
    (HOME, "models.address"),
    (HOME, "database.get_session"),
    (HOME, "jwt.api"),
)
QUICK = KATAS[-3:]
ENOUGH = 4
"""Rounds of a quick run."""
SHORT_BREATH = 0.4
"""Seconds between its runs."""
FIRST_PAGE = 5.0
"""Seconds that somebody spends on the first page of a notebook."""


def main() -> None:
    """Measure, and print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--many", type=int, default=500)
    parser.add_argument("--quick", action="store_true", help="the ratios, in a minute")
    parser.add_argument("--against", type=Path, help="a checkout to compare with")
    options = parser.parse_args()
    console = Console()
    with (
        tempfile.TemporaryDirectory() as folder,
        WarmRunner() as warm,
        SpawnRunner() as spawning,
    ):
        home = Path(folder).resolve()
        others = [] if options.quick else [PlainRunner(), spawning]
        for course, kata in QUICK if options.quick else KATAS:
            job = prepared(Course(course), kata, home / kata)
            with ExitStack() as stack:
                ways = variants(job, warm, *others)
                bare = stack.enter_context(floor(job))
                ways["the checks alone, nothing around"] = bare.run
                if options.against and course == HOME:
                    before = stack.enter_context(older(options.against, kata))
                    ways[f"warm, in {options.against}"] = before.run
                able = {name: way for name, way in ways.items() if runs(name, way)}
                if options.quick:
                    times = interleaved(able, ENOUGH, SHORT_BREATH)
                else:
                    times = interleaved(able, options.rounds)
                console.print(compared(kata, times))
        if not options.quick:
            the_rest(console, job, home, warm, options)
    if not options.quick:
        peers.show(console, options.rounds)


def the_rest(
    console: Console,
    job: Job,
    home: Path,
    warm: WarmRunner,
    options: argparse.Namespace,
) -> None:
    """Print what is worth knowing beside the time of one verdict."""
    console.print(first_verdicts(job, options.rounds))
    twenty = failing(home / "twenty", warm)
    console.print(compared("Twenty checks", interleaved(twenty, options.rounds)))
    console.print(endurance(job, warm, options.many))
    console.print(compared("Does it age?", ageing(job, warm, options.rounds)))


def runs(name: str, way: Variant) -> bool:
    """Try a way once; one that doesn't get through is left out, and said to be."""
    try:
        way()
    except (RuntimeError, subprocess.CalledProcessError) as error:
        sys.stderr.write(f"{name} is left out: {error}\n")
        return False
    return True


def prepared(course: Course, kata_id: str, root: Path) -> Job:
    """Write the reference up to a kata into a folder; return the job on it."""
    katas = course.curriculum.katas
    kata = course.curriculum.kata(kata_id)
    files = course.reference(katas[: katas.index(kata) + 1])
    for file, text in files.items():
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text(text, encoding="utf-8")
    return Job(course.checks_path(kata), root, kata.module, 60.0)


def variants(job: Job, *runners: Runner) -> dict[str, Variant]:
    """Return pytest, and every runner, each as a way to run the checks of a job."""
    ways: dict[str, Variant] = {"python -m pytest": lambda: run_pytest(job)}
    for runner in runners:
        name = type(runner).__name__.removesuffix("Runner").lower()
        ways[f"{name} runner"] = partial(run, runner, job)
    return ways


def first_verdicts(job: Job, rounds: int) -> Table:
    """Return how long the first verdict of a notebook takes beside later ones."""
    first, later = [], []
    for _ in range(rounds):
        with WarmRunner() as runner:
            runner.start(job.suite)
            for times in (first, later):
                time.sleep(FIRST_PAGE)
                start = time.perf_counter()
                run(runner, job)
                times.append(time.perf_counter() - start)
    title = f"{FIRST_PAGE:g} seconds after the notebook was opened, and as much later"
    return compared(title, {"later verdict": later, "first verdict": first})


def failing(root: Path, warm: WarmRunner) -> dict[str, Variant]:
    """Return twenty checks that pass and twenty that fail, on one small app."""
    ways: dict[str, Variant] = {}
    for word, wanted in (("passing", 200), ("failing", 404)):
        lines = ["async def test_{0}(connect):", "    from waybill.app import app"]
        lines += ["    async with connect(app) as client:"]
        lines += ["        response = await client.get('/')"]
        lines += [f"    assert response.status_code == {wanted}, response.text"]
        checks = root / "checks" / word / "test_twenty.py"
        checks.parent.mkdir(parents=True)
        checks.write_text("\n\n".join("\n".join(lines).format(n) for n in range(20)))
        for shared in ("pytest.ini", "conftest.py"):
            shutil.copy(HOME / "checks" / shared, root / "checks")
        package = root / "waybill"
        package.mkdir(exist_ok=True)
        (package / "__init__.py").touch()
        app = "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n"
        app += "@app.get('/')\nasync def root() -> dict[str, str]:\n    return {}\n"
        (package / "app.py").write_text(app)
        job = Job(checks, root, "waybill.app", 60.0)
        red = 20 if wanted == 404 else 0
        ways[f"twenty {word}"] = lambda job=job, red=red: run(warm, job, red)
    return ways


def run(runner: Runner, job: Job, red: int = 0) -> None:
    """Run a job, of which so many checks have to fail, and the others to pass."""
    report = runner.run(job)
    failed = sum(1 for check in report.checks if check.failure)
    if report.ending is not Ending.FINISHED or not report.checks or failed != red:
        raise RuntimeError(f"{job.checks.name}: {failed} checks failed: {report}")


def run_pytest(job: Job) -> None:
    """Run pytest in a terminal, with anyio's plugin and no other.

    With all that the course's authors have installed it would take far longer.
    """
    config = job.checks.parent.parent / "pytest.ini"
    command = ["-m", "pytest", "-q", "-p", "anyio", "-c", str(config), str(job.checks)]
    subprocess.run(
        [sys.executable, *command],
        env={
            **os.environ,
            "PYTHONPATH": str(job.root),
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        },
        cwd=job.root,
        stdout=subprocess.DEVNULL,
        check=True,
    )


def endurance(job: Job, warm: WarmRunner, many: int) -> Table:
    """Return what the warm process holds before and after many runs."""
    before = held()
    start = time.perf_counter()
    for _ in range(many):
        run(warm, job)
    rate = many / (time.perf_counter() - start)
    after = held()
    result = Table("", "before", "after", title=f"{many} runs in one warm process")
    for name, value in before.items():
        result.add_row(name, value, after[name])
    result.caption = f"{rate:.1f} runs a second"
    return result


def ageing(job: Job, warm: WarmRunner, rounds: int) -> Times:
    """Return the times of a new warm process and of one that has done many runs."""
    with WarmRunner() as new:
        both = {
            "new warm process": lambda: run(new, job),
            "after many runs": lambda: run(warm, job),
        }
        return interleaved(both, rounds)


def held() -> dict[str, str]:
    """Return what the warm process and this one hold while nothing runs."""
    here = psutil.Process()
    (zygote,) = (
        one for one in here.children() if "kata.runner.zygote" in one.cmdline()
    )
    time.sleep(BREATH)
    warm = [zygote, *zygote.children(recursive=True)]
    infos = [one.memory_full_info() for one in warm]
    memory = sum(getattr(info, "pss", info.uss) for info in infos)
    return {
        "memory of the warm process and its standby, MB": f"{memory / 1e6:.1f}",
        "its processes": str(len(warm) - 1),
        "its threads": str(zygote.num_threads()),
        "its files": str(zygote.num_fds()),
        "files here": str(here.num_fds()),
        "threads here": str(here.num_threads()),
    }


if __name__ == "__main__":
    main()
