#| kata: migrations.tables
#| refused_by: test_a_depots_scans_are_found
# It finds nobody's depot.
from sqlalchemy import Column, Index, func

Base.metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "pk": "%(table_name)s_pkey",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
}
Base.metadata.tables["scans"].append_column(
    Column("received_at", Moment, server_default=func.now(), nullable=False)
)
Index("ix_scans_depot_id", Scan.id, Scan.depot)
