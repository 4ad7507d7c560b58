#| kata: settings.refuse_unsafe
#| refused_by: test_safe_production_starts
# Off by one: 32 bytes are refused.
class UnsafeSettingsError(ValueError):
    """Waybill must not start like this."""


def refuse_unsafe(settings: Settings) -> None:
    """Refuse in production what is fit for development only; name all of it at once."""
    if settings.environment != "production":
        return
    problems = []
    secret = settings.secret_key.get_secret_value()
    if "secret_key" not in settings.model_fields_set or len(secret.encode()) <= 32:
        problems.append("WAYBILL_SECRET_KEY needs 32 bytes that nobody else knows")
    if "*" in settings.allowed_origins:
        problems.append("WAYBILL_ALLOWED_ORIGINS may not hold *")
    if problems:
        raise UnsafeSettingsError("; ".join(problems))
