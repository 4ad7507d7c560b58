#| kata: streaming.api
#| refused_by: test_the_streams_have_urls
# Goes through the routers and does nothing.
from waybill import events, exports, forms

for stream in (exports, events, forms):
    ...
