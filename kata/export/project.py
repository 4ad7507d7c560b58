"""What an exported service has around it; the templates are in `project/`."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files

from jinja2 import BaseLoader, Environment, StrictUndefined

from kata.course.pins import required_python
from kata.export.variables import Group

DATA = files("kata.export") / "project"


@dataclass(frozen=True)
class Contents:
    """What there is in a service, and so what a project has to say about it."""

    app: str
    needs: Sequence[str]
    postgres: Sequence[str]
    dev: Sequence[str]
    backend: str
    groups: Sequence[Group]
    """The variables that it reads."""
    whole: bool
    """Whether every kata has its answer."""
    own_tests: bool
    slices: bool
    health: bool
    readiness: bool
    probes: bool
    structured: bool
    database: bool
    migrations: bool
    """Whether tables are changed by a step before the start."""
    redis: bool
    limits: bool
    stops: bool
    """Whether open streams end when the server is asked to stop."""
    crashes: bool
    """Whether a crash is answered with an id that the log knows."""
    requests: bool
    """Whether each request leaves a line in Waybill's own log."""
    dispatchers: bool
    """Whether a command makes the first dispatcher."""
    worker: bool
    """Whether a process of its own does jobs."""
    sweep: bool
    """Whether a command deletes rows that are over."""
    forward: bool
    """Whether a command hands jobs on to a queue in Redis."""
    screens: bool
    """Whether screens stay connected, by WebSockets."""
    serve: bool
    """Whether a command of its own starts it."""
    drains: bool
    """Whether it says that it will stop before it does."""
    image: bool
    """Whether a recipe of the learner's own makes its image."""
    secrets: bool
    """Whether settings may be files."""
    backup: bool
    """Whether a command copies an SQLite database."""


def around(contents: Contents) -> dict[str, str]:
    """Return the files around a service, by path; a container if there is an app."""
    tests = contents.own_tests or contents.slices
    compose = bool(contents.app and contents.database)
    wanted = {
        ".env.example": ("env.example.jinja", bool(contents.groups)),
        ".dockerignore": ("dockerignore", bool(contents.app)),
        ".github/workflows/ci.yml": ("ci.yml.jinja", True),
        ".gitignore": ("gitignore", True),
        "Dockerfile": ("Dockerfile.jinja", bool(contents.app)),
        "README.md": ("README.md.jinja", True),
        "compose.yaml": ("compose.yaml.jinja", compose),
        "pyproject.toml": ("pyproject.toml.jinja", True),
        "requirements.txt": ("requirements.txt.jinja", contents.image),
    }
    said = {
        **asdict(contents),
        "compose": compose,
        "listed": listed,
        "python": f"{sys.version_info[0]}.{sys.version_info[1]}",
        "required_python": required_python(),
        "settings": bool(contents.groups),
        "tests": tests,
    }
    return {
        path: _rendered(template, said)
        for path, (template, is_wanted) in wanted.items()
        if is_wanted
    }


def text_of(path: str) -> str:
    """Return a file of `project/`."""
    return DATA.joinpath(path).read_text(encoding="utf-8")


def names_below(path: str) -> list[str]:
    """Return the names of the Python files in a folder of `project/`."""
    entries = DATA.joinpath(path).iterdir()
    return sorted(one.name for one in entries if one.name.endswith(".py"))


def listed(name: str, pins: Sequence[str]) -> str:
    """Return a list of requirements, as pyproject.toml has it."""
    lines = "".join(f'  "{pin}",\n' for pin in pins)
    return f"{name} = [\n{lines}]" if pins else f"{name} = []"


def _rendered(template: str, said: Mapping[str, object]) -> str:
    text = text_of(template)
    if not template.endswith(".jinja"):
        return text
    return _environment().from_string(text).render(said)


@cache
def _environment() -> Environment:
    # Not HTML: what is written are files for programs, and nothing comes from outside.
    return Environment(
        loader=BaseLoader(),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
