#| kata: websockets.resource
#| refused_by: test_other_resources_stay
# There is no hub.
from waybill.hub import open_hub
from waybill.push import push_scans

resources.append(push_scans)
