#| kata: performance.index
#| refused_by: test_it_has_its_name
# A depot scans one parcel at a time.
Index("ix_scans_depot_at", Scan.depot, Scan.at, unique=True)
