"""`kata watch`: checks what you save, for people who like their editor."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Annotated

import typer

from kata.cli.context import next_kata, open_loop
from kata.cli.keys import keys
from kata.cli.output import clear_screen, painted, say, show_verdict
from kata.course.curriculum import Kata
from kata.display.prose import plain
from kata.display.words import REASON
from kata.errors import KataError
from kata.loop.hints import next_hint
from kata.loop.loop import Loop
from kata.loop.watching import Watch
from kata.verdict import Status, Verdict

POLL = 100
"""Milliseconds after which a pressed key is seen."""
KEYS = "Save a file or a notebook to check it.   h hint   n next kata   q quit"
WIDEST = max(map(len, REASON.values()))


def watch(
    kata: Annotated[
        str, typer.Argument(help="Where to begin; the next kata if left out.")
    ] = "",
) -> None:
    """Check again whatever a saved file or notebook affects, until you quit.

    Checks the katas whose file changed, and those that were red. A notebook's cell
    that was saved and not run is run. h shows a hint, n turns to the next kata, and
    puts its starting code into its file where there is none; q quits.

    Example: kata watch models.address
    """
    loop = open_loop()
    screen = Screen(Watch(loop, _beginning(loop, kata)))
    try:
        with keys() as pressed:
            texts = loop.course.curriculum.texts
            for saved in _saves(loop.workspace.root, texts):
                if not screen.goes_on(pressed(), saved=saved):
                    return
    except KeyboardInterrupt:
        typer.echo()


class Screen:
    """One screen: what was checked, the verdict that matters most, the keys."""

    def __init__(self, watch: Watch) -> None:
        self.watch = watch
        self.begun = False
        self.below = ""

    def goes_on(self, pressed: str, *, saved: bool) -> bool:
        """Take what happened, and show what came of it; False once it is to end."""
        try:
            changed = self._take(pressed, saved=saved)
        except KataError as error:
            self.below, changed = str(error), True
        if changed:
            self.show()
        return "q" not in pressed

    def _take(self, pressed: str, *, saved: bool) -> bool:
        if not self.begun:
            self.begun = True
            self.watch.open(self.watch.at)
            return True
        changed = saved and self.watch.look()
        if changed:
            self.below = ""
        for key in pressed:
            if key == "h":
                hint = next_hint(self.watch.loop, self.watch.at)
                self.below = f"{hint.title}\n\n{plain(hint.text)}"
            elif key == "n":
                self.below = ""
                self.watch.next()
        return changed or "h" in pressed or "n" in pressed

    def show(self) -> None:
        """Draw the screen anew."""
        clear_screen()
        shown = _most_important(self.watch)
        others = [one for one in self.watch.verdicts.values() if one != shown]
        for verdict in others:
            gap = " " * (WIDEST - len(REASON[verdict.status]))
            word = painted(REASON[verdict.status], verdict.status)
            typer.echo(f"{word}{gap}  {verdict.kata}")
        if others:
            typer.echo()
        if shown:
            show_verdict(shown)
        if self.below:
            typer.echo(f"{self.below}\n")
        for note in self.watch.loop.told():
            say(note)
        typer.echo(KEYS)


def _most_important(watch: Watch) -> Verdict | None:
    """Return the verdict at hand if it is not green, else the first that is not."""
    at_hand = watch.verdicts.get(watch.at.id)
    candidates = [at_hand] if at_hand else []
    candidates += watch.verdicts.values()
    for verdict in candidates:
        if verdict.status is not Status.PASSED:
            return verdict
    return candidates[0] if candidates else None


def _beginning(loop: Loop, name: str) -> Kata:
    if name:
        return loop.course.curriculum.kata(name)
    return next_kata(loop) or loop.course.curriculum.katas[-1]


def _saves(root: Path, texts: Collection[str]) -> Iterator[bool]:
    """Yield, many times a second, whether a file that matters was saved.

    Beside code and notebooks, these are the `texts`.
    """
    from watchfiles import watch

    def matters(_: object, path: str) -> bool:
        inside = Path(path).relative_to(root)
        hidden = any(part.startswith(".") for part in inside.parts)
        code = inside.suffix in {".py", ".ipynb"} and not hidden
        return code or inside.as_posix() in texts

    try:
        for changes in watch(
            root, watch_filter=matters, rust_timeout=POLL, yield_on_timeout=True
        ):
            yield bool(changes)
    except (OSError, RuntimeError) as error:
        raise KataError(
            f"{root} can't be watched: {error}.",
            "Set WATCHFILES_FORCE_POLLING=1, or check by hand: `kata check`.",
        ) from None
