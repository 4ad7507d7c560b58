"""The course's kernel: Jupyter finds it, and it comes with the extension loaded."""

import json
from pathlib import Path

import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import start_new_kernel

from kata.notebook import kernel
from tests.helpers.cli import environment_without_kernel, kata

EXPRESSION = "'kata' in get_ipython().magics_manager.magics['cell']"


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where Jupyter keeps what belongs to a user: nothing yet."""
    folder = tmp_path / "user"
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(folder))
    monkeypatch.delenv("JUPYTER_PATH", raising=False)
    return folder


@pytest.fixture
def bare_python(tmp_path: Path) -> Path:
    return environment_without_kernel(tmp_path / "env")


@pytest.mark.usefixtures("user")
def test_jupyter_finds_what_was_installed() -> None:
    kernel.install()
    found = KernelSpecManager().get_kernel_spec(kernel.NAME)
    assert found.display_name == kernel.TITLE
    assert found.argv[0] == kernel.installed_python()
    assert kernel.is_ours(found.argv[0])


@pytest.mark.usefixtures("user")
def test_the_kernel_comes_with_the_extension_loaded() -> None:
    kernel.install()
    manager, client = start_new_kernel(kernel_name=kernel.NAME)
    try:
        reply = client.execute(
            "", user_expressions={"loaded": EXPRESSION}, reply=True, timeout=60
        )
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    loaded = reply["content"]["user_expressions"]["loaded"]
    assert loaded["data"]["text/plain"] == "True"


def test_an_older_kernel_that_is_found_first_is_replaced(
    user: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
    old = user / kernel.FILE
    old.parent.mkdir(parents=True)
    old.write_text(json.dumps({"argv": ["/gone/bin/python"]}))
    assert not kernel.is_ours(kernel.installed_python())
    kernel.install()
    assert kernel.is_ours(kernel.installed_python())


@pytest.mark.parametrize("text", ["", "[]", '{"argv": []}', "\ufeff{"])
def test_a_damaged_kernel_file_is_somebody_elses(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / kernel.FILE
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    assert not kernel.is_ours(kernel.installed_python())


def test_an_environment_that_is_read_only_is_helped_by_the_user(
    bare_python: Path, tmp_path: Path
) -> None:
    (tmp_path / "env" / "share").write_text("no folder can be made here")
    shown = kata("start", "--no-server", cwd=tmp_path, python=bare_python)
    assert shown.status == 0
    assert (tmp_path / ".jupyter" / "data" / kernel.FILE).exists()


def test_a_kernel_that_fits_nowhere_is_a_message(
    bare_python: Path, tmp_path: Path
) -> None:
    (tmp_path / "env" / "share").write_text("no folder can be made here")
    (tmp_path / ".jupyter").write_text("nor here")
    shown = kata("start", "--no-server", cwd=tmp_path, python=bare_python)
    assert shown.status == 2
    assert "could not be written" in shown.err
    assert "virtual environment" in shown.err
