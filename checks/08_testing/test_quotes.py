"""Checks of testing.quotes: the learner's tests, on Waybill and on one with a bug."""

import inspect
from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from fastapi import HTTPException

if TYPE_CHECKING:
    from waybill.carriers import Carrier, Question, Quote, Quotes

Run = Callable[..., SimpleNamespace]
Assert = Callable[..., None]
FILE = "test_quotes"
Change = Callable[["Question"], "Question"]


# - Your tests are green on your Waybill, in any order, whichever carrier is asked
# first, and never sleep.
def test_right_waybill_is_green(
    run: Run, assert_green: Assert, assert_awake: Assert
) -> None:
    """Your tests are green on your Waybill, and never sleep."""
    outcome = run()
    advice = (
        "Compare what you expect with the sample in the task. What a URL holds is text."
    )
    if "422" in outcome.story:
        advice = "A 422 says that the question lacks something: read its body."
    if "natively" in outcome.story:
        advice = "Is every async test marked with @pytest.mark.anyio?"
    assert_green(outcome, "", advice)
    assert_awake(outcome)


def test_any_order_is_green(run: Run, assert_green: Assert) -> None:
    """Your tests are green in the opposite order, too."""
    advice = "What one test leaves behind must not matter to another one."
    assert_green(run(backwards=True), ", with the last test first,", advice)


def test_carriers_come_in_any_order(run: Run, assert_green: Assert) -> None:
    """Your tests are green whichever carrier is asked, and answers, first."""
    from waybill.carriers import ask_all

    async def the_last_one_first(*arguments: Any, **options: Any) -> "Quotes":  # noqa: ANN401
        bound = inspect.signature(ask_all).bind(*arguments, **options)
        carriers = [*bound.arguments][1]
        bound.arguments[carriers] = [*reversed(bound.arguments[carriers])]
        return await ask_all(*bound.args, **bound.kwargs)

    advice = (
        "All carriers are asked at the same moment, so nobody promises who is first: "
        "look up what each was asked by its host, and give each a price of its own."
    )
    outcome = run({ask_all: the_last_one_first})
    assert_green(outcome, ", with the last carrier asked first,", advice)


# - They are red when the cheapest quote doesn't come first.
def test_another_order_is_red(run: Run, assert_red: Assert) -> None:
    """They are red when quotes come in another order than the cheapest first."""
    from waybill.carriers import ask_all

    async def dearest_first(*arguments: Any, **options: Any) -> "Quotes":  # noqa: ANN401
        answers = await ask_all(*arguments, **options)
        answers.quotes.sort(key=lambda quote: -quote.price)
        return answers

    async def by_name(*arguments: Any, **options: Any) -> "Quotes":  # noqa: ANN401
        answers = await ask_all(*arguments, **options)
        answers.quotes.sort(key=lambda quote: quote.carrier)
        return answers

    advice = (
        "Let both carriers reply, with two prices, and compare the whole list. Let the "
        "one be cheaper whose name comes later."
    )
    assert_red(run({ask_all: dearest_first}), "The dearest quote came first", advice)
    assert_red(run({ask_all: by_name}), "Quotes came in the order of names", advice)


# - They are red when a carrier that failed has a quote, of 0.00.
def test_a_quote_that_nobody_gave_is_red(run: Run, assert_red: Assert) -> None:
    """They are red when a carrier that failed has a quote."""
    from waybill import carriers
    from waybill.carriers import ask_carrier

    async def free(client: Any, carrier: "Carrier", question: "Question") -> "Quote":  # noqa: ANN401
        try:
            return await ask_carrier(client, carrier, question)
        except carriers.LateError:
            raise
        except carriers.CarrierError:
            return carriers.Quote(carrier=carrier.name, price=Decimal("0.00"), days=0)

    assert_red(
        run({ask_carrier: free}),
        "Waybill quoted 0.00 for a carrier that had failed",
        "Let Night Mail fail, by a 500 say, and compare the whole list of quotes.",
    )


# - They are red when a late carrier counts as failed, or a failed one as late.
def test_late_as_failed_is_red(run: Run, assert_red: Assert) -> None:
    """They are red when a late carrier counts as failed."""
    from waybill import carriers
    from waybill.carriers import ask_carrier

    async def never_late(*arguments: Any, **options: Any) -> "Quote":  # noqa: ANN401
        try:
            return await ask_carrier(*arguments, **options)
        except carriers.LateError as error:
            raise carriers.CarrierError(str(error)) from None

    assert_red(
        run({ask_carrier: never_late}),
        "A late carrier was called failed",
        "Let one carrier raise httpx.ReadTimeout, and compare `missing`.",
    )


def test_failed_as_late_is_red(run: Run, assert_red: Assert) -> None:
    """They are red when a failed carrier counts as late."""
    from waybill import carriers
    from waybill.carriers import ask_carrier

    async def always_late(*arguments: Any, **options: Any) -> "Quote":  # noqa: ANN401
        try:
            return await ask_carrier(*arguments, **options)
        except carriers.CarrierError as error:
            raise carriers.LateError(str(error)) from None

    assert_red(
        run({ask_carrier: always_late}),
        "A carrier that had failed was called late",
        "Let one carrier reply 500, and compare `missing`.",
    )


# - They are red when one missing carrier costs the sender all quotes: 502 instead of
# 200.
def test_all_or_nothing_is_red(run: Run, assert_red: Assert) -> None:
    """They are red when one missing carrier costs the sender all quotes."""
    from waybill.carriers import ask_all

    async def all_or_nothing(*arguments: Any, **options: Any) -> "Quotes":  # noqa: ANN401
        answers = await ask_all(*arguments, **options)
        if answers.missing:
            raise HTTPException(502, "A carrier is missing.")
        return answers

    assert_red(
        run({ask_all: all_or_nothing}),
        "One carrier was missing, and Waybill answered 502 without the other's quote",
        "Let Lowland Freight reply and the other one fail, and compare the status.",
    )


# - They are red when carriers are asked about another parcel: another country, or
# weight.
def asking_otherwise(change: Change) -> dict[Callable[..., Any], Callable[..., Any]]:
    """Return a bug: each carrier is asked another question than the sender's."""
    from waybill.carriers import ask_carrier

    async def other(client: Any, carrier: "Carrier", question: "Question") -> "Quote":  # noqa: ANN401
        return await ask_carrier(client, carrier, change(question))

    return {ask_carrier: other}


def test_another_weight_is_red(run: Run, assert_red: Assert) -> None:
    """They are red when carriers are asked about another weight."""
    bug = asking_otherwise(
        lambda one: one.model_copy(update={"weight_g": -(-one.weight_g // 1000)})
    )
    assert_red(
        run(bug),
        "Carriers were asked about the weight in kilograms, where they expect grams",
        "Compare the parameters of every request in carriers.asked with the parcel's.",
    )


def test_another_country_is_red(run: Run, assert_red: Assert) -> None:
    """They are red when carriers are asked about another country."""
    bug = asking_otherwise(
        lambda one: one.model_copy(
            update={"country": "DE" if one.country != "DE" else "NL"}
        )
    )
    assert_red(
        run(bug),
        "Carriers were asked about another country than the sender's",
        "Compare the parameters of every request in carriers.asked with the parcel's.",
    )
