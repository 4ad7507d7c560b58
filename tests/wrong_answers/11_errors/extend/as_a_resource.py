#| kata: errors.extend
#| refused_by: test_every_waybill_answers_with_problems
# Among the resources, which are opened too late.
from waybill.problems import answer_problems

resources.append(answer_problems)
