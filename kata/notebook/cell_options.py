"""Cells that begin with an option: `#| kata: …` is checked, `#| needs: …` may wait."""

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kata.course.curriculum import Kata
from kata.display import html, text
from kata.display.after import after_green
from kata.errors import KataError, listed
from kata.loop.halves import is_end_of
from kata.notebook.session import Session
from kata.notebook.show import show, speaking
from kata.source.cell import options
from kata.source.near import refuse_near_misses
from kata.verdict import Status

if TYPE_CHECKING:
    from IPython.core.interactiveshell import ExecutionInfo


@dataclass
class CellOptions:
    """Turns cells that have an option into magics, and is what those magics do."""

    session: Session

    def transform(self, lines: list[str]) -> list[str]:
        """Turn a cell with `#| kata:` or `#| needs:` into what runs it.

        The line count stays, so that a demo's traceback names the right line.
        """
        source = "".join(lines)
        found = options(source)
        if "kata" in found or self._is_near_miss(source):
            return [f"get_ipython().run_cell_magic('kata', '', {source!r})\n"]
        if "needs" not in found:
            return lines
        call = f"get_ipython().run_line_magic('needs', {found['needs']!r})\n"
        return [call, *lines[1:]] if self._ready(found["needs"]) else [call]

    @speaking()
    def kata(self, line: str, source: str) -> None:
        """Run a kata's cell and show its verdict."""
        del line
        refuse_near_misses(source, self.session.course.curriculum.ids)
        if "kata" not in options(source):
            raise KataError(
                "This cell was not checked: it does not begin with its kata.",
                "Make the line such as `#| kata: models.address` its first line.",
            )
        session = self.session
        verdict = session.run(source)
        session.current = session.kata(verdict.kata)
        after = None
        if "variant" not in options(source):
            try:
                verdict = session.namespace.take_judged(session.current, verdict)
            except KataError as error:
                verdict = verdict.noting(f"{error.happened} {error.next_step}")
            if verdict.status is Status.PASSED:
                after = after_green(
                    session.loop, session.current, "%diff", fold=not session.is_stored
                )
        show(text.render(verdict, after), html.render(verdict, after))

    def notice_a_half(self, info: "ExecutionInfo") -> None:
        """Say that a cell holds the end of a kata's cell, which was split in two."""
        session = self.session
        with suppress(KataError):
            if session.current is None:
                return
            history = session.loop.progress.history(session.current.id)
            before = [one.source for one in history]
            before.append(session.course.cells(session.current).stub)
            if is_end_of(info.raw_cell or "", before):
                happened = (
                    f"These lines were the end of the cell of {session.current.id}. "
                    f"On their own they do not go into {session.current.file}."
                )
                next_step = (
                    "If you have split that cell: select both and merge them (Shift+M "
                    "in JupyterLab)."
                )
                show(f"{happened} {next_step}", html.message(happened, next_step))

    @speaking()
    def needs(self, line: str) -> None:
        """Give a demo the names it needs, or say what it waits for."""
        katas = self._katas(line)
        waiting = [kata.id for kata in katas if not self.session.is_right(kata)]
        if waiting:
            happened = f"This cell waits for {listed(waiting)}."
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

    def _is_near_miss(self, source: str) -> bool:
        try:
            refuse_near_misses(source, self.session.course.curriculum.ids)
        except KataError:
            return True
        return False

    def _katas(self, line: str) -> list[Kata]:
        return [self.session.kata(name) for name in line.replace(",", " ").split()]
