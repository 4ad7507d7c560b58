"""SQLAlchemy's keys, options and results: what queries are made of."""

from kata.judge.advice.entry import Entry

ADVICE = (
    Entry(
        "AttributeError",
        r"'async_sessionmaker' object has no attribute '\w+'",
        "`sessions` makes sessions, and is none. Open one, and ask that: "
        "`async with sessions.begin() as session:`.",
    ),
    Entry(
        "InvalidRequestError",
        "Incorrect number of values in identifier to formulate primary key",
        "The key of this table has several columns, and `session.get` wants all of "
        "them, in a tuple: `session.get(Change, (7, 2))`. A parameter `*key` is one.",
    ),
    Entry(
        "ArgumentError",
        "Strings are not accepted for attribute names in loader options",
        "An option takes the attribute itself, without quotes: "
        "`joinedload(Change.account)`.",
    ),
    Entry(
        "ArgumentError",
        "does not apply to any of the root entities in this query",
        "An option begins at what the query selects: `select(Change)` takes "
        "`joinedload(Change.account)`, and no attribute of another class.",
    ),
    Entry(
        "ArgumentError",
        r"Method <bound method \w+\.(desc|asc) ",
        "`desc` is a method, so it is called: `.order_by(Scan.id.desc())`.",
    ),
    Entry(
        "TypeError",
        r"'\w*Result' object is not subscriptable",
        "A result can be read once, from its start. `.all()` makes a list of it, which "
        "has places: `rows = (await session.execute(query)).all()`.",
    ),
    Entry(
        "NotImplementedError",
        "Operator 'getitem' is not supported on this expression",
        "Python's own function was given a column. The database has one, too: "
        "`func.max(Change.number)`, with `func` from `sqlalchemy`.",
    ),
    Entry(
        "InvalidRequestError",
        "No such event",
        "Compare the event's name, such as `after_commit`. Its target is `Session` or "
        "a subclass of it. An AsyncSession, and what makes them, has none.",
    ),
)
