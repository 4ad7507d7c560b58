#| kata: security_review.api
#| refused_by: test_it_has_a_url
# Nothing is included.
from waybill import search

LOGGED = [Depends(access_log)]
