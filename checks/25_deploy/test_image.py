"""Checks of deploy.image: the recipe of an image, read as Docker reads it."""

import json
import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from string import Template
from typing import Any

import pytest
from dockerfile_parse import DockerfileParser

FILE = "requirements.txt"
SECRET = re.compile(r"secret|password|passwd|token|_key\b|database_url", re.IGNORECASE)
SERVE = ["-m", "waybill.serve"]


@dataclass
class Stage:
    """What stands below one FROM."""

    image: str
    name: str
    steps: list[tuple[str, str]] = field(default_factory=list)

    def last(self, instruction: str) -> str | None:
        """Return the last step of a kind; earlier ones count for nothing."""
        found = [value for kind, value in self.steps if kind == instruction]
        return found[-1] if found else None


@pytest.fixture
def stages(file_of: Callable[[str], Path]) -> list[Stage]:
    """The stages of the learner's Dockerfile."""
    text = file_of("Dockerfile").read_text(encoding="utf-8")
    parser = DockerfileParser(fileobj=BytesIO(text.encode()))
    arguments: dict[str, str] = {}
    found: list[Stage] = []
    for step in parser.structure:
        kind, value = step["instruction"], step["value"]
        if kind == "FROM":
            words = [one for one in value.split() if not one.startswith("--")]
            image = Template(words[0]).safe_substitute(arguments)
            name = words[2] if words[1:2] and words[1].upper() == "AS" else ""
            found.append(Stage(image, name))
        elif kind == "ARG" and not found:
            name, _, default = value.partition("=")
            arguments[name] = default.strip("\"'")
        elif kind != "COMMENT" and found:
            found[-1].steps.append((kind, value))
    assert found, "The Dockerfile has no FROM: each image begins from another one."
    return found


def as_list(value: str | None) -> list[str] | None:
    """Return a command that is a list; None if it is a line for a shell."""
    try:
        found = json.loads(value or "")
    except ValueError:
        return None
    return found if isinstance(found, list) else None


def copied(value: str) -> tuple[dict[str, str], list[str], str]:
    """Return the options of a COPY, what it copies, and where that goes."""
    words = as_list(value) or shlex.split(value)
    options = dict(
        one.removeprefix("--").partition("=")[::2] for one in words if one[:2] == "--"
    )
    names = [one for one in words if one[:2] != "--"]
    return options, [re.sub(r"^\./|/$", "", one) for one in names[:-1]], names[-1]


def from_folder(stage: Stage) -> list[tuple[str, str]]:
    """Return what a stage copies from the folder of the Dockerfile, and where to."""
    return [
        (source or ".", target)
        for kind, value in stage.steps
        if kind in {"COPY", "ADD"}
        for options, sources, target in [copied(value)]
        if "from" not in options
        for source in sources
    ]


def installs(kind: str, value: str) -> bool:
    """Tell whether a step installs what the requirements name."""
    return kind == "RUN" and "install" in value and FILE in value


# - Each `FROM` names a version of its image, and the last one is a slim Python.
def test_images_have_a_version(stages: list[Stage]) -> None:
    """Each FROM names a version of its image, and never `latest`."""
    names = {one.name for one in stages if one.name}
    for stage in stages:
        if stage.image in names:
            continue
        last = stage.image.partition("@")[0].rsplit("/")[-1]
        tag = last.partition(":")[2]
        versioned = bool(re.search(r"\d", tag)) and "latest" not in tag
        assert versioned, (
            f"FROM {stage.image}: its version is "
            f"{repr(tag) if tag else 'not named, which means latest'}. Next month that "
            "is another Python, and nobody has changed a line."
        )


# - Each `FROM` names a version of its image, and the last one is a slim Python.
def test_the_last_image_is_small(stages: list[Stage]) -> None:
    """The last image is a slim Python, 3.11 or newer."""
    known = {one.name: one.image for one in stages if one.name}
    image = known.get(stages[-1].image, stages[-1].image)
    name, _, tag = image.partition("@")[0].rsplit("/")[-1].partition(":")
    number = re.match(r"3\.(\d+)\b", tag)
    fits = name == "python" and number and int(number[1]) >= 11 and "slim" in tag
    assert fits, (
        f"The last FROM is {image}. Without `-slim` it brings compilers and hundreds "
        "of tools that Waybill never starts; an attacker would. Waybill needs Python "
        "3.11 or newer, so `python:3.13-slim`, say."
    )


# - `requirements.txt` is copied and installed before any of your code is
def test_requirements_come_before_the_code(stages: list[Stage]) -> None:
    """Requirements are copied and installed before any code is copied."""
    for stage in stages:
        there: set[str] = set()
        for kind, value in stage.steps:
            if kind in {"COPY", "ADD"} and "from" not in copied(value)[0]:
                there.update(copied(value)[1] or ["."])
            if kind == "RUN" and f"source={FILE}" in value:
                there.add(FILE)
            if installs(kind, value):
                early = sorted(one for one in there if one != FILE)
                assert FILE in there or "." in there or "" in there, (
                    f"`RUN {value}` comes before {FILE} is copied: it isn't there."
                )
                assert not early, (
                    f"{', '.join(one or '.' for one in early)} was copied before the "
                    "requirements were installed. A step is done anew when what it "
                    "builds on has changed, so each changed line of code would install "
                    "everything again."
                )
                return
    raise AssertionError(
        f"No step installs what {FILE} names: `RUN pip install -r {FILE}`, say."
    )


# - Of your folder the image gets `requirements.txt` and `waybill`, and nothing else.
def test_only_what_it_needs_is_copied(stages: list[Stage]) -> None:
    """Of your folder the image gets the requirements and `waybill`, nothing else."""
    found = [one for stage in stages for one in from_folder(stage)]
    strange = sorted({one for one, _ in found} - {FILE, "waybill"})
    assert not strange, (
        f"It copies {', '.join(strange)}. `.` is everything that lies there: `.env` "
        "with its keys, `.git`, a database. Name what the image needs."
    )


# - Of your folder the image gets `requirements.txt` and `waybill`, and nothing else.
def test_the_package_stays_a_folder(stages: list[Stage]) -> None:
    """The package is there, in a folder of its name, and so are its requirements."""
    found = [
        where for one in stages for what, where in from_folder(one) if what == "waybill"
    ]
    assert found, "It never copies `waybill`: there is nothing to start."
    for where in found:
        assert where.rstrip("/").rsplit("/")[-1] == "waybill", (
            f"`COPY waybill {where}` copies what is *in* the folder, and Python finds "
            "no package of that name. Say `./waybill`."
        )
    last = stages[-1]
    here = any(installs(*step) for step in last.steps)
    names = {one.name for one in stages if one.name} | {
        str(number) for number in range(len(stages) - 1)
    }
    brought = any(
        kind == "COPY" and copied(value)[0].get("from") in names
        for kind, value in last.steps
    )
    assert here or brought or last.image in names, (
        "The last stage gets nothing of what an earlier one has installed. Only the "
        "last stage becomes the image; `COPY --from=…` brings something over."
    )


# - No secret stands in it: `ENV` and `ARG` name no key, no password, no token and no
def test_no_secret_stands_in_it(stages: list[Stage]) -> None:
    """No ENV and no ARG names a key, a password, a token or a database's address."""
    for stage in stages:
        for kind, value in stage.steps:
            if kind in {"ENV", "ARG"}:
                found = SECRET.search(value)
                assert not found, (
                    f"`{kind} {value}`: whoever gets the image reads it with `docker "
                    "history`, even if a later step takes it away. The place where it "
                    "runs gives Waybill its secrets."
                )


# - It runs as a user with a number that isn't 0.
def test_it_does_not_run_as_root(stages: list[Stage]) -> None:
    """It runs as a user with a number that isn't 0."""
    user = (stages[-1].last("USER") or "root").partition(":")[0]
    assert re.fullmatch("0*[1-9][0-9]*", user), (
        f"It runs as {user!r}. Whoever breaks into Waybill is that user then. Name one "
        "by its number, 10001 say: Kubernetes can't look up what a name stands for."
    )


def command_of(stage: Stage) -> tuple[str, list[str] | None]:
    """Return what a stage starts, as it stands there and as a list."""
    entry, cmd = stage.last("ENTRYPOINT"), stage.last("CMD")
    if entry is None:
        return f"CMD {cmd}", as_list(cmd)
    first, rest = as_list(entry), [] if cmd is None else as_list(cmd)
    whole = None if first is None or rest is None else [*first, *rest]
    return f"ENTRYPOINT {entry}", whole


# - `CMD` is a list that starts `python -m waybill.serve` itself, with no shell
def test_no_shell_stands_in_between(stages: list[Stage]) -> None:
    """`CMD` is a list that starts `python -m waybill.serve`, without a shell."""
    said, command = command_of(stages[-1])
    assert command is not None, (
        f"`{said}` is a line, and Docker starts a shell to read it. The shell gets the "
        "SIGTERM, and keeps it to itself. Write a list, with double quotes: "
        '`["program", "argument"]`.'
    )
    words = [str(one) for one in command]
    if words[:1] and words[0].rsplit("/")[-1] in {"tini", "dumb-init"}:
        words = words[words.index("--") + 1 :] if "--" in words else words[1:]
    program = words[0].rsplit("/")[-1] if words else "nothing"
    assert re.fullmatch(r"python(3(\.\d+)?)?", program), (
        f"`{said}` starts {program}. Start Python itself: what stands in between gets "
        "the SIGTERM, and Waybill doesn't."
    )
    module = [one for one in words[1:] if one not in {"-u", "-P"}]
    assert module == SERVE, f"`{said}` doesn't start `python -m waybill.serve`."


# - `CMD` is a list that starts `python -m waybill.serve` itself, with no shell
def test_it_listens_to_the_outside(stages: list[Stage]) -> None:
    """`WAYBILL_HOST` is 0.0.0.0, so that the outside of the container is heard."""
    last = stages[-1]
    settings: dict[str, str] = {}
    for kind, value in last.steps:
        if kind == "ENV":
            words = shlex.split(value)
            pairs = words if "=" in words[0] else [f"{words[0]}={' '.join(words[1:])}"]
            settings.update(one.partition("=")[::2] for one in pairs)
    host = settings.get("WAYBILL_HOST")
    assert host in {"0.0.0.0", "::"}, (  # noqa: S104
        f"WAYBILL_HOST is {host!r} in the image. By default Waybill listens to its own "
        "machine alone, which is the container: nobody outside would reach it."
    )


# - A `HEALTHCHECK` asks `/health`, with what is in the image.
def test_it_says_how_to_ask_whether_it_is_alive(stages: list[Stage]) -> None:
    """A HEALTHCHECK asks /health, and a slim image has Python and no curl."""
    found: Any = stages[-1].last("HEALTHCHECK")
    said = f"HEALTHCHECK {found}" if found else "no HEALTHCHECK"
    assert "CMD" in (found or "").split(), (
        f"The last stage has {said}. Without one, Docker believes that a server which "
        "answers nobody is well."
    )
    assert re.search(r"/health\b", found), f"`HEALTHCHECK {found}` doesn't ask /health."
    assert not re.search(r"\b(curl|wget)\b", found), (
        f"`HEALTHCHECK {found}`: a slim image has neither curl nor wget, so it would "
        "call every container ill. Python can ask."
    )
