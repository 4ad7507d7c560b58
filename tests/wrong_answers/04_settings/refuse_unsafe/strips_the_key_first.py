#| kata: settings.refuse_unsafe
#| refused_by: test_safe_production_starts
# Each byte of a key counts, white space included: that is what was set.


class UnsafeSettingsError(ValueError):
    """Waybill must not start like this."""


def refuse_unsafe(settings: Settings) -> None:
    """Refuse in production what is fit for development only; name all of it at once."""
    if settings.environment == "development":
        return
    problems = []
    key = settings.secret_key.get_secret_value()
    if "secret_key" not in settings.model_fields_set or len(key.strip().encode()) < 32:
        problems.append("WAYBILL_SECRET_KEY must be set, to 32 bytes or more")
    if "*" in settings.allowed_origins:
        problems.append("WAYBILL_ALLOWED_ORIGINS may not hold *")
    if problems:
        raise UnsafeSettingsError("; ".join(problems))
