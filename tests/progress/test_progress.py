"""Progress and history: nothing is lost, whatever happens to the file."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kata.errors import KataError
from kata.progress import store as storage
from kata.progress.progress import Progress
from kata.progress.records import Attempt, Origin, WrittenRegion
from kata.verdict import Status

WRITER = """
import sys
from pathlib import Path
from kata.progress.progress import Progress

progress = Progress(Path(sys.argv[1]), print)
print("ready", flush=True)
sys.stdin.readline()
for number in range(int(sys.argv[3])):
    progress.remember("a.b", f"{sys.argv[2]} {number}")
    progress.next_hint("a.b", 1000)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / ".kata" / "progress.db"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a progress file of many pages."""
    path = tmp_path_factory.mktemp("filled") / "progress.db"
    store = Progress(path)
    for number in range(4):
        attempt = store.remember("a.b", f"x = {number}\n" * 1500)
        store.conclude(attempt, Status.FAILED)
        store.write_region(f"a.kata{number}", f"y = {number}\n" * 100)
        store.judge_region(f"a.kata{number}", Status.PASSED)
    store.next_hint("a.b", 3)
    return path.read_bytes()


def sources(store: Progress, kata: str = "a.b") -> list[str]:
    return [attempt.source for attempt in store.history(kata)]


def test_an_attempt_is_stored_before_it_is_judged(path: Path) -> None:
    store = Progress(path)
    number = store.remember("a.b", "x = 1")
    (before,) = store.history("a.b")
    assert before == Attempt(number, "a.b", before.at, Origin.CELL, "x = 1", None)
    store.conclude(number, Status.BROKEN)
    (after,) = Progress(path).history("a.b")
    assert after.status is Status.BROKEN


def test_history_is_kept_by_kata_and_oldest_first(path: Path) -> None:
    store = Progress(path)
    for kata, source in [("a.b", "1"), ("c.d", "2"), ("a.b", "3"), ("a.b", "1")]:
        store.remember(kata, source)
    assert sources(store) == ["1", "3", "1"]
    assert sources(store, "c.d") == ["2"]
    assert sources(store, "e.f") == []


def test_where_a_piece_of_history_came_from_is_kept(path: Path) -> None:
    store = Progress(path)
    for origin in Origin:
        store.remember("a.b", origin, origin)
    assert [one.origin for one in store.history("a.b")] == [*Origin]


def test_a_region_is_open_again_when_it_is_written_anew(path: Path) -> None:
    store = Progress(path)
    store.write_region("a.b", "x = 1")
    store.judge_region("a.b", Status.PASSED)
    assert store.regions() == {"a.b": WrittenRegion("x = 1", Status.PASSED)}
    store.write_region("a.b", "x = 2")
    assert store.regions() == {"a.b": WrittenRegion("x = 2", None)}


def test_hints_come_one_after_another_and_the_last_one_again(path: Path) -> None:
    store = Progress(path)
    assert [store.next_hint("a.b", 3) for _ in range(5)] == [0, 1, 2, 2, 2]
    assert store.next_hint("c.d", 3) == 0


@pytest.mark.parametrize(
    "source", ["", "größe = '✓'", "a\r\nb", "x = '\0'", "\u2028\x85\ufeff"]
)
def test_a_source_comes_back_as_it_went_in(source: str, path: Path) -> None:
    store = Progress(path)
    store.remember("a.b", source)
    assert sources(store) == [source]


def test_what_cannot_be_stored_is_stored_escaped(path: Path) -> None:
    store = Progress(path)
    store.remember("a.b", "x = '\ud800'")
    assert sources(store) == ["x = '\\ud800'"]


def written_at_once(path: Path, names: list[str], count: int) -> list[str]:
    """Let processes write at the same time; return what each was told."""
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), name, str(count)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in names
    ]
    for writer in writers:
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    said = [writer.communicate()[0] for writer in writers]
    assert not any(writer.returncode for writer in writers)
    return said


def test_two_processes_that_write_at_once_lose_nothing(path: Path) -> None:
    count = 15
    assert written_at_once(path, ["one", "two"], count) == ["", ""]
    store = Progress(path)
    expected = {
        f"{name} {number}" for name in ("one", "two") for number in range(count)
    }
    assert {*sources(store)} == expected
    assert len(sources(store)) == len(expected)
    assert store.next_hint("a.b", 1000) == len(expected)


def garbage(_: bytes) -> bytes:
    return b"this is no database\n" * 100


def half(good: bytes) -> bytes:
    return good[: len(good) // 2]


def zero_pages(good: bytes) -> bytes:
    middle = len(good) // 4096 // 2 * 4096
    return good[: middle - 8192] + bytes(16384) + good[middle + 8192 :]


def unknown_word(good: bytes) -> bytes:
    return good.replace(b"failed", b"fa\x00\xffed")


DAMAGES = [garbage, half, zero_pages, unknown_word]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_set_aside_with_its_name_told(
    damage: Callable[[bytes], bytes], path: Path, filled: bytes
) -> None:
    bad = damage(filled)
    path.parent.mkdir()
    path.write_bytes(bad)
    told: list[str] = []
    store = Progress(path, told.append)
    for look in (store.regions, lambda: store.history("a.b")):
        try:
            look()
        except KataError as error:
            told.append(str(error))
    (said,) = told
    assert "was damaged. It is kept as progress.damaged-1.db" in said
    assert "Your code is untouched" in said
    assert path.with_name("progress.damaged-1.db").read_bytes() == bad
    store.remember("a.b", "after")
    assert sources(store) == ["after"]


def test_a_second_damage_does_not_overwrite_the_first(path: Path) -> None:
    told: list[str] = []
    store = Progress(path, told.append)
    for text in (b"first", b"second"):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text * 1000)
        store.remember("a.b", "x")
    assert ["damaged-1.db" in told[0], "damaged-2.db" in told[1]] == [True, True]
    kept = [path.with_name(f"progress.damaged-{n}.db").read_bytes()[:5] for n in (1, 2)]
    assert kept == [b"first", b"secon"]


@pytest.mark.skipif(
    os.name == "nt",
    reason="Windows renames no open file: there the others are asked to try again",
)
def test_processes_that_find_the_damage_at_once_keep_it_and_lose_nothing(
    path: Path,
) -> None:
    path.parent.mkdir()
    path.write_bytes(b"damaged" * 1000)
    names = ["one", "two", "three"]
    said = written_at_once(path, names, 3)
    assert sum("damaged-1.db" in text for text in said) == 1
    expected = {f"{name} {number}" for name in names for number in range(3)}
    assert {*sources(Progress(path))} == expected
    aside = [*path.parent.glob("progress.damaged-*")]
    assert [one.read_bytes()[:7] for one in aside] == [b"damaged"]


@given(where=st.integers(min_value=0), what=st.binary(min_size=1, max_size=64))
def test_no_damage_is_ever_an_exception_that_people_cannot_read(
    where: int, what: bytes, filled: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("damage") / "progress.db"
    at = where % len(filled)
    path.write_bytes(filled[:at] + what + filled[at + len(what) :])
    store = Progress(path)
    for look in (lambda: store.history("a.b"), store.regions):
        with suppress(KataError):
            look()
    with suppress(KataError):
        store.next_hint("a.b", store.remember("a.b", "x"))


def test_a_file_of_a_newer_version_is_refused_and_stays(path: Path) -> None:
    Progress(path).remember("a.b", "x = 1")
    with sqlite3.connect(path) as db:
        db.execute(f"PRAGMA user_version = {storage.VERSION + 1}")
    db.close()
    before = path.read_bytes()
    with pytest.raises(KataError, match="newer version of the course"):
        Progress(path).remember("a.b", "x = 2")
    assert path.read_bytes() == before
    assert [*path.parent.iterdir()] == [path]


@pytest.fixture
def locked(path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Another program that holds the file."""
    monkeypatch.setattr(storage, "LOCK_WAIT", 0.01)
    Progress(path).remember("a.b", "x = 1")
    other = sqlite3.connect(path)
    other.execute("BEGIN EXCLUSIVE")
    yield
    other.close()


@pytest.mark.usefixtures("locked")
def test_a_locked_file_says_what_to_do_and_is_not_taken_for_damaged(path: Path) -> None:
    told: list[str] = []
    with pytest.raises(KataError, match="is locked") as caught:
        Progress(path, told.append).remember("a.b", "x = 2")
    assert "Close other programs that use it" in caught.value.next_step
    assert not told
    assert not [*path.parent.glob("*damaged*")]


def test_a_folder_that_cannot_be_written_to_says_what_to_do(path: Path) -> None:
    path.parent.write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(KataError, match="can't be stored in") as caught:
        Progress(path).remember("a.b", "x = 1")
    assert "Make the folder writable" in caught.value.next_step


def test_a_folder_in_the_place_of_the_file_says_what_to_do(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(KataError, match="can't be stored in"):
        Progress(path).remember("a.b", "x = 1")
    assert path.is_dir()
