#| kata: deploy.layer
#| refused_by: test_ready_is_refused_while_draining
# Calls the function, and appends what it returns.
from waybill.draining import draining

layers.append(lambda app: draining)
