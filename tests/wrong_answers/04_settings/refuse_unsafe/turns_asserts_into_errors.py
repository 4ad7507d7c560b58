#| kata: settings.refuse_unsafe
#| refused_by: test_dash_o_changes_nothing
# Raises the right exception, and still from an assert.
class UnsafeSettingsError(ValueError):
    """Waybill must not start like this."""


def refuse_unsafe(settings: Settings) -> None:
    """Refuse in production what is fit for development only; name all of it at once."""
    if settings.environment != "production":
        return
    problems = []
    secret = settings.secret_key.get_secret_value()
    try:
        assert "secret_key" in settings.model_fields_set
        assert len(secret.encode()) >= 32
    except AssertionError:
        problems.append("WAYBILL_SECRET_KEY is weak")
    try:
        assert "*" not in settings.allowed_origins
    except AssertionError:
        problems.append("WAYBILL_ALLOWED_ORIGINS may not hold *")
    if problems:
        raise UnsafeSettingsError("; ".join(problems))
