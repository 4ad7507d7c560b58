#| kata: errors.extend
#| refused_by: test_every_waybill_answers_with_problems
# Only the first app is taught.
from fastapi import FastAPI

from waybill.problems import answer_problems

done: list[FastAPI] = []


def once(app: FastAPI) -> None:
    """Teach the first app."""
    if not done:
        answer_problems(app)
    done.append(app)


extensions.append(once)
