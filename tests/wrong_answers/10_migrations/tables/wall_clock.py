#| kata: migrations.tables
#| refused_by: test_the_database_says_when
# The clock on the wall, in words that only SQLite has.
from sqlalchemy import Column, Index, text

Base.metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "pk": "%(table_name)s_pkey",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
}

scans = Base.metadata.tables["scans"]
scans.append_column(
    Column("received_at", Moment(), server_default=text("(datetime('now', 'localtime'))"), nullable=False)
)
Index("ix_scans_depot_id", scans.c.depot, scans.c.id)
