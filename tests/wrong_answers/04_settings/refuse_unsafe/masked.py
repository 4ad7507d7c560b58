#| kata: settings.refuse_unsafe
#| refused_by: test_the_key_is_not_shown
# Two characters of the key are shown, so that one knows which it was.
class UnsafeSettingsError(ValueError):
    """Waybill must not start like this."""


def refuse_unsafe(settings: Settings) -> None:
    """Refuse in production what is fit for development only; name all of it at once."""
    if settings.environment != "production":
        return
    wrong = []
    key = settings.secret_key.get_secret_value()
    if "secret_key" not in settings.model_fields_set:
        wrong.append("WAYBILL_SECRET_KEY is missing")
    elif len(key.encode()) < 32:
        wrong.append(f"WAYBILL_SECRET_KEY ({key[:2]}…) is too short")
    if "*" in settings.allowed_origins:
        wrong.append("WAYBILL_ALLOWED_ORIGINS has a *")
    if wrong:
        raise UnsafeSettingsError("; ".join(wrong))
