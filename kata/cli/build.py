"""`kata build`: for authors; derive lessons and service from the masters."""

from pathlib import Path
from typing import Annotated

import typer

from kata.build.derive import derive, differences
from kata.build.execute import run_masters
from kata.course.course import Course
from kata.course.find import find_course
from kata.errors import KataError

PAGE, START = "page", "start.js"
"""The folder of the site with what runs katas in its pages, and the script in it."""


def build(
    name: Annotated[
        str, typer.Argument(help="With --run or --handouts: only this lesson.")
    ] = "",
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit 1 on a difference.")
    ] = False,
    run: Annotated[
        bool,
        typer.Option("--run", help="First run the masters and store their outputs."),
    ] = False,
    site: Annotated[
        bool, typer.Option("--site", help="Make the website, where something changed.")
    ] = False,
    page: Annotated[
        bool,
        typer.Option(help="With --site: let readers try katas in its pages."),
    ] = True,
    handouts: Annotated[
        bool,
        typer.Option("--handouts", help="Make PDFs: without answers, and with them."),
    ] = False,
) -> None:
    """For authors: derive lessons and service from the masters.

    Writes lessons/ and solutions/service/ anew where solutions/*.ipynb changed.

    --site makes the website in build/site from masters, checks and site/. For the katas
    in its pages it fetches Pyodide with npm, once; where that can't be, it says so.
    --handouts makes two PDFs of each lesson in build/handouts, with a Chromium of this
    machine.

    Example: kata build --run 02

    Exit status: 0 all in step, 1 a difference (with --check) or a file without a
    master, 2 misuse.
    """
    _refuse_misuse(name, check=check, run=run, site=site, handouts=handouts)
    course = find_course()
    if handouts:
        _handouts(course, name)
        return
    if site:
        _site(course, page=page)
        return
    if check:
        raise typer.Exit(_report(course))
    if run:
        _run(course, name)
        course = Course(course.root)  # its masters were read before they changed
    stray = False
    for one in derive(course):
        stray = stray or one.wanted is None
        typer.echo(f"{one.where} {one.reason if one.wanted is None else 'written'}")
    raise typer.Exit(1 if stray else 0)


def _refuse_misuse(
    name: str, *, check: bool, run: bool, site: bool, handouts: bool
) -> None:
    if site and (check or run or name or handouts):
        raise KataError(
            "--site makes the website and nothing else.", "Give it on its own."
        )
    if handouts and (check or run):
        raise KataError(
            "--handouts makes PDFs and nothing else.",
            "Give it on its own, or with a lesson.",
        )
    if check and run:
        raise KataError("--check changes nothing, and --run does.", "Choose one.")
    if name and not (run or handouts):
        raise KataError(
            "A single lesson can be run or printed; all is derived together.",
            f"`kata build --run {name}`, or `kata build`.",
        )


def _report(course: Course) -> int:
    found = differences(course)
    for one in found:
        typer.echo(f"{one.where} {one.reason}")
    if found:
        typer.echo("Run `kata build`.")
    return 1 if found else 0


def _run(course: Course, name: str) -> None:
    curriculum = course.curriculum
    lessons = (curriculum.lesson(name),) if name else curriculum.lessons
    for lesson in run_masters(course, lessons):
        typer.echo(f"solutions/{lesson.slug}.ipynb has new outputs")


def _handouts(course: Course, name: str) -> None:
    from kata.site import handouts

    curriculum = course.curriculum
    for lesson in (curriculum.lesson(name),) if name else curriculum.lessons:
        for path in handouts.make(course, lesson):
            typer.echo(f"{path.relative_to(course.root).as_posix()} written")


def _site(course: Course, *, page: bool) -> None:
    from kata.site import build as website

    home = course.root / website.SITE / "index.html"
    if website.up_to_date(course, [PAGE] if page else []):
        typer.echo(f"Nothing has changed since {home} was made.")
        return
    beside = katas_in_pages(course) if page else {}
    made = website.write(course, [f"{name}/{START}" for name in beside])
    for one in made.changed:
        typer.echo(f"{one} {'written' if (course.root / one).exists() else 'removed'}")
    for note in made.notes:
        typer.echo(note)
    seconds = website.render(course, beside)
    pages = website.rendered(course)
    each = 1000 * seconds / pages
    typer.echo(f"{pages} pages in {seconds:.1f} s, {each:.0f} ms a page: {home}")


def katas_in_pages(course: Course) -> dict[str, Path]:
    """Build what pages need to run katas; a site without it is a site all the same."""
    from kata.page.build import build as build_page

    try:
        built = build_page(course, course.root / "build" / PAGE, typer.echo)
    except KataError as error:
        typer.echo(f"Without katas in the pages: {error.happened} {error.next_step}")
        return {}
    typer.echo(
        f"Katas run in the pages: {built.base_bytes / 1e6:.1f} MB at the first use, "
        f"{built.all_bytes / 1e6:.1f} MB with every library."
    )
    return {PAGE: built.folder}
