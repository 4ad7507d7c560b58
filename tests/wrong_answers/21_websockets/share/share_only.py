#| kata: websockets.share
#| refused_by: test_other_resources_stay
# Reviews nothing.
from waybill.relay import share_hub
from waybill.review import review_screens

resources.append(share_hub)
