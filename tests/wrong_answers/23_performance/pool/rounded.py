#| kata: performance.pool
#| refused_by: test_it_is_what_is_in_use
# Rounded to the nearest.
from decimal import Decimal
from typing import Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

MOST = 90
"""PostgreSQL accepts 100 connections; some are for those who look after it."""


class PoolSettings(BaseSettings):
    """What a worker has to carry; WAYBILL_POOL_RATE, _HELD and _WAIT."""

    model_config = SettingsConfigDict(
        env_prefix="WAYBILL_",
        env_file=".env",
        extra="ignore",
        hide_input_in_errors=True,
    )

    # Requests in a second; seconds that one keeps a connection, and waits for it.
    pool_rate: Decimal = Field(default=Decimal(150), gt=0)
    pool_held: Decimal = Field(default=Decimal("0.1"), gt=0)
    pool_wait: Decimal = Field(default=Decimal(2), gt=0)

    @property
    def pool_size(self) -> int:
        """Return how many connections are in use on average, rounded up."""
        busy = self.pool_rate * self.pool_held
        return round(busy)

    @model_validator(mode="after")
    def refuse_too_many(self) -> Self:
        """Refuse more connections than a database has for one worker."""
        if self.pool_size > MOST:
            raise ValueError(
                f"pool_rate times pool_held makes {self.pool_size} connections, and "
                f"{MOST} are the most. Hold them for a shorter time, or add a worker."
            )
        return self
