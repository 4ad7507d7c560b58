#| kata: performance.index
#| refused_by: test_it_finds_them_by_both
# An index on the day of each scan.
Index("ix_scans_depot_at", Scan.depot, func.date(Scan.at))
