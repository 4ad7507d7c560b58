#| kata: deploy.resource
#| refused_by: test_waybill_drains_before_its_streams_end
# Imports it, and never opens it.
from waybill.draining import drain

assert callable(drain)
