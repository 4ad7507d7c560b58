"""Alembic, and what databases say when their tables are changed."""

from kata.judge.advice.entry import Entry

ADVICE = (
    Entry(
        "NameError",
        "proxy object has not yet been established",
        "Alembic's `op` and `context` work while Alembic runs a file, and not when it "
        "is imported. Call them inside `upgrade`, `downgrade` or `run`.",
    ),
    Entry(
        "AttributeError",
        "module 'alembic.context' has no attribute",
        "Alembic's `context` is there while Alembic runs env.py, and not when the file "
        "is imported. Call nothing outside of `run`, but in its last two lines.",
    ),
    Entry(
        "CommandError",
        "Can't locate revision",
        "No file in `versions` has this `revision`. Compare the names with each "
        "`down_revision`.",
    ),
    Entry(
        "CommandError",
        "Multiple head revisions",
        "Two revisions name the same `down_revision`, so there are two that are "
        "newest. Let one of them come after the other.",
    ),
    Entry(
        "CommandError",
        "No 'script_location'",
        "`config.set_main_option('script_location', …)` says where env.py is.",
    ),
    Entry(
        "OperationalError",
        "Cannot add a (NOT NULL column with default value NULL|column with non-const)",
        "There are rows, and the new column would be empty in them, or filled with "
        "what is only known now. Add it with no rule, fill it, then make it strict in "
        "batch mode.",
    ),
    Entry(
        "OperationalError",
        'near "ALTER": syntax error|near "CONSTRAINT": syntax error',
        "SQLite can't change a column or a rule. In `with op.batch_alter_table('scans')"
        " as batch:` Alembic makes the table anew.",
    ),
    Entry(
        "NotImplementedError",
        "No support for ALTER of constraints in SQLite",
        "SQLite can't change a rule. In `with op.batch_alter_table('scans') as batch:` "
        "Alembic makes the table anew.",
    ),
    Entry(
        "OperationalError",
        "error in index .* after drop column",
        "An index uses this column. Drop the index first.",
    ),
    Entry(
        "OperationalError",
        r"(table|index) \S+ already exists",
        "It is there already: made by `create_all`, or by a revision that ran before.",
    ),
    Entry(
        "OperationalError",
        "cannot start a transaction within a transaction",
        "A transaction has begun before: `BEGIN IMMEDIATE` comes first, and once.",
    ),
    Entry(
        "InvalidRequestError",
        "already initialized a SQLAlchemy Transaction",
        "The first statement of a connection begins a transaction of SQLAlchemy's. "
        "End it with `connection.commit()`, then call `connection.begin()`.",
    ),
    Entry(
        "ValueError",
        "Constraint must have a name",
        "To drop a rule, name it. A naming convention gives names to those that have "
        "none: `batch_alter_table(…, naming_convention=…)`.",
    ),
)
