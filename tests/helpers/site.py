"""The site of a course, made in a copy of it by the real command."""

import functools
import shutil
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.helpers.cli import Answer, kata
from tests.helpers.places import ROOT

SITE_SOURCES = ("mkdocs.yml", "CONTRIBUTING.md", "site")
COURSE = ("curriculum.toml", "solutions", "checks", "tests/wrong_answers")
MADE = shutil.ignore_patterns(
    "lessons", "behind", "notebooks", "service", "__pycache__"
)


def copy_of(course: Path, into: Path) -> Path:
    """Copy a course, and beside it the sources of the site."""
    for name in COURSE:
        _copy(course / name, into / name)
    for name in SITE_SOURCES:
        _copy(ROOT / name, into / name)
    return into


def build_site(course: Path, *, page: bool = False, **more: str) -> Answer:
    """Run `kata build --site`, without katas in its pages if not asked for."""
    wish = "--page" if page else "--no-page"
    return kata("build", "--site", wish, cwd=course, KATA_COURSE=str(course), **more)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        ignored = MADE if source.name == "site" else None
        shutil.copytree(source, target, ignore=ignored)
    elif source.exists():
        shutil.copy(source, target)


class Quiet(SimpleHTTPRequestHandler):
    """Serves files, and says nothing of each request."""

    def log_message(self, *_: object) -> None:
        pass


def serving(folder: Path) -> AbstractContextManager[str]:
    """Serve a folder; give the address."""
    return answering(folder, Quiet)


@contextmanager
def answering(folder: Path, how: type[Quiet]) -> Iterator[str]:
    """Serve a folder in some way of one's own; give the address."""
    handler = functools.partial(how, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
