"""SQLAlchemy, with asyncio."""

from kata.judge.advice.entry import Entry

ADVICE = (
    Entry(
        "MissingGreenlet|StatementError|ResponseValidationError|ValidationError",
        "greenlet_spawn has not been called",
        "An attribute was read that isn't loaded, and loading it needs an "
        "`await`. Load it with the query (`selectinload`), or keep what was "
        "loaded after a commit: `expire_on_commit=False`.",
    ),
    Entry(
        "DetachedInstanceError|ResponseValidationError|ValidationError",
        "is not bound to a Session",
        "The session is closed, so nothing more can be loaded. Read the attribute "
        "while the session is open, or make sessions with "
        "`expire_on_commit=False`.",
    ),
    Entry(
        "AttributeError",
        r"'(list|InstrumentedList)' object has no attribute '_sa_instance_state'",
        "The relationship holds one object, and a list was given. For many, annotate "
        "it as `Mapped[list['Scan']]`.",
    ),
    Entry(
        "AttributeError",
        "'NoneType' object has no attribute 'append'",
        "Nothing is there to append to. A relationship to many is annotated as "
        "`Mapped[list['Scan']]`, and then begins as an empty list.",
    ),
    Entry(
        "AttributeError",
        "'AsyncSession' object has no attribute 'query'",
        "An async session has no `query`. Use `await session.scalars(select(Parcel))`.",
    ),
    Entry(
        "AttributeError",
        r"'coroutine' object has no attribute "
        r"'(all|first|one|one_or_none|scalar|scalars|scalar_one\w*|mappings|rowcount)'",
        "The query was not awaited before its result was read: "
        "`(await session.scalars(…)).all()`, with the parentheses.",
    ),
    Entry(
        "ArgumentError",
        "Textual SQL expression",
        "SQL in a text needs `text('…')`. Safer are expressions, which keep values out "
        "of the SQL: `select(Parcel).where(Parcel.code == code)`.",
    ),
    Entry(
        "ArgumentError",
        "could not assemble any primary key",
        "Every table needs a primary key: "
        "`id: Mapped[int] = mapped_column(primary_key=True)`.",
    ),
    Entry(
        "ArgumentError",
        "Could not parse SQLAlchemy URL",
        "A database's URL has the form `sqlite+aiosqlite:///waybill.db` or "
        "`postgresql+psycopg://user:password@host/name`.",
    ),
    Entry(
        "ArgumentError",
        r"clause element expected, got \[",
        "`select` takes columns and classes one after the other, not in a list: "
        "`select(Parcel.id, Parcel.code)`.",
    ),
    Entry(
        "NoForeignKeysError",
        "",
        "A relationship follows a foreign key. One of the two tables needs a column "
        "with `ForeignKey('parcels.id')`.",
    ),
    Entry(
        "NoReferencedTableError",
        "",
        "`ForeignKey` names the table and the column, `'parcels.id'`: the table's "
        "name, not the class's.",
    ),
    Entry(
        "NoReferencedColumnError",
        "",
        "`ForeignKey` names the table and the column, with a point between them: "
        "`'parcels.id'`.",
    ),
    Entry(
        "AttributeError|ArgumentError|InvalidRequestError",
        "'Table' object has no attribute",
        "In a relationship, `order_by` names the class: `'Scan.id'`. Only `ForeignKey` "
        "names the table.",
    ),
    Entry(
        "InvalidRequestError",
        "does not have a __table__ or __tablename__",
        "Say what the table is called: `__tablename__ = 'parcels'`.",
    ),
    Entry(
        "InvalidRequestError",
        "is already defined for this MetaData instance",
        "Two classes have the same `__tablename__`. Rename one of them.",
    ),
    Entry(
        "InvalidRequestError",
        "failed to locate a name",
        "The annotation of a relationship names a class that doesn't exist. "
        "Compare the spelling; its file has to be imported as well.",
    ),
    Entry(
        "InvalidRequestError",
        "has no property",
        "`back_populates` names the attribute on the other class, and that one has to "
        "name this. Write both, or neither.",
    ),
    Entry(
        "MappedAnnotationError",
        "can't be correctly interpreted",
        "A column's type stands inside `Mapped`: `id: Mapped[int] = mapped_column(…)`.",
    ),
    Entry(
        "MappedAnnotationError",
        "Could not locate SQLAlchemy Core type",
        "SQLAlchemy has no column type for this. Name one: `mapped_column(JSON)`.",
    ),
    Entry(
        "MappedAnnotationError",
        "Expected a Python type",
        "In `Mapped` stands Python's type, and the column's in `mapped_column`: "
        "`value: Mapped[Decimal] = mapped_column(Cents)`.",
    ),
    Entry(
        "IntegrityError",
        "NOT NULL constraint failed|NotNullViolation",
        "A column that must have a value got none. Set it, or annotate the column "
        "with `| None`.",
    ),
    Entry(
        "IntegrityError",
        "UNIQUE constraint failed|UniqueViolation",
        "There is a row with this value already. Where that can happen, catch "
        "`IntegrityError` at the commit and answer 409.",
    ),
    Entry(
        "IntegrityError",
        "FOREIGN KEY constraint failed|ForeignKeyViolation",
        "The row points to another one that doesn't exist, or others still point to "
        "the row that was deleted.",
    ),
    Entry(
        "OperationalError",
        "no such (table|column)",
        "The tables were made before this was part of them, or were never made. Is the "
        "class imported before `create_all` runs?",
    ),
    Entry(
        "PendingRollbackError",
        "",
        "An earlier statement failed in this transaction, so the session waits for "
        "`await session.rollback()`.",
    ),
    Entry(
        "InvalidRequestError",
        "A transaction is already begun",
        "The first statement of a session begins a transaction. Use "
        "`async with sessions.begin() as session`, and no second `begin`.",
    ),
    Entry(
        "InvalidRequestError",
        "Can't operate on closed transaction inside context manager",
        "`begin()` as a context manager commits at its end. Leave out the `commit()` "
        "inside it; `flush()` sends what is pending. After a `close()`, open another. "
        "A listener of `after_commit` can ask for nothing: note it in `after_flush`.",
    ),
    Entry(
        "InvalidRequestError",
        "requires an async driver",
        "The URL names a driver that blocks. For SQLite use `sqlite+aiosqlite://`, for "
        "PostgreSQL `postgresql+psycopg://`.",
    ),
    Entry(
        "InvalidRequestError",
        "is not persistent within this Session",
        "Only what this session has stored can be refreshed: `add` it and `flush` or "
        "`commit` first.",
    ),
    Entry(
        "TypeError",
        "'async_sessionmaker' object does not support",
        "It makes sessions when it is called: `async with sessions() as session`.",
    ),
    Entry(
        "TypeError",
        r"'Async(Session|Connection|Engine)' object does not support",
        "It is opened with `async with`, not with `with`.",
    ),
    Entry(
        "AttributeError",
        "'AsyncConnection' object has no attribute '_run_ddl_visitor'",
        "`create_all` is synchronous, so the connection runs it: "
        "`await connection.run_sync(Base.metadata.create_all)`.",
    ),
    Entry(
        "TypeError",
        r"missing 1 required positional argument: '(bind|connection)'",
        "`run_sync` takes the function itself and calls it: "
        "`run_sync(Base.metadata.create_all)`, without parentheses at its end.",
    ),
    Entry(
        "UnmappedInstanceError",
        "",
        "A session stores objects of table classes only. A Pydantic model has to be "
        "turned into one first: `Parcel(**body.model_dump())`.",
    ),
    Entry(
        "TypeError",
        "is an invalid keyword argument for",
        "The table class has no column or relationship of that name.",
    ),
    Entry(
        "MultipleResultsFound",
        "",
        "The query found several rows. Restrict it with `where`, or read all of them "
        "with `.all()`.",
    ),
    Entry(
        "NoResultFound",
        "",
        "The query found no row. `.one_or_none()` gives None instead, and then you "
        "decide what to answer.",
    ),
    Entry(
        "StatementError",
        "SQLite DateTime type only accepts",
        "A column of time takes a `datetime`, not a text. "
        "`datetime.fromisoformat(text)` makes one.",
    ),
    Entry(
        "ProgrammingError|InterfaceError",
        "Error binding parameter",
        "A column got a value of a type that a database doesn't know. Convert it, or "
        "give the column a type that does: `JSON`, or a TypeDecorator.",
    ),
    Entry(
        "TypeError",
        r"'Async(Scalar|Mapping|Tuple)?Result' object is not iterable",
        "Rows that are streamed arrive one at a time: `async for row in result`.",
    ),
    Entry(
        "InvalidRequestError|ResponseValidationError|ValidationError",
        "not available due to lazy='raise'",
        "`lazy='raise'` refuses to load what nobody asked for. Load it with the query: "
        "`select(Parcel).options(selectinload(Parcel.scans))`.",
    ),
    Entry(
        "ArgumentError",
        "__table_args__ value must be a tuple",
        "What stands in `__table_args__` is a tuple, also with one thing in it: "
        "`(UniqueConstraint(…),)`, with a comma before the last parenthesis.",
    ),
    Entry(
        "NotImplementedError",
        "asynchronous events are not implemented",
        "An async engine wraps a synchronous one, and listeners belong to that: "
        "`event.listen(engine.sync_engine, …)`.",
    ),
    Entry(
        "TimeoutError",
        "QueuePool limit",
        "All connections are lent, and none came back in time. Close each session "
        "(`async with`), and hold none while you wait for something else.",
    ),
    Entry(
        "InvalidRequestError|IllegalStateChangeError",
        "concurrent operations are not permitted|is already in progress",
        "A session does one thing at a time. Give each task a session of its own.",
    ),
    Entry(
        "OperationalError",
        "database is locked",
        "Another connection is writing to this file. Keep transactions short, and let "
        "each connection wait: `PRAGMA busy_timeout`.",
    ),
    Entry(
        "InvalidRequestError",
        "is already attached to session",
        "An object belongs to one session. Read it again in the other one: `await "
        "session.get(Parcel, id)`.",
    ),
    Entry(
        "ResourceClosedError",
        "does not return rows",
        "An UPDATE or DELETE says what it hit only with `.returning(…)`.",
    ),
    Entry(
        "CompileError",
        "Unconsumed column names",
        "The table has no column of that name. Compare the spelling.",
    ),
)
