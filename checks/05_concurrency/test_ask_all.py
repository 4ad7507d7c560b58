"""Checks of concurrency.ask_all: all at once, a part may fail, and all of it ends."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

if TYPE_CHECKING:
    from waybill.carriers import Question, Quote, Quotes

Patiently = Callable[[], AbstractContextManager[Any]]
Turns = Callable[..., Awaitable[None]]
MakeQuote = Callable[..., "Quote"]

LONG = 3_600.0
"""Seconds, which pass when a check turns the clock."""


def start(carriers: Any, question: "Question") -> "asyncio.Future[Quotes]":  # noqa: ANN401
    """Begin to ask all of these carriers."""
    from waybill.carriers import ask_all

    asking = ask_all(carriers.ask, carriers.all, question, LONG)
    return asyncio.ensure_future(asking)


async def ended(task: "asyncio.Future[Quotes]", patiently: Patiently) -> "Quotes":
    """Wait for the answer; it should be there."""
    from waybill.carriers import CarrierError, Quotes

    with patiently():
        await asyncio.wait([task])
    if not task.done():
        task.cancel()
        raise AssertionError(
            "Each carrier has answered or its time was over, and `ask_all` still waits."
        )
    try:
        answers = task.result()
    except Exception as error:  # noqa: BLE001 - its text says which
        raised = error.exceptions[0] if isinstance(error, ExceptionGroup) else error
        advice = "It is no carrier's: your own lines raised it."
        if isinstance(raised, CarrierError | TimeoutError):
            advice = "An error of one carrier has to be caught in that carrier's task."
        raise AssertionError(
            f"Carriers answered, failed or were late, and `ask_all` raised {raised!r}. "
            f"{advice}"
        ) from None
    assert isinstance(answers, Quotes), f"`ask_all` returned {answers!r}, no Quotes."
    try:
        Quotes.model_validate(answers.model_dump())
    except ValidationError as error:
        raise AssertionError(
            f"`ask_all` returned {answers!r}, which breaks a rule of `Quotes`, and a "
            f"route could not send it: {error}"
        ) from None
    return answers


# - All carriers are asked at the same time, each once.
@pytest.mark.parametrize("names", [("Lowland", "Night", "Ferry"), ("A", "B"), ()])
async def test_all_are_asked_at_once(
    make_carriers: Callable[..., Any],
    question: "Question",
    quote: MakeQuote,
    some_turns: Turns,
    patiently: Patiently,
    names: tuple[str, ...],
) -> None:
    """All carriers are asked before the first one answers, each once."""
    carriers = make_carriers(*names)
    task = start(carriers, question)
    await some_turns()
    assert sorted(carriers.names) == sorted(names), (
        f"No carrier had answered yet, and of {[*names]} these were asked: "
        f"{carriers.names}. Start a task for each, then wait for all."
    )
    assert all(asked == question for _, asked in carriers.asked), (
        f"The question was {question!r}, and asked was {carriers.asked}."
    )
    for name in names:
        await carriers.tell(name, quote(name))
    answers = await ended(task, patiently)
    assert sorted(one.carrier for one in answers.quotes) == sorted(names), (
        f"{[*names]} gave a quote each, and `quotes` holds {answers.quotes}. Keep all "
        "of them, also where two have the same price."
    )
    assert answers.missing == {}, f"All gave a quote; missing are {answers.missing}."
    assert sorted(carriers.names) == sorted(names), (
        f"Each should be asked once; asked were {carriers.names}."
    )


# - `quotes` are those that came, the cheapest first.
@pytest.mark.parametrize("order", ["CAB", "ABC", "BCA"])
async def test_the_cheapest_comes_first(
    make_carriers: Callable[..., Any],
    question: "Question",
    quote: MakeQuote,
    patiently: Patiently,
    order: str,
) -> None:
    """The quotes come cheapest first, in whatever order the carriers answered."""
    prices = {"A": "10.20", "B": "9.90", "C": "0.00"}
    carriers = make_carriers(*prices)
    task = start(carriers, question)
    for name in order:
        await carriers.tell(name, quote(name, prices[name], days=ord(name) - 60))
    found = [str(one.price) for one in (await ended(task, patiently)).quotes]
    assert found == ["0.00", "9.90", "10.20"], (
        f"Carriers answered in the order {order}, with {prices}. `quotes` has the "
        f"prices {found}; the cheapest should come first, and all "
        "of them come, one for 0 euros too. Sort by the number."
    )


async def test_two_senders_at_once(
    make_carriers: Callable[..., Any],
    question: "Question",
    quote: MakeQuote,
    patiently: Patiently,
) -> None:
    """Two senders who ask at the same time get their own quotes."""
    lenas, bobs = make_carriers("A", "B", "C"), make_carriers("A", "D")
    first = start(lenas, question)
    await lenas.tell("A", quote("A", "6.00"))
    second = start(bobs, question)
    await bobs.tell("D", quote("D", "4.00"))
    for name in "BC":
        await lenas.tell(name, quote(name, "7.00"))
    await bobs.tell("A", quote("A", "8.00"))
    for who, task, names in (("Lena", first, "ABC"), ("Bob", second, "DA")):
        answers = await ended(task, patiently)
        found = [one.carrier for one in answers.quotes]
        assert (found, answers.missing) == ([*names], {}), (
            f"Lena and Bob asked at the same time, and {who}'s carriers were {[*names]}"
            f". {who} got the quotes of {found}, and missing={answers.missing}. Make "
            "what is collected anew in each call."
        )


# - A carrier that raises a `CarrierError` is `missing`, by its name: `"late"` for a
# `LateError`, otherwise `"failed"`. The others aren't disturbed.
@pytest.mark.parametrize("first", ["Lowland", "Night"])
@pytest.mark.parametrize(
    ("kind", "reason"),
    [("CarrierError", "failed"), ("BusyError", "failed"), ("LateError", "late")],
)
async def test_one_may_fail(
    make_carriers: Callable[..., Any],
    question: "Question",
    quote: MakeQuote,
    patiently: Patiently,
    kind: str,
    reason: str,
    first: str,
) -> None:
    """A carrier that fails is missing, with the reason, and the others answer."""
    from waybill import carriers as module

    carriers = make_carriers("Lowland", "Night", "Ferry")
    outcomes = {"Lowland": quote("Lowland"), "Night": getattr(module, kind)("s3cret")}
    task = start(carriers, question)
    for name in sorted(outcomes, key=lambda name: name != first):
        await carriers.tell(name, outcomes[name])
    assert not carriers.cancelled, (
        f"Night raised a {kind}, and {sorted(carriers.cancelled)} was cancelled while "
        "it was still being asked. Catch it inside the task, so that the group "
        "doesn't hear of it."
    )
    await carriers.tell("Ferry", quote("Ferry", "7.00"))
    answers = await ended(task, patiently)
    found = ([one.carrier for one in answers.quotes], answers.missing)
    assert found == (["Lowland", "Ferry"], {"Night": reason}), (
        f"Lowland and Ferry gave quotes, Night raised a {kind}. `ask_all` returned "
        f"the quotes of {found[0]} and missing={found[1]}; it should be "
        f"{{'Night': {reason!r}}}."
    )


# - `seconds` is the deadline for all: a carrier without a quote by then is cancelled,
# and `"late"`. The quotes of the others are kept.
@pytest.mark.parametrize("late", [("Ferry",), ("Lowland", "Ferry"), ("Night",)])
async def test_a_deadline_for_all(
    make_carriers: Callable[..., Any],
    question: "Question",
    quote: MakeQuote,
    patiently: Patiently,
    monkeypatch: pytest.MonkeyPatch,
    late: tuple[str, ...],
) -> None:
    """Who has no quote at the deadline is cancelled and late; the others' are kept."""
    names = ("Lowland", "Night", "Ferry")
    carriers = make_carriers(*names)
    task = start(carriers, question)
    for name in names:
        if name not in late:
            await carriers.tell(name, quote(name))
    loop, now = asyncio.get_running_loop(), asyncio.get_running_loop().time
    monkeypatch.setattr(loop, "time", lambda: now() + LONG)
    answers = await ended(task, patiently)
    assert answers.missing == dict.fromkeys(late, "late"), (
        f"{[*late]} had no quote when the time was over; missing={answers.missing}."
    )
    kept = sorted(one.carrier for one in answers.quotes)
    assert kept == sorted({*names} - {*late}), (
        f"{[*late]} had no quote when the time was over. The others had, and of them "
        f"`quotes` holds {kept}. Note each quote when it comes, and let only the late "
        "question be cancelled."
    )
    assert carriers.cancelled == {*late}, (
        f"The time of {[*late]} was over; cancelled were {sorted(carriers.cancelled)}."
    )
    assert {*late} <= carriers.ended, (
        "`ask_all` returned while a cancelled question was still cleaning up. A task "
        "group waits for that."
    )


# - Any other exception is a mistake in Waybill: it passes on, in its group, and by then
# all other questions have ended.
@pytest.mark.parametrize("kind", [RuntimeError, KeyError, ValueError, OSError])
async def test_a_mistake_ends_all(
    make_carriers: Callable[..., Any],
    question: "Question",
    quote: MakeQuote,
    patiently: Patiently,
    some_turns: Turns,
    kind: type[Exception],
) -> None:
    """A mistake in Waybill passes on, and by then no other question goes on."""
    carriers = make_carriers("Lowland", "Night", "Ferry")
    task = start(carriers, question)
    await some_turns()
    carriers.outcomes["Night"] = kind("a slip in Waybill")
    carriers.told["Night"].set()
    after: list[set[str]] = []
    task.add_done_callback(lambda _: after.append({*carriers.ended}))
    with patiently():
        await asyncio.wait([task])
    waits = not task.done()
    for name in ("Lowland", "Ferry"):
        await carriers.tell(name, quote(name))
    await asyncio.wait([task])
    await some_turns(2)
    raised = task.exception()
    while isinstance(raised, ExceptionGroup):
        raised = raised.exceptions[0]
    assert type(raised) is kind, (
        f"A slip in Waybill raised {kind.__name__}, and `ask_all` came to "
        f"{raised or task.result()!r}. Catch a carrier's errors alone, and let "
        "everything else out."
    )
    assert not waits, (
        f"A slip in Waybill raised {kind.__name__}, and `ask_all` waited for the "
        "other carriers first. Their answers are of no use any more: a task group "
        "cancels them."
    )
    assert after[0] == {"Lowland", "Night", "Ferry"}, (
        f"A slip in Waybill raised {kind.__name__}. When it left `ask_all`, only "
        f"{sorted(after[0])} had ended, and the other questions went on, for nobody. "
        "`gather` leaves them alone; a task group cancels them and waits."
    )


# - If `ask_all` is cancelled, so are its questions.
async def test_cancelling_reaches_all(
    make_carriers: Callable[..., Any], question: "Question", some_turns: Turns
) -> None:
    """If `ask_all` is cancelled, all its questions are, and it ends as cancelled."""
    carriers = make_carriers("Lowland", "Night")
    task = start(carriers, question)
    await some_turns()
    task.cancel()
    await some_turns()
    assert carriers.cancelled == {"Lowland", "Night"}, (
        f"`ask_all` was cancelled, and of its questions {sorted(carriers.cancelled)} "
        "were. A task that belongs to nobody goes on."
    )
    assert task.cancelled(), (
        "`ask_all` was cancelled, and went on as if it were not. Whoever catches "
        "CancelledError has to raise it again."
    )
