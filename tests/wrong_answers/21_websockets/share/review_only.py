#| kata: websockets.share
#| refused_by: test_other_resources_stay
# Tells nobody.
from waybill.relay import share_hub
from waybill.review import review_screens

resources.append(review_screens)
