#| kata: errors.extend
#| refused_by: test_each_app_is_taught_once
# Appended twice.
from waybill.problems import answer_problems

extensions.append(answer_problems)
extensions.append(answer_problems)
