#| kata: streaming.resource
#| refused_by: test_every_waybill_opens_it
# Among the extensions, which are called and not opened.
from waybill.stopping import notice_stop

extensions.append(notice_stop)
