"""What production asks for and no lesson makes so far: readiness, allowed origins.

Each is a file of `project/waybill/` with a function that takes the app, like those that
lessons append to `extensions`. What a workspace has already, it gets from nobody else.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from kata.export.project import text_of
from kata.export.statements import Statement, opened, without_marks
from kata.source.imports import Import

FACTORY = "waybill/app.py"
GUARDED = re.compile(r"\biter_route_contexts\b|\.routes\b")
"""How a test comes by every route, to try each one without a token."""
PUBLIC = re.compile(r'^( +)"GET /health"(: \w+)?,\n', re.MULTILINE)
"""How such a test says that everybody may ask for /health: in a list, or a table."""
READY = re.compile(r"""\(\s*["']/ready["']""")
"""How a route is written; a layer that looks at a path compares it."""
Files = Mapping[str, str]


@dataclass(frozen=True)
class Addition:
    """A file, and the function in it that gives an app what the file is about."""

    path: str
    function: str

    @property
    def text(self) -> str:
        """The file's text."""
        return text_of(self.path)

    @property
    def needed_import(self) -> Import:
        """How the factory comes by the function."""
        module = self.path.removesuffix(".py").replace("/", ".")
        return Import(module, self.function)


READINESS = Addition("waybill/readiness.py", "add_readiness")
ORIGINS = Addition("waybill/cors.py", "allow_origins")


def additions(sources: Files) -> tuple[Addition, ...]:
    """Return what a service lacks, where it has a place for it."""
    if not _takes_extensions(sources):
        return ()
    found = []
    if _lacks_readiness(sources):
        found.append(READINESS)
    if _lacks_origins(sources):
        found.append(ORIGINS)
    return tuple(one for one in found if one.path not in sources)


def name_public(text: str) -> str:
    """Return a test of every route, with /ready for everybody as /health is."""
    return PUBLIC.sub(r'\g<0>\1"GET /ready"\2,\n', text, count=1)


def _takes_extensions(sources: Files) -> bool:
    statements = _statements(sources, FACTORY)
    return any(
        one.is_definition and "extensions" in one.mentions() for one in statements
    )


def _lacks_readiness(sources: Files) -> bool:
    names = {one.name for one in _statements(sources, "waybill/database.py")}
    opens = {one.name for one in _statements(sources, FACTORY)}
    guards = [
        text
        for path, text in sources.items()
        if path.startswith("tests/") and GUARDED.search(text)
    ]
    return (
        "AppSessions" in names
        and "open_database" in opens
        and not any(READY.search(text) for text in sources.values())
        and all(PUBLIC.search(text) for text in guards)
    )


def _lacks_origins(sources: Files) -> bool:
    return (
        "allowed_origins" in sources.get("waybill/settings.py", "")
        and "app.state.settings = " in sources[FACTORY]
        and not any("CORSMiddleware" in text for text in sources.values())
    )


def _statements(sources: Files, path: str) -> list[Statement]:
    text = sources.get(path)
    return opened(without_marks(text), path)[1] if text else []
