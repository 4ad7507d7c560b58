"""What is installed: the same versions for everybody, and the course in the wheel."""

import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.helpers.cli import Answer, environment_without_kernel, kata
from tests.helpers.places import ROOT

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
ALL = re.MULTILINE | re.DOTALL
LISTS = [PROJECT["dependencies"], PROJECT["optional-dependencies"]["dev"]]
# In pieces, so that this file does not name them itself.
REGISTRIES = ["py" + "pi.org", "python" + "hosted", "npm" + "js.", "yarn" + "pkg."]


def needed_by(name: str, extras: frozenset[str]) -> Iterator[Requirement]:
    """Return what an installed distribution requires here, with these extras."""
    for text in metadata.requires(name) or []:
        needed = Requirement(text)
        settings = [{"extra": extra} for extra in ("", *extras)]
        if not needed.marker or any(map(needed.marker.evaluate, settings)):
            yield needed


def used_directly() -> list[str]:
    """Return what pyproject.toml lists above "What those bring with them"."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lists = re.findall(
        r"^(?:dependencies|dev) = \[\n(.+?)# What those bring", text, ALL
    )
    return [name for part in lists for name in re.findall(r'^  "([\w-]+)', part, ALL)]


def pulled_in(names: list[str]) -> dict[str, str]:
    """Return these distributions and all that they bring, with their versions."""
    waiting = [(name, frozenset[str]()) for name in names]
    seen = {*waiting}
    while waiting:
        for needed in needed_by(*waiting.pop()):
            one = (canonicalize_name(needed.name), frozenset(needed.extras))
            if one not in seen:
                seen.add(one)
                waiting.append(one)
    return {name: metadata.version(name) for name in sorted({name for name, _ in seen})}


def test_what_is_pinned_is_what_is_used_with_all_that_it_brings() -> None:
    pins = {
        canonicalize_name(pin.name): str(pin.specifier)
        for pin in map(Requirement, LISTS[0] + LISTS[1])
        if not pin.marker or pin.marker.evaluate()
    }
    needed = pulled_in(used_directly())
    assert pins == {name: f"=={version}" for name, version in needed.items()}


@pytest.mark.parametrize("pins", LISTS, ids=["dependencies", "dev"])
def test_every_pin_names_one_version(pins: list[str]) -> None:
    for pin in map(Requirement, pins):
        (specifier,) = pin.specifier
        assert specifier.operator == "=="
        assert "*" not in specifier.version


def test_the_wheel_is_built_by_the_pinned_backend() -> None:
    (backend,) = PYPROJECT["build-system"]["requires"]
    assert backend in LISTS[1]


def test_no_committed_file_names_a_registry() -> None:
    git = shutil.which("git")
    if not git or not (ROOT / ".git").exists():
        pytest.skip("this is no clone")
    listed = subprocess.run(
        [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        path = ROOT / name
        text = path.read_bytes().decode(errors="replace") if path.is_file() else ""
        named = [registry for registry in REGISTRIES if registry in text]
        assert not named, f"{name} names {named}"


def built(kind: str, source: Path, into: Path) -> Path:
    """Build a wheel or an sdist, without reaching for the network."""
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(into)],
        cwd=source,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (path,) = into.iterdir()
    return path


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Path:
    """The Python of an environment with the wheel in it, far from any clone."""
    root = tmp_path_factory.mktemp("installed") / "env"
    python = environment_without_kernel(root)
    own = dict.fromkeys(("base", "platbase", "installed_base"), str(root))
    packages = sysconfig.get_path("purelib", "venv", own)
    shutil.unpack_archive(wheel, packages, "zip")
    return python


def run(python: Path, cwd: Path, *arguments: str) -> Answer:
    return kata(*arguments, cwd=cwd, python=python, KATA_COURSE="")


def test_the_wheel_is_typed_and_holds_nothing_that_tools_left_behind(
    wheel: Path,
) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert "kata/py.typed" in names
    assert not [name for name in names if "cache/" in name or "checkpoint" in name]
    assert not [name for name in names if name.startswith(("tests/", "solutions/"))]


def test_a_wheel_from_the_source_distribution_is_the_same(
    wheel: Path, tmp_path: Path
) -> None:
    with tarfile.open(built("sdist", ROOT, tmp_path / "sdist")) as archive:
        # The Pythons that lack this filter do not ask for one either.
        archive.extraction_filter = getattr(tarfile, "data_filter", None)
        archive.extractall(tmp_path / "source")  # noqa: S202 - our own archive
    (source,) = (tmp_path / "source").iterdir()
    again = built("wheel", source, tmp_path / "wheel")
    assert again.read_bytes() == wheel.read_bytes()


def test_an_installed_course_is_whole_and_in_step(
    installed: Path, tmp_path: Path
) -> None:
    assert run(installed, tmp_path, "build", "--check") == Answer(0, "", "")


def test_an_installed_course_works_without_a_clone(
    installed: Path, tmp_path: Path
) -> None:
    doctor = run(installed, tmp_path, "doctor").out
    assert str(installed.parents[1]) in doctor
    started = run(installed, tmp_path, "start", "--no-server")
    assert started.status == 0, started.err
    place = tmp_path / "my-waybill"
    assert (place / "01_first_endpoint.ipynb").exists()
    untouched = run(installed, place, "check", "first_endpoint.app")
    assert untouched.status == 1
    assert run(installed, place, "catch-up", "02").status == 0
    green = run(installed, place, "check", "first_endpoint.app")
    assert green.status == 0, green.out
