"""Checks of concurrency.try_again: each Waybill asks a busy carrier again."""

from contextlib import suppress
from typing import TYPE_CHECKING

from fastapi import FastAPI

if TYPE_CHECKING:
    from waybill.carriers import Carrier, Question, Quote


# - While the app is open, `app.state.ask` is `ask_again` with the `ask` that was there
# before filled in.
async def test_a_busy_carrier_is_asked_again(
    question: "Question", pauses: list[float]
) -> None:
    """While the app is open, a busy carrier is asked again, by the same `ask`."""
    from waybill.app import try_again
    from waybill.carriers import TRIES, BusyError, Carrier

    asked: list[str] = []

    async def ask(carrier: "Carrier", _question: "Question") -> "Quote":
        asked.append(carrier.name)
        raise BusyError(carrier.name)

    app = FastAPI()
    app.state.ask = ask
    async with try_again(app):
        with suppress(BusyError):
            await app.state.ask(Carrier("Lowland", "http://lowland.example/"), question)
    assert asked == ["Lowland"] * TRIES, (
        f"A carrier was always busy. Through `app.state.ask` it was asked {asked}, "
        f"not {TRIES} times. Set that to `ask_again`, with the old one filled in."
    )
    assert len(pauses) == TRIES - 1, f"There were {len(pauses)} pauses."


async def test_each_app_keeps_its_own(question: "Question") -> None:
    """Two apps ask with the `ask` that each of them had."""
    from waybill.app import try_again
    from waybill.carriers import Carrier, Quote

    def giving(price: int) -> object:
        async def ask(carrier: "Carrier", _question: "Question") -> "Quote":
            return Quote(carrier=carrier.name, price=price, days=1)

        return ask

    carrier = Carrier("Lowland", "http://lowland.example/")
    one, other = FastAPI(), FastAPI()
    one.state.ask, other.state.ask = giving(1), giving(2)
    async with try_again(one), try_again(other):
        found = [(await app.state.ask(carrier, question)).price for app in (one, other)]
    assert found == [1, 2], (
        f"Two apps had carriers with the prices 1 and 2, and were told {found}. Take "
        "`app.state.ask` of the app that is opened."
    )


# - `resources` contains `try_again`, behind `open_carriers`.
def test_each_waybill_opens_it() -> None:
    """`resources` contains `try_again` once, behind `open_carriers`."""
    from waybill.app import open_carriers, resources, try_again

    found = resources.count(try_again)
    assert found == 1, f"`resources` contains `try_again` {found} times; once is right."
    assert resources.index(open_carriers) < resources.index(try_again), (
        "`try_again` comes before `open_carriers`, which sets `app.state.ask` anew."
    )
