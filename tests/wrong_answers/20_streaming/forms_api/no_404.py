#| kata: streaming.forms_api
#| refused_by: test_the_docs_list_the_forms
# Describes no 404.
from waybill import forms

api.include_router(forms.router, tags=["streams"], dependencies=GUARDED)
