"""Which back end runs the checks here."""

import os
import sys

from kata.errors import KataError
from kata.runner.report import BackEnd

SETTING = "KATA_RUNNER"
NAMES = ("warm", "spawn", "plain", "inprocess")
"""The best first, but for the last two: one is slow, and one contains little."""


def best_runner(*, once: bool = False) -> BackEnd:
    """Return the fastest back end that is safe here, or the one KATA_RUNNER names.

    Where there is to be only one run, a warm process would take longer to get warm than
    it saves.
    """
    wanted = os.environ.get(SETTING, "") or _best_here(once=once)
    if wanted not in NAMES:
        raise KataError(
            f"{SETTING} is {wanted!r}, which is no way to run checks.",
            f"Set it to one of {', '.join(NAMES)}, or leave it out.",
        )
    # Each is imported where it is chosen: a place that can't run one can't import it.
    if wanted == "inprocess":
        from kata.runner.inprocess import InProcessRunner

        return InProcessRunner()
    if wanted == "plain":
        from kata.runner.plain import PlainRunner

        return PlainRunner()
    if wanted == "spawn":
        from kata.runner.spawn import SpawnRunner

        return SpawnRunner()
    from kata.runner.warm import WarmRunner

    if not WarmRunner.available():
        raise KataError(
            f"{SETTING} is 'warm', but this system can't fork processes.",
            "Leave it out: checks then run in a fresh process each.",
        )
    return WarmRunner()


def _best_here(*, once: bool) -> str:
    if sys.platform == "emscripten":
        return "inprocess"  # a page in a browser has no processes
    if once:
        return "plain"
    # On macOS, system libraries may crash in a fork: there it has to be asked for.
    return "warm" if sys.platform == "linux" else "spawn"
