"""Pyodide, the editor and wheels for WebAssembly: fetched by pinned hashes, once."""

import hashlib
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from kata.errors import KataError

WEB = Path(__file__).with_name("web")
PLATFORM = "pyemscripten_2026_0_wasm32"
"""What wheels for this Pyodide's Python are called."""
PYTHON = "314"
WHEELS, LOCK = WEB / "wheels.txt", WEB / "package-lock.json"
PATIENCE = 300
"""Seconds that a download may take."""


def fetch(into: Path) -> tuple[Path, Path]:
    """Return the folders of the packages of npm, and of what the wheels hold.

    A machine that can't is told by a `KataError` which tool or connection is missing.
    """
    return _packages(into / "npm"), _wheels(into / "wheels")


def node() -> str:
    """Return the path of Node; none is a `KataError`."""
    found = shutil.which("node")
    if not found or not shutil.which("npm"):
        raise KataError(
            "Node or its npm is missing.",
            "Install both (Debian: `apt-get install npm`), then build the site again.",
        )
    return found


def _packages(folder: Path) -> Path:
    """Install what package-lock.json pins, with its hashes, and run none of it."""
    if not _is_made_from(folder, LOCK):
        node()
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name in ("package.json", LOCK.name):
            shutil.copy(WEB / name, folder / name)
        npm = shutil.which("npm") or "npm"
        quiet = ("--no-audit", "--no-fund", "--loglevel=error", "--no-update-notifier")
        _run([npm, "ci", "--ignore-scripts", *quiet], folder)
        _note(folder, LOCK)
    return folder / "node_modules"


def _wheels(folder: Path) -> Path:
    """Unpack the wheels that wheels.txt pins, with their hashes."""
    if not _is_made_from(folder, WHEELS):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        target = ("--platform", PLATFORM, "--python-version", PYTHON)
        kind = ("--implementation", "cp", "--abi", f"cp{PYTHON}")
        only = ("--only-binary", ":all:", "--no-deps", "--require-hashes", "--quiet")
        _run(
            [*_pip(), "download", *only, *target, *kind, "-r", str(WHEELS), "-d", "."],
            folder,
        )
        for wheel in sorted(folder.glob("*.whl")):
            with zipfile.ZipFile(wheel) as packed:
                packed.extractall(folder)
        _note(folder, WHEELS)
    return folder


def _pip() -> Sequence[str]:
    if find_spec("pip"):
        return (sys.executable, "-m", "pip")
    if uv := shutil.which("uv"):
        return (uv, "tool", "run", "--quiet", "pip")
    raise KataError("Neither pip nor uv is here.", "Install one of them.")


def _run(command: Sequence[str], folder: Path) -> None:
    try:
        subprocess.run(  # noqa: S603 - npm and pip, with our pins
            command,
            cwd=folder,
            check=True,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=PATIENCE,
        )
    except (OSError, subprocess.SubprocessError) as error:
        said = (getattr(error, "stderr", "") or str(error)).strip().splitlines()
        raise KataError(
            f"{Path(command[0]).name} could not fetch what pages need: {said[-1]}.",
            "Look at the connection, then build the site again.",
        ) from None


def _is_made_from(folder: Path, pins: Path) -> bool:
    stamp = folder / "made-from"
    return stamp.exists() and stamp.read_text(encoding="ascii") == _digest(pins)


def _note(folder: Path, pins: Path) -> None:
    (folder / "made-from").write_text(_digest(pins), encoding="ascii")


def _digest(pins: Path) -> str:
    return hashlib.sha256(pins.read_bytes()).hexdigest()
