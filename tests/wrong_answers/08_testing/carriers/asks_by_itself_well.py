#| kata: testing.carriers
#| refused_by: test_ask_carrier_asks
# A copy of ask_carrier: its bugs are not Waybill's.
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import partial

import httpx
import pytest
from fastapi import FastAPI

from waybill.carriers import (
    Carrier,
    CarrierError,
    CarrierSettings,
    LateError,
    Question,
    Quote,
    Reply,
    carrier_settings,
)
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
async def carriers(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Carriers]:
    """Lend a test carriers that reply what it wants."""
    carriers = Carriers()
    overrides = app.dependency_overrides
    monkeypatch.setitem(overrides, carrier_settings, lambda: CARRIERS)
    transport = httpx.MockTransport(carriers.answer)
    async with httpx.AsyncClient(transport=transport) as client:

        async def ask(carrier: Carrier, question: Question) -> Quote:
            try:
                params = question.model_dump()
                response = await client.get(carrier.url, params=params)
                reply = Reply.model_validate_json(response.raise_for_status().read())
            except httpx.TimeoutException:
                raise LateError(carrier.name) from None
            except (httpx.HTTPError, ValueError):
                raise CarrierError(carrier.name) from None
            return Quote(carrier=carrier.name, price=reply.price, days=reply.days)

        monkeypatch.setitem(overrides, app_ask, lambda: ask)
        yield carriers
