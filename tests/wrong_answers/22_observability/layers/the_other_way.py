#| kata: observability.layers
#| refused_by: test_they_stand_first
# Measures the probes, too.
from waybill.metrics import measure
from waybill.probes import probes

layers.insert(0, probes)
layers.insert(0, measure)
