#| kata: streaming.resource
#| refused_by: test_other_resources_stay
# Takes the place of the one before.
from waybill.stopping import notice_stop

resources[-1] = notice_stop
