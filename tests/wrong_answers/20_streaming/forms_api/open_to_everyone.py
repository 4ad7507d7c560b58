#| kata: streaming.forms_api
#| refused_by: test_nobody_comes_in_without_an_account
# Forms for everybody, and no line in the log.
from waybill import forms

api.include_router(forms.router, tags=["streams"], responses=NOT_FOUND)
