#| kata: caching.resource
#| refused_by: test_every_waybill_has_a_cache
# Imported and never appended.
from waybill.invalidation import open_cache

OPENS = open_cache
