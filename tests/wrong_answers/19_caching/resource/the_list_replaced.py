#| kata: caching.resource
#| refused_by: test_other_resources_stay
# The others are gone.
from waybill.invalidation import open_cache

resources[:] = [open_database, open_cache]
