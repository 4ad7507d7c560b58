#| kata: migrations.tables
#| refused_by: test_it_is_never_empty
# A scan may have been received never.
from sqlalchemy import Column, Index, func

Base.metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "pk": "%(table_name)s_pkey",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
}
Base.metadata.tables["scans"].append_column(
    Column("received_at", Moment, server_default=func.now(), nullable=True)
)
Index("ix_scans_depot_id", Scan.depot, Scan.id)
