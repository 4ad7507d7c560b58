#| kata: errors.extend
#| refused_by: test_every_waybill_answers_with_problems
# Imported, and never appended.
from waybill.problems import answer_problems
