"""Which back end runs the checks here."""

import os
import sys

from kata.errors import KataError
from kata.runner.plain import PlainRunner
from kata.runner.spawn import SpawnRunner
from kata.runner.warm import WarmRunner

SETTING = "KATA_RUNNER"


def best_runner() -> PlainRunner | SpawnRunner | WarmRunner:
    """Return the fastest back end that is safe here, or the one KATA_RUNNER names."""
    wanted = os.environ.get(SETTING, "")
    if wanted not in {"", "plain", "spawn", "warm"}:
        raise KataError(
            f"{SETTING} is {wanted!r}, which is no way to run checks.",
            "Set it to `plain`, `spawn` or `warm`, or leave it out.",
        )
    if wanted == "warm" and not WarmRunner.available():
        raise KataError(
            f"{SETTING} is 'warm', but this system can't fork processes.",
            "Leave it out: checks then run in a fresh process each.",
        )
    # On macOS, system libraries may crash in a fork: there it has to be asked for.
    if wanted == "warm" or (not wanted and sys.platform == "linux"):
        return WarmRunner()
    return PlainRunner() if wanted == "plain" else SpawnRunner()
