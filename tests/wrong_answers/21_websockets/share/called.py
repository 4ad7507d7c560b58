#| kata: websockets.share
#| refused_by: test_other_resources_stay
# Called at once, for no app.
from waybill.relay import share_hub
from waybill.review import review_screens

resources.append(review_screens(None))  # type: ignore
resources.append(share_hub)
