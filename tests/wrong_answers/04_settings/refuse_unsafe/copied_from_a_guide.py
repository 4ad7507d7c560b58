#| kata: settings.refuse_unsafe
#| refused_by: test_dash_o_changes_nothing
# A guide's asserts: `python -O` starts with a weak key and a wildcard.
class UnsafeSettingsError(ValueError):
    """Waybill must not start like this."""


def refuse_unsafe(settings: Settings) -> None:
    """Refuse in production what is fit for development only; name all of it at once."""
    if settings.environment == "production":
        secret = settings.secret_key.get_secret_value()
        assert len(secret) >= 32, "SECRET_KEY must be at least 32 characters"
        assert "*" not in settings.allowed_origins, "ALLOWED_ORIGINS must not be *"
