#| kata: performance.index
#| refused_by: test_there_is_one_more
# Parcels get one, too.
Index("ix_scans_depot_at", Scan.depot, Scan.at)
Index("ix_parcels_created_at", Parcel.created_at)
