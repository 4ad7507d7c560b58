#| kata: streaming.resource
#| refused_by: test_every_waybill_opens_it
# Fills a copy, which no app reads.
from waybill.stopping import notice_stop

all_resources = [*resources, notice_stop]
