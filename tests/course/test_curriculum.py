"""curriculum.toml: what it may say, and how its katas and lessons are found."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from kata.course.course import Course
from kata.course.listing import load
from kata.errors import KataError
from tests.helpers.places import ROOT

LESSON = """
[[parts.lessons]]
slug = "{slug}"
title = "A lesson"
katas = [
  {{ id = "{kata}", title = "A", file = "waybill/a.py", minutes = 5, core = true }},
]
"""
HEAD = 'title = "A course"\n[[parts]]\ntitle = "A part"\n'


def listing(*lessons: tuple[str, str], head: str = HEAD) -> str:
    return head + "".join(LESSON.format(slug=slug, kata=kata) for slug, kata in lessons)


def replacing(replaced: str, file: str = "waybill/a.py") -> str:
    """Return a listing whose second kata, in this file, replaces one."""
    second = listing(("02_c", "c.b"), head="").replace("waybill/a.py", file)
    row = f'core = true, replaces = "{replaced}"'
    return listing(("01_a", "a.b")) + second.replace("core = true", row)


def test_what_was_replaced_can_be_replaced_again(tmp_path: Path) -> None:
    third = 'core = true, replaces = "c.b"'
    path = tmp_path / "curriculum.toml"
    path.write_text(
        replacing("a.b")
        + listing(("03_d", "d.b"), ("04_e", "e.b"), head="").replace(
            "core = true", third, 1
        ),
        encoding="utf-8",
    )
    contents = load(path)
    first, last = contents.kata("a.b"), contents.kata("d.b")
    assert contents.replaced(last) == ("c.b", "a.b")
    assert [one.id for one in contents.successors(first)] == ["c.b", "d.b"]
    order = [kata.id for kata in contents.in_file("waybill/a.py")]
    assert order == ["a.b", "c.b", "d.b", "e.b"]


def test_katas_and_lessons_come_in_order(course: Course) -> None:
    contents = course.curriculum
    assert [kata.id for kata in contents.katas] == [
        "greeting.name",
        "greeting.hello",
        "counting.double",
    ]
    assert [lesson.slug for lesson in contents.lessons] == [
        "01_greeting",
        "02_counting",
    ]
    assert contents.in_file("waybill/hello.py") == contents.lessons[0].katas
    assert contents.lessons[0].minutes == 5
    assert contents.lesson_of(contents.katas[2]) == contents.lessons[1]


def test_a_kata_knows_its_module_and_its_time_limit(course: Course) -> None:
    hello, double = course.curriculum.katas[1:]
    assert (hello.name, hello.module, hello.time_limit) == (
        "hello",
        "waybill.hello",
        10,
    )
    assert double.time_limit == 6


@pytest.mark.parametrize(
    ("server", "there"),
    [("", True), ("python", True), ("no-such or python", True), ("no-such", False)],
)
def test_a_kata_knows_whether_its_server_is_there(
    server: str, there: bool, course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda one: one if one == "python" else None)
    kata = replace(course.curriculum.katas[0], server=server)
    assert kata.has_server is there


@pytest.mark.parametrize("name", ["02_counting", "counting", "02", "2"])
def test_a_lesson_is_found_by_slug_name_or_number(name: str, course: Course) -> None:
    assert course.curriculum.lesson(name).slug == "02_counting"


@pytest.mark.parametrize(
    ("wrong", "suggested"),
    [
        ("greeting.nam", "`greeting.name`"),
        ("gretting.helo", "`greeting.hello`"),
        ("Counting.Double", "`counting.double`"),
        ("", "Run `kata` to see them all."),
        ("nothing like it", "Run `kata` to see them all."),
    ],
)
def test_an_unknown_id_suggests_the_nearest(
    wrong: str, suggested: str, course: Course
) -> None:
    with pytest.raises(KataError, match=f"There is no kata `{wrong}`") as caught:
        course.curriculum.kata(wrong)
    assert suggested in caught.value.next_step


def test_an_unknown_lesson_suggests_the_nearest(course: Course) -> None:
    with pytest.raises(KataError) as caught:
        course.curriculum.lesson("01_greetings")
    assert "`01_greeting`" in caught.value.next_step


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (listing(("01_a", "a.b"), ("02_c", "c.b")), ""),
        (listing(("01_a", "b.b")), "not an id for a kata of 01_a"),
        (listing(("01_a", "a.B")), "not an id for a kata of 01_a"),
        (listing(("01_a", "a")), "not an id for a kata of 01_a"),
        (listing(("1_a", "a.b")), "not a lesson slug"),
        (listing(("01_a", "a.b"), ("01_c", "c.b")), "lists `01` twice"),
        (listing(("01_a", "a.b"), ("02_a", "a.c")), "lists `a` twice"),
        (listing(("01_a", "a.b")).replace("minutes = 5, ", ""), "minutes"),
        (listing(("01_a", "a.b")).replace("minutes", "seconds"), "seconds"),
        (listing(("01_a", "a.b")).replace("slug", "slag"), "slug"),
        (listing(head='[[parts]]\ntitle = "A part"\nlessons = []\n'), "title"),
        (replacing("a.b"), ""),
        (replacing("a.b", "waybill/c.py"), "c.b can't replace `a.b`"),
        (replacing("c.b"), "c.b can't replace `c.b`"),
        (replacing("nothing"), "c.b can't replace `nothing`"),
        ("title = ", "can't be read"),
        ("\ufeff", "can't be read"),
    ],
)
def test_what_the_curriculum_may_not_say_is_refused(
    text: str, words: str, tmp_path: Path
) -> None:
    path = tmp_path / "curriculum.toml"
    path.write_text(text, encoding="utf-8")
    if not words:
        assert load(path).katas
        return
    with pytest.raises(KataError, match=words):
        load(path)


def test_a_kata_may_not_be_listed_twice(tmp_path: Path) -> None:
    path = tmp_path / "curriculum.toml"
    text = listing(("01_a", "a.b"))
    row = text.splitlines()[-2]
    path.write_text(text.replace(row, f"{row}\n{row}"), encoding="utf-8")
    with pytest.raises(KataError, match=r"lists `a\.b` twice"):
        load(path)


def test_a_folder_without_a_curriculum_is_no_course(tmp_path: Path) -> None:
    with pytest.raises(KataError, match=r"curriculum\.toml is missing"):
        load(tmp_path / "curriculum.toml")


def test_a_file_that_is_no_python_belongs_to_one_kata(tmp_path: Path) -> None:
    path = tmp_path / "curriculum.toml"
    text = listing(("01_a", "a.b"), ("02_c", "c.d"))
    text = re.sub(r'file = "[^"]*"', 'file = "Dockerfile"', text)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(KataError, match=r"a\.b and c\.d write Dockerfile") as caught:
        load(path)
    assert "a file of its own" in caught.value.next_step


TOPIC = '[topics]\n"A topic" = {{ lessons = {lessons}, katas = {katas} }}\n'


def test_a_topic_names_katas_of_its_lessons(tmp_path: Path) -> None:
    path = tmp_path / "curriculum.toml"
    lessons = listing(("01_a", "a.b"), ("02_c", "c.d"))
    topic = TOPIC.format(lessons=["01", "09"], katas=["a.b"])
    path.write_text(lessons + topic, encoding="utf-8")
    (read,) = load(path).topics
    assert (read.title, read.lessons, read.katas) == ("A topic", ("01", "09"), ("a.b",))
    for katas, said in (
        (["a.bb"], "There is no kata `a.bb`"),
        (["c.d"], "c.d is in lesson 02, which curriculum.toml doesn't list"),
    ):
        topic = TOPIC.format(lessons=["01"], katas=katas)
        path.write_text(lessons + topic, encoding="utf-8")
        with pytest.raises(KataError, match=re.escape(said)):
            load(path)


def test_every_topic_of_a_lesson_that_exists_has_a_kata_there() -> None:
    contents = Course(ROOT).curriculum
    assert contents.topics
    for topic in contents.topics:
        taught = {contents.lesson_of(contents.kata(one)).number for one in topic.katas}
        there = {lesson.number for lesson in contents.lessons} & {*topic.lessons}
        assert there == taught, topic.title
