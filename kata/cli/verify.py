"""`kata verify`: for authors; prove the course."""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import groupby
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kata.cli.context import katas_named
from kata.course.find import find_course

if TYPE_CHECKING:
    from kata.course.course import Course
    from kata.course.curriculum import Kata
    from kata.verify.mutants.memory import Memory
    from kata.verify.mutants.mutation import MutationResult
    from kata.verify.proof import KataProof, Proof, Watcher


def verify(
    name: Annotated[
        str,
        typer.Argument(
            help="A kata (models.address) or a lesson (02); all if left out."
        ),
    ] = "",
    *,
    mutants: Annotated[
        bool, typer.Option("--mutants", help="Change the reference bit by bit, too.")
    ] = False,
    fresh: Annotated[
        bool,
        typer.Option("--fresh", help="Try mutants again that an earlier run judged."),
    ] = False,
    only_read: Annotated[
        bool,
        typer.Option("--read", help="Run no check: texts, examples and promises only."),
    ] = False,
    page: Annotated[
        bool,
        typer.Option("--page", help="Try katas in the Python of the website's pages."),
    ] = False,
    jobs: Annotated[
        int,
        typer.Option("--jobs", min=1, help="How many katas are proven at a time."),
    ] = os.cpu_count() or 1,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the result for machines.")
    ] = False,
) -> None:
    """Prove that the checks refuse what is wrong and nothing else (for authors).

    Example: kata verify models.address --mutants

    While you write: kata verify models --read

    --page tries starting code, a wrong answer and ours in a page's Python, under Node.

    Exit status: 0 no fault, 1 faults, 2 misuse.
    """
    course = find_course()
    katas = katas_named(course, name)
    if page:
        from kata.cli.page import verify_pages

        raise typer.Exit(verify_pages(course, katas))
    with ExitStack() as stack:
        watcher = None if as_json else stack.enter_context(_progress(len(katas)))
        if only_read:
            from kata.verify.proof import read

            proof = read(course, katas, watcher=watcher)
        else:
            memory = _memory(course, fresh=fresh) if mutants else None
            proof = _proven(course, katas, jobs, memory, watcher)
    if as_json:
        typer.echo(json.dumps(_plain(proof), indent=2))
    else:
        for line in _report(proof):
            typer.echo(line)
    raise typer.Exit(1 if proof.faults else 0)


def _memory(course: "Course", *, fresh: bool) -> "Memory":
    from kata.verify.mutants.memory import Memory

    return Memory.of(course, fresh=fresh)


def _proven(
    course: "Course",
    katas: "Sequence[Kata]",
    jobs: int,
    memory: "Memory | None",
    watcher: "Watcher | None",
) -> "Proof":
    """Prove these katas by running their checks, `jobs` at a time."""
    from kata.runner.choice import best_runner
    from kata.runner.shared import shared_warm_process
    from kata.verify.proof import prove

    with shared_warm_process(), ExitStack() as stack:
        runners = [best_runner() for _ in range(jobs)]
        for runner in runners:
            stack.callback(runner.close)
        return prove(course, katas, runners, memory=memory, watcher=watcher)


@contextmanager
def _progress(katas: int) -> Iterator["Watcher"]:
    """Print a line for each kata, above a bar on a terminal."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    from kata.verify.proof import Watcher

    columns = (
        TextColumn("{task.description}"),
        *(
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
        ),
    )
    with Progress(*columns, transient=True) as bar:
        answers = bar.add_task("Katas", total=katas)
        mutants = bar.add_task("Mutants", total=0, visible=False)

        class Lines(Watcher):
            def on_kata(self, one: "KataProof") -> None:
                bar.console.print(_line(one), highlight=False, markup=False)
                bar.advance(answers)

            def on_mutants(self, kata: "Kata", result: "MutationResult") -> None:
                said = f"{kata.id:<30} {_share(result.killed, result.total)} mutants"
                bar.console.print(said, highlight=False, markup=False)

            def expect(self, more: int) -> None:
                bar.update(mutants, total=more, visible=True)

            def advance(self) -> None:
                bar.advance(mutants)

        yield Lines()


def _line(one: "KataProof") -> str:
    said = f"{one.kata.id:<30} {one.right} right, {one.wrong:>2} wrong"
    return said + (f", {len(one.faults)} FAULTS" if one.faults else "")


def _report(proof: "Proof") -> Iterator[str]:
    for kind, faults in groupby(proof.faults, key=lambda fault: fault.kind):
        yield f"\n{kind.value.capitalize()}"
        yield from map(str, faults)
    yield ""
    yield (
        f"{'lesson':<18}{'katas':>6}{'right':>6}{'wrong':>6}{'mutants refused':>22}"
        f"{'explained':>11}"
    )
    lessons: dict[str, list[KataProof]] = {}
    for one in proof.katas:
        lessons.setdefault(one.kata.id.partition(".")[0], []).append(one)
    for lesson, katas in (*lessons.items(), ("all", proof.katas)):
        right, wrong = sum(k.right for k in katas), sum(k.wrong for k in katas)
        yield (
            f"{lesson:<18}{len(katas):>6}{right:>6}{wrong:>6}{_refused(katas):>22}"
            f"{_explained(katas):>11}"
        )
    if proof.pytest_seconds:
        each = proof.pytest_seconds / len(proof.katas)
        yield (
            f"Beside it, plain pytest ran all {len(proof.katas)} files of checks once, "
            f"in {proof.pytest_seconds:.1f} s ({1 / each:.1f} a second)."
        )
    if proof.recalled:
        yield f"{proof.recalled} mutants were judged in an earlier run (see --fresh)."
    yield (
        f"{len(proof.katas)} katas, {proof.runs} runs of their checks in "
        f"{proof.seconds:.1f} s ({proof.runs_a_second:.1f} a second), "
        f"{len(proof.faults)} faults"
    )


def _refused(katas: "list[KataProof]") -> str:
    counted = [one.mutants for one in katas if one.mutants]
    return _share(sum(m.killed for m in counted), sum(m.total for m in counted))


def _explained(katas: "list[KataProof]") -> str:
    counted = [one.mutants for one in katas if one.mutants]
    return str(sum(m.recorded for m in counted)) if counted else "-"


def _share(killed: int, total: int) -> str:
    return f"{killed} of {total} ({killed / total:.1%})" if total else "-"


def _plain(proof: "Proof") -> dict[str, Any]:
    return {
        "katas": [
            {
                "id": one.kata.id,
                "right": one.right,
                "wrong": one.wrong,
                "mutants": one.mutants
                and {
                    "made": one.mutants.total,
                    "refused": one.mutants.killed,
                    "recorded": one.mutants.recorded,
                },
            }
            for one in proof.katas
        ],
        "faults": [
            {"kind": fault.kind.name, "where": fault.where, "what": fault.what}
            for fault in proof.faults
        ],
        "runs": proof.runs,
        "seconds": round(proof.seconds, 3),
    }
