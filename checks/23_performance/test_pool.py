"""Checks of performance.pool: a size that follows from what was measured."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

pytestmark = pytest.mark.usefixtures("clean_environment")


def read(monkeypatch: pytest.MonkeyPatch, **told: str) -> Any:  # noqa: ANN401
    """Read the settings with these variables."""
    from waybill.pool import PoolSettings

    for name, value in told.items():
        monkeypatch.setenv(f"WAYBILL_POOL_{name.upper()}", value)
    return PoolSettings()


# - `pool_size` is `pool_rate` times `pool_held`, rounded up to a whole connection.
@pytest.mark.parametrize(
    ("rate", "held", "size"),
    [
        ("30", "0.1", 3),
        ("31", "0.1", 4),
        ("39", "0.1", 4),
        ("30.1", "0.1", 4),
        ("200", "0.05", 10),
        ("7", "1", 7),
        ("0.5", "0.1", 1),
        ("0.5", "4", 2),
        ("200", "0.07", 14),
        ("90", "0.7", 63),
        ("3", "1.1", 4),
    ],
)
def test_it_is_what_is_in_use(
    monkeypatch: pytest.MonkeyPatch, rate: str, held: str, size: int
) -> None:
    """`pool_size` is the rate times the time, rounded up to a whole connection."""
    found = read(monkeypatch, rate=rate, held=held).pool_size
    advice = (
        " Computed as floats, it may be a little more." if found == size + 1 else ""
    )
    assert found == size, (
        f"WAYBILL_POOL_RATE is {rate} and WAYBILL_POOL_HELD is {held}: in use are "
        f"{size}, rounded up. pool_size is {found!r}.{advice}"
    )
    assert type(found) is int, f"pool_size is {found!r}; an int is asked for."


# - Each of the three has to be more than 0; what isn't a number is refused, too, which
@pytest.mark.parametrize("name", ["rate", "held", "wait"])
@pytest.mark.parametrize("value", ["0", "-1", "-0.5", "nan", "inf", "", "many"])
def test_it_is_more_than_nothing(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """Each of the three is a number that is more than 0."""
    try:
        found = read(monkeypatch, **{name: value})
    except ValidationError as error:
        told = str(error)
        assert f"pool_{name}" in told, (
            f"WAYBILL_POOL_{name.upper()}={value} was refused, and the error doesn't "
            f"name `pool_{name}`: {told}"
        )
        return
    raise AssertionError(
        f"WAYBILL_POOL_{name.upper()}={value} was taken: "
        f"{getattr(found, f'pool_{name}')!r}. It has to be more than 0."
    )


@pytest.mark.parametrize("name", ["rate", "held", "wait"])
def test_a_little_is_enough(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """A little more than 0 is accepted."""
    try:
        read(monkeypatch, **{name: "0.001"})
    except ValidationError as error:
        raise AssertionError(
            f"WAYBILL_POOL_{name.upper()}=0.001 is more than 0 and was refused: {error}"
        ) from None


# - A pool of more than `MOST` connections is refused, and nothing is when there are
# exactly `MOST`. The error says `pool_rate` or `pool_held`.
@pytest.mark.parametrize(
    ("rate", "held"), [("901", "0.1"), ("91", "1"), ("900.1", "0.1"), ("2", "60")]
)
def test_too_many_are_refused(
    monkeypatch: pytest.MonkeyPatch, rate: str, held: str
) -> None:
    """A pool of more than `MOST` connections is refused, and the error says why."""
    try:
        found = read(monkeypatch, rate=rate, held=held).pool_size
    except ValidationError as error:
        told = str(error)
        assert "pool_rate" in told or "pool_held" in told, (
            "Too many connections were refused, and the error names neither pool_rate "
            f"nor pool_held, so nobody knows what to change: {told}"
        )
        return
    raise AssertionError(
        f"WAYBILL_POOL_RATE={rate} and _HELD={held} made a pool of {found}; "
        "PostgreSQL has 100 for all of its clients, so more than 90 is refused."
    )


@pytest.mark.parametrize(
    ("rate", "held"), [("900", "0.1"), ("90", "1"), ("1.5", "60"), ("899.9", "0.1")]
)
def test_the_most_is_accepted(
    monkeypatch: pytest.MonkeyPatch, rate: str, held: str
) -> None:
    """Exactly `MOST` connections are accepted."""
    try:
        found = read(monkeypatch, rate=rate, held=held).pool_size
    except ValidationError as error:
        raise AssertionError(
            f"WAYBILL_POOL_RATE={rate} and WAYBILL_POOL_HELD={held} make 90, which "
            f"is `MOST`, and were refused: {error}"
        ) from None
    assert found == 90, f"{rate} a second for {held} s each are 90, not {found}."


# - With nothing set the size is 15, and a request waits for 2 seconds.
def test_what_it_is_without_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """With nothing set the size is 15, and a request waits for 2 seconds."""
    found = read(monkeypatch)
    told = (found.pool_size, float(found.pool_wait))
    assert told == (15, 2), (
        f"Nothing is set: pool_size is {told[0]} and pool_wait {told[1]}; 15 and 2 "
        "were expected."
    )
    held = read(monkeypatch, held="0.2").pool_size
    assert held == 30, (
        f"Only WAYBILL_POOL_HELD=0.2 is set, twice as long: {held} and not 30."
    )


def test_a_file_is_read_too(tmp_path: Path) -> None:
    """A `.env` is read, whatever else it holds."""
    lines = ("WAYBILL_POOL_RATE=40", "WAYBILL_SECRET_KEY=of-others", "ELSE=1")
    (tmp_path / ".env").write_text("\n".join(lines), encoding="utf-8")
    from waybill.pool import PoolSettings

    try:
        found = PoolSettings().pool_size
    except ValidationError as error:
        raise AssertionError(
            f"A `.env` holds other settings as well, and was refused: {error}. Keep "
            "`model_config` as the starting code has it."
        ) from None
    assert found == 4, (
        f"WAYBILL_POOL_RATE=40 stands in a `.env`, and pool_size is {found}, not 4."
    )


def test_each_is_read_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """The wait is a setting of its own, and changes no size."""
    found = read(monkeypatch, wait="0.5", rate="20")
    told = (found.pool_size, float(found.pool_wait))
    assert told == (2, 0.5), (
        "WAYBILL_POOL_WAIT is 0.5 and WAYBILL_POOL_RATE is 20: (pool_size, pool_wait) "
        f"is {told}, and should be (2, 0.5)."
    )
