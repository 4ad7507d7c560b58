#| kata: websockets.resource
#| refused_by: test_other_resources_stay
# Nothing is pushed.
from waybill.hub import open_hub
from waybill.push import push_scans

resources.append(open_hub)
