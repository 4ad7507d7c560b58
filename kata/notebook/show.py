"""Showing things below a cell: rich for the notebook, plain for everything else."""

from collections.abc import Iterator
from contextlib import contextmanager

from IPython.display import display

from kata.display import html
from kata.errors import KataError


def show(plain: str, rich: str) -> None:
    """Show something below the cell that runs, as text and as HTML."""
    _display({"text/plain": plain, "text/html": rich})


def show_markdown(source: str) -> None:
    """Show Markdown below the cell that runs."""
    _display({"text/plain": source, "text/markdown": source})


@contextmanager
def speaking() -> Iterator[None]:
    """Show a `KataError` as a message, and an interrupt as the learner's wish."""
    try:
        yield
    except KataError as error:
        show(str(error), html.message(error.happened, error.next_step))
    except KeyboardInterrupt:
        stopped = "Stopped. Nothing was lost: the cell is in the history."
        show(stopped, html.message(stopped, "Run it again when you like."))


def _display(data: dict[str, str]) -> None:
    display(data, raw=True)  # type: ignore[no-untyped-call]
