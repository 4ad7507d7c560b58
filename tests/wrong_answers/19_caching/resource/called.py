#| kata: caching.resource
#| refused_by: test_every_waybill_has_a_cache
# Called when the file is read.
from waybill.invalidation import open_cache

resources.append(lambda app, opened=open_cache(FastAPI()): opened)
