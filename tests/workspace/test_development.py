"""Who asks for development on a learner's machine, and when nobody has to."""

import os
from contextlib import suppress
from pathlib import Path

import pytest

from kata.workspace.development import DEVELOPMENT, VARIABLE, developing, wished


@pytest.fixture(autouse=True)
def nothing_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)


@pytest.mark.parametrize("said", ["", "POSTGRES_PASSWORD=pigeon\n", "# a comment\n"])
def test_development_is_wished_where_nobody_has_said_anything(
    said: str, tmp_path: Path
) -> None:
    assert wished(tmp_path) == DEVELOPMENT
    (tmp_path / ".env").write_text(said)
    assert wished(tmp_path) == DEVELOPMENT


@pytest.mark.parametrize("name", [VARIABLE, VARIABLE.lower(), f"export {VARIABLE}"])
def test_what_stands_in_the_env_file_is_left_alone(name: str, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"{name}=production\n")
    assert wished(tmp_path) == {}


def test_what_is_set_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "production")
    assert wished(tmp_path) == {}
    with developing():
        assert os.environ[VARIABLE] == "production"
    assert os.environ[VARIABLE] == "production"


def test_development_is_asked_for_only_as_long_as_something_is_imported() -> None:
    during = []
    with suppress(ImportError), developing():
        during.append(os.environ[VARIABLE])
        raise ImportError
    assert during == ["development"]
    assert VARIABLE not in os.environ
