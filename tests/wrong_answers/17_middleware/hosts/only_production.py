#| kata: middleware.hosts
#| refused_by: test_others_are_refused
# Checks names in production only.
from pydantic_settings import BaseSettings, SettingsConfigDict
from starlette.middleware.trustedhost import TrustedHostMiddleware

from waybill.settings import UnsafeSettingsError


class HostSettings(BaseSettings):
    """The names that Waybill answers to; WAYBILL_ALLOWED_HOSTS."""

    model_config = SettingsConfigDict(
        env_prefix="WAYBILL_",
        env_file=".env",
        extra="ignore",
        hide_input_in_errors=True,
    )

    allowed_hosts: list[str] = []


def hosts(app: FastAPI) -> Middleware:
    """Refuse requests for names that aren't Waybill's, if its names are set."""
    names = HostSettings().allowed_hosts
    if "*" in names and app.state.settings.environment == "production":
        raise UnsafeSettingsError("WAYBILL_ALLOWED_HOSTS may not hold *")
    allowed = [*names, "localhost", "127.0.0.1"] if names and app.state.settings.environment == "production" else ["*"]
    return Middleware(TrustedHostMiddleware, allowed_hosts=allowed, www_redirect=False)


layers.append(hosts)
