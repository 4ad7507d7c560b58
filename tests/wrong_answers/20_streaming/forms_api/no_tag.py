#| kata: streaming.forms_api
#| refused_by: test_the_docs_list_the_forms
# Lists the forms below no tag.
from waybill import forms

api.include_router(forms.router, responses=NOT_FOUND, dependencies=GUARDED)
