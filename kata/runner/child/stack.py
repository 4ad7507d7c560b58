"""What the finished service imports, and its checks, to have it imported in time."""

import importlib.util
import sys
import warnings
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

STACK = {
    "fastapi.security": "fastapi",
    "pydantic.v1": "fastapi",  # which looks into it at the first route
    "encodings.unicode_escape": "fastapi",
    "httpcore": "httpx.AsyncClient",
    "certifi": "httpx.AsyncClient",
    "anyio.to_process": "to_process",
    "getpass": "fastapi",
    "pydantic_settings": "pydantic_settings",
    "email_validator": "EmailStr",
    "idna.uts46data": "EmailStr",
    "python_multipart": "Form",
    "sqlalchemy.ext.asyncio": "sqlalchemy",
    "sqlalchemy.dialects.sqlite.aiosqlite": "sqlalchemy",
    "sqlalchemy.dialects.postgresql": "sqlalchemy",
    "aiosqlite": "sqlalchemy",
    "alembic.autogenerate": "alembic",
    "alembic.command": "alembic",
    "unittest.mock": "sqlalchemy",
    "jwt": "jwt",
    "pwdlib.hashers.argon2": "pwdlib",
    "redis.asyncio": "redis",
    "uvicorn": "uvicorn",
}
"""Modules, each with a word that no service that needs it does without. Together they
take the better part of a second, and a child that stands by has imported them."""
LEFT_OUT = ("sniffio",)
"""What httpx looks for at every request, wherever it may lie, and doesn't need."""
COMMAND = "httpx._main"
"""httpx's own command line, which it does without: with it comes rich, and that takes
50 ms, a fifth of what a child computes until it has read the checks."""


def import_stack(service: Path | None = None) -> None:
    """Import what lessons need beside what all checks share, where it is installed.

    Where the service is known, only what it names: an early lesson need not wait for
    what late ones are made of.
    """
    leave_command_out()
    said = _text_of(service) if service else None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what a newer Python has to say of old modules
        for module, word in STACK.items():
            if said is None or word in said:
                with suppress(ImportError):
                    importlib.import_module(module)
    search_no_more(LEFT_OUT)


def leave_command_out() -> None:
    """Have httpx imported without its command line, if it has not been yet."""
    vars(sys)["modules"].setdefault(COMMAND, None)  # the types know modules only


def search_no_more(modules: Iterable[str]) -> None:
    """Tell Python of those of these modules that are missing, once and for all."""
    for name in modules:
        if importlib.util.find_spec(name) is None:
            vars(sys)["modules"][name] = None  # the types know modules only


def _text_of(service: Path) -> str:
    texts = []
    for file in filter(Path.is_file, service.rglob("*.py")):
        with suppress(OSError):  # an editor may be about to replace it
            texts.append(file.read_text(encoding="utf-8", errors="replace"))
    return "\n".join(texts)
