#| kata: websockets.resource
#| refused_by: test_other_resources_stay
# Before the database is there.
from waybill.hub import open_hub
from waybill.push import push_scans

resources.append(open_hub)
resources.insert(0, push_scans)
