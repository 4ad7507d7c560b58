#| kata: testing.carriers
#| refused_by: test_replies_are_of_one_test
# A test finds the replies of the test before it, and is green or red by chance.
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import partial

import httpx
import pytest
from fastapi import FastAPI

from waybill.carriers import CarrierSettings, ask_carrier, carrier_settings
from waybill.quotes import app_ask

CARRIERS = CarrierSettings.model_validate(
    {
        "carriers": {
            "Lowland Freight": "http://lowland.example/quote",
            "Night Mail": "http://night.example/quote",
        }
    }
)


REPLIES: dict[str, httpx.Response | Exception] = {}


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
    """Lend out carriers that reply what a test wants."""
    carriers = Carriers(replies=REPLIES)
    transport = httpx.MockTransport(carriers.answer)
    async with httpx.AsyncClient(transport=transport) as client:
        overrides = app.dependency_overrides
        monkeypatch.setitem(overrides, carrier_settings, lambda: CARRIERS)
        monkeypatch.setitem(overrides, app_ask, lambda: partial(ask_carrier, client))
        yield carriers
