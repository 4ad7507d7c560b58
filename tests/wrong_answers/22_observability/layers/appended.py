#| kata: observability.layers
#| refused_by: test_they_stand_in_front
# Behind all others.
from waybill.door import door
from waybill.metrics import count_requests

layers.append(door)
layers.append(count_requests)
