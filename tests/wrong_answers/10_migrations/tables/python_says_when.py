#| kata: migrations.tables
#| refused_by: test_the_database_says_when
# Whoever writes SQL by hand is refused.
from sqlalchemy import Column, Index, func

Base.metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "pk": "%(table_name)s_pkey",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
}
Base.metadata.tables["scans"].append_column(
    Column("received_at", Moment, default=now, nullable=False)
)
Index("ix_scans_depot_id", Scan.depot, Scan.id)
