#| kata: security_review.api
#| refused_by: test_it_has_a_url
# Nothing is included.
from waybill import search

SEARCHED = [Depends(access_log)]
