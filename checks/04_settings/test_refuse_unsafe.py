"""Checks of settings.refuse_unsafe: production doesn't start with a sample key."""

import os
import sys
import traceback
from pathlib import Path
from types import ModuleType

import pytest

KEY = "k9-" * 10 + "ok"  # 32 bytes
SHORT = "QXZ7JVQ9XKZ3WQJ"
LONG = "ZQ4XJ8VKQ5ZXW2JQX6KVZ9QJ3XZW7VQKX8JZ"
"""Keys of which no three characters would be in a message by chance."""
VARIABLES = {
    "secret_key": "WAYBILL_SECRET_KEY",
    "allowed_origins": "WAYBILL_ALLOWED_ORIGINS",
}
ORIGINS = ["https://waybill.example", "https://depot.example"]


@pytest.fixture(autouse=True)
def clean_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A current folder without a `.env`, and no variable of Waybill's."""
    for name in list(os.environ):
        if name.upper().startswith("WAYBILL_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def refusal(
    module: ModuleType | None = None, **changed: object
) -> BaseException | None:
    """Return what `refuse_unsafe` raises for production with these changes, or None."""
    import waybill.settings

    module = module or waybill.settings
    safe = {"environment": "production", "secret_key": KEY, "allowed_origins": ORIGINS}
    settings = module.Settings(**safe | changed)
    error: BaseException | None = None
    try:
        module.refuse_unsafe(settings)
    except (Exception, SystemExit) as raised:  # noqa: BLE001 - the checks say which
        error = raised
    assert not isinstance(error, AttributeError), (
        f"refuse_unsafe met {error}. The key is a SecretStr, which gives its text with "
        "get_secret_value(): is the cell of settings green?"
    )
    return error


def shown(error: BaseException) -> str:
    """Return all that a log would say of an exception, without its traceback."""
    return "".join(traceback.format_exception_only(error)).strip()


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


@pytest.mark.parametrize("origins", [[], ["*"]])
def test_development_is_left_alone(origins: list[str]) -> None:
    """In development the sample key, a short key and any origin are allowed."""
    from waybill.settings import SAMPLE_KEY

    for key in (SAMPLE_KEY, "short", ""):
        error = refusal(
            environment="development", secret_key=key, allowed_origins=origins
        )
        assert error is None, (
            f"In development, with a key of {len(key)} characters and the origins "
            f"{origins}, refuse_unsafe raised {shown(error)}. Nobody should need a key "
            "to try Waybill: look at the environment first."
        )


@pytest.mark.parametrize("origins", [ORIGINS, []])
def test_safe_production_starts(origins: list[str]) -> None:
    """In production, a key of 32 bytes or more and named origins, or none, are fine."""
    for key in (KEY, KEY + "!", "longer than it would have to be, and no sample"):
        error = refusal(secret_key=key, allowed_origins=origins)
        assert error is None, (
            f"A key of {len(key)} bytes and the origins {origins} are safe, and "
            f"refuse_unsafe raised {shown(error)}. What is refused is a key below 32 "
            "bytes, the sample key, and an origin that is * and nothing else."
        )


def test_dash_o_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """`python -O`, which leaves out assert statements, refuses the same settings."""
    import waybill.settings

    path = Path(waybill.settings.__file__)
    source = path.read_text(encoding="utf-8")
    for optimize in (0, 1):  # 1 is what -O does
        module = ModuleType("waybill.settings")
        module.__file__ = str(path)
        monkeypatch.setitem(sys.modules, "waybill.settings", module)
        exec(compile(source, path, "exec", optimize=optimize), module.__dict__)  # noqa: S102
        error = refusal(module, secret_key="hunter2", allowed_origins=["*"])  # noqa: S106
        if optimize == 0:
            assert error, (
                "Production with the key 'hunter2' and the origin * was allowed to "
                "start. Raise UnsafeSettingsError for either of them."
            )
        assert error, (
            "Production with the key 'hunter2' and the origin * was refused by "
            "`python`, and allowed to start by `python -O`. That option leaves assert "
            "statements out: they are for tests. Test with `if`, and raise."
        )


def test_the_sample_key_is_refused() -> None:
    """In production `SAMPLE_KEY` is refused, long as it is."""
    from waybill.settings import SAMPLE_KEY

    assert_refused(
        refusal(secret_key=SAMPLE_KEY),
        "SAMPLE_KEY",
        "It stands in the source code, for everybody to read. It is longer than 32 "
        "bytes, so the length alone won't find it.",
    )
    copy = "".join([*SAMPLE_KEY])  # as text from a file is: equal, another object
    assert_refused(
        refusal(secret_key=copy),
        "the text of SAMPLE_KEY, as it comes from a variable or from .env,",
        "SAMPLE_KEY itself was refused. Text from outside is another object with the "
        "same characters: compare the characters.",
    )


@pytest.mark.parametrize("length", [0, 1, 16, 31])
def test_a_short_key_is_refused(length: int) -> None:
    """In production a key below 32 bytes is refused."""
    assert_refused(
        refusal(secret_key="x" * length),
        f"a key of {length} bytes",
        "At least 32 are needed; compare with that number.",
    )


@pytest.mark.parametrize("key", ["é" * 16, "字" * 11])
def test_bytes_count_not_characters(key: str) -> None:
    """The length of a key is counted in bytes, not in characters."""
    error = refusal(secret_key=key)
    assert error is None, (
        f"The key {key} has {len(key)} characters and {len(key.encode())} bytes, which "
        f"is enough, and refuse_unsafe raised {shown(error)}. A text becomes bytes "
        "when it is encoded."
    )


@pytest.mark.parametrize("origins", [["*"], ["https://waybill.example", "*"]])
def test_a_wildcard_is_refused(origins: list[str]) -> None:
    """In production `*` among the allowed origins is refused."""
    assert_refused(
        refusal(allowed_origins=origins),
        f"the origins {origins}",
        "With * any web page may speak for a signed-in sender: look through the list.",
    )


@pytest.mark.parametrize(
    ("changed", "at_fault"),
    [
        ({"secret_key": "hunter2"}, {"secret_key"}),
        ({"allowed_origins": ["*"]}, {"allowed_origins"}),
        (
            {"secret_key": "hunter2", "allowed_origins": ["*"]},
            {"secret_key", "allowed_origins"},
        ),
    ],
)
def test_every_variable_at_fault_is_named(
    changed: dict[str, object], at_fault: set[str]
) -> None:
    """One error names every variable at fault, and no other."""
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
        f"The error says {text!r}, where {variables(at_fault - named)} is not to be "
        "found. Whoever starts Waybill sets variables and knows no fields: name "
        "what they have to set, letter for letter."
    )


def variables(fields: set[str]) -> str:
    """Return the names of these fields' variables."""
    return " and ".join(VARIABLES[field] for field in sorted(fields)) or "none"


@pytest.mark.parametrize("key", [SHORT, LONG])
def test_the_key_is_not_shown(key: str) -> None:
    """The error shows no part of the key."""
    error = refusal(secret_key=key, allowed_origins=["*"])
    assert_refused(error, f"the key {key!r} and the origin *", "Look at every rule.")
    log = "".join(traceback.format_exception(error)) if error else ""
    part = longest_part(key, log)
    assert len(part) < 3, (
        f"The key was {key!r}, and the error shows {part!r} of it: "
        f"{log.splitlines()[-1]}. Errors end in logs, and logs are read by many: what "
        "they know, they needn't guess. Say what is wrong instead."
    )


def longest_part(key: str, text: str) -> str:
    """Return the longest run of a key's characters that stands in a text."""
    size = len(key)
    runs = {key[i:j] for i in range(size) for j in range(i + 1, size + 1)}
    return max((run for run in runs if run in text), key=len, default="")
