#| kata: performance.index
#| refused_by: test_there_is_one_more
# Both orders, to be safe.
Index("ix_scans_depot_at", Scan.depot, Scan.at)
Index("ix_scans_at_depot", Scan.at, Scan.depot)
