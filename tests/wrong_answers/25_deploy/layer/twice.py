#| kata: deploy.layer
#| refused_by: test_the_layer_stands_there_once
# Stands there twice.
from waybill.draining import draining

layers.extend([draining, draining])
