"""Checks of settings.settings: text from outside, with types and safe defaults."""

import json
import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from waybill.settings import Settings

DATABASE = "sqlite+aiosqlite:///waybill.db"
Read = Callable[..., "Settings"]
Refusal = Callable[..., ValueError | None]


def secret_of(settings: "Settings") -> str:
    """Return the secret key as text, whatever hides it."""
    unwrap = getattr(settings.secret_key, "get_secret_value", None)
    return str(unwrap() if unwrap else settings.secret_key)


def values_of(settings: "Settings") -> dict[str, object]:
    """Return the value of each field that is a text."""
    return {
        "environment": settings.environment,
        "database_url": settings.database_url,
        "secret_key": secret_of(settings),
    }


def lines(name: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return a variable for each field that is a text, and the values to come of it."""
    wanted = {
        "environment": "development",
        "database_url": f"sqlite+aiosqlite:///{name}.db",
        "secret_key": f"{name} and more",
    }
    return {f"WAYBILL_{key.upper()}": text for key, text in wanted.items()}, wanted


# - Each field is read from a variable: its name in capitals, with `WAYBILL_` in front.
@pytest.mark.parametrize("name", ["parcels", "depot_7"])
def test_each_field_has_a_variable(
    read: Read, where_it_looks: Callable[[str], str], name: str
) -> None:
    """Each field is read from a variable: `WAYBILL_` and its name in capitals."""
    variables, wanted = lines(name)
    for field, mine in values_of(read(**variables)).items():
        variable = f"WAYBILL_{field.upper()}"
        assert mine == wanted[field], (
            f"{variable} was set to {variables[variable]!r}, and `{field}` is "
            f"{mine!r}. {where_it_looks(field)}"
        )


# - `environment` is `development` or `production`, in exactly this spelling.
def test_production_is_the_default(read: Read, folder: Path) -> None:
    """With nothing set, `environment` is `production`."""
    for text in ("", "WAYBILL_SECRET_KEY=of-file\n"):
        (folder / ".env").write_text(text, encoding="utf-8")
        found = read(
            "Nothing has to be set, so each field needs a default of its type. Where a "
            "function makes it, that is Field(default_factory=...), and the type is "
            "what the function returns: SecretStr for random_key."
        ).environment
        assert found == "production", (
            f"WAYBILL_ENVIRONMENT was not set, and `environment` is {found!r}. A "
            "variable that somebody forgot must not make a server careless: let "
            "production be the default, and development what one asks for."
        )


@pytest.mark.parametrize(
    "word", ["Production", "prod", "productions", "Development", " production "]
)
def test_environment_has_two_spellings(read: Read, refusal: Refusal, word: str) -> None:
    """`environment` is `development` or `production`, in exactly this spelling."""
    error = refusal(WAYBILL_ENVIRONMENT=word)
    found = None if error else read(WAYBILL_ENVIRONMENT=word).environment
    why = (
        "Your class corrects the spelling; whatever else reads the variable won't. "
        "Refuse it: the field's type does that by itself, with no validator."
        if found in {"production", "development"}
        else "Whatever compares it with 'production' will find that it is not. Let the "
        "field's type allow two texts and no third."
    )
    assert error, (
        f"WAYBILL_ENVIRONMENT={word!r} was accepted, and `environment` is {found!r}. "
        f"{why}"
    )
    assert "environment" in str(error).lower(), (
        f"WAYBILL_ENVIRONMENT={word!r} was refused, and the error doesn't say which "
        f"variable it means: {error}. Refuse it by the field's type."
    )


# - `allowed_origins`, the web sites whose pages may call Waybill, is a list
def test_origins_are_a_list(read: Read) -> None:
    """`WAYBILL_ALLOWED_ORIGINS` is a list, written as JSON."""
    for origins in (["https://waybill.example"], ["https://b.example", "http://c.org"]):
        text = json.dumps(origins)
        found = read(WAYBILL_ALLOWED_ORIGINS=text).allowed_origins
        assert found == origins, (
            f"WAYBILL_ALLOWED_ORIGINS was {text}, and `allowed_origins` is {found!r}. "
            "Keep it a list[str]: the JSON is read for you."
        )


@pytest.mark.parametrize("environment", ["development", "production"])
def test_two_defaults_stay(read: Read, environment: str) -> None:
    """`allowed_origins` is empty by default; `database_url` keeps its default."""
    settings = read(WAYBILL_ENVIRONMENT=environment)
    found = (settings.database_url, settings.allowed_origins)
    assert found == (DATABASE, []), (
        f"With WAYBILL_ENVIRONMENT={environment} and nothing else, database_url and "
        f"allowed_origins should be {(DATABASE, [])}; yours are {found}. Keep the "
        "defaults that were in the cell."
    )


# - No key stands in the code: where none is set, each new `Settings` has another
def test_no_key_stands_in_the_code(
    read: Read, settings_module: Callable[[], ModuleType]
) -> None:
    """Where no key is set, each `Settings` has a random one of 32 bytes or more."""
    for environment in ("development", "production"):
        keys = [secret_of(read(WAYBILL_ENVIRONMENT=environment)) for _ in range(3)]
        assert len({*keys}) == len(keys), (
            f"No key was set, and two Settings have the same one, {keys[0]!r}. One "
            "that stands in the code is known to everybody who reads it. Let Field "
            "call a function for each new object."
        )
        short = min(len(key.encode()) for key in keys)
        assert short >= 32, (
            f"No key was set, and the random one has {short} bytes. Less than 32 can "
            "be guessed; the number that secrets.token_urlsafe takes is one of bytes."
        )
    again = [settings_module().Settings(environment="development") for _ in range(2)]
    assert secret_of(again[0]) != secret_of(again[1]), (
        "Your file was imported twice, as by two processes, and both began with the "
        "same key. Numbers of the module `random` can be foretold, if it was given a "
        "seed: the module `secrets` is made for keys."
    )


# - A file `.env` in the current folder may hold the same lines.
@pytest.mark.parametrize("name", ["hamburg", "lyon"])
def test_env_file_is_read(read: Read, folder: Path, name: str) -> None:
    """A file `.env` in the current folder may hold the same lines."""
    variables, wanted = lines(name)
    variables["WAYBILL_ALLOWED_ORIGINS"] = f'["https://{name}.example"]'
    text = "".join(f"{variable}={text}\n" for variable, text in variables.items())
    (folder / ".env").write_text(text, encoding="utf-8")
    settings = read()
    expected = {**wanted, "allowed_origins": [f"https://{name}.example"]}
    found = {**values_of(settings), "allowed_origins": settings.allowed_origins}
    for field, mine in found.items():
        variable = f"WAYBILL_{field.upper()}"
        assert mine == expected[field], (
            f"A file .env in the current folder says {variable}={variables[variable]}, "
            f"and `{field}` is {mine!r}. model_config names the file as env_file: a "
            "bare '.env' is looked for in the current folder, a path anywhere else."
        )


def test_environment_wins(read: Read, folder: Path) -> None:
    """If both say something, the environment wins over the file."""
    of_file, _ = lines("of-file")
    of_environment, wanted = lines("of-environment")
    text = "".join(f"{variable}={text}\n" for variable, text in of_file.items())
    (folder / ".env").write_text(text, encoding="utf-8")
    for field, mine in values_of(read(**of_environment)).items():
        assert mine == wanted[field], (
            f"The environment says {wanted[field]!r}, .env says something else, and "
            f"`{field}` is {mine!r}. The order that pydantic-settings has by itself is "
            "the one you want."
        )


# - Lines in `.env` that belong to other programs are passed over.
def test_other_programs_lines_do_no_harm(read: Read, folder: Path) -> None:
    """Lines in `.env` that belong to other programs are neither refused nor kept."""
    text = "POSTGRES_PASSWORD=pigeon\nWAYBILL_COLOUR=teal\nWAYBILL_DATABASE_URL=mine\n"
    (folder / ".env").write_text(text, encoding="utf-8")
    settings = read(
        "Databases and other tools read the same file: tell model_config what happens "
        "to the lines that are not yours."
    )
    assert settings.database_url == "mine", (
        f".env says WAYBILL_DATABASE_URL=mine between other programs' lines, and "
        f"`database_url` is {settings.database_url!r}."
    )
    kept = [word for word in ("pigeon", "teal") if word in repr(settings)]
    assert not kept, (
        f"Your settings have kept {kept} from .env, where it belongs to another "
        "program. Of the three choices of extra=, one keeps, one refuses."
    )


# - Each field is read from a variable: its name in capitals, with `WAYBILL_` in front.
@pytest.mark.parametrize("name", ["billing", "warehouse"])
def test_other_programs_variables_are_not_read(read: Read, name: str) -> None:
    """A variable without `WAYBILL_` in front is not read."""
    others = {"environment": name, "database_url": f"of-{name}", "secret_key": name}
    variables = {field.upper(): text for field, text in others.items()}
    settings = read(
        "None of these variables begins with WAYBILL_: they are not yours.",
        ALLOWED_ORIGINS=name,
        **variables,
    )
    for field, mine in values_of(settings).items():
        assert mine != others[field], (
            f"{field.upper()}, without WAYBILL_ in front, was set for another program, "
            f"and `{field}` is {mine!r}. Let each field be read from the prefixed name "
            "alone; a prefix for the whole class sees to that."
        )


# - Printed or dumped, the key is hidden; `get_secret_value()` gives it.
@pytest.mark.parametrize("key", ["pigeon-loft-1987", "a longer key, with spaces", ""])
def test_the_key_is_never_shown(read: Read, key: str) -> None:
    """Printed or dumped, the key is hidden; `get_secret_value()` gives it."""
    settings = read(WAYBILL_SECRET_KEY=key) if key else read()
    assert hasattr(settings.secret_key, "get_secret_value"), (
        f"`secret_key` is a {type(settings.secret_key).__name__}. The code that needs "
        "the key asks for it with get_secret_value(): make it a SecretStr."
    )
    value = settings.secret_key.get_secret_value()
    assert not key or value == key, (
        f"WAYBILL_SECRET_KEY was {key!r}, and get_secret_value() gives {value!r}."
    )
    for how, shown in (
        ("print(settings)", f"{settings} {settings!r}"),
        ("model_dump()", f"{settings.model_dump()}"),
        ("model_dump_json()", settings.model_dump_json()),
        ("print(settings.secret_key)", f"{settings.secret_key}"),
    ):
        assert value not in shown, (
            f"{how} shows the secret key in full, and so would a log. Pydantic has a "
            "type of text that prints as asterisks."
        )


# - A printed error doesn't repeat the wrong value.
@pytest.mark.parametrize("wrong", ['["pigeon-loft-1987", 7]', "pigeon-loft-1987"])
@pytest.mark.parametrize("field", ["environment", "allowed_origins"])
def test_an_error_does_not_repeat_the_value(
    refusal: Refusal, field: str, wrong: str
) -> None:
    """A printed error doesn't repeat the wrong value: it may be a mixed-up secret."""
    variable = f"WAYBILL_{field.upper()}"
    error = refusal(**{variable: wrong})
    assert error, (
        f"{variable} was set to {wrong!r}, and that was accepted. Let the field's type "
        "refuse it."
    )
    shown = "".join(traceback.format_exception(error))
    assert "pigeon-loft" not in shown, (
        f"A password got into {variable} by mistake, and the error printed it, so it "
        "is in the log now. Pydantic can hide the input in its errors: look among the "
        "entries of model_config."
    )


# - Values may also be passed by name, as tests do. `None` is refused for every field
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("environment", "development"),
        ("database_url", "by name"),
        ("secret_key", "by name"),
        ("allowed_origins", ["http://d.example"]),
    ],
)
def test_values_may_be_passed_by_name(field: str, value: object) -> None:
    """Values may also be passed by name, but no field may be None."""
    from waybill.settings import Settings

    settings = Settings(**{field: value})
    found = secret_of(settings) if field == "secret_key" else getattr(settings, field)
    assert found == value, (
        f"Settings({field}={value!r}) has {found!r} as its `{field}`. Code may pass a "
        "value by the field's name; with an alias that has to be allowed."
    )
    refused = False
    try:
        Settings(**{field: None})
    except (TypeError, ValueError):
        refused = True
    assert refused, (
        f"Settings({field}=None) was accepted. Whatever reads `{field}` counts on a "
        "value. Leave `| None` out of its type, and let no validator replace None."
    )
