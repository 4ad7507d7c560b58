#| kata: streaming.resource
#| refused_by: test_other_resources_stay
# Replaces what was there.
from waybill.stopping import notice_stop

resources[:] = [notice_stop]
