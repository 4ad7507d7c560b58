"""pytest, anyio and asyncio."""

from kata.judge.advice.entry import Entry

ADVICE = (
    Entry(
        "FixtureLookupError",
        "",
        "A test's parameters are names of fixtures. Define one of this name with "
        "`@pytest.fixture`, and compare the spelling.",
    ),
    Entry(
        "Failed",
        r'Fixture "\w+" called directly',
        "A fixture is not called: name it as a parameter of the test, and pytest "
        "passes what it gives.",
    ),
    Entry(
        "Failed",
        "async def functions are not natively supported",
        "pytest runs an `async def` test with a plugin's help: put "
        "`@pytest.mark.anyio` above it, or `anyio_mode = auto` into pytest.ini.",
    ),
    Entry(
        ".*",
        "requested an async fixture '.*', with no plugin",
        "An async fixture is run by anyio's plugin: mark the test with "
        "`@pytest.mark.anyio`, or set `anyio_mode = auto` in pytest.ini.",
    ),
    Entry(
        "RuntimeError",
        "cannot be called from a running event loop|This event loop is already running|"
        "Already running asyncio in this thread",
        "A loop runs already, so there is no need to start one: use `await`.",
    ),
    Entry(
        "RuntimeError",
        "Attempted to exit (a )?cancel scope in a different task",
        "A task group or a timeout was entered in one task and left in another. Don't "
        "`yield` inside of one, except in a fixture or a context manager.",
    ),
    Entry(
        ".*",
        "ScopeMismatch: You tried to access the function scoped fixture",
        "A fixture can't ask for one with a shorter life than its own. Give the one "
        "that asks no `scope=`, or let it ask for what lives as long: "
        "`tmp_path_factory` does, `tmp_path` doesn't.",
    ),
    Entry(
        ".*",
        r"function uses no (argument|fixture) '\w+'",
        "`parametrize` hands each of its names to the test: give the test a parameter "
        "of that name, spelt the same.",
    ),
)
