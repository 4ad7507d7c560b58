#| kata: observability.layers
#| refused_by: test_they_stand_first
# Measures nothing.
from waybill.probes import probes

layers.insert(0, probes)
