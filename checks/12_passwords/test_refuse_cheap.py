"""Checks of passwords.refuse_cheap: production never starts with a cheap hash."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fastapi import FastAPI

if TYPE_CHECKING:
    from waybill.settings import Settings

Make = Callable[..., FastAPI]
NAMES = {"memory_kib": "WAYBILL_HASH_MEMORY_KIB", "rounds": "WAYBILL_HASH_ROUNDS"}
FLOOR = {"memory_kib": 19_456, "rounds": 2, "lanes": 1}


def settings(environment: str) -> "Settings":
    """Return settings that are safe, but for what a hash costs."""
    from waybill.settings import Settings

    values = {"environment": environment, "secret_key": "nobody knows this key " * 3}
    return Settings.model_validate(values)


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Return a function that makes an app; variables say what a hash costs."""
    from waybill.app import create_app

    monkeypatch.chdir(tmp_path)

    def make(environment: str, **cost: int) -> FastAPI:
        with monkeypatch.context() as patch:
            for name, value in cost.items():
                patch.setenv(f"WAYBILL_HASH_{name.upper()}", str(value))
            return create_app(settings(environment))

    return make


def refusal(make: Make, environment: str, **cost: int) -> str:
    """Make an app; return why it was refused, or nothing."""
    from waybill.settings import UnsafeSettingsError

    try:
        make(environment, **cost)
    except UnsafeSettingsError as error:
        return f"{type(error).__name__}: {error}"
    return ""


# - In production no app is made below the floor:
@pytest.mark.parametrize(
    "low",
    [
        {"memory_kib": 19_455},
        {"rounds": 1},
        {"memory_kib": 64, "rounds": 1},
        {"memory_kib": 65_536, "rounds": 1},
        {"memory_kib": 19_455, "rounds": 100},
    ],
)
def test_production_is_no_bargain(make: Make, low: dict[str, int]) -> None:
    """In production no app is made with a hash below the floor."""
    assert refusal(make, "production", **FLOOR | low), (
        f"In production, with {FLOOR | low} (the floor is 19456 KiB and 2 rounds), an "
        "app was made. Raise UnsafeSettingsError."
    )


# - In production no app is made below the floor:
@pytest.mark.parametrize(
    "line", ["WAYBILL_HASH_ROUNDS=1", "WAYBILL_HASH_MEMORY_KIB=64"]
)
def test_a_line_in_the_file_counts(make: Make, tmp_path: Path, line: str) -> None:
    """A cost below the floor is refused as well where `.env` sets it."""
    (tmp_path / ".env").write_text(f"{line}\n", encoding="utf-8")
    assert refusal(make, "production"), (
        f"In production, with the line {line} in `.env`, an app was made. Ask "
        "`PasswordSettings()`, which reads variables and that file."
    )


# - In production no app is made below the floor:
@pytest.mark.parametrize("cost", [{}, FLOOR, {"memory_kib": 65_536, "rounds": 2}])
def test_the_floor_is_enough(make: Make, cost: dict[str, int]) -> None:
    """In production the floor itself is enough, and so are the defaults."""
    refused = refusal(make, "production", **cost)
    assert not refused, (
        f"In production, with {cost or 'the defaults'} (the floor is 19456 KiB and 2 "
        f"rounds), no app was made: {refused}"
    )


# - The `UnsafeSettingsError` names each variable that has to change, and no other.
@pytest.mark.parametrize(
    "low", [{"memory_kib": 64}, {"rounds": 1}, {"memory_kib": 8, "rounds": 1}]
)
def test_the_variables_are_named(make: Make, low: dict[str, int]) -> None:
    """The error names each variable that has to change, and no other."""
    said = refusal(make, "production", **FLOOR | low)
    found = set(re.findall(r"WAYBILL_\w+", said))
    wanted = {NAMES[name] for name in low}
    assert found == wanted, (
        f"In production, with {FLOOR | low}, it was said: {said or 'nothing'}. That "
        f"names {' and '.join(sorted(found)) or 'no variable'}. What has to change is "
        f"{' and '.join(sorted(wanted))}."
    )


# - In development a hash may be as cheap as you like.
def test_development_may_be_cheap(make: Make) -> None:
    """In development a hash may be as cheap as you like."""
    refused = refusal(make, "development", memory_kib=8, rounds=1, lanes=1)
    assert not refused, (
        f"In development, with 8 KiB and 1 round, no app was made: {refused} Tests "
        "need it cheap."
    )


# - A cost that Argon2 can't compute keeps every app from being made.
@pytest.mark.parametrize("environment", ["production", "development"])
@pytest.mark.parametrize("bad", [{"memory_kib": 8, "lanes": 4}, {"rounds": 0}])
def test_what_cannot_be_computed_is_refused(
    make: Make, environment: str, bad: dict[str, int]
) -> None:
    """A cost that Argon2 can't compute keeps every app from being made."""
    try:
        make(environment, **{"memory_kib": 65_536, "rounds": 3} | bad)
    except ValueError:
        return
    raise AssertionError(
        f"In {environment}, with {bad}, an app was made, and the first person who "
        "signs up finds out. Read `PasswordSettings()` for every app."
    )


# - Every app that `create_app` makes is asked.
def test_every_app_is_asked(make: Make) -> None:
    """Every app that `create_app` makes is asked, the second one too."""
    make("production")
    for _ in range(2):
        assert refusal(make, "production", memory_kib=64), (
            "One app was made with the defaults, another with 64 KiB, and that was not "
            "refused. Read the settings anew for each app, and keep `refuse_cheap` "
            "among the `extensions`."
        )
