"""Checks of settings.settings: text from outside, with types."""

import os
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError
from pydantic_settings import BaseSettings

if TYPE_CHECKING:
    from waybill.settings import Settings

FIELDS = ("environment", "database_url", "secret_key", "allowed_origins")
Read = Callable[..., "Settings"]
Refusal = Callable[..., ValueError | None]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A current folder without a `.env`, and no variable of Waybill's."""
    for name in list(os.environ):
        if name.upper().startswith("WAYBILL_") or name.lower() in FIELDS:
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def refusal(monkeypatch: pytest.MonkeyPatch) -> Refusal:
    """Return a function that reads with these variables set, and returns the error."""

    def error_of(**variables: str) -> ValueError | None:
        from waybill.settings import Settings

        with monkeypatch.context() as place:
            for name, value in variables.items():
                place.setenv(name, value)
            try:
                Settings()
            except ValueError as error:
                return error
        return None

    return error_of


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Read:
    """Return a function that reads the settings with these variables set."""

    def settings_with(advice: str = "", /, **variables: str) -> "Settings":
        from waybill.settings import Settings

        place = f"variables {variables}" if variables else "no variables"
        for file in Path().glob(".env"):
            place += f" and a .env that says {file.read_text(encoding='utf-8')!r}"
        settings, refused = None, ""
        with monkeypatch.context() as environment:
            for name, value in variables.items():
                environment.setenv(name, value)
            try:
                settings = Settings()
            except ValueError as error:
                refused = mistakes(error)
        assert settings, f"With {place}, Settings() was refused: {refused}. {advice}"
        return settings

    return settings_with


def mistakes(error: ValueError) -> str:
    """Return what was wrong, as far as it is known, in one line."""
    if not isinstance(error, ValidationError):
        return str(error)
    return "; ".join(
        f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()
    )


def where_it_looks(model: type[Any], field: str) -> str:
    """Return where a class looks for a field's variable, as far as that is wrong."""
    if not issubclass(model, BaseSettings):
        return "Settings() doesn't read it: pydantic_settings has a base that does."
    config, alias = model.model_config, model.model_fields[field].validation_alias
    prefix = config.get("env_prefix", "")
    if alias:
        return f"It has the alias {alias!r}, which is looked for instead of its name."
    if not prefix:
        return "Give the whole class a prefix, in its configuration."
    if prefix.upper() != "WAYBILL_":
        return f"The prefix {prefix!r} and the field's name are joined as they are."
    if config.get("case_sensitive"):
        return f"With case_sensitive, your class looks for {prefix}{field} instead."
    return "Your class has the right prefix: what else changes what it reads?"


def secret_of(settings: "Settings") -> str:
    """Return the secret key as text, whatever hides it."""
    unwrap = getattr(settings.secret_key, "get_secret_value", None)
    return unwrap() if unwrap else settings.secret_key


def test_nothing_set_means_development(read: Read) -> None:
    """With nothing set, the defaults of the brief hold, and the key is `SAMPLE_KEY`."""
    from waybill.settings import SAMPLE_KEY

    assert len(SAMPLE_KEY) >= 32, (
        f"SAMPLE_KEY is {SAMPLE_KEY!r} now. Leave its text as it was in the cell: the "
        "next kata needs it long."
    )
    settings = read()
    missing = [name for name in FIELDS if not hasattr(settings, name)]
    assert not missing, f"Settings has no {missing}. Keep all four fields of the stub."
    found = (settings.environment, settings.database_url, settings.allowed_origins)
    expected = ("development", "sqlite+aiosqlite:///waybill.db", [])
    assert found == expected, (
        f"With nothing set, environment, database_url and allowed_origins should be "
        f"{expected}; yours are {found}. Keep the stub's defaults."
    )
    assert secret_of(settings) == SAMPLE_KEY, (
        "With nothing set, the secret key should be SAMPLE_KEY, as in the stub; yours "
        f"is {secret_of(settings)!r}."
    )


@pytest.mark.parametrize("name", ["parcels", "depot_7"])
def test_each_field_has_a_variable(read: Read, name: str) -> None:
    """Each field is read from a variable: its name in capitals, behind `WAYBILL_`."""
    from waybill.settings import Settings

    url = f"sqlite+aiosqlite:///{name}.db"
    settings = read(
        WAYBILL_ENVIRONMENT="production",
        WAYBILL_DATABASE_URL=url,
        WAYBILL_SECRET_KEY=f"{name} and more",
    )
    found = (settings.environment, settings.database_url, secret_of(settings))
    expected = ("production", url, f"{name} and more")
    for field, mine, wanted in zip(FIELDS, found, expected, strict=False):
        assert mine == wanted, (
            f"WAYBILL_{field.upper()} was set to {wanted!r}, and `{field}` is "
            f"{mine!r}. {where_it_looks(Settings, field)}"
        )


def test_other_programs_variables_are_not_read(read: Read) -> None:
    """A variable without the prefix belongs to another program and is not read."""
    settings = read(DATABASE_URL="postgresql://billing")
    assert settings.database_url == "sqlite+aiosqlite:///waybill.db", (
        f"DATABASE_URL, without WAYBILL_ in front, was set for another program, and "
        f"`database_url` is {settings.database_url!r}. Let each field be read from the "
        "prefixed name alone; a prefix for the whole class sees to that."
    )


def test_origins_are_a_list(read: Read) -> None:
    """`WAYBILL_ALLOWED_ORIGINS` is a list, written as JSON."""
    for origins in (["https://a.example"], ["https://b.example", "http://c.example"]):
        text = str(origins).replace("'", '"')
        settings = read(WAYBILL_ALLOWED_ORIGINS=text)
        assert settings.allowed_origins == origins, (
            f"WAYBILL_ALLOWED_ORIGINS was {text}, and `allowed_origins` is "
            f"{settings.allowed_origins!r}. Keep it a list[str]: the JSON is read for "
            "you."
        )


def test_env_file_is_read(read: Read, folder: Path) -> None:
    """A file `.env` in the current folder holds the same lines."""
    for depot in ("hamburg", "lyon"):
        line = f"WAYBILL_DATABASE_URL=sqlite+aiosqlite:///{depot}.db\n"
        (folder / ".env").write_text(line, encoding="utf-8")
        found = read().database_url
        assert found == f"sqlite+aiosqlite:///{depot}.db", (
            f"A file .env in the current folder says {line.strip()}, and "
            f"`database_url` is {found!r}. Tell model_config the name of the file: it "
            "is looked for when Settings() is called."
        )


def test_environment_wins(read: Read, folder: Path) -> None:
    """What is set in the environment wins over the file."""
    (folder / ".env").write_text("WAYBILL_DATABASE_URL=of-file\n", encoding="utf-8")
    found = read(WAYBILL_DATABASE_URL="of-environment").database_url
    assert found == "of-environment", (
        f"The variable says 'of-environment', .env says 'of-file', and `database_url` "
        f"is {found!r}. Pydantic's own order of sources is the one you want."
    )


def test_other_programs_keys_do_no_harm(read: Read, folder: Path) -> None:
    """Other programs' keys in `.env` are neither refused nor kept."""
    lines = "POSTGRES_PASSWORD=pigeon\nWAYBILL_COLOUR=teal\nWAYBILL_DATABASE_URL=mine\n"
    (folder / ".env").write_text(lines, encoding="utf-8")
    settings = read(
        "Databases and other tools read the same file: tell model_config what is to "
        "become of the keys that are not yours."
    )
    assert settings.database_url == "mine", (
        f".env says WAYBILL_DATABASE_URL=mine between other programs' keys, and "
        f"`database_url` is {settings.database_url!r}."
    )
    kept = [word for word in ("pigeon", "teal") if word in repr(settings)]
    assert not kept, (
        f"Your settings have kept {kept} from .env, where it belongs to another "
        "program. Of the three choices of extra=, one keeps, one refuses."
    )


@pytest.mark.parametrize("word", ["Production", "prod", "staging", "productions"])
def test_environment_has_two_spellings(read: Read, refusal: Refusal, word: str) -> None:
    """The environment is `development` or `production`; other spellings are refused."""
    error = refusal(WAYBILL_ENVIRONMENT=word)
    found = None if error else read(WAYBILL_ENVIRONMENT=word).environment
    harm = (
        "Your class corrects the spelling; whatever else reads the variable won't. "
        "Refuse it: the field's type does that alone, with no validator."
        if found == "production"
        else "That isn't 'production', so Waybill would run as if in development. Let "
        "the field's type allow two texts and no third."
    )
    assert error, (
        f"WAYBILL_ENVIRONMENT={word} was accepted, and `environment` is {found!r}. "
        f"{harm}"
    )
    assert "environment" in str(error).lower(), (
        f"WAYBILL_ENVIRONMENT={word} was refused, and the error doesn't say which "
        f"variable it means: {error}. Refuse it by the field's type."
    )


@pytest.mark.parametrize("field", FIELDS)
def test_no_field_may_be_none(field: str) -> None:
    """Values may also be passed by name, as tests do; none of them may be None."""
    from waybill.settings import Settings

    value = {"allowed_origins": ["http://d.example"], "environment": "production"}
    given = value.get(field, "by name")
    settings = Settings(**{field: given})
    found = secret_of(settings) if field == "secret_key" else getattr(settings, field)
    assert found == given, (
        f"Settings({field}={given!r}) has {found!r} as its `{field}`. Code may pass a "
        "value by the field's name; with an alias that has to be allowed."
    )
    refused = False
    try:
        Settings(**{field: None})
    except (TypeError, ValueError):
        refused = True
    assert refused, (
        f"Settings({field}=None) was accepted. Whatever reads `{field}` counts on a "
        "value: leave `| None` out of its type."
    )


@pytest.mark.parametrize("key", ["pigeon-loft-1987", "a longer key, with some spaces"])
def test_the_key_is_never_shown(read: Read, key: str) -> None:
    """The secret key is never shown; `get_secret_value()` gives it."""
    settings = read(WAYBILL_SECRET_KEY=key)
    for how, shown in (
        ("print(settings)", f"{settings} {settings!r}"),
        ("model_dump()", f"{settings.model_dump()}"),
        ("model_dump_json()", settings.model_dump_json()),
        ("print(settings.secret_key)", f"{settings.secret_key}"),
    ):
        assert key not in shown, (
            f"{how} shows the secret key in full, and so would a log. Pydantic has a "
            "type of text that prints as stars."
        )
    assert hasattr(settings.secret_key, "get_secret_value"), (
        f"`secret_key` is a {type(settings.secret_key).__name__}. The code that needs "
        "the key asks for it with get_secret_value(): make it a SecretStr."
    )
    value = settings.secret_key.get_secret_value()
    assert value == key, (
        f"WAYBILL_SECRET_KEY was {key!r}, and get_secret_value() gives {value!r}."
    )


@pytest.mark.parametrize("field", ["environment", "allowed_origins"])
def test_an_error_does_not_repeat_the_value(refusal: Refusal, field: str) -> None:
    """A printed error doesn't repeat the wrong value: it may be a mixed-up secret."""
    variable = f"WAYBILL_{field.upper()}"
    error = refusal(**{variable: '["pigeon-loft-1987", 7]'})
    assert error, (
        f"{variable} held text that fits no other field, and it was accepted. Let "
        "the field's type refuse it."
    )
    shown = "".join(traceback.format_exception(error))
    assert "pigeon-loft" not in shown, (
        f"A password got into {variable} by mistake, and the error printed it, so it "
        "is in the log now. Pydantic can hide the input in its errors: look among the "
        "settings of model_config."
    )
