"""The engine stands in rooms, and imports go one way: `kata.ROOMS` is the order."""

import ast
from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from importlib.util import resolve_name
from pathlib import Path

import pytest

import kata

ENGINE = Path(kata.__file__).parent
CONTRIBUTING = ENGINE.parent / "CONTRIBUTING.md"
BELOW = ("errors", "verdict")
"""Modules that every room may use, so they stand in none."""
DOORS = ("__init__", "__main__")
"""Where the engine is entered: they may use every room, and no room uses them."""
ORDER = (*BELOW, *kata.ROOMS, *DOORS)

Imports = dict[str, set[str]]
"""What each module imports of the engine, by dotted name."""


def test_no_file_stands_loose_and_every_folder_is_a_room() -> None:
    expect_none(misplaced(ENGINE))


def test_a_room_imports_from_rooms_before_it_only() -> None:
    expect_none(upward(imports_of(ENGINE)))


def test_no_modules_import_each_other_in_a_circle() -> None:
    expect_none(circle(imports_of(ENGINE)))


def test_every_room_says_what_lives_there() -> None:
    expect_none(
        f"kata/{room}/__init__.py says nothing. Say in a sentence what lives there, "
        "and which of its modules other rooms use."
        for room in kata.ROOMS
        if not ast.get_docstring(tree_of(ENGINE / room / "__init__.py"))
    )


def test_the_map_in_contributing_lists_the_rooms_in_their_order() -> None:
    lines = CONTRIBUTING.read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if line.startswith("| `kata/")]
    listed = [row.split("`")[1] for row in rows]
    assert listed == [f"kata/{room}/" for room in kata.ROOMS]


@pytest.mark.parametrize(
    ("file", "code", "told"),
    [
        ("source/a.py", "from kata.loop import b", "`loop` stands after `source`"),
        ("source/a.py", "import kata.loop.b", "`loop` stands after `source`"),
        ("source/a.py", "from ..loop.b import c", "`loop` stands after `source`"),
        ("loop/b.py", "def f():\n    from kata.cli import app", "`cli` stands after"),
        ("verdict.py", "from kata.source.a import c", "`source` stands after"),
        ("loop/b.py", "from kata import ROOMS", "`__init__` stands after `loop`"),
        ("loop/child/d.py", "from kata.site import e", "`site` stands after `loop`"),
    ],
)
def test_an_import_that_goes_up_is_refused(
    file: str, code: str, told: str, engine: Path
) -> None:
    (engine / file).write_text(code, encoding="utf-8")
    (said,) = upward(imports_of(engine))
    assert told in said


def test_an_import_that_goes_down_is_none_of_these(engine: Path) -> None:
    code = "import ast\nfrom kata.source.a import c\nfrom kata.errors import KataError"
    (engine / "loop/b.py").write_text(code, encoding="utf-8")
    expect_none(upward(imports_of(engine)))
    expect_none(circle(imports_of(engine)))


def test_a_circle_is_refused_within_a_room_too(engine: Path) -> None:
    (engine / "loop/b.py").write_text("from kata.loop.child import d", encoding="utf-8")
    (engine / "loop/child/d.py").write_text("import kata.loop.b", encoding="utf-8")
    (said,) = circle(imports_of(engine))
    assert "kata.loop.b" in said


@pytest.mark.parametrize("path", ["stray.py", "attic/old.py"])
def test_what_stands_in_no_room_is_refused(path: str, engine: Path) -> None:
    (engine / path).parent.mkdir(exist_ok=True)
    (engine / path).touch()
    (said,) = misplaced(engine)
    assert path.partition("/")[0] in said


@pytest.fixture
def engine(tmp_path: Path) -> Path:
    """A small engine in order: a file in two rooms, one of them in a folder inside."""
    for module in ("errors", "verdict", "source/a", "loop/b", "loop/child/d"):
        path = tmp_path / "kata" / f"{module}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path / "kata"


def expect_none(faults: Iterable[str]) -> None:
    """Fail with all of these messages, whole and a line each."""
    if told := "\n".join(faults):
        pytest.fail(told, pytrace=False)


def misplaced(engine: Path) -> Iterator[str]:
    """Yield what to do about each file and folder that stands in no room."""
    for path in sorted(engine.iterdir()):
        if path.suffix == ".py" and path.stem not in {*BELOW, *DOORS}:
            yield (
                f"kata/{path.name} stands loose. Move it into the room where "
                "its reader would look for it."
            )
        elif path.name not in kata.ROOMS and [*path.rglob("*.py")]:
            yield (
                f"kata/{path.name}/ is no room. Give it a place in kata.ROOMS and in "
                "CONTRIBUTING's map, or move what it holds."
            )


def upward(imports: Imports) -> Iterator[str]:
    """Yield what to do about each import from a room that stands further on."""
    for module, targets in imports.items():
        for target in sorted(targets):
            here, there = room_of(module), room_of(target)
            known = here in ORDER and there in ORDER
            if known and ORDER.index(here) < ORDER.index(there):
                yield (
                    f"{module} imports {target}, and `{there}` stands after `{here}` "
                    "in kata.ROOMS. Move what is needed into an earlier room, or let "
                    "the caller hand it in."
                )


def circle(imports: Imports) -> Iterator[str]:
    """Yield what to do about modules that import each other."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        yield (
            f"These import each other in a circle: {' ← '.join(error.args[1])}. Move "
            "what two of them need into a module of its own."
        )


def imports_of(engine: Path) -> Imports:
    """Read what every module imports of the engine, wherever in the code it does so."""
    files = {module_of(path, engine): path for path in sorted(engine.rglob("*.py"))}
    return {
        module: {*_imported(module, path, files)} - {module}
        for module, path in files.items()
    }


def _imported(module: str, path: Path, files: dict[str, Path]) -> Iterator[str]:
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            # A bare `import kata` asks where the engine lies, and uses nothing of it.
            yield from (one.name for one in node.names if one.name.startswith("kata."))
        elif isinstance(node, ast.ImportFrom):
            source = resolve_name("." * node.level + (node.module or ""), package)
            if source.partition(".")[0] == "kata":
                # What is imported from a package is a module of it, or a name in it.
                names = (f"{source}.{one.name}" for one in node.names)
                yield from (name if name in files else source for name in names)


def module_of(path: Path, engine: Path) -> str:
    """Return the dotted name of a file."""
    parts = path.relative_to(engine.parent).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


def room_of(module: str) -> str:
    """Return the room that a module stands in, or its own name if it stands loose."""
    return (*module.split("."), "__init__")[1]


def tree_of(path: Path) -> ast.Module:
    """Read a file as Python."""
    return ast.parse(path.read_text(encoding="utf-8"))
