#| kata: websockets.resource
#| refused_by: test_other_resources_stay
# Called at once, for no app.
from waybill.hub import open_hub
from waybill.push import push_scans

resources.append(open_hub(None))  # type: ignore
resources.append(push_scans)
