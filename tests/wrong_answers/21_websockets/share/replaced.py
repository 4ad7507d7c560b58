#| kata: websockets.share
#| refused_by: test_other_resources_stay
# Nothing else is opened any more.
from waybill.relay import share_hub
from waybill.review import review_screens

resources.clear()
resources.append(review_screens)
resources.append(share_hub)
