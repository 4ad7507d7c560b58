"""Which distributions code needs, in the versions that the course was made with."""

import ast
import re
import sys
from collections.abc import Iterable
from functools import cache
from importlib import metadata

from kata.source.syntax import parsed

COURSE = "fastapi-katas"
DRIVER = re.compile(r"\b\w+\+(\w+)://")
"""A database's address names its driver, which no import does."""
UNNAMED = {
    "EmailStr": "email_validator",
    "File": "python_multipart",
    "Form": "python_multipart",
    "OAuth2PasswordRequestForm": "python_multipart",
    "UploadFile": "python_multipart",
}
"""What FastAPI and Pydantic import when these names of theirs are used."""
NAME = re.compile(r"[A-Za-z0-9._-]+")


def pinned(modules: Iterable[str]) -> list[str]:
    """Return the requirements that bring these modules, sorted.

    What the course does not pin, such as a package that a learner added, is pinned to
    the version that is installed. A module that nothing installed brings is left out.
    """
    pins = _pins_of_the_course()
    found = set()
    for name in filter(None, map(_distribution, modules)):
        found.add(pins.get(_canonical(name)) or f"{name}=={metadata.version(name)}")
    return sorted(found, key=lambda pin: pin.partition("==")[0].lower())


def pins_of(names: Iterable[str]) -> list[str]:
    """Return the requirements of these distributions, installed or not, sorted."""
    pins = _pins_of_the_course()
    return sorted(pins.get(_canonical(name), name) for name in names)


def modules_of(source: str) -> set[str]:
    """Return the top-level modules that code imports or names, the standard's aside."""
    found = set(DRIVER.findall(source))
    for node in ast.walk(parsed(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            top = (node.module or "").partition(".")[0]
            found.add(top)
            if top in {"fastapi", "pydantic"}:
                names = {alias.name for alias in node.names}
                found |= {UNNAMED[name] for name in names & UNNAMED.keys()}
    return found - sys.stdlib_module_names


def required_python() -> str:
    """Return the Pythons that the course runs on."""
    try:
        return metadata.metadata(COURSE)["Requires-Python"] or ">=3.11"
    except metadata.PackageNotFoundError:
        return ">=3.11"


def _distribution(module: str) -> str:
    return _distributions().get(module, [""])[0]


@cache
def _distributions() -> dict[str, list[str]]:
    return {**metadata.packages_distributions()}


def _pins_of_the_course() -> dict[str, str]:
    try:
        lines = metadata.requires(COURSE) or []
    except metadata.PackageNotFoundError:  # run from a clone that is not installed
        return {}
    pins = (line.partition(";")[0].strip() for line in lines)
    return {_canonical(match[0]): pin for pin in pins if (match := NAME.match(pin))}


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
