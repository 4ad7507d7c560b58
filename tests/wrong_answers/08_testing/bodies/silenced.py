#| kata: testing.bodies
#| refused_by: test_nothing_is_silenced
# Tells mypy to look away.
from datetime import UTC, datetime

TO = {"name": "Zoë Ng", "city": "Berlin", "country": "DE"}


def scan_body(depot: str, at: datetime | None = None) -> dict[str, str]:
    """Return the body of a scan, made now unless a test says when."""
    moment = at or datetime.now(UTC)
    return {"depot": depot, "kind": "arrived", "at": moment.isoformat()}


def parcel_body(
    weight_g: int, extra: dict[str, object] | None = None
) -> dict[str, object]:
    """Return the body of a parcel; `extra` has what a test wants otherwise."""
    body = {"to": {**TO}, "weight_g": weight_g, "value": "19.90"}
    return body | (extra or {})


def days_of(quote: dict[str, str] | None) -> int:
    """Return how many days a quote promises."""
    assert quote
    return int(quote["days"])  # type: ignore[index, unused-ignore]
