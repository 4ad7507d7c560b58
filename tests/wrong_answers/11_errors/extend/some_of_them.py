#| kata: errors.extend
#| refused_by: test_each_app_is_taught_once
# Names some of the functions instead of asking for all.
from waybill.problems import (
    answer_crashes,
    answer_domain_errors,
    answer_http_errors,
    answer_invalid,
)

extensions += [answer_crashes, answer_http_errors, answer_domain_errors, answer_invalid]
