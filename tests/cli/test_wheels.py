"""`kata doctor --wheels`: what a room without a network needs, in one folder."""

import json
import sys
from importlib import metadata
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.helpers.cli import Answer, kata

PIP = """\
import json, os, sys
from pathlib import Path
with open(os.environ["SAID"], "a") as said:
    print(json.dumps(sys.argv[1:]), file=said)
print("Looking in some index")
for one in sys.argv:
    if "==" in one:
        print("Collecting", one)
option = "--dest" if "download" in sys.argv else "--wheel-dir"
folder = sys.argv[sys.argv.index(option) + 1]
Path(folder).mkdir(exist_ok=True)
Path(folder, f"{sys.argv[1]}.whl").write_bytes(bytes(3_000_000))
if sys.argv[1] == os.environ.get("FAILS"):
    sys.exit("ERROR: no such package")
"""


@pytest.fixture
def pip(tmp_path: Path) -> Path:
    """A pip that notes what it is asked, and needs no network."""
    package = tmp_path / "python" / "pip"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text(PIP)
    return package


def wheels(pip: Path, folder: Path, **more: str) -> Answer:
    said = {"PYTHONPATH": str(pip.parent), "SAID": str(pip / "said"), **more}
    return kata("doctor", "--wheels", str(folder), cwd=pip.parents[1], **said)


def asked(pip: Path) -> list[list[str]]:
    return [json.loads(line) for line in (pip / "said").read_text().splitlines()]


def pins_asked(pip: Path) -> list[Requirement]:
    calls = [call for call in asked(pip) if call[0] == "download"]
    pins = [[Requirement(one) for one in call if "==" in one] for call in calls]
    for call in pins:  # pip refuses two versions of a package
        assert len({one.name for one in call}) == len(call)
    return [pin for call in pins for pin in call]


def test_every_pin_for_this_system_is_downloaded_as_a_wheel(
    pip: Path, tmp_path: Path
) -> None:
    shown = wheels(pip, tmp_path / "room")
    assert shown.status == 0
    download = asked(pip)[0]
    assert download[0] == "download"
    assert {"--no-deps", "--only-binary", ":all:"} <= {*download}
    assert download[download.index("--dest") + 1] == str(tmp_path / "room")
    pins = pins_asked(pip)
    assert not any(pin.marker for pin in pins)
    names = {pin.name for pin in pins}
    assert not names & {"mkdocs-material", "schemathesis"}  # for authors
    assert ("appnope" in names) == (sys.platform == "darwin")
    assert ("overrides" in names) == (sys.version_info < (3, 12))
    assert f"fastapi=={metadata.version('fastapi')}" in map(str, pins)
    assert not [word for call in asked(pip) for word in call if "://" in word]


def test_the_course_itself_comes_along_and_one_command_installs_all(
    pip: Path, tmp_path: Path
) -> None:
    shown = wheels(pip, tmp_path / "two words")
    assert asked(pip)[-1][:2] == ["wheel", "--no-deps"]
    folder = tmp_path / "two words"
    wanted = f'pip install --no-index --find-links "{folder}" fastapi-katas'
    assert shown.out.splitlines()[-2:] == [wanted, f"uv {wanted}"]
    assert "holds 2 wheels, 6 MB." in " ".join(shown.out.split())


def test_pip_s_log_is_not_shown_but_for_what_went_wrong(
    pip: Path, tmp_path: Path
) -> None:
    shown = wheels(pip, tmp_path / "room")
    assert "Collecting" not in shown.out + shown.err
    shown = wheels(pip, tmp_path / "room", FAILS="download")
    assert "Looking in" not in shown.err
    assert "ERROR: no such package" in shown.err


@pytest.mark.parametrize("step", ["download", "wheel"])
def test_a_download_that_failed_promises_nothing(
    step: str, pip: Path, tmp_path: Path
) -> None:
    shown = wheels(pip, tmp_path / "room", FAILS=step)
    assert shown.status == 2
    assert "pip did not get everything" in shown.err
    assert "--no-index" not in shown.out


def test_every_release_of_this_python_finds_all_that_it_needs(
    pip: Path, tmp_path: Path
) -> None:
    wheels(pip, tmp_path / "room")
    pins = {pin.name for pin in pins_asked(pip)}
    assert pins >= needed_by_any_release("fastapi-katas", set())


def needed_by_any_release(name: str, extras: set[str]) -> set[str]:
    """Return what a package needs, and what that needs, under any of the releases."""
    seen: set[tuple[str, str]] = set()
    waiting = [(name, "", *sorted(extras))]
    while waiting:
        package, *wanted = waiting.pop()
        for line in requirements_of(package):
            one = Requirement(line)
            if not any(holds(one, extra) for extra in ["", *wanted]):
                continue
            for extra in ["", *sorted(one.extras)]:
                if (one.name, extra) not in seen:
                    seen.add((one.name, extra))
                    waiting.append((one.name, extra))
    return {canonicalize_name(found) for found, _ in seen}


def requirements_of(package: str) -> list[str]:
    try:
        return metadata.requires(package) or []
    except metadata.PackageNotFoundError:  # another release needs it
        return []


def holds(requirement: Requirement, extra: str) -> bool:
    version = ".".join(map(str, sys.version_info[:2]))
    marker = requirement.marker
    return marker is None or any(
        marker.evaluate({"python_full_version": f"{version}.{patch}", "extra": extra})
        for patch in range(30)
    )


@pytest.fixture
def ensurepip(pip: Path) -> Path:
    """A Python without pip, and the folder of what it ships to bring it."""
    (pip / "__main__.py").unlink()
    bundled = pip.parent / "ensurepip" / "_bundled"
    bundled.mkdir(parents=True)
    (bundled.parent / "__init__.py").touch()
    return bundled


def test_an_environment_without_pip_uses_the_one_that_python_ships(
    pip: Path, ensurepip: Path, tmp_path: Path
) -> None:
    with ZipFile(ensurepip / "pip-23.2-py3-none-any.whl", "w") as wheel:
        wheel.writestr("pip/__main__.py", PIP)
    shown = wheels(pip, tmp_path / "room")
    assert shown.status == 0, shown.err
    assert {call[0] for call in asked(pip)} == {"download", "wheel"}


@pytest.mark.usefixtures("ensurepip")
def test_a_python_that_can_not_bring_pip_says_how_to_get_it(
    pip: Path, tmp_path: Path
) -> None:
    shown = wheels(pip, tmp_path / "room")
    assert shown.status == 2
    assert "has no pip" in shown.err
    assert "`uv pip install pip`" in " ".join(shown.err.split())


def test_a_file_is_not_a_folder(pip: Path, tmp_path: Path) -> None:
    (tmp_path / "room").touch()
    shown = wheels(pip, tmp_path / "room")
    assert shown.status == 2
    assert "is a file, not a folder" in " ".join(shown.err.split())
