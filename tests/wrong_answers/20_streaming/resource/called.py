#| kata: streaming.resource
#| refused_by: test_every_waybill_opens_it
# Opens it for an app that nobody serves.
from fastapi import FastAPI

from waybill.stopping import notice_stop

with_notice = notice_stop(FastAPI())
