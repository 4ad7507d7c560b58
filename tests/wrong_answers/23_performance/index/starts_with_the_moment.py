#| kata: performance.index
#| refused_by: test_it_finds_them_by_both
# The range comes first.
Index("ix_scans_depot_at", Scan.at, Scan.depot)
