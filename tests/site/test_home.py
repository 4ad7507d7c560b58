"""The home page: real verdicts, and addresses only where somebody has set one."""

import os
import re
from pathlib import Path

import pytest

from kata.course.course import Course
from kata.errors import KataError
from kata.site import first_look, repository
from tests.helpers.places import ROOT, SAMPLE
from tests.helpers.site import build_site, copy_of

WHOLE = Course(ROOT)
ADDRESS = "https://github.com/someone/katas"


@pytest.fixture
def unset(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """No variable that mkdocs.yml reads."""
    for name in ("REPO_URL", "SITE_URL"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_the_home_page_shows_a_red_and_a_green_verdict_as_the_checks_give_them() -> (
    None
):
    shown = first_look.render(WHOLE)
    red, green = shown.index('class="verdict failed"'), shown.index("verdict passed")
    assert red < green
    assert "GET /hello should answer 200; yours answered 404." in shown
    assert re.search(r"all \d rules hold", shown[green:])


def test_a_verdict_that_is_no_longer_what_the_page_says_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(first_look, "SLIP", ("Hello", "Hello"))
    with pytest.raises(KataError, match=r"shows first_endpoint\.hello as failed"):
        first_look.render(WHOLE)


def test_a_course_without_that_kata_has_a_home_page_as_well() -> None:
    assert first_look.render(Course(SAMPLE)).strip() == ""


@pytest.mark.usefixtures("unset")
def test_nothing_leads_to_a_repository_that_nobody_has_set() -> None:
    said = repository.start(WHOLE)
    assert "https://" not in said
    assert "git clone" not in said
    assert "uv run kata start" in said
    assert "(lessons/01_first_endpoint.md)" in said


@pytest.mark.parametrize("ending", ["", "/", ".git"])
def test_one_setting_gives_the_clone_the_codespace_and_the_binder(
    ending: str, unset: pytest.MonkeyPatch
) -> None:
    unset.setenv("REPO_URL", f"{ADDRESS}{ending}")
    said = repository.start(WHOLE)
    assert f"git clone {ADDRESS}{ending}\ncd katas\n" in said
    assert "(https://codespaces.new/someone/katas)" in said
    assert (
        "(https://mybinder.org/v2/gh/someone/katas/HEAD?urlpath="
        "lab%2Ftree%2Fmy-waybill%2F01_first_endpoint.ipynb)"
    ) in said


@pytest.mark.usefixtures("unset")
def test_where_katas_can_be_done_in_the_pages_that_is_the_first_way_to_begin() -> None:
    assert "in this page" not in repository.start(WHOLE)
    said = repository.start(WHOLE, in_pages=True)
    assert said.index("Try it in this page") < said.index("uv run kata start")


def test_binder_makes_the_workspace_that_its_button_opens() -> None:
    """repo2docker installs from the root of the clone, then runs `postBuild`."""
    folder = ROOT / ".binder"
    needs = (folder / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert "." in needs
    workspace = repository.FIRST.partition("/")[0]
    after = folder / "postBuild"
    assert f"kata start --no-server {workspace}" in after.read_text(encoding="utf-8")
    assert os.name == "nt" or os.access(after, os.X_OK), "Binder runs no other file"


def test_a_repository_elsewhere_is_cloned_and_has_no_dead_button(
    unset: pytest.MonkeyPatch,
) -> None:
    unset.setenv("REPO_URL", "https://git.example.com/team/katas")
    said = repository.start(WHOLE)
    assert "git clone https://git.example.com/team/katas\ncd katas\n" in said
    assert "codespaces" not in said
    assert "binder" not in said


def test_addresses_change_the_site_and_a_sitemap_needs_one(tmp_path: Path) -> None:
    course = copy_of(SAMPLE, tmp_path / "course")
    html = course / "build" / "site"
    assert build_site(course, REPO_URL="", SITE_URL="").status == 0
    assert not (html / "sitemap.xml").exists()
    assert "github.com" not in (html / "index.html").read_text(encoding="utf-8")
    set_now = {"REPO_URL": ADDRESS, "SITE_URL": "https://example.com/katas/"}
    made = build_site(course, **set_now)
    assert "Nothing has changed" not in made.out
    page = (html / "index.html").read_text(encoding="utf-8")
    assert f"git clone {ADDRESS}" in re.sub("<[^>]+>", "", page)
    assert f'href="{ADDRESS}"' in page
    assert 'data-md-component="source"' not in page, "it would ask GitHub for stars"
    sitemap = (html / "sitemap.xml").read_text(encoding="utf-8")
    assert "https://example.com/katas/lessons/01_greeting.html" in sitemap
