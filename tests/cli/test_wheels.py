"""`kata doctor --wheels`: what a room without a network needs, in one folder."""

import json
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.helpers.cli import Answer, kata

PIP = """\
import json, os, sys
with open(os.environ["SAID"], "a") as said:
    print(json.dumps(sys.argv[1:]), file=said)
sys.exit(sys.argv[1] == os.environ.get("FAILS"))
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


def test_every_pin_for_this_system_is_downloaded_as_a_wheel(
    pip: Path, tmp_path: Path
) -> None:
    shown = wheels(pip, tmp_path / "room")
    assert shown.status == 0
    download = asked(pip)[0]
    assert download[:3] == ["download", "--only-binary", ":all:"]
    assert download[download.index("--dest") + 1] == str(tmp_path / "room")
    pins = [one for one in download if "==" in one]
    assert not any(";" in pin for pin in pins)
    needed = map(Requirement, metadata.requires("fastapi-katas") or [])
    here = {one.name for one in needed if not one.marker or one.marker.evaluate()}
    assert {Requirement(pin).name for pin in pins} == here
    assert f"fastapi=={metadata.version('fastapi')}" in pins
    assert "hypothesis" not in here  # for authors
    assert not [word for call in asked(pip) for word in call if "://" in word]


def test_the_course_itself_comes_along_and_one_command_installs_all(
    pip: Path, tmp_path: Path
) -> None:
    shown = wheels(pip, tmp_path / "two words")
    assert asked(pip)[1][:2] == ["wheel", "--no-deps"]
    assert shown.out.splitlines()[-1] == (
        f'pip install --no-index --find-links "{tmp_path / "two words"}" fastapi-katas'
    )


@pytest.mark.parametrize("step", ["download", "wheel"])
def test_a_download_that_failed_promises_nothing(
    step: str, pip: Path, tmp_path: Path
) -> None:
    shown = wheels(pip, tmp_path / "room", FAILS=step)
    assert shown.status == 2
    assert "pip did not get everything" in shown.err
    assert "--no-index" not in shown.out


def test_a_python_without_pip_says_how_to_get_it(pip: Path, tmp_path: Path) -> None:
    (pip / "__main__.py").unlink()
    shown = wheels(pip, tmp_path / "room")
    assert shown.status == 2
    assert "has no pip" in shown.err
    assert "-m ensurepip" in " ".join(shown.err.split())


def test_a_file_is_not_a_folder(pip: Path, tmp_path: Path) -> None:
    (tmp_path / "room").touch()
    shown = wheels(pip, tmp_path / "room")
    assert shown.status == 2
    assert "is a file, not a folder" in " ".join(shown.err.split())
