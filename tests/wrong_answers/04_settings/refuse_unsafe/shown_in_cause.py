#| kata: settings.refuse_unsafe
#| refused_by: test_the_key_is_not_shown
# The key stands in the cause, which a log prints above the error.
from typing import Annotated

from annotated_types import MinLen
from pydantic import TypeAdapter, ValidationError


class UnsafeSettingsError(ValueError):
    """Waybill must not start like this."""


STRONG = TypeAdapter(Annotated[bytes, MinLen(32)])


def refuse_unsafe(settings: Settings) -> None:
    """Refuse in production what is fit for development only; name all of it at once."""
    if settings.environment != "production":
        return
    wrong = []
    cause = None
    if "secret_key" not in settings.model_fields_set:
        wrong.append("WAYBILL_SECRET_KEY is not set")
    else:
        try:
            STRONG.validate_python(settings.secret_key.get_secret_value().encode())
        except ValidationError as error:
            wrong.append("WAYBILL_SECRET_KEY is too short")
            cause = error
    if "*" in settings.allowed_origins:
        wrong.append("WAYBILL_ALLOWED_ORIGINS has a *")
    if wrong:
        raise UnsafeSettingsError("; ".join(wrong)) from cause
