#| kata: performance.index
#| refused_by: test_there_is_one_more
# One for each column, besides.
Index("ix_scans_depot_at", Scan.depot, Scan.at)
Index("ix_scans_at", Scan.at)
