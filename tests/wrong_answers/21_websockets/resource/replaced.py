#| kata: websockets.resource
#| refused_by: test_other_resources_stay
# Nothing else is opened any more.
from waybill.hub import open_hub
from waybill.push import push_scans

resources[:] = [open_hub, push_scans]
