#| kata: errors.extend
#| refused_by: test_routes_stay
# Takes the place of what adds the routes.
from waybill.problems import answer_problems

extensions[0] = answer_problems
