#| kata: observability.layers
#| refused_by: test_they_stand_in_front
# Behind the first of the others.
from waybill.door import door
from waybill.metrics import count_requests

layers.insert(1, count_requests)
layers.insert(1, door)
