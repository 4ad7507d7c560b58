"""Tests of the bodies that tests send: who tests those, otherwise?"""

from datetime import UTC, datetime

import pytest

from tests.bodies import days_of, parcel_body, scan_body
from waybill.schemas import ScanCreate


# needs: testing.bodies models.scan_create
def test_a_scan_is_made_now_unless_a_test_says_when() -> None:
    before = datetime.now(UTC)
    assert ScanCreate.model_validate(scan_body("HAM")).at >= before
    moment = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    assert ScanCreate.model_validate(scan_body("HAM", moment)).at == moment


# needs: testing.bodies
def test_bodies_share_nothing() -> None:
    extra: dict[str, object] = {"note": "fragile"}
    first = parcel_body(750, extra)
    first["value"] = "0.01"
    assert parcel_body(900)["value"] == "19.90"
    assert extra == {"note": "fragile"}


def test_days_need_a_quote() -> None:
    assert days_of({"price": "6.50", "days": "2"}) == 2
    with pytest.raises(AssertionError):
        days_of(None)
