#| kata: caching.api
#| refused_by: test_whoever_asks_is_answered
# Not included.
# Include `tracking.router`.
