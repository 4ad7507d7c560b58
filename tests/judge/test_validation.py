"""Of a list of validation errors the first is told, and how many there are."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.exceptions import ResponseValidationError
from pydantic import BaseModel, TypeAdapter, ValidationError

from kata.judge.explain import explain
from kata.judge.validation import first_of
from kata.runner.report import Failure
from tests.helpers.bench import APP, GREETED, RIGHT, Bench, problem


class Film(BaseModel):
    """What the lists below should hold."""

    title: str
    minutes: int


def refusal(values: list[object]) -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(list[Film]).validate_python(values)
    return caught.value


def response(*places: tuple[str | int, ...]) -> str:
    """Say what FastAPI says of answers that are a text in the wrong place."""
    (error,) = refusal(["Heat"]).errors(include_url=False)
    return str(ResponseValidationError([{**error, "loc": loc} for loc in places]))


@pytest.mark.parametrize(
    ("count", "others"),
    [
        (1, ""),
        (2, " (1 more is left out here.)"),
        (30, " (29 more are left out here.)"),
    ],
)
def test_of_fastapis_list_the_first_is_told_in_words(count: int, others: str) -> None:
    said = first_of(response(*[("response", 0)] * count))
    assert said.strip() == (
        "Input should be a valid dictionary or instance of Film, at `response[0]`, "
        f"where the value was 'Heat'.{others}"
    )


def test_of_pydantics_list_the_first_is_left() -> None:
    text = first_of(str(refusal([{"title": 1, "minutes": "long"}] * 20)))
    assert text.startswith("40 validation errors for list[Film]\n0.title\n")
    assert text.count("Input should be") == 1
    assert text.endswith("(39 more are left out here.)")
    assert "visit" not in text


def test_what_is_no_such_list_stays_as_it_is() -> None:
    text = "There were 2 validation errors: both about the title."
    assert first_of(text) == text


def test_a_place_deep_in_an_answer_is_a_path_and_a_long_value_is_cut() -> None:
    error: dict[str, Any] = {"type": "missing", "loc": ("response", 3, "to", "city")}
    error |= {"msg": "Field required", "input": {"note": "x" * 500}}
    said = first_of(str(ResponseValidationError([error])))
    assert "Field required, at `response[3].to.city`, where the value was {" in said
    assert len(said) < 250


def test_a_list_that_fills_pages_keeps_its_number_and_its_line(
    bench: Callable[[str], Bench],
) -> None:
    cell = APP.replace("dict[str, str]", "list[int]") + "    return [name * 99] * 200"
    said = problem(bench("greeting.hello").run(GREETED, RIGHT, cell))
    assert "(199 more are left out here.)" in said.happened
    assert len(said.happened) < 400
    assert said.line
    assert said.line.text.startswith("@app.get")


def test_keys_where_objects_belong_are_told_from_a_single_value() -> None:
    keys = Failure("ResponseValidationError", response(("response", 0)))
    assert ".values()" in explain(keys, "").next_step
    single = Failure("ResponseValidationError", response(("response",)))
    assert ".values()" not in explain(single, "").next_step
