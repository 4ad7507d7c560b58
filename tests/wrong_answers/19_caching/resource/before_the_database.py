#| kata: caching.resource
#| refused_by: test_every_waybill_has_a_cache
# Opened before there is a database.
from waybill.invalidation import open_cache

resources.insert(0, open_cache)
