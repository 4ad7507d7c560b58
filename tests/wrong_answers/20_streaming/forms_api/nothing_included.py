#| kata: streaming.forms_api
#| refused_by: test_forms_have_urls
# Imports the forms, and includes nothing.
from waybill import forms
