#| kata: performance.index
#| refused_by: test_it_finds_them_by_both
# The kind stands between them.
Index("ix_scans_depot_at", Scan.depot, Scan.kind, Scan.at)
