#| kata: middleware.hosts
#| refused_by: test_our_names_are_answered
# Refuses everybody as long as nothing is set.
from pydantic_settings import BaseSettings, SettingsConfigDict
from starlette.middleware.trustedhost import TrustedHostMiddleware


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
    return Middleware(TrustedHostMiddleware, allowed_hosts=HostSettings().allowed_hosts)


layers.append(hosts)
