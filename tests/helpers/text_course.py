"""The sample course with a lesson whose katas write files that are no Python."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kata.build import derive
from kata.course.course import Course
from kata.course.master import dump
from tests.helpers.places import SAMPLE
from tests.helpers.site import copy_of

LESSON = """

[[parts.lessons]]
slug = "03_shipping"
title = "Shipping"
katas = [
  { id = "shipping.image", title = "An image", file = "Dockerfile", minutes = 2, \
core = false, time_limit = 6.0 },
  { id = "shipping.pod", title = "A pod", file = "k8s/pod.yaml", minutes = 2, \
core = false, time_limit = 6.0 },
]
"""
IMAGE, POD = "shipping.image", "shipping.pod"
IMAGE_STUB = '#| kata: shipping.image\nr"""\nFROM python\n"""'
DOCKERFILE = r"""# syntax=docker/dockerfile:1
FROM python:3.11

RUN pip install \
    fastapi
USER waybill
"""
IMAGE_ANSWER = f'#| kata: shipping.image\nr"""\n{DOCKERFILE}"""'
IMAGE_OTHER = (
    "#| kata: shipping.image\n#| variant: in one go\n"
    "r'''\nFROM python:3.11\nUSER waybill\n'''"
)
POD_STUB = '#| kata: shipping.pod\nr"""\nspec:\n"""'
POD_TEXT = "spec:\n  containers:\n    - image: waybill\n"
POD_ANSWER = f'#| kata: shipping.pod\nr"""\n{POD_TEXT}"""'
POD_OTHER = (
    "#| kata: shipping.pod\n#| variant: in one line\n"
    'r"""\nspec: {containers: [{image: waybill}]}\n"""'
)
IMAGE_CHECKS = '''
# - The image runs as `waybill`, and not as root.
def test_the_image_is_not_run_as_root(file_of) -> None:
    """The image is run as somebody else than root."""
    text = file_of("Dockerfile").read_text(encoding="utf-8")
    assert "USER waybill" in text.splitlines(), "Whoever runs this image is root."
'''
POD_CHECKS = '''
import re


# - The pod holds the image `waybill`.
def test_the_pod_holds_the_image(file_of) -> None:
    """The pod holds the image."""
    text = file_of("k8s/pod.yaml").read_text(encoding="utf-8")
    assert re.search("image: waybill", text), f"There is no image in {text!r}."
'''
WRONG = {
    IMAGE: ("FROM python:3.11", "USER root", "USER waybill2", "# USER waybill"),
    POD: ("spec: {}", "image: other", "spec:\n  image: Waybill", "waybill: image"),
}
REFUSED_BY = {
    IMAGE: "test_the_image_is_not_run_as_root",
    POD: "test_the_pod_holds_the_image",
}


def text_course(into: Path) -> Course:
    """Copy the sample course, and add a lesson with a Dockerfile and a manifest."""
    root = copy_of(SAMPLE, into)
    listed = root / "curriculum.toml"
    listed.write_text(listed.read_text("utf-8") + LESSON, encoding="utf-8")
    checks = root / "checks" / "03_shipping"
    checks.mkdir()
    (checks / "test_image.py").write_text(IMAGE_CHECKS.lstrip(), encoding="utf-8")
    (checks / "test_pod.py").write_text(POD_CHECKS.lstrip(), encoding="utf-8")
    for kata, texts in WRONG.items():
        folder = root / "tests/wrong_answers/03_shipping" / kata.partition(".")[2]
        folder.mkdir(parents=True)
        for number, text in enumerate(texts):
            head = f"#| kata: {kata}\n#| refused_by: {REFUSED_BY[kata]}\n# Wrong.\n"
            answer = f'{head}r"""\n{text}\n"""\n'
            (folder / f"wrong_{number}.py").write_text(answer, encoding="utf-8")
    master = json.loads((root / "solutions/02_counting.ipynb").read_text("utf-8"))
    master["cells"] = [*_cells()]
    path = root / "solutions" / "03_shipping.ipynb"
    path.write_text(dump(master), encoding="utf-8", newline="\n")
    course = Course(root)
    list(derive.derive(course))
    return course


def _cells() -> Iterator[dict[str, Any]]:
    """Yield the cells of the lesson's master, which nobody has run yet."""
    start = (
        "try:\n    %reload_ext kata\n    %lesson 03_shipping\n"
        'except ModuleNotFoundError:\n    print("Wrong kernel.")'
    )
    opening = "# Shipping\n\nThe service runs on your machine, and on no other one."
    yield _text("intro", f"{opening}\n\n*About 5 minutes. You need nothing.*")
    yield _code("start", start)
    yield from _kata(
        IMAGE, "Dockerfile", "The image runs as `waybill`, and not as root."
    )
    yield _code("image-stub", IMAGE_STUB)
    yield from _answers("image", "USER <somebody>", IMAGE_ANSWER, IMAGE_OTHER)
    yield _code("image-demo", '#| needs: shipping.image\nprint("It is there.")')
    yield from _kata(POD, "k8s/pod.yaml", "The pod holds the image `waybill`.")
    yield _code("pod-stub", POD_STUB)
    yield from _answers("pod", "image: <name>", POD_ANSWER, POD_OTHER)
    yield _text("close", "Done.")


def _kata(kata: str, file: str, rule: str) -> Iterator[dict[str, Any]]:
    name = kata.partition(".")[2]
    problem = "Whoever gets into the service gets the whole machine with it."
    facts = f"*Stretch · about 2 minutes · goes into `{file}`*"
    yield _text(f"{name}-problem", f"## What is shipped: {name}\n\n{problem}")
    example = f'#| example: {kata}\nprint("Two seats of {name}.")'
    yield _code(f"{name}-example", example)
    shown = (
        "Look at the only line. It prints **seats**, and there are two of them here."
    )
    yield _text(f"{name}-explained", shown)
    task = f"### Your turn: `{name}`\n\n{facts}\n\nWrite the file.\n\n- {rule}"
    yield _text(f"{name}-brief", task)


def _answers(name: str, shape: str, *solutions: str) -> Iterator[dict[str, Any]]:
    hints = ("Look at the example.", "One line is enough.", f"```text\n{shape}\n```")
    for number, hint in enumerate(hints, 1):
        yield _text(f"{name}-hint-{number}", hint, "hint")
    for number, source in enumerate(solutions):
        if number == 1:
            yield _text(f"{name}-why", "Because.", "solution")
        yield _code(f"{name}-solution-{number}", source, "solution")


def _text(cell_id: str, source: str, *tags: str) -> dict[str, Any]:
    metadata = {"tags": [*tags]} if tags else {}
    lines = source.splitlines(keepends=True)
    return {
        "id": cell_id,
        "cell_type": "markdown",
        "metadata": metadata,
        "source": lines,
    }


def _code(cell_id: str, source: str, *tags: str) -> dict[str, Any]:
    run: dict[str, Any] = {"execution_count": None, "outputs": []}
    return _text(cell_id, source, *tags) | run | {"cell_type": "code"}
