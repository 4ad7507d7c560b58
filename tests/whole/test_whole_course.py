"""Somebody works through the whole course, and somebody else uses what came of it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import status

from kata.course.curriculum import Lesson
from kata.course.find import find_course
from kata.display.text import render
from kata.loop.loop import Loop
from kata.verdict import Status
from kata.workspace import workspace
from kata.workspace.workspace import Workspace
from tests.helpers.cli import eventually, running
from tests.helpers.ports import free_port
from tests.helpers.rehearsal import Rehearsal
from tests.helpers.waybill import PARCEL, answers, signed_in

COURSE = find_course()
LESSONS = COURSE.curriculum.lessons


def solve(loop: Loop, lesson: Lesson) -> None:
    """Run the solution of every kata of a lesson in order."""
    for kata in lesson.katas:
        verdict = loop.run_cell(COURSE.cells(kata).reference)
        assert verdict.status is Status.PASSED, render(verdict)


def files(place: Workspace) -> dict[str, str]:
    """Return the service and its tests, and what stands beside them."""
    texts = {file: place.read(file) for file in COURSE.curriculum.texts}
    return {file: text for file, text in texts.items() if text is not None} | {
        path.relative_to(place.root).as_posix(): path.read_text(encoding="utf-8")
        for folder in ("waybill", "tests")
        for path in sorted((place.root / folder).rglob("*.py"))
    }


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: str(lesson.slug))
def test_whoever_starts_at_a_lesson_ends_it_with_the_reference(
    lesson: Lesson, tmp_path: Path
) -> None:
    # What is written is looked at here. Its checks run in every notebook.
    place = workspace.create(tmp_path / "my-waybill", COURSE)
    loop = Loop(COURSE, place, Rehearsal())
    loop.catch_up(lesson)
    solve(loop, lesson)
    before = COURSE.katas_before(lesson)
    assert files(place) == COURSE.reference((*before, *lesson.katas))
    assert {loop.status(kata) for kata in before} <= {Status.GIVEN}
    assert {loop.status(kata) for kata in lesson.katas} == {Status.PASSED}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """An empty workspace, for somebody who works through the whole course."""
    return workspace.create(tmp_path_factory.mktemp("whole") / "my-waybill", COURSE)


@pytest.fixture(scope="module")
def served(place: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of what came of the whole course, served by `kata run`."""
    for lesson in LESSONS:
        loop = Loop(COURSE, place, Rehearsal())
        solve(loop, lesson)
        assert {loop.status(kata) for kata in lesson.katas} == {Status.PASSED}
    assert files(place) == COURSE.reference(COURSE.curriculum.katas)
    port = free_port()
    here = {"KATA_COURSE": str(COURSE.root), "KATA_WORKSPACE": str(place.root)}
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    with running("run", "--port", str(port), cwd=elsewhere, **here):
        address = f"http://127.0.0.1:{port}"
        eventually(lambda: answers(address))
        yield address
    assert (place.root / "waybill.db").exists()
    assert not (elsewhere / "waybill.db").exists()


@pytest.mark.skipif(os.name == "nt", reason="a reloading server can't be stopped there")
def test_a_stranger_can_use_the_finished_service(served: str) -> None:
    with httpx.Client(base_url=f"{served}/v1") as client:
        rates = client.get("/rates", params={"limit": 3}).json()
        assert [rate["country"] for rate in rates] == ["AT", "BE", "DE"]
        price = client.post("/rates/price", json={"parcel": PARCEL})
        assert price.json()["total"] == "5.00"
        assert client.get("/rates/ZZ").status_code == status.HTTP_404_NOT_FOUND

        response = client.post("/parcels", json=PARCEL)
        assert response.status_code == status.HTTP_401_UNAUTHORIZED
        lena = signed_in(client, "lena@example.com")
        bob = signed_in(client, "bob@example.com")
        response = client.post("/parcels", json=PARCEL, headers=lena)
        assert response.status_code == status.HTTP_201_CREATED
        parcel = response.json()
        path = f"/parcels/{parcel['id']}"
        assert client.get(path, headers=lena).json() == parcel
        assert client.get(path, headers=bob).status_code == status.HTTP_404_NOT_FOUND
        assert client.get("/parcels", headers=bob).json() == []
        scan = {"depot": "BER", "kind": "arrived", "at": "2026-03-02T09:00:00+01:00"}
        response = client.post(f"{path}/scans", json=scan, headers=lena)
        assert response.status_code == status.HTTP_403_FORBIDDEN
        response = client.get("/parcels", params={"limit": 0}, headers=lena)
        assert response.status_code == status.HTTP_422_UNPROCESSABLE_CONTENT
        export = client.get("/exports/parcels.csv", headers=lena).text
        assert parcel["tracking_code"] in export
        assert (
            parcel["tracking_code"]
            not in client.get("/exports/parcels.csv", headers=bob).text
        )


@pytest.mark.skipif(os.name == "nt", reason="a reloading server can't be stopped there")
def test_its_docs_name_every_route_and_every_tag(served: str) -> None:
    schema = httpx.get(f"{served}/openapi.json").json()
    operations = [
        (path, operation)
        for path, methods in schema["paths"].items()
        for operation in methods.values()
    ]
    assert operations
    for path, operation in operations:
        assert operation["tags"], path
        assert operation["description"], path
    assert httpx.get(f"{served}/docs").status_code == status.HTTP_200_OK


@pytest.mark.skipif(os.name == "nt", reason="a reloading server can't be stopped there")
def test_a_dispatcher_a_courier_and_a_depot_work_together(
    served: str, place: Workspace
) -> None:
    with httpx.Client(base_url=f"{served}/v1") as client:
        zoe, dora = (signed_in(client, f"{one}@example.com") for one in ("zoe", "dora"))
        cem, kim = (signed_in(client, f"{one}@example.com") for one in ("cem", "kim"))
        ids = {
            who: client.get("/me", headers=proof).json()["id"]
            for who, proof in {"cem": cem, "kim": kim, "zoe": zoe}.items()
        }
        role = {"role": "courier"}

        # Nobody is a dispatcher, until one is made from the command line.
        path = f"/dispatch/accounts/{ids['cem']}"
        refused = client.patch(path, json=role, headers=cem)
        assert refused.status_code == status.HTTP_403_FORBIDDEN
        command = [sys.executable, "-m", "waybill.promote", "Dora@example.com"]
        subprocess.run(command, cwd=place.root, check=True)
        for who in ("cem", "kim"):
            path = f"/dispatch/accounts/{ids[who]}"
            assert client.patch(path, json=role, headers=dora).is_success

        # Dora gives Zoë's parcel to Cem, who sees and scans it; Kim can't.
        parcel = client.post("/parcels", json=PARCEL, headers=zoe).json()
        carried, scans = {"courier_id": ids["cem"]}, f"/parcels/{parcel['id']}/scans"
        path = f"/dispatch/parcels/{parcel['id']}/courier"
        assert client.put(path, json=carried, headers=dora).is_success
        for proof, jobs, answer in ((cem, [parcel["id"]], 201), (kim, [], 404)):
            found = client.get("/dispatch/parcels", headers=proof).json()
            assert [one["id"] for one in found] == jobs
            scan = {"depot": "BER", "kind": "arrived", "at": "2026-03-02T09:00:00Z"}
            response = client.post(scans, json=scan, headers=proof)
            assert response.status_code == answer

        # A depot's scanner scans it with a key, until that is revoked.
        made = client.post("/dispatch/keys", json={"depot": "HAM"}, headers=dora).json()
        shown = {"Authorization": f"Bearer {made['key']}"}
        scan = {"kind": "arrived", "at": "2026-03-02T19:00:00Z"}
        scan |= {"tracking_code": parcel["tracking_code"]}
        assert client.post("/scans", json=scan, headers=shown).is_success
        assert client.get("/parcels", headers=shown).status_code == 401
        (seen,) = client.get("/parcels", headers=zoe).json()
        assert [one["depot"] for one in seen["scans"]] == ["BER", "HAM"]
        (key,) = client.get("/dispatch/keys", headers=dora).json()
        assert key["last_used"]
        path = f"/dispatch/keys/{made['prefix']}"
        assert client.delete(path, headers=dora).is_success
        refused = client.post("/scans", json=scan, headers=shown)
        assert refused.status_code == status.HTTP_401_UNAUTHORIZED
