#| kata: settings.refuse_unsafe
#| refused_by: test_a_key_that_nobody_set_is_refused
# Is strict only where somebody wrote `production`, and the default goes through.
class UnsafeSettingsError(ValueError):
    """Waybill must not start like this."""


def refuse_unsafe(settings: Settings) -> None:
    """Refuse in production what is fit for development only; name all of it at once."""
    if "environment" not in settings.model_fields_set:
        return
    if settings.environment == "development":
        return
    problems = []
    key = settings.secret_key.get_secret_value()
    if "secret_key" not in settings.model_fields_set or len(key.encode()) < 32:
        problems.append("WAYBILL_SECRET_KEY needs 32 bytes that nobody else knows")
    if "*" in settings.allowed_origins:
        problems.append("WAYBILL_ALLOWED_ORIGINS may not hold *")
    if problems:
        advice = "On your own machine, set WAYBILL_ENVIRONMENT=development."
        raise UnsafeSettingsError(f"{'; '.join(problems)}. {advice}")
