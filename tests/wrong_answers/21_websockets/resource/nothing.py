#| kata: websockets.resource
#| refused_by: test_other_resources_stay
# Opens neither.
from waybill.hub import open_hub
from waybill.push import push_scans

# Waybill opens neither yet.
