#| kata: deploy.resource
#| refused_by: test_it_is_opened_once
# Opens it twice.
from waybill.draining import drain

resources.append(drain)
resources.append(drain)
