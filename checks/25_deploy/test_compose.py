"""Checks of deploy.compose: what is started, in which order, and with whose secrets."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

VARIABLE = re.compile(r"\$\$|\$\{(\w+)(?:(:?[?+-])([^}]*))?\}|\$(\w+)")
ENVIRONMENT = {
    "WAYBILL_SECRET_KEY": "of-the-environment-32-bytes-and-more",
    "POSTGRES_PASSWORD": "also-of-the-environment",
    "WAYBILL_MAIL_HOST": "smtp.example.com",
}
NAMES = ("waybill", "migrate", "database", "redis")


class MissingError(Exception):
    """Compose stops: a variable is not set."""


def filled(text: str, environment: dict[str, str]) -> str:
    """Return a text with its variables, as Compose fills them in."""

    def value(match: re.Match[str]) -> str:
        name, operator, word = match[1] or match[4], match[2] or "", match[3] or ""
        if not name:
            return "$"
        if environment.get(name) or (name in environment and ":" not in operator):
            return environment[name]
        if "?" in operator:
            raise MissingError(name)
        return word if "-" in operator else ""

    return VARIABLE.sub(value, text)


@pytest.fixture
def text(file_of: Callable[[str], Path]) -> str:
    """The learner's compose.yaml."""
    return file_of("compose.yaml").read_text(encoding="utf-8")


def services_in(text: str) -> dict[str, Any]:
    """Return the services of a compose file."""
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        said = " ".join(str(error).split())
        raise AssertionError(f"compose.yaml is no YAML: {said}") from None
    services = found.get("services") if isinstance(found, dict) else None
    assert isinstance(services, dict), "compose.yaml has no `services`."
    for name in NAMES:
        assert isinstance(services.get(name), dict), (
            f"There is no service `{name}`. It has {', '.join(map(str, services))}."
        )
    return services


@pytest.fixture
def services(text: str) -> dict[str, Any]:
    """Its services, with what the environment says."""
    try:
        return services_in(filled(text, ENVIRONMENT))
    except MissingError as error:
        raise AssertionError(
            f"compose.yaml wants a variable {error}, which nobody has promised."
        ) from None


def settings_of(service: dict[str, Any]) -> dict[str, str]:
    """Return the variables of a service, from a mapping or from a list."""
    found = service.get("environment") or {}
    if isinstance(found, list):
        found = dict(str(one).partition("=")[::2] for one in found)
    return {str(name): str(value) for name, value in found.items()}


def conditions(service: dict[str, Any]) -> dict[str, str]:
    """Return what a service waits for, and until what."""
    found = service.get("depends_on") or {}
    if isinstance(found, list):
        return {str(one): "service_started" for one in found}
    return {
        str(name): (one or {}).get("condition", "service_started")
        for name, one in found.items()
    }


def words(command: object) -> list[str]:
    """Return a command's words."""
    return (
        [str(one) for one in command]
        if isinstance(command, list)
        else str(command).split()
    )


# - A service `migrate` runs `python -m waybill.migrate` once, when the database is
def test_one_step_migrates(services: dict[str, Any]) -> None:
    """`migrate` runs the migrations once, when the database is healthy."""
    migrate = services["migrate"]
    found = words(migrate.get("command"))
    assert found == ["python", "-m", "waybill.migrate"], (
        f"`migrate` runs {' '.join(found)!r}."
    )
    again = migrate.get("restart", "no")
    assert again is not False, (
        'YAML reads `no` as false, and Compose wants a text: write "no", or nothing.'
    )
    assert again == "no", (
        f"`migrate` has restart: {again}. It ends when it is done, and would be "
        "started again for ever."
    )
    waits = conditions(migrate).get("database", "nothing")
    assert waits == "service_healthy", (
        f"`migrate` waits for {waits} of the database. PostgreSQL has started long "
        "before it lets anybody in."
    )
    urls = [settings_of(services[one]).get("WAYBILL_DATABASE_URL") for one in NAMES[:2]]
    assert urls[1:] == [urls[0] or "some database"], (
        f"Waybill uses the database {urls[0]}, and `migrate` {urls[1]}."
    )


# - Waybill starts when `migrate` has completed successfully, and `database` and
def test_waybill_waits_for_the_others(services: dict[str, Any]) -> None:
    """Waybill starts when migrations are done and both servers are healthy."""
    found = conditions(services["waybill"])
    wanted = {
        "migrate": "service_completed_successfully",
        "database": "service_healthy",
        "redis": "service_healthy",
    }
    for name, condition in wanted.items():
        assert found.get(name, "nothing") == condition, (
            f"Waybill waits for {found.get(name, 'nothing')} of `{name}`; wanted is "
            f"{condition}."
        )


# - `database` and `redis` have a `healthcheck`
@pytest.mark.parametrize(
    ("name", "asks"), [("database", "pg_isready"), ("redis", "ping")]
)
def test_servers_say_whether_they_are_well(
    services: dict[str, Any], name: str, asks: str
) -> None:
    """The database and Redis are asked whether they are well."""
    check = services[name].get("healthcheck") or {}
    test = check.get("test", "nothing")
    said = " ".join(words(test))
    assert (asks in said.lower(), check.get("disable", False)) == (True, False), (
        f"The healthcheck of `{name}` is {test!r}; wanted is one with {asks}. Nobody "
        "knows when it is healthy otherwise, and who waits for that waits for ever."
    )
    if isinstance(test, list):
        assert test[0] in {"CMD", "CMD-SHELL"}, (
            f"The test of `{name}` is a list, so it has to begin with CMD: {test}"
        )


# - The key and the password come from the environment, and Compose stops if
def test_secrets_come_from_outside(services: dict[str, Any]) -> None:
    """The key and the password are those of the environment."""
    key = settings_of(services["waybill"]).get("WAYBILL_SECRET_KEY")
    assert key == ENVIRONMENT["WAYBILL_SECRET_KEY"], (
        f"Waybill's key is {key!r}, whatever WAYBILL_SECRET_KEY is in the environment. "
        "Who reads this file could sign in as anybody."
    )
    password = settings_of(services["database"]).get("POSTGRES_PASSWORD")
    assert password == ENVIRONMENT["POSTGRES_PASSWORD"], (
        f"The database's password is {password!r}, whatever POSTGRES_PASSWORD is in "
        "the environment."
    )
    for name, service in services.items():
        url = settings_of(service).get("WAYBILL_DATABASE_URL", "")
        if not url and name not in {"waybill", "migrate"}:
            continue
        parts = urlsplit(url)
        found = parts.scheme, parts.username, parts.password, parts.hostname
        wanted = ("postgresql+asyncpg", "waybill", password, "database")
        assert found == wanted, (
            f"The database of `{name}` is {url!r}; the parts of that are {found}, and "
            f"wanted are {wanted}."
        )


# - The key and the password come from the environment, and Compose stops if
@pytest.mark.parametrize("name", ["WAYBILL_SECRET_KEY", "POSTGRES_PASSWORD"])
def test_a_missing_secret_stops_everything(text: str, name: str) -> None:
    """If the key or the password is missing or empty, Compose stops."""
    for what in ({}, {name: ""}):
        others = {key: value for key, value in ENVIRONMENT.items() if key != name}
        try:
            services = services_in(filled(text, others | what))
        except MissingError as error:
            if error.args == (name,):
                continue
            raise
        found = {key: settings_of(services[key]) for key in ("waybill", "database")}
        raise AssertionError(
            f"{name} is {'empty' if what else 'not set'}, and Compose starts "
            f"everything with {found}. Write `${{{name}:?is missing}}`."
        )


# - The rows outlive their container: a volume with a name holds PostgreSQL's data.
def test_rows_outlive_their_container(text: str, services: dict[str, Any]) -> None:
    """A volume with a name holds PostgreSQL's data."""
    named = yaml.safe_load(text).get("volumes") or {}
    mounted = {}
    for one in services["database"].get("volumes") or []:
        if isinstance(one, dict):
            mounted[str(one.get("target"))] = str(one.get("source"))
        else:
            source, _, target = str(one).partition(":")
            mounted[target.partition(":")[0]] = source
    paths = ("/var/lib/postgresql/data", "/var/lib/postgresql")
    source = next((mounted[path] for path in paths if path in mounted), None)
    assert source is not None, (
        f"`database` mounts {mounted or 'nothing'}, and keeps its rows in "
        f"{paths[0]}. They go with the container."
    )
    assert source in named, (
        f"`database` keeps its rows in {source!r}, and the volumes at the end of the "
        f"file are {[*named]}. Name it there, too."
    )


# - Only Waybill has `ports`, and each image has a version.
def test_nobody_outside_reaches_the_database(services: dict[str, Any]) -> None:
    """Only Waybill has a door to the outside."""
    for name, service in services.items():
        if name != "waybill":
            assert not service.get("ports"), (
                f"`{name}` has ports {service['ports']}: everybody in your network may "
                "try its password. Containers reach each other without."
            )
    assert services["waybill"].get("ports"), "Waybill has no ports: nobody reaches it."


# - Only Waybill has `ports`, and each image has a version.
def test_images_have_a_version(services: dict[str, Any]) -> None:
    """Each image that isn't built here has a version."""
    for name, service in services.items():
        image = str(service.get("image", ""))
        if service.get("build"):
            continue
        tag = image.partition("@")[0].rsplit("/")[-1].partition(":")[2]
        assert re.search(r"\d", tag), (
            f"The image of `{name}` is {image!r}, without a version. One day that is a "
            "newer PostgreSQL, which can't read the files of the older one."
        )
    image = str(services["database"].get("image"))
    assert "postgres" in image, f"`database` is {image!r}; wanted is PostgreSQL."


# - What falls over is started again, `waybill`, `database` and `redis`.
@pytest.mark.parametrize("name", ["waybill", "database", "redis"])
def test_what_falls_over_stands_up(services: dict[str, Any], name: str) -> None:
    """Waybill, the database and Redis are started again when they fall over."""
    found = services[name].get("restart")
    assert found in {"unless-stopped", "always"}, (
        f"`{name}` has restart: {found}. After a crash, or when the machine was "
        "started anew, it stays down."
    )
