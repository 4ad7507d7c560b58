"""`kata verify`: for authors; prove the course."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kata.cli.context import katas_named
from kata.course.find import find_course

if TYPE_CHECKING:
    from kata.verify.proof import KataProof, Proof


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

    Exit status: 0 no fault, 1 faults, 2 misuse.
    """
    from kata.runner.choice import best_runner
    from kata.runner.shared import shared_warm_process
    from kata.verify.proof import prove

    course = find_course()
    katas = katas_named(course, name)
    with (
        shared_warm_process(),
        ExitStack() as stack,
        _progress(len(katas), quiet=as_json) as on_kata,
    ):
        runners = [best_runner() for _ in range(jobs)]
        for runner in runners:
            stack.callback(runner.close)
        proof = prove(course, katas, runners, mutants=mutants, on_kata=on_kata)
    if as_json:
        typer.echo(json.dumps(_plain(proof), indent=2))
    else:
        for line in _report(proof):
            typer.echo(line)
    raise typer.Exit(1 if proof.faults else 0)


@contextmanager
def _progress(total: int, *, quiet: bool) -> Iterator[Callable[["KataProof"], None]]:
    """Give a function that prints a line for each kata, above a bar on a terminal."""
    if quiet:
        yield lambda _: None
        return
    from rich.progress import Progress

    with Progress(transient=True) as bar:
        task = bar.add_task("Proving", total=total)

        def on_kata(one: "KataProof") -> None:
            bar.console.print(_line(one), highlight=False, markup=False)
            bar.advance(task)

        yield on_kata


def _line(one: "KataProof") -> str:
    said = f"{one.kata.id:<30} {one.right} right, {one.wrong:>2} wrong"
    if one.mutants:
        said += f", {one.mutants.killed} of {one.mutants.total} mutants refused"
    return said + (f", {len(one.faults)} FAULTS" if one.faults else "")


def _report(proof: "Proof") -> Iterator[str]:
    for fault in proof.faults:
        yield f"\n{fault.kind.value.capitalize()}\n{fault}"
    yield ""
    yield f"{'lesson':<22}{'katas':>6}{'right':>7}{'wrong':>7}{'mutants refused':>20}"
    lessons: dict[str, list[KataProof]] = {}
    for one in proof.katas:
        lessons.setdefault(one.kata.id.partition(".")[0], []).append(one)
    for lesson, katas in lessons.items():
        right, wrong = (
            sum(n) for n in zip(*((k.right, k.wrong) for k in katas), strict=True)
        )
        yield (f"{lesson:<22}{len(katas):>6}{right:>7}{wrong:>7}{_mutants(katas):>20}")
    if proof.pytest_seconds:
        each = proof.pytest_seconds / len(proof.katas)
        yield (
            f"Beside it, plain pytest ran all {len(proof.katas)} files of checks once, "
            f"in {proof.pytest_seconds:.1f} s ({1 / each:.1f} a second)."
        )
    yield (
        f"{len(proof.katas)} katas, {proof.runs} runs of their checks in "
        f"{proof.seconds:.1f} s ({proof.runs_a_second:.1f} a second), "
        f"{len(proof.faults)} faults"
    )


def _mutants(katas: "list[KataProof]") -> str:
    counted = [one.mutants for one in katas if one.mutants]
    total = sum(one.total for one in counted)
    if not total:
        return "-"
    killed = sum(one.killed for one in counted)
    return f"{killed} of {total} ({killed / total:.0%})"


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
