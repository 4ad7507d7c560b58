"""A workspace taken along as a zip, which `kata start` opens, and brought back."""

import base64
import binascii
import io
import shutil
import zipfile
from collections.abc import Collection, Iterator
from pathlib import Path, PurePosixPath

from kata.errors import KataError
from kata.workspace.workspace import DEFAULT, MARKER, VERSION

PROGRESS = f"{MARKER}/progress.db"
KEPT = {PROGRESS, f"{MARKER}/{VERSION}"}
"""What is brought back beside code."""
MOST = 20_000_000
"""Bytes that a workspace may hold: what one of the course holds is a thousandth."""


def packed(workspace: Path, texts: Collection[str] = ()) -> str:
    """Return a workspace as a zip, in the letters that JSON can carry.

    `texts` are the files beside code that it may hold.
    """
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(workspace.rglob("*")):
            name = path.relative_to(workspace).as_posix()
            if path.is_file() and _belongs(name, texts):
                archive.write(path, f"{DEFAULT}/{name}")
    return base64.b64encode(made.getvalue()).decode()


def unpack(zipped: str, workspace: Path, texts: Collection[str] = ()) -> None:
    """Put a workspace in the place of this one; a file that is none changes nothing."""
    try:
        with zipfile.ZipFile(io.BytesIO(base64.b64decode(zipped))) as archive:
            files = dict(_contents(archive, texts))
    except (zipfile.BadZipFile, binascii.Error, RuntimeError, OSError) as error:
        raise _no_workspace(str(error)) from None
    if PROGRESS not in files:
        raise _no_workspace("it holds no progress")
    clear(workspace)
    for name, data in files.items():
        path = workspace / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def clear(workspace: Path) -> None:
    """Remove everything that a workspace holds."""
    for path in workspace.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def _contents(
    archive: zipfile.ZipFile, texts: Collection[str]
) -> Iterator[tuple[str, bytes]]:
    """Yield the files of the workspace, wherever in the zip it lies."""
    listed = archive.infolist()
    if sum(one.file_size for one in listed) > MOST:
        raise _no_workspace("it is far too large")
    ends = [one.filename for one in listed if one.filename.endswith(PROGRESS)]
    base = min(ends, key=len).removesuffix(PROGRESS) if ends else ""
    for one in listed:
        name = one.filename.removeprefix(base)
        if one.filename.startswith(base) and not one.is_dir() and _belongs(name, texts):
            yield name, archive.read(one)


def _belongs(name: str, texts: Collection[str]) -> bool:
    parts = PurePosixPath(name).parts
    # No hidden file, nothing above, and nothing that begins at the root.
    plain = not any(part.startswith((".", "/")) for part in parts)
    return name in KEPT or name in texts or (name.endswith(".py") and plain)


def _no_workspace(reason: str) -> KataError:
    return KataError(
        f"This file is no workspace that was taken along: {reason}.",
        "Choose the zip that `Take it along` gave you. Nothing here has changed.",
    )
