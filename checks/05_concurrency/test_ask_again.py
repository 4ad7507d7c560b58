"""Checks of concurrency.ask_again: a few tries, and pauses that nobody shares."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from waybill.carriers import Carrier, Question, Quote

MakeQuote = Callable[..., "Quote"]
MANY = 100


class Busy:
    """A carrier that raises errors, by name, before it gives a quote."""

    def __init__(self, *errors: str, quote: "Quote | None" = None) -> None:
        self.errors, self.quote = errors, quote
        self.raised: list[Exception] = []
        self.asked: list[tuple[Carrier, Question]] = []

    async def __call__(self, carrier: "Carrier", question: "Question") -> "Quote":
        """Raise the next error, or return the quote."""
        from waybill import carriers

        self.asked.append((carrier, question))
        if len(self.raised) < len(self.errors):
            name = self.errors[len(self.raised)]
            kind: Any = getattr(carriers, name, RuntimeError)
            self.raised.append(kind(f"{name} {len(self.asked)}"))
            raise self.raised[-1]
        assert self.quote
        return self.quote


async def outcome_of(busy: Busy, question: "Question") -> object:
    """Return what comes of asking again: a quote or an exception."""
    from waybill.carriers import Carrier, ask_again

    carrier = Carrier("Lowland", "http://lowland.example/")
    try:
        outcome: object = await ask_again(busy, carrier, question)
    except Exception as error:  # noqa: BLE001 - which one, is the question
        outcome = error
    assert all(one == (carrier, question) for one in busy.asked), (
        f"Asked was {busy.asked}; carrier and question should stay the same."
    )
    return outcome


# - A quote is returned as soon as there is one, and nothing is asked after it.
@pytest.mark.parametrize("failures", [0, 1, 2])
async def test_a_quote_is_enough(
    question: "Question", quote: MakeQuote, pauses: list[float], failures: int
) -> None:
    """A quote is returned as soon as there is one; nothing is asked after it."""
    busy = Busy(*["BusyError"] * failures, quote=quote("Lowland"))
    outcome = await outcome_of(busy, question)
    assert outcome == busy.quote, (
        f"A carrier was busy {failures} times and then gave a quote. `ask_again` came "
        f"to {outcome!r}."
    )
    assert len(busy.asked) == failures + 1, (
        f"A carrier was busy {failures} times and then gave a quote. It was asked "
        f"{len(busy.asked)} times; after a quote nobody needs another."
    )
    assert len(pauses) <= failures, (
        f"A carrier was busy {failures} times and then gave a quote. There were "
        f"{len(pauses)} pauses: wait only before another try."
    )


# - Only a `BusyError` is worth another try. A `LateError` has used up the time, and any
# other `CarrierError` would come again.
@pytest.mark.parametrize("kind", ["LateError", "CarrierError", "RuntimeError"])
@pytest.mark.parametrize("before", [0, 1])
async def test_other_errors_pass_on(
    question: "Question",
    quote: MakeQuote,
    pauses: list[float],
    kind: str,
    before: int,
) -> None:
    """Any other error passes on at once, as it is."""
    busy = Busy(*["BusyError"] * before, kind, quote=quote("Lowland"))
    outcome = await outcome_of(busy, question)
    assert outcome is busy.raised[-1], (
        f"A carrier raised {[*busy.errors]}, and `ask_again` came to {outcome!r}; the "
        f"{kind} should pass on. Catch BusyError, and nothing that is wider."
    )
    assert len(pauses) <= before, (
        f"A carrier raised {[*busy.errors]}; there were {len(pauses)} pauses."
    )


# - After `TRIES` questions the last `BusyError` passes on, without a pause.
@pytest.mark.parametrize("tries", [3, 1, 5])
async def test_it_gives_up(
    question: "Question",
    pauses: list[float],
    monkeypatch: pytest.MonkeyPatch,
    tries: int,
) -> None:
    """After `TRIES` questions the last BusyError passes on; no pause follows it."""
    from waybill import carriers

    monkeypatch.setattr(carriers, "TRIES", tries)
    busy = Busy(*["BusyError"] * 9)
    outcome = await outcome_of(busy, question)
    assert len(busy.asked) == tries, (
        f"TRIES was {tries}, and a carrier that was always busy was asked "
        f"{len(busy.asked)} times."
    )
    assert outcome is busy.raised[-1], (
        f"TRIES was {tries}, the carrier was always busy, and `ask_again` came to "
        f"{outcome!r}. Let the last BusyError pass on."
    )
    assert len(pauses) <= tries - 1, (
        f"TRIES was {tries}, and there were {len(pauses)} pauses. Between {tries} "
        f"tries there are {tries - 1}; nobody needs one after the last."
    )


# - Before each new try it waits for a random time: up to `FIRST_PAUSE` seconds first,
# and up to twice as long each time after.
async def test_pauses_grow_and_differ(
    question: "Question", pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pauses are random: up to `FIRST_PAUSE`, then up to twice as long each time."""
    from waybill import carriers

    monkeypatch.setattr(carriers, "TRIES", 4)
    for _ in range(MANY):
        await outcome_of(Busy(*["BusyError"] * 9), question)
    assert len(pauses) == 3 * MANY, (
        f"TRIES was 4 and the carrier always busy, so each of {MANY} senders should "
        f"pause three times; in all there were {len(pauses)} pauses."
    )
    for number in range(3):
        mine = [pauses[index] for index in range(number, len(pauses), 3)]
        most = carriers.FIRST_PAUSE * 2**number
        what = f"Pause {number + 1} of {MANY} senders"
        assert min(mine) >= 0 and max(mine) <= most, (  # noqa: PT018
            f"{what} took {min(mine):.3f} to {max(mine):.3f} seconds; it should take "
            f"{most:.1f} at most. The whole pause is random, not a part that is added."
        )
        assert len({*mine}) > MANY / 2, (
            f"{what} had {len({*mine})} different lengths: they all come back at the "
            "same moment. `random.uniform` picks another one each time."
        )
        assert max(mine) > most * 0.76 > min(mine), (
            f"{what} took {min(mine):.3f} to {max(mine):.3f} seconds, of up to "
            f"{most:.1f}. Use the whole of it, so that the load is spread."
        )


# - While it waits, others go on.
async def test_others_go_on(
    question: "Question",
    quote: MakeQuote,
    pauses: Any,  # noqa: ANN401
) -> None:
    """The pause is waited for on the event loop, which serves others meanwhile."""
    await outcome_of(Busy("BusyError", quote=quote("Lowland")), question)
    assert not pauses.blocking, (
        "A carrier was busy, and `time.sleep` held up everybody until the next try. "
        "`await asyncio.sleep(…)` waits, and lets others go on."
    )
