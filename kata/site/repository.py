"""Where the repository is, and what that makes possible: from mkdocs.yml alone."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml  # type: ignore[import-untyped]

from kata.course.course import Course
from kata.site import lesson_page
from kata.site.markdown import block, fence, page

SETTINGS = "mkdocs.yml"
GITHUB = re.compile(r"https://github\.com/([\w.-]+/[\w.-]+?)(?:\.git)?/?")
FIRST = "my-waybill/{slug}.ipynb"
"""A lesson's notebook, where `kata start` puts it in a clone."""


class _Loader(yaml.SafeLoader):  # type: ignore[misc]  # yaml is untyped
    """Reads what MkDocs reads, as far as these settings need it."""


def _variable(loader: yaml.SafeLoader, node: yaml.Node) -> object:
    """Return the first variable of `!ENV [NAME, default]` that is set."""
    *names, default = loader.construct_sequence(node)
    return next((os.environ[name] for name in names if name in os.environ), default)


_Loader.add_constructor("!ENV", _variable)


@dataclass(frozen=True)
class Repository:
    """The address of the repository; empty where nobody has set one."""

    url: str

    @property
    def name(self) -> str:
        """The folder that a clone gets."""
        return self.url.rstrip("/").rpartition("/")[2].removesuffix(".git")

    @property
    def github(self) -> str:
        """`owner/name`, if it is on GitHub."""
        found = GITHUB.fullmatch(self.url)
        return found[1] if found else ""


def repository(course: Course) -> Repository:
    """Return what mkdocs.yml sets as `repo_url`."""
    text = (course.root / SETTINGS).read_text(encoding="utf-8")
    settings = yaml.load(text, _Loader)  # noqa: S506 - it is a safe loader
    return Repository(settings.get("repo_url") or "")


def start(course: Course, *, in_pages: bool = False) -> str:
    """Return how to begin: the commands, and buttons where they lead somewhere.

    Where the katas can be done `in_pages`, that comes first.
    """
    found = repository(course)
    get = [f"git clone {found.url}", f"cd {found.name}"] if found.url else []
    where = "" if found.url else "In a clone of the repository:"
    return page(
        _here(course) if in_pages else "",
        where,
        fence("\n".join([*get, "pip install uv && uv run kata start"]), "bash"),
        block("div", " ".join(_buttons(course, found)), class_="buttons"),
    )


def _here(course: Course) -> str:
    first = course.curriculum.lessons[0]
    return (
        f"**Here and now, with nothing to install:** open "
        f"[lesson {first.number}]({lesson_page.path_of(first)}) and press "
        "*Try it in this page* below a kata's starting code. What you write stays in "
        "your browser, and you can take it along."
    )


def _buttons(course: Course, found: Repository) -> Iterator[str]:
    first = course.curriculum.lessons[0]
    reads = f"Read lesson {first.number}"
    yield f"[{reads}]({lesson_page.path_of(first)}){{ .md-button .md-button--primary }}"
    if found.github:
        notebook = FIRST.format(slug=first.slug).replace("/", "%2F")
        codespace = f"https://codespaces.new/{found.github}"
        binder = f"https://mybinder.org/v2/gh/{found.github}/HEAD"
        yield f"[Open a codespace]({codespace}){{ .md-button }}"
        yield (
            f"[Try it on Binder]({binder}?urlpath=lab%2Ftree%2F{notebook})"
            "{ .md-button }"
        )
