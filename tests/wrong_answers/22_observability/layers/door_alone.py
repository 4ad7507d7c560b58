#| kata: observability.layers
#| refused_by: test_they_stand_in_front
# Nothing is counted.
from waybill.door import door
from waybill.metrics import count_requests

layers.insert(0, door)
