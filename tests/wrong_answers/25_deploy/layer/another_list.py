#| kata: deploy.layer
#| refused_by: test_ready_is_refused_while_draining
# Makes a list of its own.
from waybill.draining import draining

more = [*layers, draining]
