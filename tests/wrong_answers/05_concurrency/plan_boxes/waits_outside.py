#| kata: concurrency.plan_boxes
#| refused_by: test_waiting_counts
# The seconds begin when it is its turn, and nobody limits the wait for that.
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated

from anyio import CapacityLimiter, fail_after, to_process
from fastapi import HTTPException, status
from pydantic import BaseModel, Field

from waybill.rates import Rate, find_rate
from waybill.schemas import RequestModel

HEAVIEST_BOX = 30_000
PLAN_SECONDS = 5.0
PLANNERS = CapacityLimiter(1)
Boxes = list[list[int]]


class Shipment(RequestModel):
    """Things for one address, by their weights."""

    country: Country
    weights_g: Annotated[list[Grams], Field(min_length=1, max_length=9)]


class Plan(BaseModel):
    """What goes into which box, and what all boxes cost, in euros."""

    boxes: Boxes
    price: Decimal


def ways_to_pack(weights_g: list[int]) -> Iterator[Boxes]:
    """Yield every way to put things into boxes."""
    if not weights_g:
        yield []
        return
    first, *others = weights_g
    for boxes in ways_to_pack(others):
        yield [[first], *boxes]
        for number, box in enumerate(boxes):
            yield [*boxes[:number], [first, *box], *boxes[number + 1 :]]


def best_boxes(rate: Rate, weights_g: list[int]) -> Plan:
    """Return the cheapest way to pack; it tries all, and takes its time."""

    def price(boxes: Boxes) -> Decimal:
        kilograms = sum(-(-sum(box) // 1000) for box in boxes)
        return len(boxes) * rate.base + kilograms * rate.per_kg

    ways = ways_to_pack(weights_g)
    allowed = (boxes for boxes in ways if max(map(sum, boxes)) <= HEAVIEST_BOX)
    boxes = min(allowed, key=price)
    return Plan(boxes=boxes, price=price(boxes))


@router.post("/boxes")
async def plan_boxes(shipment: Shipment) -> Plan:
    """Return the cheapest way to put things for one address into boxes."""
    rate = find_rate(shipment.country)
    try:
        async with PLANNERS:
            with fail_after(PLAN_SECONDS):
                return await to_process.run_sync(
                best_boxes, rate, shipment.weights_g, cancellable=True
            )
    except TimeoutError:
        raise HTTPException(
            status.HTTP_503_SERVICE_UNAVAILABLE, "Too many plans; ask again."
        ) from None
