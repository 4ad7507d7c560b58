#| kata: websockets.share
#| refused_by: test_other_resources_stay
# open_hub takes it away again.
from waybill.relay import share_hub
from waybill.review import review_screens

resources.append(review_screens)
resources.insert(0, share_hub)
