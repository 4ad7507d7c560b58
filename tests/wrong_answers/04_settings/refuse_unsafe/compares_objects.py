#| kata: settings.refuse_unsafe
#| refused_by: test_the_sample_key_is_refused
# Asks whether it is the same object: a text read from outside never is.
class UnsafeSettingsError(ValueError):
    """Waybill must not start like this."""


def refuse_unsafe(settings: Settings) -> None:
    """Refuse settings that are fit for development only; name every one at once."""
    if settings.environment != "production":
        return
    problems = []
    secret = settings.secret_key.get_secret_value()
    if secret is SAMPLE_KEY or len(secret.encode()) < 32:
        problems.append("WAYBILL_SECRET_KEY needs 32 bytes that nobody else knows")
    if "*" in settings.allowed_origins:
        problems.append("WAYBILL_ALLOWED_ORIGINS may not hold *")
    if problems:
        raise UnsafeSettingsError("; ".join(problems))
