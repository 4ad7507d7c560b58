#| kata: websockets.share
#| refused_by: test_other_resources_stay
# Opens neither.
from waybill.relay import share_hub
from waybill.review import review_screens

# Waybill opens neither yet.
