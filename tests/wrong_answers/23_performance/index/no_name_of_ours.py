#| kata: performance.index
#| refused_by: test_it_has_its_name
# The name by convention, which has the first column only.
Index(None, Scan.depot, Scan.at)
