"""The finished service on the site: every region leads to its kata, the API is told."""

from pathlib import Path

import pytest

from kata.course.course import Course
from kata.site import course_map, openapi, service
from tests.helpers.places import ROOT, SAMPLE
from tests.helpers.text_course import DOCKERFILE, POD_TEXT, text_course

COURSES = pytest.mark.parametrize(
    "course", [Course(ROOT), Course(SAMPLE)], ids=["course", "sample"]
)
API = {
    "main": """
from enum import StrEnum
from typing import Annotated, Literal

from fastapi import FastAPI, Path, Query
from pydantic import BaseModel, Field

app = FastAPI(title="Depot", version="2.0")


class Size(StrEnum):
    SMALL = "s"
    LARGE = "l"


class Box(BaseModel):
    \"\"\"What is *packed* | sent.\"\"\"

    model_config = {"json_schema_extra": {"examples": [{"size": "s"}]}}
    size: Size
    label: str = Field(min_length=1, max_length=9, pattern="^[A-Z]+$|^$")
    tags: list[str] = []
    note: str | None = None
    kind: Literal["box"] = "box"
    shelves: dict[str, int] = {}


@app.post("/boxes/{shelf}", status_code=201)
async def put_box(
    box: Box,
    shelf: Annotated[int, Path(ge=1)],
    fast: Annotated[bool, Query()] = False,
) -> list[Box]:
    \"\"\"Put a box on a shelf.\"\"\"
    return [box]
"""
}


def files(**modules: str) -> dict[str, str]:
    named = {f"waybill/{name}.py": text for name, text in modules.items()}
    return {"waybill/__init__.py": ""} | named


@COURSES
def test_every_region_of_the_reference_leads_to_its_kata(course: Course) -> None:
    reference = course.reference(course.curriculum.katas)
    pages = service.pages(course, reference)
    standing = [
        k for k in course.curriculum.katas if not course.curriculum.successor(k)
    ]
    for kata in standing:
        page = pages[service.path_of(kata.file)]
        slug = course.curriculum.lesson_of(kata).slug
        assert f"lessons/{slug}.md#{kata.name}), lesson {slug[:2]}" in page
        text = reference[kata.file]
        region = course.curriculum.regions(kata.file, text)[kata.id]
        assert region in page


@COURSES
def test_every_file_of_the_reference_is_listed(course: Course) -> None:
    reference = course.reference(course.curriculum.katas)
    index = service.pages(course, reference)[service.INDEX]
    for file in reference:
        assert f"`{file}`" in index
    assert f"{len(reference)} files" in index


@COURSES
def test_the_whole_app_describes_itself(course: Course) -> None:
    described = openapi.describe(course.reference(course.curriculum.katas))
    files = {kata.file for kata in course.curriculum.katas}
    whole = "waybill/main.py" in files
    assert described.module == ("waybill.main" if whole else "waybill.hello")
    assert described.notes == ()
    page = openapi.render(described)
    for path, item in described.document["paths"].items():
        for method in item:
            assert f"### `{method.upper()} {path}`" in page
    for model in described.document.get("components", {}).get("schemas", {}):
        named = f"### `{model}` {{ #model-{model.lower()} }}" in page
        assert named != model.startswith("Body_"), "a name that FastAPI made up"
    for default in ("Successful Response", "Validation Error"):
        assert default not in page


def test_an_api_is_told_in_tables() -> None:
    page = openapi.render(openapi.describe(files(**API)))
    for said in (
        "**Depot 2.0**, as `waybill.main` describes itself",
        "### `POST /boxes/{shelf}`",
        "| [`POST /boxes/{shelf}`](#post-boxes-shelf) | Put a box on a shelf. |",
        "| `shelf` | path | integer | at least 1 |",
        "| `fast` | query, optional | boolean | false if left out |",
        "| body | as JSON | [`Box`](#model-box) |   |",
        "It answers **201** Created with list of [`Box`](#model-box); **422** ",
        "What is \\*packed\\* \\| sent.",
        "| `size` | [`Size`](#model-size) |",
        "at least 1 long; at most 9 long; matches `^[A-Z]+$|^$`",
        "| `note`, optional | string or null |",
        '| `kind`, optional | `"box"` | box if left out |',
        "| `shelves`, optional | object of integer |",
        'One of `"s"`, `"l"`.',
        '"size": "s"',
    ):
        assert said in page


def test_a_service_that_is_half_written_falls_back_to_the_first_app() -> None:
    hello = "from fastapi import FastAPI\n\napp = FastAPI(title='First')\n"
    described = openapi.describe(files(main="import nothing_there", hello=hello))
    assert described.module == "waybill.hello"
    (note,) = described.notes
    assert "waybill.main can't be imported" in note
    assert "nothing_there" in note


def test_a_service_that_cannot_be_imported_has_a_page_that_says_so() -> None:
    described = openapi.describe(files(hello="1 / 0"))
    assert "ZeroDivisionError" in described.notes[0]
    assert "can't be imported yet" in openapi.render(described)
    assert openapi.describe(files()).module == ""


def test_a_file_that_is_no_python_is_shown_in_its_own_language(tmp_path: Path) -> None:
    course = text_course(tmp_path / "course")
    pages = service.pages(course, course.reference(course.curriculum.katas))
    assert f"```docker\n{DOCKERFILE}```" in pages["service/Dockerfile.md"]
    assert f"```yaml\n{POD_TEXT}```" in pages["service/k8s/pod.yaml.md"]
    assert "../../lessons/03_shipping.md#pod" in pages["service/k8s/pod.yaml.md"]
    assert "[`Dockerfile`](Dockerfile.md)" in pages[service.INDEX]
    listed = course_map.navigation(course, [*pages])
    assert '"Dockerfile": "service/Dockerfile.md"' in listed
    assert '"k8s/pod.yaml": "service/k8s/pod.yaml.md"' in listed
