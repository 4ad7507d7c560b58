#| kata: deploy.resource
#| refused_by: test_waybill_drains_before_its_streams_end
# Appends it to the wrong list.
from waybill.draining import drain

extensions.append(lambda app: None)
