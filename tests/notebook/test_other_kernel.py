"""A lesson opened with a kernel of another Python than the course's."""

import sys
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager

from kata.course.course import Course
from tests.helpers.places import ROOT, SAMPLE
from tests.helpers.without_engine import WITHOUT_THE_ENGINE

COURSES = {"sample": Course(SAMPLE), "real": Course(ROOT)}
NO_COURSE = f"""{WITHOUT_THE_ENGINE}
from ipykernel.kernelapp import launch_new_instance

launch_new_instance()
"""


@pytest.fixture(scope="module")
def other_kernel(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[BlockingKernelClient]:
    """A kernel of a Python in which the course is not installed."""
    folder = tmp_path_factory.mktemp("jupyter")
    spec = KernelSpec(argv=[sys.executable, "-c", NO_COURSE, "-f", "{connection_file}"])
    (folder / "kernels" / "other").mkdir(parents=True)
    (folder / "kernels" / "other" / "kernel.json").write_text(spec.to_json(), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_PATH", str(folder))
        patch.setenv("IPYTHONDIR", str(folder / "ipython"))
        manager = KernelManager(kernel_name="other")
        manager.start_kernel(cwd=str(folder))
    client = manager.blocking_client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


@pytest.mark.parametrize("course", COURSES.values(), ids=COURSES)
def test_a_kernel_of_another_python_says_which_one_to_choose(
    course: Course, other_kernel: BlockingKernelClient
) -> None:
    for lesson in course.curriculum.lessons:
        start = next(cell for cell in course.master(lesson).cells if cell.is_code)
        said: list[str] = []
        reply = other_kernel.execute_interactive(
            start.source, timeout=60, output_hook=partial(hear, said)
        )
        assert reply["content"]["status"] == "ok", said
        assert "choose Kernel > Change Kernel > FastAPI Katas" in "".join(said)


def hear(said: list[str], message: dict[str, Any]) -> None:
    content = message["content"]
    said.append(content.get("text") or content.get("evalue") or "")
