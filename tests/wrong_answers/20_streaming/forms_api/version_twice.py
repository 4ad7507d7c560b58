#| kata: streaming.forms_api
#| refused_by: test_forms_have_urls
# Writes the version once more.
from waybill import forms

api.include_router(
    forms.router,
    prefix="/v1",
    tags=["streams"],
    responses=NOT_FOUND,
    dependencies=GUARDED,
)
