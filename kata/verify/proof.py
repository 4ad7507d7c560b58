"""The proof of a course: everything `kata verify` looks at, kata by kata."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from queue import SimpleQueue

from kata.course.course import Course
from kata.course.curriculum import Kata
from kata.runner.report import Runner
from kata.verify.answers import (
    prove_right_answers,
    prove_stub,
    prove_wrong_answers,
    wrong_answers,
)
from kata.verify.bench import Bench
from kata.verify.examples import prove_example, prove_no_paste, prove_shared_example
from kata.verify.fault import Fault, Kind
from kata.verify.layout import prove_in_sync, prove_master, prove_siblings
from kata.verify.limits import LIMITS, Limits
from kata.verify.mutants.mutation import MutationResult, prove_mutants
from kata.verify.promises import prove_promises, prove_samples
from kata.verify.shown import prove_shown
from kata.verify.task import prove_task
from kata.verify.warn import prove_no_warnings
from kata.verify.wording import (
    prove_hints,
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


@dataclass
class Proof:
    """What was tried on a course, and what was wrong."""

    katas: list[KataProof] = field(default_factory=list)
    course_faults: list[Fault] = field(default_factory=list)
    runs: int = 0
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


def prove(
    course: Course,
    katas: Iterable[Kata],
    runners: Sequence[Runner],
    *,
    mutants: bool = False,
    wrong: int | None = None,
    limits: Limits = LIMITS,
    on_kata: Callable[[KataProof], None] = lambda _: None,
) -> Proof:
    """Prove these katas and the lessons they belong to.

    As many katas are proven at a time as there are runners. `on_kata` is called when a
    kata is done and all before it are. With `wrong`, only so many wrong answers of each
    are tried.
    """
    proof = Proof()
    chosen = list(katas)
    free: SimpleQueue[Bench] = SimpleQueue()
    benches = [Bench(course, runner) for runner in runners]
    for bench in benches:
        free.put(bench)

    def prove_one(kata: Kata) -> KataProof:
        bench = free.get()
        try:
            faults = [
                *_answer_faults(bench, kata, wrong),
                *_text_faults(course, kata, limits),
            ]
            return _proof_of(bench, kata, faults, mutants=mutants)
        finally:
            free.put(bench)

    began = time.perf_counter()
    with ThreadPoolExecutor(len(benches)) as pool:
        for one in pool.map(prove_one, chosen):
            proof.katas.append(one)
            on_kata(one)
    proof.seconds = time.perf_counter() - began
    proof.runs = sum(bench.runs for bench in benches)
    proof.course_faults += _course_faults(course, chosen, limits)
    if len(chosen) == len(course.curriculum.katas):
        began = time.perf_counter()
        proof.course_faults += prove_no_warnings(course)
        proof.pytest_seconds = time.perf_counter() - began
    return proof


def read(
    course: Course,
    katas: Iterable[Kata],
    *,
    limits: Limits = LIMITS,
    on_kata: Callable[[KataProof], None] = lambda _: None,
) -> Proof:
    """Prove what needs no run of a check: texts, examples, names, promises, files."""
    proof = Proof()
    chosen = list(katas)
    for kata in chosen:
        faults = tuple(_text_faults(course, kata, limits))
        proof.katas.append(_counted(course, kata, faults))
        on_kata(proof.katas[-1])
    proof.course_faults += _course_faults(course, chosen, limits)
    return proof


def _proof_of(
    bench: Bench, kata: Kata, faults: list[Fault], *, mutants: bool
) -> KataProof:
    unavailable = any(fault.kind is Kind.UNAVAILABLE for fault in faults)
    mutation = prove_mutants(bench, kata) if mutants and not unavailable else None
    more = mutation.faults if mutation else ()
    return _counted(bench.course, kata, (*faults, *more), mutation)


def _counted(
    course: Course,
    kata: Kata,
    faults: tuple[Fault, ...],
    mutation: MutationResult | None = None,
) -> KataProof:
    return KataProof(
        kata,
        right=len(course.cells(kata).solutions),
        wrong=len(wrong_answers(course, kata)),
        faults=faults,
        mutants=mutation,
    )


def _answer_faults(bench: Bench, kata: Kata, wrong: int | None) -> Iterator[Fault]:
    right = [*prove_right_answers(bench, kata)]
    yield from right
    if not any(fault.kind is Kind.UNAVAILABLE for fault in right):
        yield from prove_stub(bench, kata)
        yield from prove_wrong_answers(bench, kata, wrong)
        yield from prove_no_paste(bench, kata)


def _text_faults(course: Course, kata: Kata, limits: Limits) -> Iterator[Fault]:
    yield from prove_task(course, kata, limits)
    yield from prove_example(course, kata)
    yield from prove_hints(course, kata)
    yield from prove_rules(course, kata)
    yield from prove_promises(course, kata)
    yield from prove_samples(course, kata)


def _course_faults(
    course: Course, katas: list[Kata], limits: Limits
) -> Iterator[Fault]:
    yield from prove_siblings(course)
    yield from prove_in_sync(course)
    for lesson in dict.fromkeys(course.curriculum.lesson_of(kata) for kata in katas):
        yield from prove_master(course, lesson)
        yield from prove_needs(course, lesson)
        yield from prove_shared_example(course, lesson)
        yield from prove_shown(course, lesson)
        yield from prove_prose(course, lesson, limits)
        yield from prove_minutes(course, lesson, limits)
