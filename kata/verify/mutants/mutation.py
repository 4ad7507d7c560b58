"""Proof by mutation: a small change to the reference is noticed by a check."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from kata.course.course import Course
from kata.course.curriculum import Kata
from kata.errors import KataError
from kata.verdict import Status
from kata.verify.bench import Bench, Benches
from kata.verify.fault import Fault, Kind
from kata.verify.mutants.memory import Memory
from kata.verify.mutants.mutants import Mutant, mutants
from kata.verify.mutants.survivors import known, triage
from kata.verify.mutants.vocabulary import vocabulary_of


class Watcher(Protocol):
    """Somebody who wants to know how far it is."""

    def expect(self, more: int) -> None:
        """Hear of so many mutants more."""

    def advance(self) -> None:
        """Hear that one is done; any thread may say so."""


@dataclass(frozen=True)
class MutationResult:
    """What became of a kata's mutants."""

    total: int
    killed: int
    recorded: int
    """Survivors that change nothing promised, with a reason on record."""
    faults: tuple[Fault, ...]


def prove_mutants(
    benches: Benches, katas: Iterable[Kata], memory: Memory, watcher: Watcher
) -> Iterator[tuple[Kata, MutationResult]]:
    """Try every mutant of the katas' references, on all benches at a time.

    One that is green must be on record. Whoever stops this, or the loop over it, can
    start again later: what is known by then is remembered.
    """
    course = benches.course
    words = vocabulary_of(
        course.cells(one).reference for one in course.curriculum.katas if one.is_python
    )
    made = {
        kata: [*mutants(course.cells(kata).reference, words)] if kata.is_python else []
        for kata in katas
    }
    watcher.expect(sum(map(len, made.values())))

    def survives(kata: Kata, key: str, mutant: Mutant) -> bool:
        survived = memory.recall(key, mutant.source)
        if survived is None:
            with benches.one() as bench:
                survived = _survives(bench, kata, mutant)
            memory.keep(key, mutant.source, survived=survived)
        watcher.advance()
        return survived

    pool = ThreadPoolExecutor(len(benches))
    try:
        running = {
            kata: [pool.submit(survives, kata, memory.key(kata), one) for one in some]
            for kata, some in made.items()
        }
        for kata, some in made.items():
            pairs = zip(some, running[kata], strict=True)
            yield kata, _result(course, kata, some, [m for m, f in pairs if f.result()])
    finally:
        pool.shutdown(cancel_futures=True)


def _result(
    course: Course, kata: Kata, made: list[Mutant], survived: list[Mutant]
) -> MutationResult:
    recorded = known(course, course.curriculum.lesson_of(kata))
    found = triage(kata.id, made=made, survived=survived, recorded=recorded)
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
        return bench.refusal(kata, mutant.source).status is Status.PASSED
    except KataError:
        return False  # it can't be placed in the file: a learner would be told
