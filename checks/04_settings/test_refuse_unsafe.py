"""Checks of settings.refuse_unsafe: production doesn't start by accident."""

import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

SHORT = "QXZ7JVQ9XKZ3WQJ"
LONG = "ZQ4XJ8VKQ5ZXW2JQX6KVZ9QJ3XZW7VQKX8JZ"
"""Keys of which no two characters would be in a message by chance."""
RARE = "ЖЦЩЮЯЭ"
"""A key of which no single character would be."""
VARIABLES = {
    "secret_key": "WAYBILL_SECRET_KEY",
    "allowed_origins": "WAYBILL_ALLOWED_ORIGINS",
}
ORIGINS = ["https://waybill.example", "https://depot.example"]
Make = Callable[..., Any]
Refusal = Callable[..., BaseException | None]


@pytest.fixture
def refusal(settings: Make) -> Refusal:
    """Return a function that returns what production with these changes ends in."""

    def refused(
        environment: str = "production", **changed: object
    ) -> BaseException | None:
        from waybill.settings import refuse_unsafe

        others = {"allowed_origins": ORIGINS} | changed
        return outcome(refuse_unsafe, settings(environment, **others))

    return refused


def outcome(
    refuse_unsafe: Callable[[Any], None], settings: object
) -> BaseException | None:
    """Return what `refuse_unsafe` raises for these settings, or None."""
    error: BaseException | None = None
    try:
        refuse_unsafe(settings)
    except (Exception, SystemExit) as raised:  # noqa: BLE001 - the checks say which
        error = raised
    assert not isinstance(error, AttributeError), (
        f"refuse_unsafe met {error}. The key is a SecretStr, which gives its text with "
        "get_secret_value(): is the cell of settings green?"
    )
    return error


def shown(error: BaseException) -> str:
    """Return all that a log would say of an exception, without its traceback."""
    text = "".join(traceback.format_exception_only(error)).strip().rstrip(".")
    for variable in VARIABLES.values():
        first, *again = text.split(variable)
        if len(again) > 1:  # it would be the same sentence many times
            return (
                f"{first}{variable}{again[0]}and so on, {len(again)} times. (A list "
                "that is a default of a parameter keeps what earlier calls put in it: "
                "make it inside the function.)"
            )
    return text


def assert_refused(error: BaseException | None, tried: str, advice: str) -> None:
    """Assert that settings were refused, and with the exception that was promised."""
    from waybill.settings import UnsafeSettingsError

    assert error, f"Production with {tried} was allowed to start. {advice}"
    assert isinstance(error, UnsafeSettingsError), (
        f"Production with {tried} ended in {type(error).__name__}. Raise "
        "UnsafeSettingsError, so that whoever starts Waybill can tell what it is."
    )
    assert isinstance(error, ValueError), (
        "UnsafeSettingsError is no ValueError any more. Keep its class line as it was "
        "in the cell."
    )


# - In development nothing is refused.
@pytest.mark.parametrize("origins", [[], ["*"], ["https://depot.example", "*"]])
def test_development_is_left_alone(refusal: Refusal, origins: list[str]) -> None:
    """In development no key, a short key and any origin are allowed."""
    from waybill.settings import Settings, refuse_unsafe

    errors = {
        f"a key of {len(key)} characters": refusal(
            "development", secret_key=key, allowed_origins=origins
        )
        for key in ("", "short", LONG)
    }
    unset = Settings(environment="development", allowed_origins=origins)
    errors["no key set"] = outcome(refuse_unsafe, unset)
    for what, error in errors.items():
        assert error is None, (
            f"In development, with {what} and the origins {origins}, refuse_unsafe "
            f"raised {shown(error)}. Nobody should need a key to try Waybill: look at "
            "the environment first."
        )


# - In production no allowed origin may be `*`, which stands for every web site. An
# asterisk inside a longer text is fine.
@pytest.mark.parametrize(
    "origins", [ORIGINS, [], ["https://*.depot.example"], ["http://a.example/*", "**"]]
)
def test_safe_production_starts(refusal: Refusal, origins: list[str]) -> None:
    """A key of 32 bytes or more is fine, and so is an asterisk in a longer origin."""
    blank = f" {'k9-' * 10} "
    for key in ("k9-" * 10 + "ok", "k9-" * 11, LONG, "w" * 4_000, blank):
        error = refusal(secret_key=key, allowed_origins=origins)
        assert error is None, (
            f"The key {key[:40]!r}, of {len(key)} bytes, and the origins {origins} are "
            f"allowed, and refuse_unsafe raised {shown(error)}. What is refused is a "
            "key that is not set or below 32 bytes, each of which counts, and an "
            "origin that is * and nothing else."
        )


# - What is refused raises `UnsafeSettingsError`, a `ValueError`, under `python -O`
def test_dash_o_changes_nothing(settings_module: Callable[..., ModuleType]) -> None:
    """`python -O`, which leaves out assert statements, refuses the same settings."""
    plain, optimized = settings_module(optimize=0), settings_module(optimize=1)
    for what, given in {
        "the key 'hunter2'": {"secret_key": "hunter2"},
        "no key": {},
        "the origin *": {"secret_key": LONG, "allowed_origins": ["*"]},
    }.items():
        errors = [
            outcome(
                module.refuse_unsafe,
                module.Settings(environment="production", **given),
            )
            for module in (plain, optimized)
        ]
        assert (errors[0] is None) == (errors[1] is None), (
            f"Production with {what} was refused by `python`, and allowed to start by "
            "`python -O`. That option leaves assert statements out: they are for "
            "tests. Ask with `if`, and raise."
        )


# - In production the key must have been set, and it must have 32 bytes or more.
def test_a_key_that_nobody_set_is_refused(folder: Path) -> None:
    """In production the key must have been set: a random one is refused."""
    from waybill.settings import Settings, refuse_unsafe

    for settings in (
        Settings(),
        Settings(environment="production"),
        Settings(environment="production", allowed_origins=ORIGINS),
    ):
        assert_refused(
            outcome(refuse_unsafe, settings),
            f"{sorted(settings.model_fields_set) or 'nothing'} set, and no key,",
            "Its key is a random one, and long enough. But each start and each worker "
            "has another, so sign-ins would be lost. model_fields_set holds the names "
            "of the fields that were set, such as `secret_key`.",
        )
    (folder / ".env").write_text(f"WAYBILL_SECRET_KEY={LONG}\n", encoding="utf-8")
    error = outcome(refuse_unsafe, Settings(allowed_origins=ORIGINS))
    assert error is None, (
        f".env says WAYBILL_SECRET_KEY={LONG}, and refuse_unsafe raised "
        f"{shown(error)}. A key that comes from a file has been set, like one that is "
        "passed by name."
    )


@pytest.mark.parametrize("length", [0, 1, 16, 31])
def test_a_short_key_is_refused(refusal: Refusal, length: int) -> None:
    """In production a key below 32 bytes is refused."""
    assert_refused(
        refusal(secret_key="x" * length),
        f"a key of {length} bytes",
        "At least 32 are needed; compare with that number.",
    )


@pytest.mark.parametrize("key", ["é" * 16, "字" * 11])
def test_bytes_count_not_characters(refusal: Refusal, key: str) -> None:
    """The length of a key is counted in bytes, not in characters."""
    error = refusal(secret_key=key)
    assert error is None, (
        f"The key {key} has {len(key)} characters and {len(key.encode())} bytes, which "
        f"is enough, and refuse_unsafe raised {shown(error)}. A text becomes bytes "
        "when it is encoded."
    )


# - In production no allowed origin may be `*`, which stands for every web site.
@pytest.mark.parametrize("origins", [["*"], ["https://a.example", "*"], ["*", "*"]])
def test_a_wildcard_is_refused(refusal: Refusal, origins: list[str]) -> None:
    """In production no allowed origin may be `*`."""
    assert_refused(
        refusal(allowed_origins=origins),
        f"the origins {origins}",
        "With * any web page may speak for a signed-in sender: look through the list.",
    )


# - One error names every variable at fault, `WAYBILL_SECRET_KEY` or
@pytest.mark.parametrize(
    ("changed", "at_fault"),
    [
        ({"secret_key": "hunter2"}, {"secret_key"}),
        ({"secret_key": "hunter2", "allowed_origins": []}, {"secret_key"}),
        ({"allowed_origins": ["*"]}, {"allowed_origins"}),
        (
            {"secret_key": "hunter2", "allowed_origins": ["*"]},
            {"secret_key", "allowed_origins"},
        ),
    ],
)
def test_every_variable_at_fault_is_named(
    refusal: Refusal, changed: dict[str, object], at_fault: set[str]
) -> None:
    """One error names every variable at fault, and not the other one."""
    error = refusal(**changed)
    assert_refused(error, f"{changed}", "Look at every rule, one after the other.")
    text = shown(error) if error else ""
    meant = {field for field in VARIABLES if field in text.lower()}
    assert meant == at_fault, (
        f"At fault: {variables(at_fault)}. Named: {variables(meant)}, in {text!r}. "
        "Gather what is wrong in a list, each with its variable's name, and raise "
        "once, at the end."
    )
    named = {field for field in meant if VARIABLES[field] in text}
    assert named == at_fault, (
        f"The error says {text!r}, and {variables(at_fault - named)} doesn't stand in "
        "it. Whoever starts Waybill sets variables and knows no fields: name what they "
        "have to set, letter for letter."
    )


def variables(fields: set[str]) -> str:
    """Return the names of these fields' variables."""
    return " and ".join(VARIABLES[field] for field in sorted(fields)) or "none"


# - The error shows no part of the key.
@pytest.mark.parametrize(
    ("key", "origins"),
    [(SHORT, ORIGINS), (SHORT, ["*"]), (LONG, ["*"]), (RARE, ORIGINS)],
)
def test_the_key_is_not_shown(refusal: Refusal, key: str, origins: list[str]) -> None:
    """The error shows no part of the key, too short or not."""
    error = refusal(secret_key=key, allowed_origins=origins)
    assert_refused(error, f"the key {key!r}, origins {origins}", "Look at every rule.")
    log = "".join(traceback.format_exception(error)) if error else ""
    part = longest_part(key, log)
    where = next((line for line in log.splitlines() if part in line), "").strip()
    assert len(part) <= (key != RARE), (
        f"The key was {key!r}, and what a log prints of the error shows {part!r} of "
        f"it: {where}. Errors end in logs, and many people read those: what "
        "they know, they needn't guess. Say what is wrong instead."
    )


def longest_part(key: str, text: str) -> str:
    """Return the longest run of a key's characters that stands in a text."""
    size = len(key)
    runs = {key[i:j] for i in range(size) for j in range(i + 1, size + 1)}
    return max((run for run in runs if run in text), key=len, default="")
