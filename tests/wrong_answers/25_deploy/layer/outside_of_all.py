#| kata: deploy.layer
#| refused_by: test_the_layer_stands_there_once
# Stands outside of what gives requests an id.
from waybill.draining import draining

layers.insert(0, draining)
