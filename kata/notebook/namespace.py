"""The notebook's own names: which of the service's it gets, and when."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from kata.course.curriculum import Kata
from kata.errors import KataError, listed
from kata.loop.loop import Loop
from kata.notebook.names import Names
from kata.source.file import regions_in
from kata.verdict import Status, Verdict


@dataclass(frozen=True)
class Words:
    """What the place is called that has the names, and how a learner resets a kata."""

    place: str = "this notebook"
    reset: Callable[[str], str] = "`%reset_kata {}`".format


class Shell(Protocol):
    """Where a notebook's names live."""

    def push(self, variables: Mapping[str, Any]) -> object:
        """Take over these names."""


@dataclass
class Namespace:
    """Puts the service's names into a notebook, from files whose checks have passed.

    What a red cell does to Python, it has done in a child process, and not here.
    """

    shell: Shell
    loop: Loop
    words: Words = field(default_factory=Words)
    names: Names = field(init=False)
    _given: dict[str, str] = field(default_factory=dict)
    """The cell that each kata's names in the notebook were last taken from."""

    def __post_init__(self) -> None:
        self.names = Names(self.loop.workspace.root)

    def take_judged(self, kata: Kata, verdict: Verdict) -> Verdict:
        """Put a kata's names into the notebook if its file may run here.

        Returns the verdict, with a note where the notebook keeps the names it had.
        """
        may_run = _may_run(verdict.status)
        others = self._in_the_way(kata) if may_run else []
        if others:
            are = "is" if len(others) == 1 else "are"
            return verdict.noting(
                f"Other cells of {self.words.place} don't see this answer yet: "
                f"{kata.file} also holds the code of {listed(others)}, which {are} not "
                f"green. {self._way_out(others)}"
            )
        if not verdict.imported or not may_run:
            if kata.id not in self._given:
                return verdict
            return verdict.noting(
                f"Until this passes, other cells of {self.words.place} go on with the "
                "code of this kata that they had before."
            )
        if verdict.lasting:
            return verdict.noting(" ".join(self._would_last(kata, verdict)))
        self.names.trust(verdict.imported)
        self.take(kata)
        return verdict

    def take(self, kata: Kata) -> None:
        """Put the names of this kata and of those before it into the notebook."""
        katas = self.loop.course.curriculum.lesson_of(kata).katas
        upto = katas[: katas.index(kata) + 1]
        sources = self._sources()
        self.shell.push(self.names.of(upto, sources))
        for one in self.names.trusted(upto):
            if one.id in sources:
                self._given[one.id] = sources[one.id]

    def prove_import(self, kata: Kata) -> None:
        """Have a kata's file checked in a child: after a restart, or a change to it.

        One that may not run here is a `KataError`, and is not tried again as it is.
        Where only other answers in the file are red, the names that the notebook has of
        this one do as well. Where another kata has taken the place of this one, its
        answer is what stands in the file.
        """
        kata = self.loop.answers.successor(kata) or kata
        if not kata.is_python or self.names.trusts(kata):
            return
        if problem := self.names.known_problem():
            raise problem
        if others := self._in_the_way(kata):
            if self._has(kata):
                return
            raise KataError(
                f"This cell waits for {listed(others)}. That code stands in "
                f"{kata.file}, too, and what is not green does not run in "
                f"{self.words.place}.",
                self._way_out(others),
            )
        verdict = self.loop.check(kata)
        if verdict.lasting:
            raise self.names.distrust(KataError(*self._would_last(kata, verdict)))
        if verdict.imported and _may_run(verdict.status):
            self.names.trust(verdict.imported)
            return
        raise self.names.distrust(
            KataError(
                f"{kata.file} does not pass its checks at the moment: {_why(verdict)}",
                "Fix that, then run this cell again.",
            )
        )

    def _would_last(self, kata: Kata, verdict: Verdict) -> tuple[str, str]:
        """Say why a right answer is not imported here, and what to do instead."""
        return (
            f"Importing {kata.file} {listed(verdict.lasting)}. That would last in "
            f"{self.words.place}, so its other cells don't see this answer.",
            "Do that inside a function, not while the file is imported.",
        )

    def _has(self, kata: Kata) -> bool:
        """Tell whether the notebook has the names of a kata's answer as it is now."""
        return self._given.get(kata.id) == self._sources().get(kata.id, "")

    def _sources(self) -> dict[str, str]:
        regions = self.loop.progress.regions()
        return {name: written.source for name, written in regions.items()}

    def _in_the_way(self, kata: Kata) -> list[str]:
        """Return the katas whose code in this kata's file has not passed."""
        held = regions_in(self.loop.workspace.read(kata.file) or "")
        others = [
            one
            for one in self.loop.course.curriculum.in_file(kata.file)
            if one.id in held and one != kata
        ]
        statuses = self.loop.statuses(others)
        return [one for one in statuses if not _may_run(statuses[one])]

    def _way_out(self, others: list[str]) -> str:
        resets = listed(map(self.words.reset, others))
        them, their = ("it", "its") if len(others) == 1 else ("them", "their")
        return (
            f"Get {them} green, or put {their} starting code back with {resets}; then "
            "run this cell again."
        )


def _may_run(status: Status) -> bool:
    """Tell whether what has come to this may run in the notebook.

    It is right, as far as this machine can tell, or it is the course's starting code.
    """
    return status.is_done or status is Status.UNTOUCHED


def _why(verdict: Verdict) -> str:
    problem = [verdict.problem.happened] if verdict.problem else []
    said = [*verdict.notes, *problem]
    return said[0] if said else verdict.status
