"""Cells that begin with an option: `#| kata: …` is checked, `#| needs: …` may wait."""

import re
from dataclasses import dataclass

from kata.course.curriculum import Kata
from kata.display import html, text
from kata.display.after import after_green
from kata.errors import KataError
from kata.notebook.session import Session
from kata.notebook.show import show, speaking
from kata.source.cell import options
from kata.verdict import Status

MISPLACED = re.compile(r"#\|\s*kata\s*:")
"""A kata's first line that is not first: better refused than passed over."""


@dataclass
class CellOptions:
    """Turns cells that have an option into magics, and is what those magics do."""

    session: Session

    def transform(self, lines: list[str]) -> list[str]:
        """Turn a cell with `#| kata:` or `#| needs:` into what runs it.

        The line count stays, so that a demo's traceback names the right line.
        """
        found = options("".join(lines))
        if "kata" in found or any(MISPLACED.match(line) for line in lines):
            return [f"get_ipython().run_cell_magic('kata', '', {''.join(lines)!r})\n"]
        if "needs" not in found:
            return lines
        call = f"get_ipython().run_line_magic('needs', {found['needs']!r})\n"
        return [call, *lines[1:]] if self._ready(found["needs"]) else [call]

    @speaking()
    def kata(self, line: str, source: str) -> None:
        """Run a kata's cell and show its verdict."""
        del line
        if "kata" not in options(source):
            raise KataError(
                "This cell was not checked: it does not begin with its kata.",
                "Make the line such as `#| kata: models.address` its first line.",
            )
        session = self.session
        verdict = session.loop.run_cell(source)
        session.current = session.kata(verdict.kata)
        after = None
        if "variant" not in options(source):
            try:
                session.namespace.take_judged(session.current, verdict)
            except KataError as error:
                verdict = verdict.noting(f"{error.happened} {error.next_step}")
            if verdict.status is Status.PASSED:
                after = after_green(
                    session.loop, session.current, "%diff", fold=not session.is_stored
                )
        show(text.render(verdict, after), html.render(verdict, after))

    @speaking()
    def needs(self, line: str) -> None:
        """Give a demo the names it needs, or say what it waits for."""
        katas = self._katas(line)
        waiting = [kata.id for kata in katas if not self.session.is_right(kata)]
        if waiting:
            happened = f"This cell waits for {' and '.join(waiting)}."
            next_step = "Come back to it when that is green."
            show(f"{happened} {next_step}", html.message(happened, next_step))
            return
        for kata in katas:
            self.session.namespace.prove_import(kata)
            self.session.namespace.take(kata)

    def _ready(self, needs: str) -> bool:
        """Tell whether a demo may run. Asked before it does, so that it can wait."""
        try:
            katas = self._katas(needs)
            ready = all(self.session.is_right(kata) for kata in katas)
            for kata in katas if ready else ():
                self.session.namespace.prove_import(kata)
        except KataError:
            return False
        return ready

    def _katas(self, line: str) -> list[Kata]:
        return [self.session.kata(name) for name in line.replace(",", " ").split()]
