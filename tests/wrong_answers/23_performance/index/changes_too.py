#| kata: performance.index
#| refused_by: test_there_is_one_more
# Changes get one, too.
Index("ix_scans_depot_at", Scan.depot, Scan.at)
Index("ix_changes_account_id", Change.account_id)
