#| kata: observability.layers
#| refused_by: test_they_stand_first
# Throws the others out.
from waybill.metrics import measure
from waybill.probes import probes

layers[:] = [probes, measure]
