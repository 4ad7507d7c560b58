#| kata: errors.extend
#| refused_by: test_routes_stay
# Replaces what was there.
from waybill.problems import answer_problems

extensions[:] = [answer_problems]
