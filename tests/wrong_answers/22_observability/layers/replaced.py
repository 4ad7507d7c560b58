#| kata: observability.layers
#| refused_by: test_they_stand_in_front
# Throws out what was there.
from waybill.door import door
from waybill.metrics import count_requests

layers[:] = [door, count_requests]
