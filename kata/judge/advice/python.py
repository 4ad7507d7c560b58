"""Python itself; these come last."""

from kata.judge.advice.entry import Entry

ADVICE = (
    Entry(
        "TypeError",
        "'coroutine' object is not an async iterator",
        "A context manager made with `@asynccontextmanager` has a `yield`, not a "
        "`return`.",
    ),
    Entry(
        "TypeError|AttributeError",
        "'coroutine' object|unsupported operand .*'coroutine'|, got coroutine",
        "An `async def` function was called and not awaited. Put `await` before the "
        "call, inside an `async def`.",
    ),
    Entry(
        "TypeError",
        "object async_generator can't be used in 'await'|"
        "'async_generator' object is not iterable",
        "A function with `yield` gives its values one at a time: `async for`.",
    ),
    Entry(
        "TypeError",
        "'async_generator' object does not support the asynchronous context",
        "A function with `yield` becomes a context manager by the decorator "
        "`@asynccontextmanager`.",
    ),
    Entry(
        "TypeError",
        "'_AsyncGeneratorContextManager' object does not support the context manager",
        "This is opened with `async with`, not with `with`.",
    ),
    Entry(
        "AttributeError",
        "'_AsyncGeneratorContextManager' object has no attribute",
        "A context manager gives its object in an `async with … as name:` block.",
    ),
    Entry(
        "TypeError",
        r"object \w+ can't be used in 'await' expression",
        "The call gave its result at once. Only what an `async def` function returns "
        "is awaited: leave out the `await`.",
    ),
    Entry(
        "TypeError",
        "can't (compare|subtract) offset-naive and offset-aware datetimes",
        "One of the two times has an offset and the other has none. Give both one: a "
        "clock says it with `datetime.now(UTC)`, and a field with its type.",
    ),
    Entry(
        "ValueError|OverflowError",
        r"year -?\d+ is out of range",
        "The number is far too large for seconds since 1970: it may be milliseconds. "
        "Divide it by 1000.",
    ),
    Entry(
        "TypeError",
        "Object of type timedelta is not JSON serializable",
        "A timedelta is a length of time. If a moment is wanted, such as `exp` in a "
        "token, add it to one: `at + LIFETIME`. A length goes into JSON as a number: "
        "`.total_seconds()`.",
    ),
    Entry(
        "TypeError",
        r"Object of type \w+ is not JSON serializable",
        "JSON knows texts, numbers, lists and dicts only. A function of a route "
        "returns the object itself, and FastAPI converts it. Elsewhere a Pydantic "
        "model does: `model_dump(mode='json')`, `model_dump_json()`.",
    ),
    Entry(
        "TypeError",
        r"unsupported operand .*('decimal\.Decimal' and 'float'|"
        r"'float' and 'decimal\.Decimal')",
        "A float isn't exact, so it doesn't mix with Decimal. Write the number as "
        "`Decimal('1.5')`.",
    ),
    Entry(
        "InvalidOperation",
        "",
        "The text is no number for Decimal. `Decimal('6.50')` is one.",
    ),
    Entry(
        "ValueError",
        "Invalid isoformat string",
        "A time is written as `2026-03-01T12:00:00+00:00`.",
    ),
    Entry(
        "ZoneInfoNotFoundError",
        "",
        "There is no time zone of this name. They are called like `Europe/Amsterdam`.",
    ),
    Entry(
        "ValueError",
        r"^'.*' is not a valid \w+$",
        "The enum has no member with this value. A member is found by its value, not "
        "by its name.",
    ),
    Entry(
        "ImportError|AttributeError",
        "partially initialized module",
        "Two files import each other, and neither can finish. Move what both need into "
        "the one that stands earlier in the course.",
    ),
    Entry(
        "TypeError",
        r"'\w+' object is not iterable",
        "One object stands where several were expected. A relationship to many is "
        "annotated as `Mapped[list['Scan']]`; a single value in a list has brackets.",
    ),
    Entry(
        "StopIteration",
        "",
        "`next(…)` found nothing: what it goes through is empty here. See that "
        "something is there first, or give it a default, `next(…, None)`.",
    ),
    Entry(
        "RuntimeError",
        "raised StopIteration",
        "`next(…)` found nothing: what it goes through is empty here. See that "
        "something is there first, or give it a default, `next(…, None)`.",
    ),
    Entry(
        "TypeError",
        "'[<>]=?' not supported between instances",
        "Values of these types have no order. `sorted` and the like take a `key`: "
        "`key=lambda film: film.title`.",
    ),
    Entry(
        "KeyError",
        "",
        "The dict has no such key. `key in …` asks whether it is there, and "
        "`.get(key)` gives None where it isn't.",
        is_general=True,
    ),
    Entry(
        "IndexError",
        "out of range|pop from",
        "There are fewer items than that, or none at all.",
        is_general=True,
    ),
    Entry(
        "ValueError",
        "values to unpack",
        "As many names have to stand on the left as there are values on the right.",
        is_general=True,
    ),
    Entry(
        "TypeError",
        r"can only concatenate|can't concat|unsupported operand .* for \+: .*'str'",
        "Only things of one type are joined with `+`. An f-string puts anything into "
        "a text: `f'{weight} g'`.",
    ),
    Entry(
        "TypeError",
        "a bytes-like object is required, not 'str'|must be encoded before hashing",
        "Bytes are wanted here: `text.encode()` makes them of a text.",
    ),
    Entry(
        "TypeError",
        "comparing strings with non-ASCII characters",
        "`compare_digest` compares texts of ASCII, or bytes. Refuse other texts first, "
        "or compare hashes.",
    ),
    Entry(
        "UnicodeEncodeError",
        "surrogates not allowed",
        "The text holds half of a surrogate pair, which is no character, and UTF-8 "
        "can't encode it. Refuse such a text first.",
    ),
    Entry(
        "ValueError",
        r"invalid literal for int\(\)",
        "This text is no whole number. Check it before, or catch the `ValueError`.",
        is_general=True,
    ),
    Entry(
        "RuntimeError",
        "changed size during iteration|mutated during iteration",
        "What a loop goes through must not change meanwhile. Go through a copy: `for "
        "key in list(…)`.",
    ),
    Entry(
        "RuntimeError",
        "Event loop is closed|different (event )?loop",
        "It was made under another event loop. Make engines, clients and locks where "
        "the app starts, not while a file is imported.",
    ),
    Entry(
        "TypeError",
        "requires an object with __aiter__",
        "What is gone through here is no async iterator: `for` without `async` does, "
        "after an `await` where it is a coroutine's result.",
    ),
    Entry(
        "TypeError",
        "exceptions must derive from BaseException",
        "Only exceptions are raised, and this is another value: `raise "
        "HTTPException(404, …)`.",
    ),
    Entry(
        "AttributeError",
        "'dict' object has no attribute",
        "A dict's values are read with brackets, `row['name']`; only a model or an "
        "object has a dot.",
    ),
    Entry(
        "AttributeError|TypeError",
        "'NoneType' object (has no attribute|is not)",
        "Something is None here: a query that found nothing, or a function without a "
        "`return`. Handle that case first.",
    ),
    Entry(
        "TypeError",
        r"'\w+' object is not subscriptable",
        "Square brackets are for dicts and lists. A field of an object is read with a "
        "dot.",
    ),
    Entry(
        "TypeError",
        r"'\w+' object is not callable",
        "Something that is no function is called here. Was its name given to another "
        "value?",
    ),
    Entry(
        "TypeError",
        "unhashable type",
        "Keys of a dict and members of a set can't change. Use a tuple instead of a "
        "list.",
    ),
    Entry(
        "TypeError",
        "missing [0-9]+ required (positional|keyword-only) argument",
        "Compare the call with the function's parameters: one has no default, and "
        "nothing was passed for it.",
    ),
    Entry(
        "TypeError",
        "got an unexpected keyword argument",
        "The function has no parameter of this name. Compare the spelling with its "
        "definition.",
    ),
    Entry(
        "UnboundLocalError",
        "",
        "A function that assigns to a name makes it its own, everywhere in the "
        "function. Give it a value first, or use another name.",
    ),
    Entry(
        "NameError",
        "",
        "Define the name above this line, or import it in this cell. If you mean a "
        "text, put it in quotes.",
    ),
    Entry("EOFError", "", "Nobody can type while checks run: do without input()."),
    Entry(
        "ModuleNotFoundError",
        "",
        "Look at the spelling of the import. A file of your service is imported from "
        "its package: `from waybill import rates`.",
    ),
    Entry("RecursionError", "", "Something calls itself without an end."),
    Entry(
        "MemoryError",
        "",
        "Look for a list or a text that grows in a loop.",
    ),
    Entry(
        "TypeError",
        r"takes (from )?\d+ .*positional arguments? but \d+ (was|were) given",
        "More values were passed than the function has parameters. A method has "
        "`self` as its first one.",
    ),
    Entry(
        "ImportError",
        "^cannot import name",
        "The module has no such name. Compare the spelling, and from where the "
        "example imports it.",
    ),
    Entry(
        "AttributeError",
        "has no attribute",
        "Nothing of this name is there. Compare the spelling, and look at the type "
        "that the message names: is it the one you expected?",
        is_general=True,
    ),
)
