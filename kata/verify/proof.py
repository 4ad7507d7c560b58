"""The proof of a course: everything `kata verify` looks at, kata by kata."""

import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from kata.course.course import Course
from kata.course.curriculum import Kata
from kata.runner.report import Runner
from kata.verify.answers import (
    prove_right_answers,
    prove_stub,
    prove_wrong_answers,
    wrong_answers,
)
from kata.verify.bench import Bench, Benches
from kata.verify.examples import prove_example, prove_no_paste, prove_shared_example
from kata.verify.fault import Fault, Kind
from kata.verify.layout import prove_in_sync, prove_master, prove_siblings
from kata.verify.lesson_length import LIMITS, Limits
from kata.verify.mutants.memory import Memory
from kata.verify.mutants.mutation import MutationResult, prove_mutants
from kata.verify.promises import prove_promises, prove_samples
from kata.verify.shown import prove_shown
from kata.verify.stored import prove_stored
from kata.verify.task import prove_task
from kata.verify.warn import prove_no_warnings
from kata.verify.wording import (
    prove_hints,
    prove_messages,
    prove_minutes,
    prove_needs,
    prove_prose,
    prove_rules,
)


@dataclass(frozen=True)
class KataProof:
    """What was tried on one kata, and what was wrong."""

    kata: Kata
    right: int
    wrong: int
    faults: tuple[Fault, ...]
    mutants: MutationResult | None = None

    @property
    def is_unavailable(self) -> bool:
        """Whether this machine lacks what its checks need."""
        return any(fault.kind is Kind.UNAVAILABLE for fault in self.faults)


@dataclass
class Proof:
    """What was tried on a course, and what was wrong."""

    katas: list[KataProof] = field(default_factory=list)
    course_faults: list[Fault] = field(default_factory=list)
    runs: int = 0
    recalled: int = 0
    """Mutants that an earlier run has judged, and nothing has changed since."""
    seconds: float = 0.0
    """Of all runs of checks, mutants included."""
    pytest_seconds: float = 0.0
    """Of plain pytest on all the checks, once; 0 where only some katas were proven."""

    @property
    def faults(self) -> list[Fault]:
        """Every fault there is."""
        return [*self.course_faults, *(f for one in self.katas for f in one.faults)]

    @property
    def runs_a_second(self) -> float:
        """How many runs of a kata's checks there were in a second."""
        return self.runs / self.seconds if self.seconds else 0.0


class Watcher:
    """Hears how a proof gets on. This one does nothing with it."""

    def on_kata(self, one: KataProof) -> None:
        """Hear that a kata is done, and all before it."""

    def on_mutants(self, kata: Kata, result: MutationResult) -> None:
        """Hear what became of a kata's mutants."""

    def expect(self, more: int) -> None:
        """Hear of so many mutants more."""

    def advance(self) -> None:
        """Hear that one mutant is done; any thread may say so."""


def prove(
    course: Course,
    katas: Iterable[Kata],
    runners: Sequence[Runner],
    *,
    memory: Memory | None = None,
    wrong: int | None = None,
    stored: bool = False,
    limits: Limits = LIMITS,
    watcher: Watcher | None = None,
) -> Proof:
    """Prove these katas and the lessons they belong to.

    As many katas are proven at a time as there are runners. With a `memory`, mutants
    are tried as well. With `wrong`, only so many wrong answers of each are tried. With
    `stored`, what masters store is believed, since nbval compares it: only what it
    doesn't show is run. That is for a whole course, whose reference plain pytest runs.
    """
    proof = Proof()
    chosen = list(katas)
    watcher = watcher or Watcher()
    benches = Benches(course, runners)

    def prove_one(kata: Kata) -> KataProof:
        with benches.one() as bench:
            faults = [*_answer_faults(bench, kata, wrong, stored)]
        texts = _text_faults(course, kata, limits, stored=stored)
        return _counted(course, kata, (*faults, *texts))

    began = time.perf_counter()
    with ThreadPoolExecutor(len(benches)) as pool:
        for one in pool.map(prove_one, chosen):
            proof.katas.append(one)
            watcher.on_kata(one)
    if memory:
        _add_mutants(proof, benches, memory, watcher)
        proof.recalled = memory.recalled
    proof.seconds = time.perf_counter() - began
    proof.runs = benches.runs
    proof.course_faults += _course_faults(course, chosen, limits, stored=stored)
    if len(chosen) == len(course.curriculum.katas):
        began = time.perf_counter()
        proof.course_faults += prove_no_warnings(course)
        proof.pytest_seconds = time.perf_counter() - began
    return proof


def _add_mutants(
    proof: Proof, benches: Benches, memory: Memory, watcher: Watcher
) -> None:
    proven = {one.kata: one for one in proof.katas}
    able = [one.kata for one in proof.katas if not one.is_unavailable]
    for kata, result in prove_mutants(benches, able, memory, watcher):
        one = proven[kata]
        faults = (*one.faults, *result.faults)
        proven[kata] = replace(one, mutants=result, faults=faults)
        watcher.on_mutants(kata, result)
    proof.katas = [*proven.values()]


def read(
    course: Course,
    katas: Iterable[Kata],
    *,
    limits: Limits = LIMITS,
    watcher: Watcher | None = None,
) -> Proof:
    """Prove what needs no run of a check: texts, examples, names, promises, files."""
    proof = Proof()
    chosen = list(katas)
    for kata in chosen:
        faults = tuple(_text_faults(course, kata, limits))
        proof.katas.append(_counted(course, kata, faults))
        (watcher or Watcher()).on_kata(proof.katas[-1])
    proof.course_faults += _course_faults(course, chosen, limits)
    return proof


def _counted(course: Course, kata: Kata, faults: tuple[Fault, ...]) -> KataProof:
    return KataProof(
        kata,
        right=len(course.cells(kata).solutions),
        wrong=len(wrong_answers(course, kata)),
        faults=faults,
    )


def _answer_faults(
    bench: Bench, kata: Kata, wrong: int | None, stored: bool
) -> Iterator[Fault]:
    right = [*prove_right_answers(bench, kata, stored=stored)]
    yield from right
    if not any(fault.kind is Kind.UNAVAILABLE for fault in right):
        if not stored:
            yield from prove_stub(bench, kata)
        yield from prove_wrong_answers(bench, kata, wrong)
        yield from prove_no_paste(bench, kata)


def _text_faults(
    course: Course, kata: Kata, limits: Limits, *, stored: bool = False
) -> Iterator[Fault]:
    yield from prove_task(course, kata, limits)
    yield from prove_stored(course, kata)
    yield from prove_example(course, kata, stored=stored)
    yield from prove_hints(course, kata)
    yield from prove_rules(course, kata)
    yield from prove_messages(course, kata)
    yield from prove_promises(course, kata)
    yield from prove_samples(course, kata)


def _course_faults(
    course: Course, katas: list[Kata], limits: Limits, *, stored: bool = False
) -> Iterator[Fault]:
    yield from prove_siblings(course)
    yield from prove_in_sync(course)
    for lesson in dict.fromkeys(course.curriculum.lesson_of(kata) for kata in katas):
        yield from prove_master(course, lesson)
        yield from prove_needs(course, lesson)
        yield from prove_shared_example(course, lesson, stored=stored)
        yield from prove_shown(course, lesson)
        yield from prove_prose(course, lesson, limits)
        yield from prove_minutes(course, lesson, limits)
