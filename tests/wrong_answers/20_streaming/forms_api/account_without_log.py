#| kata: streaming.forms_api
#| refused_by: test_each_leaves_a_line_in_the_log
# Asks for an account, and leaves no line in the log.
from waybill import forms

api.include_router(
    forms.router, tags=["streams"], responses=NOT_FOUND, dependencies=GUARDED[:1]
)
