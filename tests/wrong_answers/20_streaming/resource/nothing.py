#| kata: streaming.resource
#| refused_by: test_every_waybill_opens_it
# Imported, and never appended.
from waybill.stopping import notice_stop
