"""asyncio, AnyIO and HTTPX, where several things wait at the same time."""

from kata.judge.advice.entry import Entry

ADVICE = (
    Entry(
        "StreamConsumed",
        "",
        "A streamed body can be read once. Read it in one place, by `aiter_raw` or by "
        "`aread`, and keep what came.",
    ),
    Entry(
        "StreamClosed",
        "",
        "The response was closed before its body was read. Read it inside of `async "
        "with client.stream(…)`.",
    ),
    Entry(
        "TypeError|AttributeError",
        r"_AsyncGeneratorContextManager.*('await' expression|"
        r"no attribute '(raise_for_status|status_code|json|aread|aiter_\w+)')",
        "`client.stream(…)` is a context manager, not a response: `async with "
        "client.stream(…) as response:`.",
    ),
    Entry(
        "ValueError",
        "httpx.Timeout must either include a default",
        "`httpx.Timeout` wants a number for all steps first, then those that differ: "
        "`httpx.Timeout(5, connect=1)`.",
    ),
    Entry(
        "TypeError",
        "'(Timeout|TaskGroup)' object does not support the context manager",
        "A deadline and a task group are opened with `async with`, not with `with`.",
    ),
    Entry(
        "RuntimeError",
        "TaskGroup <.*> has not been entered",
        "A task group starts tasks inside its block: `async with asyncio.TaskGroup() "
        "as group:`, and then `group.create_task(…)`.",
    ),
    Entry(
        "RuntimeError",
        "TaskGroup <.*> is finished",
        "The group's block has ended. Start each task inside of `async with "
        "asyncio.TaskGroup() as group:`.",
    ),
    Entry(
        "TypeError",
        "a coroutine was expected, got (<function|functools.partial|<bound method)",
        "`create_task` wants a call, with its brackets: `group.create_task(ask(…))`.",
    ),
    Entry(
        "PicklingError|AttributeError",
        "[Cc]an't (pickle|get) local object|attribute lookup .* failed",
        "Another process finds a function by its name. Write it at the top of a "
        "module, and hand over plain values.",
    ),
    Entry(
        "QueueFull",
        "",
        "`put_nowait` never waits, and raises where nothing more fits. Ask "
        "`queue.full()` first, or catch it.",
    ),
    Entry(
        "QueueEmpty",
        "",
        "`get_nowait` never waits, and raises where there is nothing. Ask "
        "`queue.empty()` first, or wait with `await queue.get()`.",
    ),
    Entry(
        "TypeError",
        r"run_sync\(\) got an unexpected keyword argument",
        "`run_sync` takes the function, then its arguments by position. For one by "
        "name, use `functools.partial`.",
    ),
    Entry(
        "TypeError",
        "a coroutine or an awaitable is required",
        "`asyncio.shield` and `asyncio.wait_for` take a task or a coroutine, and this "
        "is neither. Was the function called, and is the task there?",
    ),
)
