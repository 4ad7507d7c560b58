#| kata: performance.index
#| refused_by: test_the_others_stay
# The index of lesson 10 is taken away.
_old = [one for one in Base.metadata.tables["scans"].indexes if "id" in str(one.name)]
Base.metadata.tables["scans"].indexes.difference_update(_old)
Index("ix_scans_depot_at", Scan.depot, Scan.at)
