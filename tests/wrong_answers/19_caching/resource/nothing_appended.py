#| kata: caching.resource
#| refused_by: test_every_waybill_has_a_cache
# Nobody opens it.
# Append to `resources`.
