#| kata: streaming.resource
#| refused_by: test_other_resources_stay
# Takes the place of the first.
from waybill.stopping import notice_stop

resources[0] = notice_stop
