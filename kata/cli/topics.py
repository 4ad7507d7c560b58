"""`kata --topics`: what the course teaches, and the katas that practise it."""

from collections.abc import Iterator

from kata.course.curriculum import Curriculum


def listed(curriculum: Curriculum) -> Iterator[str]:
    """Yield the lines that list every topic which a kata of the course practises."""
    for topic in curriculum.topics:
        if topic.katas:
            yield topic.title
            for kata_id in topic.katas:
                kata = curriculum.kata(kata_id)
                yield f"  {curriculum.lesson_of(kata).number}  {kata_id}  {kata.title}"
