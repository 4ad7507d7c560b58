#| kata: observability.layers
#| refused_by: test_they_stand_first
# Measures everything twice.
from waybill.metrics import measure
from waybill.probes import probes

layers.insert(0, measure)
layers.append(measure)
layers.insert(0, probes)
