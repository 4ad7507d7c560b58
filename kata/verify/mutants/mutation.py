"""Proof by mutation: a small change to the reference is noticed by a check."""

from collections.abc import Iterator
from dataclasses import dataclass

from kata.course.curriculum import Kata
from kata.errors import KataError
from kata.verdict import Status
from kata.verify.bench import Bench
from kata.verify.fault import Fault, Kind
from kata.verify.mutants.mutants import Mutant, mutants
from kata.verify.mutants.survivors import known, triage


@dataclass(frozen=True)
class MutationResult:
    """What became of a kata's mutants."""

    total: int
    killed: int
    recorded: int
    """Survivors that change nothing promised, with a reason on record."""
    faults: tuple[Fault, ...]


def prove_mutants(bench: Bench, kata: Kata) -> MutationResult:
    """Try every mutant of a kata's reference; one that is green must be on record."""
    made = list(mutants(bench.course.cells(kata).reference))
    survived = [mutant for mutant in made if _survives(bench, kata, mutant)]
    lesson = bench.course.curriculum.lesson_of(kata)
    found = triage(
        kata.id, made=made, survived=survived, recorded=known(bench.course, lesson)
    )
    return MutationResult(
        total=len(made),
        killed=len(made) - len(survived),
        recorded=len(found.explained),
        faults=(
            *_unnoticed(kata, found.unexplained),
            *(
                Fault(
                    Kind.MUTANT,
                    kata.id,
                    f"a recorded survivor is out of date, because {one.reason}: "
                    f"{one.survivor.what}, in `{one.survivor.line}`",
                )
                for one in found.stale
            ),
        ),
    )


def _unnoticed(kata: Kata, survivors: tuple[Mutant, ...]) -> Iterator[Fault]:
    for mutant in survivors:
        yield Fault(
            Kind.MUTANT, kata.id, f"no check notices that {mutant.what}:\n{mutant.diff}"
        )


def _survives(bench: Bench, kata: Kata, mutant: Mutant) -> bool:
    try:
        return bench.on_prefix(kata, mutant.source).status is Status.PASSED
    except KataError:
        return False  # it can't be placed in the file: a learner would be told
