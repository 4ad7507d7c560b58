#| kata: observability.layers
#| refused_by: test_they_stand_in_front
# Changes the order of what was there.
from waybill.door import door
from waybill.metrics import count_requests

layers.reverse()
layers.insert(0, count_requests)
layers.insert(0, door)
