#| kata: websockets.share
#| refused_by: test_other_resources_stay
# extensions get an app that has not started.
from waybill.relay import share_hub
from waybill.review import review_screens

resources.append(review_screens)
extensions.append(share_hub)  # type: ignore
