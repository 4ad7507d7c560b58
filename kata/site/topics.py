"""The page of topics: what the course teaches, and the katas that practise it."""

from kata.course.course import Course
from kata.course.curriculum import Kata
from kata.site import lesson_page
from kata.site.markdown import escaped, page, table


def render(course: Course) -> str:
    """Return the topics that a kata practises, as a part of their page."""
    contents = course.curriculum
    rows = [
        (
            escaped(topic.title),
            "<br>".join(_link(course, contents.kata(one)) for one in topic.katas),
        )
        for topic in contents.topics
        if topic.katas
    ]
    return page(table(("topic", "katas"), rows))


def _link(course: Course, kata: Kata) -> str:
    lesson = course.curriculum.lesson_of(kata)
    where = f"{lesson_page.path_of(lesson)}#{kata.name}"
    return f"{lesson.number} [{escaped(kata.title)}]({where})"
