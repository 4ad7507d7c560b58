#| kata: observability.layers
#| refused_by: test_they_stand_first
# Appends them, so the log and the limit meet them first.
from waybill.metrics import measure
from waybill.probes import probes

layers.append(measure)
layers.append(probes)
