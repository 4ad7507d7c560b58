"""What goes in and what comes out."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from waybill.schemas import (
    Address,
    ParcelCreate,
    ParcelRead,
    PickupWindow,
    Postcode,
    ScanCreate,
    TextLine,
)


# needs: models.text_line
@pytest.mark.parametrize("text", ["", "   ", "x" * 101, "two\nlines", "bell\x07"])
def test_a_line_of_text_is_one_line_that_says_something(text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(TextLine).validate_python(text)


def test_a_line_of_text_has_no_space_around_it() -> None:
    assert TypeAdapter(TextLine).validate_python("  Torstraße 12 ") == "Torstraße 12"


# needs: models.postcode
def test_a_postcode_is_spelled_in_one_way() -> None:
    assert TypeAdapter(Postcode).validate_python(" sw1a  1aa ") == "SW1A 1AA"


# needs: models.address
@pytest.mark.parametrize("country", ["de", "DEU", "D1", ""])
def test_a_country_is_two_capital_letters(country: str) -> None:
    address = {"name": "L", "street": "S", "city": "C", "postcode": "10119"}
    with pytest.raises(ValidationError):
        Address.model_validate({**address, "country": country})


# needs: models.parcel_create
@pytest.mark.parametrize(
    "wrong",
    [
        {"weight_g": 0},
        {"weight_g": 30_001},
        {"value": "-0.01"},
        {"value": "10000.01"},
        {"value": "1.999"},
        {"tracking_code": "WB1"},
    ],
)
def test_a_parcel_keeps_to_its_bounds(
    parcel: dict[str, Any], wrong: dict[str, Any]
) -> None:
    assert ParcelCreate.model_validate(parcel).value == Decimal("19.90")
    with pytest.raises(ValidationError):
        ParcelCreate.model_validate({**parcel, **wrong})


# needs: models.parcel_create models.parcel_read
def test_a_parcel_is_heavy_above_twenty_kilograms(parcel: dict[str, Any]) -> None:
    kept = {"id": 1, "tracking_code": "WB1", "created_at": datetime.now(UTC)}
    light = ParcelRead.model_validate({**parcel, **kept, "weight_g": 20_000})
    heavy = ParcelRead.model_validate({**parcel, **kept, "weight_g": 20_001})
    assert (light.heavy, heavy.heavy) == (False, True)


# needs: models.pickup_window
@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-03-02T12:00:00+01:00", "2026-03-02T09:00:00+01:00"),
        ("2026-03-02T12:00:00+01:00", "2026-03-02T12:00:00+01:00"),
        ("2026-03-02T09:00:00", "2026-03-02T12:00:00"),
        ("1999-12-31T09:00:00+00:00", "2026-03-02T12:00:00+01:00"),
    ],
)
def test_a_pickup_window_has_an_offset_and_ends_later(start: str, end: str) -> None:
    with pytest.raises(ValidationError):
        PickupWindow.model_validate({"start": start, "end": end})


# needs: models.scan_create
@pytest.mark.parametrize(
    "wrong", [{"depot": "BERL"}, {"kind": "lost"}, {"weight_g": "750"}]
)
def test_a_scan_is_what_a_scanner_sends(wrong: dict[str, Any]) -> None:
    scan = {"depot": "BER", "kind": "arrived", "at": "2026-03-02T09:00:00+01:00"}
    assert ScanCreate.model_validate(scan).weight_g is None
    with pytest.raises(ValidationError):
        ScanCreate.model_validate({**scan, **wrong})
