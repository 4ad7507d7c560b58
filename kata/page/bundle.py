"""The scripts of a page, bundled: what each page has, and what a press loads."""

import hashlib
import json
import os
import subprocess
from pathlib import Path
from typing import Any

from kata.course.course import Course
from kata.errors import KataError
from kata.page import marks
from kata.page.fetch import WEB, node

START = "start.js"
"""The one script that every page has."""


def bundle(course: Course, npm: Path, into: Path) -> dict[str, str]:
    """Write the scripts and their style into a folder; return what each is called."""
    css = (WEB / "page.css").read_bytes()
    style = f"page-{hashlib.sha256(css).hexdigest()[:8]}.css"
    (into / style).write_bytes(css)
    made = _esbuild(
        npm,
        into,
        *("--bundle", "--format=esm", "--entry-names=[name]-[hash]"),
        *_defined(STYLE=style),
        *(str(WEB / name) for name in ("app.mjs", "worker.mjs")),
    )
    shown = {kata: vars(mark) for kata, mark in marks.load(course).items()}
    _esbuild(
        npm,
        into,
        "--format=iife",
        *_defined(APP=f"./{made['app']}", MARKS=shown),
        str(WEB / START),
    )
    return {**made, "style": style}


def _defined(**values: object) -> list[str]:
    return [f"--define:{name}={json.dumps(value)}" for name, value in values.items()]


def _esbuild(npm: Path, into: Path, *arguments: str) -> dict[str, str]:
    """Run esbuild; return the file that each script has become, by its stem."""
    listed = into / "made.json"
    usual = ("--minify", "--target=es2022", "--log-level=warning", "--charset=utf8")
    command = [node(), str(npm / "esbuild" / "bin" / "esbuild"), *usual, *arguments]
    done = subprocess.run(  # noqa: S603 - esbuild, with our own scripts
        [*command, f"--outdir={into}", f"--metafile={listed}"],
        cwd=into,
        env={**os.environ, "NODE_PATH": str(npm)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise KataError(
            f"The scripts of pages can't be bundled:\n{done.stderr.strip()}",
            "Fix what it names, in kata/page/web/.",
        )
    outputs: dict[str, Any] = json.loads(listed.read_text("utf-8"))["outputs"]
    listed.unlink()
    return {
        Path(one["entryPoint"]).stem: Path(name).name for name, one in outputs.items()
    }
