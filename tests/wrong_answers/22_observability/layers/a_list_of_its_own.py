#| kata: observability.layers
#| refused_by: test_they_stand_in_front
# A new list, which nobody reads.
from waybill.door import door
from waybill.metrics import count_requests

all_layers = [door, count_requests, *layers]
