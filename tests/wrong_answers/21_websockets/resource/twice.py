#| kata: websockets.resource
#| refused_by: test_other_resources_stay
# Each scan comes twice.
from waybill.hub import open_hub
from waybill.push import push_scans

resources.append(open_hub)
resources.append(push_scans)
resources.append(push_scans)
