#| kata: caching.resource
#| refused_by: test_every_waybill_has_a_cache
# An extension is called, and never entered.
from waybill.invalidation import open_cache

extensions.append(open_cache)
