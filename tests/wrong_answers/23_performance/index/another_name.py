#| kata: performance.index
#| refused_by: test_it_has_its_name
# Another name.
Index("ix_scans_at_depot", Scan.depot, Scan.at)
