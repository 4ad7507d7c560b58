"""Every command and magic has a help with an example, a line in the README, a test."""

import ast
import re
from pathlib import Path

import pytest

from kata.cli.app import app
from tests.helpers.cli import kata, too_wide, workspace
from tests.helpers.kernel import kernel
from tests.helpers.places import ROOT, TESTS

README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [str(command.name) for command in app.registered_commands]
OURS = """[
    name
    for name, magic in get_ipython().magics_manager.magics["line"].items()
    if getattr(magic, "__module__", "").startswith("kata")
]"""
WRITTEN_BY_THE_ENGINE = {"needs"}
"""Nobody types it: a demo cell's `#| needs:` becomes it."""


def files_with(pattern: str) -> list[str]:
    """Return the other test files in which a pattern occurs."""
    files = sorted(TESTS.rglob("test_*.py"))
    return [
        file.name
        for file in files
        if file != Path(__file__) and re.search(pattern, file.read_text("utf-8"))
    ]


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_its_help_has_an_example_and_fits_80_columns(
    command: str, tmp_path: Path
) -> None:
    shown = kata(*filter(None, [command]), "--help", cwd=tmp_path)
    assert shown.status == 0
    assert re.search(rf"Example: kata {command}\b", shown.out)
    assert too_wide(shown.out) == []


@pytest.mark.parametrize("command", COMMANDS)
def test_it_has_a_line_in_the_readme(command: str) -> None:
    assert re.search(rf"^\| `kata {command}\b[^|]*` \| \w.+ \|$", README, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_it_is_tested_through_the_executable(command: str) -> None:
    assert files_with(rf'\b(?:kata|running|terminal)\(\s*"{command}"')


def test_every_magic_is_in_the_readme_and_tested(tmp_path: Path) -> None:
    with kernel(workspace(tmp_path / "my-waybill")) as notebook:
        magics = {*ast.literal_eval(notebook.run(OURS).plain)} - WRITTEN_BY_THE_ENGINE
    assert "hint" in magics
    for magic in sorted(magics):
        assert f"`%{magic}`" in README, magic
        assert files_with(rf"%{magic}\b"), magic
