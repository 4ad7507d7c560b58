#| kata: migrations.tables
#| refused_by: test_indexes_keep_their_names
# An index that is there would get a second name.
from sqlalchemy import Column, Index, func

Base.metadata.naming_convention = {
    "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    "pk": "%(table_name)s_pkey",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
}
Base.metadata.tables["scans"].append_column(
    Column("received_at", Moment, server_default=func.now(), nullable=False)
)
Index("ix_scans_depot_id", Scan.depot, Scan.id)
