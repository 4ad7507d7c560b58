"""Checks of testing.prices: the learner's properties, on Waybill and on one with a bug.

Hypothesis is told to try the same inputs at each run.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from fastapi import FastAPI
from hypothesis import Phase, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from waybill.rates import Price

Run = Callable[..., SimpleNamespace]
Assert = Callable[..., None]
Charge = Callable[[int, str], int]
FILE = "test_prices"
ALONE = True
FIXED = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=30,
    # To know that something is wrong, nobody needs the simplest input.
    phases=[Phase.explicit, Phase.generate],
    report_multiple_bugs=False,
)


@pytest.fixture(autouse=True)
def same_inputs() -> Iterator[None]:
    """Let Hypothesis try the same inputs at each run, and keep no files."""
    before = settings.get_current_profile_name()
    settings.register_profile("checks", FIXED)
    settings.load_profile("checks")
    yield
    settings.load_profile(before)


NOBODY_TRIED = {3, 7, 9, 11, 13, 17, 19, 21, 23, 27, 29}
"""Kilograms that stand in no code, where Hypothesis would find them."""
SOME = {"DK", "FR"}
"""Countries to which a bug is built in that the others don't have."""


def begun(weight_g: int, _country: str = "") -> int:
    """Return how many kilograms are begun, as it should be."""
    return -(-weight_g // 1000)


@pytest.fixture
def drawn_to_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every other drawn number be the least or the greatest that may come."""
    any_integer = st.integers

    def integers(
        min_value: int | None = None, max_value: int | None = None
    ) -> st.SearchStrategy[int]:
        ends = [end for end in (min_value, max_value) if end is not None]
        drawn = any_integer(min_value, max_value)
        return st.one_of(drawn, st.sampled_from(ends)) if ends else drawn

    monkeypatch.setattr(st, "integers", integers)


@pytest.fixture
def run_charging(run: Run) -> Run:
    """Return a function that runs the tests where prices are made otherwise."""

    def run_charging(
        charge: Charge = begun, *, forget_pickup: bool = False, always: bool = False
    ) -> SimpleNamespace:
        from waybill import rates
        from waybill.rates import PICKUP, Price, find_rate, price_parcel
        from waybill.schemas import ParcelCreate, PickupWindow

        def wrong(parcel: Any, pickup: Any = None) -> "Price":  # noqa: ANN401
            rate = find_rate(parcel.to.country)
            delivery = rate.base + rate.per_kg * charge(parcel.weight_g, rate.country)
            extra = PICKUP if pickup else Decimal("0.00")
            total = delivery if forget_pickup else delivery + extra
            total = delivery + PICKUP if always else total
            return Price(delivery=delivery, pickup=extra, total=total)

        async def route(
            parcel: ParcelCreate, pickup: PickupWindow | None = None
        ) -> rates.Price:
            return wrong(parcel, pickup)

        async def called(*arguments: Any, **options: Any) -> "Price":  # noqa: ANN401
            return wrong(*arguments, **options)

        app = FastAPI()
        for path in ("/v1/rates/price", "/rates/price", "/price"):
            app.add_api_route(path, route, methods=["POST"])
        return run({price_parcel: called}, routes=app)

    return run_charging


# - Your tests are green on your Waybill: for all weights from 1 to 30,000 g and all
# countries in `RATES`.
@pytest.mark.usefixtures("drawn_to_the_end")
def test_right_waybill_is_green(run: Run, assert_green: Assert) -> None:
    """Your tests are green on your Waybill, for all weights that may be drawn."""
    advice = (
        "The last line of its message shows the input that broke it. Does the property "
        "really hold for it? Waybill takes weights from 1 to 30,000 g, and each number "
        "that you let Hypothesis draw was tried at both its ends."
    )
    assert_green(run(), "", advice)


def test_dearer_kilograms_are_green(run_charging: Run, assert_green: Assert) -> None:
    """They are green on a price that is made otherwise, and is right."""
    assert_green(
        run_charging(),
        ", for one that is written otherwise,",
        "Ask for what holds for every price, not for how it is computed.",
    )


# - They are red when a kilogram that is begun costs nothing until it is full.
def test_full_kilograms_only_is_red(run_charging: Run, assert_red: Assert) -> None:
    """They are red when a kilogram that is begun costs nothing until it is full."""
    assert_red(
        run_charging(lambda weight_g, _country: weight_g // 1000),
        "A kilogram that was begun cost nothing until it was full",
        "Compare the first gram of a kilogram with its last one: they cost the same.",
    )


# - They are red when a parcel of some full number of kilograms, 3 or 17 say, costs one
# kilogram too much.
def test_one_too_many_is_red(run_charging: Run, assert_red: Assert) -> None:
    """They are red when some full number of kilograms costs one kilogram too much."""

    def one_too_many(weight_g: int, _country: str) -> int:
        is_full = weight_g % 1000 == 0 and weight_g // 1000 in NOBODY_TRIED
        return begun(weight_g) + is_full

    assert_red(
        run_charging(one_too_many),
        "A parcel of exactly 3,000 g was charged four kilograms, one of 17,000 g "
        "eighteen, and so on; 1, 2, 5 and 10 kg were right",
        "Random weights hardly ever hit one of these: draw kilograms, and ask for "
        "1000 * kilograms.",
    )


# - They are red when some heavier parcel costs no more than a lighter one, if only to
# some countries.
def test_cheaper_when_heavier_is_red(run_charging: Run, assert_red: Assert) -> None:
    """They are red when some heavier parcel costs no more than a lighter one."""

    def discount(weight_g: int, _country: str) -> int:
        kilograms = begun(weight_g)
        return kilograms if kilograms <= 10 else max(10, kilograms // 2)

    def falling(weight_g: int, country: str) -> int:
        return 40 - begun(weight_g) if country in SOME else begun(weight_g)

    advice = (
        "Ask for the price of two weights, light ones and heavy ones, up to 30 kg, and "
        "say which one costs more."
    )
    assert_red(
        run_charging(falling),
        "To DK and FR, each kilogram more made a parcel cheaper",
        f"{advice} Draw the country, too.",
    )
    assert_red(run_charging(discount), "20,001 g cost no more than 10,001 g", advice)


# - They are red when `total` isn't `delivery` and `pickup` together, with or without a
# pickup.
def test_forgotten_pickup_is_red(run_charging: Run, assert_red: Assert) -> None:
    """They are red when the total lacks the pickup."""
    assert_red(
        run_charging(forget_pickup=True),
        "A pickup was asked for, and the total was the delivery alone",
        "Ask for prices with a pickup, too, and compare the total with its parts.",
    )


def test_pickup_that_nobody_wanted_is_red(
    run_charging: Run, assert_red: Assert
) -> None:
    """They are red when the total has a pickup that nobody asked for."""
    assert_red(
        run_charging(always=True),
        "Nobody asked for a pickup, and the total had its price",
        "Ask for prices without a pickup, too, and compare the total with its parts.",
    )
