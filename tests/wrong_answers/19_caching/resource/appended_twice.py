#| kata: caching.resource
#| refused_by: test_other_resources_stay
# Opened twice: the second cache is never told of anything by the first class.
from waybill.invalidation import open_cache

resources += [open_cache, open_cache]
