#| kata: deploy.resource
#| refused_by: test_waybill_drains_before_its_streams_end
# Opens it first, so that streams hear the signal before it.
from waybill.draining import drain

resources.insert(0, drain)
