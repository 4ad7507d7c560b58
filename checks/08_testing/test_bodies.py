"""Checks of testing.bodies: what the functions do, and what two tools say."""

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from types import ModuleType

import pytest

TO = {"name": "Zoë Ng", "city": "Berlin", "country": "DE"}
SILENCERS = ("type: ignore", "noqa", "ruff:", "mypy:", "no_type_check")


@pytest.fixture
def bodies() -> ModuleType:
    """The learner's module."""
    from tests import bodies

    return bodies


# - `scan_body(depot)` is of the moment in which it is called, with an offset, so that
# Waybill takes it.
def test_a_scan_is_of_now(bodies: ModuleType) -> None:
    """`scan_body(depot)` is of the moment in which it is called, with an offset."""
    before = datetime.now(UTC)
    body = bodies.scan_body("AMS")
    after = datetime.now(UTC)
    at = datetime.fromisoformat(body["at"])
    assert at.tzinfo, (
        "scan_body('AMS') has a time without an offset, and Waybill answers 422 to it. "
        "datetime.now(UTC) has one."
    )
    second = timedelta(seconds=1)
    assert before - second <= at <= after, (
        "scan_body('AMS') has another time than that of its call. A default is "
        "evaluated once, when the module is loaded."
    )
    assert {**body, "at": ""} == {"depot": "AMS", "kind": "arrived", "at": ""}, (
        f"scan_body('AMS') is {body!r}. Besides its time it has a depot and a kind."
    )


def test_waybill_takes_it(bodies: ModuleType) -> None:
    """Waybill takes the body of a scan, of now or of another moment."""
    from waybill.schemas import ScanCreate

    moment = datetime(
        2026, 3, 2, 9, 30, tzinfo=timezone(timedelta(hours=5, minutes=45))
    )
    scan = ScanCreate.model_validate(bodies.scan_body("HAM", moment))
    assert scan.at == moment, (
        f"scan_body('HAM', …) was given {moment}, and Waybill read {scan.at}."
    )
    depot = ScanCreate.model_validate(bodies.scan_body("HAM")).depot
    assert depot == "HAM", f"scan_body('HAM') is of the depot {depot!r}."


# - `parcel_body(weight_g, extra)` makes a body that shares nothing with other bodies,
# and `extra` stays as it was.
def test_a_parcel_has_its_defaults(bodies: ModuleType) -> None:
    """`parcel_body(weight_g)` has an address, a weight and a value."""
    body = bodies.parcel_body(750)
    assert body == {"to": TO, "weight_g": 750, "value": "19.90"}, (
        f"parcel_body(750) is {body!r}. It has the address TO, the weight and a value."
    )
    other = bodies.parcel_body(900, {"value": "5.00", "note": "fragile"})
    wanted = {"to": TO, "weight_g": 900, "value": "5.00", "note": "fragile"}
    assert other == wanted, (
        f"parcel_body(900, extra) is {other!r}, where extra has the value 5.00 and a "
        "note. In `a | b` the entries of b win."
    )


def test_bodies_share_nothing(bodies: ModuleType) -> None:
    """A change to one body shows in no other one."""
    first = bodies.parcel_body(750)
    first["value"] = "0.01"
    first["to"]["city"] = "Bonn"
    second = bodies.parcel_body(900)
    assert second == {"to": TO, "weight_g": 900, "value": "19.90"}, (
        f"A test changed the value and the city of one body, and the next body is "
        f"{second!r}. Make every part anew inside the function; {{**TO}} is a copy."
    )


def test_extra_stays(bodies: ModuleType) -> None:
    """`extra` stays as it was."""
    extra: dict[str, object] = {"note": "fragile"}
    bodies.parcel_body(750, extra)
    assert extra == {"note": "fragile"}, (
        f"parcel_body(750, extra) left {extra!r} in `extra`, which is the caller's. "
        "`a | b` makes a new dictionary."
    )


# - `days_of(quote)` returns the days, and where there is no quote, an `assert` fails.
@pytest.mark.parametrize("days", [0, 2, 14])
def test_days_are_a_number(bodies: ModuleType, days: int) -> None:
    """`days_of(quote)` returns the days."""
    try:
        found = bodies.days_of({"price": "6.50", "days": str(days)})
    except AssertionError:
        found = None
    assert found == days, (
        f"days_of was given a quote of {days} days, and came to {found!r}. Only a "
        "missing quote is none: compare with None."
    )


def test_no_quote_fails_an_assert(bodies: ModuleType) -> None:
    """Where there is no quote, an `assert` fails."""
    try:
        found = bodies.days_of(None)
    except AssertionError:
        return
    except Exception as error:  # noqa: BLE001 - whatever it is, it is not the right one
        found = f"{type(error).__name__}: {error}"
    raise AssertionError(
        f"days_of(None) came to {found!r}. A test that fails like this looks broken: "
        "assert first that there is a quote."
    )


# - `mypy --strict` and `ruff check --select B,DTZ` find nothing, and no comment tells
# them to look away.
@pytest.fixture
def complaint(bodies: ModuleType, tmp_path: Path) -> Callable[..., str]:
    """Return a function that runs a tool on the file, and returns its first line."""

    def complaint(*command: str) -> str:
        done = subprocess.run(  # noqa: S603 - mypy and ruff
            [sys.executable, "-m", *command, str(bodies.__file__)],
            cwd=tmp_path,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        if not done.returncode:
            return ""
        said = (done.stdout or done.stderr).strip() or f"status {done.returncode}"
        return said.splitlines()[0].rpartition("bodies.py:")[2]

    return complaint


def test_mypy_is_content(complaint: Callable[..., str], tmp_path: Path) -> None:
    """`mypy --strict` finds nothing."""
    cache = f"--cache-dir={tmp_path / 'mypy'}"
    said = complaint("mypy", "--strict", "--config-file=", "--no-color-output", cache)
    assert not said, f"mypy --strict says of tests/bodies.py, line {said}"


def test_ruff_is_content(complaint: Callable[..., str]) -> None:
    """`ruff check --select B,DTZ` finds nothing."""
    options = ("--isolated", "--no-cache", "--select", "B,DTZ")
    said = complaint("ruff", "check", *options, "--output-format", "concise")
    assert not said, f"ruff says of tests/bodies.py, line {said}"


def test_nothing_is_silenced(bodies: ModuleType) -> None:
    """No comment tells the tools to look away."""
    text = Path(str(bodies.__file__)).read_text(encoding="utf-8")
    found = [one for one in SILENCERS if one in text]
    assert not found, (
        f"There is {found[0]!r} in tests/bodies.py: it hides what the tool has seen, "
        "and the bug stays. Correct the line instead."
    )
