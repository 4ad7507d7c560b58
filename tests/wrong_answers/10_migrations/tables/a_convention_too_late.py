#| kata: migrations.tables
#| refused_by: test_constraints_have_names
# A metadata of its own names nothing of Base's.
from sqlalchemy import Column, Index, MetaData, func

names = MetaData().naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "pk": "%(table_name)s_pkey",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
}
Base.metadata.tables["scans"].append_column(
    Column("received_at", Moment, server_default=func.now(), nullable=False)
)
Index("ix_scans_depot_id", Scan.depot, Scan.id)
