"""Bodies in a verdict: whole where they are short, else the part that matters."""

import json

import pytest
from fastapi import FastAPI
from pydantic import BaseModel

from kata.display.bodies import LONGEST, excerpt, form, header


class Price(BaseModel):
    total: str


def openapi() -> str:
    app = FastAPI()
    for number in range(20):

        @app.post(f"/things/{number}/price", responses={404: {"description": "No."}})
        def price(amount: int) -> Price:
            return Price(total=str(amount))

    return json.dumps(app.openapi(), separators=(",", ":"))


@pytest.mark.parametrize(
    "body",
    ['{"postcode": "K1A  0B1"}', "a,b\n1,2\n", "", "two  spaces\tand a tab", '"…"'],
)
def test_a_short_body_is_shown_as_it_is(body: str) -> None:
    assert excerpt(body, "") == body.strip("\n")


def test_of_a_long_document_what_the_message_names_is_shown_with_its_path() -> None:
    shown = excerpt(openapi(), "The docs of `/things/7/price` name no 422.")
    assert shown.startswith("['paths']['/things/7/price']: {")
    assert len(shown) <= LONGEST + 50


def test_a_schema_is_found_before_all_the_places_that_refer_to_it() -> None:
    shown = excerpt(openapi(), "The schema 'Price' has no field `base`.")
    assert shown.startswith("['components']['schemas']['Price']: {")
    assert "\n" not in shown


def test_of_many_places_some_stand_for_the_others() -> None:
    body = json.dumps([{"name": f"Ada {number}" * 4} for number in range(30)])
    assert excerpt(body, "Nobody is called 'Ada'.").splitlines()[-1] == "… and 26 more"


@pytest.mark.parametrize("about", ["", "No such 'word'.", "It answered 404."])
def test_where_nothing_is_named_its_outline_is_shown(about: str) -> None:
    assert excerpt(openapi(), about) == (
        '{"openapi": "3.1.0", "info": {…}, "paths": {…}, "components": {…}}'
    )


def test_a_long_list_is_shown_by_its_first_items() -> None:
    shown = excerpt(json.dumps([{"id": number} for number in range(900)]), "")
    assert shown == '[{"id": 0}, {"id": 1}, {"id": 2}, … and 897 more]'


def test_json_is_never_cut_within_a_word() -> None:
    body = json.dumps({f"a long key {number}": "word " * 20 for number in range(90)})
    shown = excerpt(body, "")
    assert shown.endswith(", …")
    cut = shown.removesuffix(", …")
    json.loads(f"{cut}}}")


def test_a_long_text_is_cut_between_words_around_what_is_named() -> None:
    text = " ".join(f"line{number}" for number in range(900))
    shown = excerpt(text, "Expected was 'line500'.")
    assert "line500" in shown
    kept = shown.removeprefix("…").removesuffix("…").split()
    assert {*kept} <= {*text.split()}
    assert len(shown) < LONGEST + 50


def test_many_lines_are_cut_to_some() -> None:
    shown = excerpt("\n".join(f"event: {number}" for number in range(50)), "")
    assert shown.splitlines()[0] == "event: 0"
    assert shown.endswith("…")
    assert len(shown.splitlines()) <= 8


def test_a_form_is_shown_as_it_was_filled_in() -> None:
    body = "username=lena%40example.com&password=+100+%25+"
    assert form(body).splitlines() == [
        "username = 'lena@example.com'",
        "password = ' 100 % '",
    ]


@pytest.mark.parametrize("body", ['{"a": "b=c&d"}', "a line = of text", "a=b", ""])
def test_what_is_no_form_is_not_shown_as_one(body: str) -> None:
    assert form(body) == ""


def test_of_a_token_in_a_header_the_beginning_is_enough() -> None:
    line = f"authorization: Bearer eyJ{'a' * 200}"
    assert header(line) == f"authorization: Bearer eyJ{'a' * 9}…"
    assert header("last-event-id: 52") == "last-event-id: 52"
