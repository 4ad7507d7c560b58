"""The notebook's own names: which of the service's it gets, and when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from kata.course.curriculum import Kata
from kata.errors import KataError
from kata.loop.loop import Loop
from kata.notebook.names import Names
from kata.verdict import Verdict


class Shell(Protocol):
    """Where a notebook's names live."""

    def push(self, variables: Mapping[str, Any]) -> object:
        """Take over these names."""


@dataclass
class Namespace:
    """Puts the service's names into a notebook, once a child has imported them."""

    shell: Shell
    loop: Loop
    names: Names = field(init=False)

    def __post_init__(self) -> None:
        self.names = Names(self.loop.workspace.root)

    def take_judged(self, kata: Kata, verdict: Verdict) -> None:
        """Put a kata's names into the notebook if the run of its checks imported it."""
        if verdict.imported:
            self.names.trust(verdict.imported)
            self.take(kata)

    def take(self, kata: Kata) -> None:
        """Put the names of this kata and of those before it into the notebook."""
        katas = self.loop.course.curriculum.lesson_of(kata).katas
        upto = katas[: katas.index(kata) + 1]
        regions = self.loop.progress.regions()
        sources = {name: written.source for name, written in regions.items()}
        self.shell.push(self.names.of(upto, sources))

    def prove_import(self, kata: Kata) -> None:
        """Import a kata's file in a child first: after a restart, or a change to it.

        One that does not import is a `KataError`, and is not tried again as it is.
        """
        if self.names.trusts(kata):
            return
        if problem := self.names.known_problem():
            raise problem
        verdict = self.loop.check(kata)
        if verdict.imported:
            self.names.trust(verdict.imported)
            return
        raise self.names.distrust(
            KataError(
                f"{kata.file} does not import at the moment: {_why(verdict)}",
                "Fix that, then run this cell again.",
            )
        )


def _why(verdict: Verdict) -> str:
    problem = [verdict.problem.happened] if verdict.problem else []
    said = [*verdict.notes, *problem]
    return said[0] if said else verdict.status
