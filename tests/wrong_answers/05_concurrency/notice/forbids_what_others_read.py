#| kata: concurrency.notice
#| refused_by: test_carriers_may_stand_in_a_file
# A line in .env for somebody else is an error.
from functools import lru_cache
from pathlib import Path
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends
from pydantic import HttpUrl
from pydantic_settings import BaseSettings, SettingsConfigDict

router = APIRouter(prefix="/carriers")
LONGEST_NOTICE = 500


class Carrier(NamedTuple):
    """Whom Waybill asks for a quote, and where."""

    name: str
    url: str


class CarrierSettings(BaseSettings):
    """Whom Waybill asks, as WAYBILL_CARRIERS; what its staff says to senders."""

    model_config = SettingsConfigDict(
        env_prefix="WAYBILL_",
        env_file=".env",
        extra="forbid",
        hide_input_in_errors=True,
    )

    carriers: dict[str, HttpUrl] = {}
    notice_file: Path = Path("notice.txt")

    def by_name(self) -> list[Carrier]:
        """Return the carriers in alphabetical order."""
        return [Carrier(name, str(url)) for name, url in sorted(self.carriers.items())]


@lru_cache
def get_carrier_settings() -> CarrierSettings:
    """Return the settings of this process, read once."""
    return CarrierSettings()


async def carrier_settings() -> CarrierSettings:
    """Return whom Waybill asks."""
    return get_carrier_settings()


AppCarriers = Annotated[CarrierSettings, Depends(carrier_settings)]


def read_text(file: Path) -> str:
    """Return the beginning of a file; on some days that takes seconds."""
    try:
        with file.open(encoding="utf-8", errors="replace") as notice:
            return notice.read(LONGEST_NOTICE)
    except OSError:
        return ""


@router.get("")
async def list_carriers(settings: AppCarriers) -> list[str]:
    """Return the names of the carriers that Waybill asks."""
    return [carrier.name for carrier in settings.by_name()]


@router.get("/notice")
def read_notice(settings: AppCarriers) -> str:
    """Return what Waybill's staff wants senders to know."""
    return read_text(settings.notice_file)
