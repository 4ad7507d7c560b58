"""What Waybill does under attack and under load: one command, one table.

    python benchmarks/attack.py
    python benchmarks/attack.py --workers 2 posts_of_100 late_scan
    uv run --with asyncpg python benchmarks/attack.py \
        --database postgresql+asyncpg://postgres@127.0.0.1/postgres

It serves Waybill on this machine only, each time with a database of its own: a file in
a temporary folder, or one that it creates beside the one you name, and drops again.
Counts are judged on any machine. Times are judged too, unless you say `--short`, and
mean little on a busy machine; where a row can, it judges a difference or a ratio.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from attacks import ends, inputs, live, load, trust
from attacks.database import databases
from attacks.place import Attack, Outcome, Place, Scale
from figures import HOME
from rich.console import Console
from rich.table import Table

ATTACKS: tuple[Attack, ...] = (
    *trust.ATTACKS,
    *inputs.ATTACKS,
    *load.ATTACKS,
    inputs.nothing_failed,  # in all that came before
    *live.ATTACKS,
    *ends.ATTACKS,
)
LONGEST = 600
"""Seconds after which an attack counts as failed."""


def main() -> None:
    """Attack, print the table, and fail if a row did."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    names = [attack.__name__ for attack in ATTACKS]
    parser.add_argument("attacks", nargs="*", metavar="attack", help=", ".join(names))
    parser.add_argument("--database", help="the URL of a database that may be left")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--short", action="store_true", help="less, and no times")
    parser.add_argument("--service", default=HOME / "solutions/service", type=Path)
    options = parser.parse_args()
    if unknown := set(options.attacks) - set(names):
        parser.error(f"no such attack: {', '.join(sorted(unknown))}")
    sys.path.insert(0, str(options.service.resolve()))
    chosen = [one for one in ATTACKS if one.__name__ in (options.attacks or names)]
    outcomes = asyncio.run(run(chosen, options))
    table = Table("attack", "what was measured", "", title=titled(options))
    for attack, outcome in outcomes:
        verdict = "passed" if outcome.passed else "FAILED"
        table.add_row(attack.__name__, outcome.measured, verdict)
    Console(width=120).print(table)
    failed = [attack.__name__ for attack, one in outcomes if not one.passed]
    sys.exit(f"Failed: {', '.join(failed)}" if failed else 0)


def titled(options: argparse.Namespace) -> str:
    """Return what was attacked, in a few words."""
    kind = (options.database or "sqlite").partition(":")[0]
    return f"Waybill on {kind}, workers: {options.workers}"


async def run(
    chosen: list[Attack], options: argparse.Namespace
) -> list[tuple[Attack, Outcome]]:
    """Attack in order; return what came of it."""
    with tempfile.TemporaryDirectory() as folder:
        async with (
            databases(options.database, Path(folder)) as fresh,
            Place(
                service=options.service.resolve(),
                folder=Path(folder),
                fresh=fresh,
                workers=options.workers,
                scale=Scale.SHORT if options.short else Scale.FULL,
            ) as place,
        ):
            return [(attack, await attempt(attack, place)) for attack in chosen]


async def attempt(attack: Attack, place: Place) -> Outcome:
    """Return what came of one attack; one that breaks down has failed."""
    sys.stderr.write(f"{attack.__name__} … ")
    sys.stderr.flush()
    start = time.perf_counter()
    try:
        outcome = await asyncio.wait_for(attack(place), LONGEST)
    except Exception as error:  # noqa: BLE001 - the other rows are still worth having
        outcome = Outcome(f"{type(error).__name__}: {error}", passed=False)
    sys.stderr.write(f"{time.perf_counter() - start:.0f} s\n")
    return outcome


if __name__ == "__main__":
    main()
