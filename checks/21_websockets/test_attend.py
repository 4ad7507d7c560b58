"""Checks of websockets.attend: a screen is heard and shown, and leaves nothing."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import pytest
from fastapi import FastAPI

if TYPE_CHECKING:
    from waybill.hub import Hub

Open = Callable[..., Awaitable[Any]]
Settled = Callable[[], Awaitable[None]]
NOTE: dict[str, object] = {"type": "note", "text": "Gate 4 is closed"}
BIG = 2**63


# - What is a `Note` or a `Done` is published to the depot, as `as_shown(said,
# account_id)` writes it.
async def test_what_is_said_reaches_the_depot(
    app: FastAPI, open_client: Open, settled: Settled
) -> None:
    """A note or a done reaches each screen of the depot, with its author."""
    gate, office = await open_client(app, "/HAM/7"), await open_client(app, "/HAM/8")
    berlin = await open_client(app, "/BER/7")
    said: list[tuple[Any, int, dict[str, object], dict[str, object]]] = [
        (gate, 7, NOTE, {"text": "Gate 4 is closed"}),
        (office, 8, {"type": "note", "text": "Łódź, 5 €"}, {"text": "Łódź, 5 €"}),
        *[(office, 8, {"type": "done", "scan": 61}, {"scan": 61})] * 2,
        (gate, 7, {"scan": BIG - 1, "type": "done"}, {"scan": BIG - 1}),
    ]
    for who, number, message, shown in said:
        who.say(message)
        await who.until(lambda who=who: bool(who.texts))
        await settled()
        wanted = [{"type": message["type"], "by": number} | shown]
        for where, client in (("the same screen", gate), ("another one", office)):
            found = client.read()
            assert found == wanted, (
                f"Account {number} said {message}. {where.capitalize()} at that depot, "
                f"or its own, was sent {found}, and should be sent {wanted}. "
                f"{who.how_it_stands}"
            )
        assert berlin.read() == [], "A screen of another depot was told as well."


# - Everything else is answered `Refused`, to this screen alone, and the connection goes
# on: what is no JSON, `bytes`, and texts of more than
NONSENSE = [
    *("Gate 4 is closed", "", "null", "[]", '"note"', "7", "{", "\ufeff"),
    *('{"text": "no type"}', '{"type": "note"}', '{"type": "done"}'),
    '{"type": "scan", "id": 61, "depot": "HAM", "kind": "arrived"}',
    '{"type": "note", "text": "I am somebody else", "by": 51}',
    *('{"type": "note", "text": ""}', '{"type": "note", "text": "a\\u0007b"}'),
    *('{"type": "note", "text": 7}', '{"type": "note", "text": null}'),
    *('{"type": "note", "text": "x", "scan": 61}', '[{"type": "note", "text": "x"}]'),
    *('{"type": "done", "scan": 0}', f'{{"type": "done", "scan": {BIG}}}'),
    *(
        '{"type": "done", "scan": "abc"}',
        '{"type": "refused", "detail": "Send a note or a done, as JSON."}',
    ),
    *(b"\x00\xff", json.dumps(NOTE).encode(), "[" * 900),
]


@pytest.mark.parametrize(
    "nonsense", NONSENSE, ids=[str(number) for number in range(len(NONSENSE))]
)
async def test_everything_else_is_refused(
    app: FastAPI, open_client: Open, settled: Settled, nonsense: str | bytes
) -> None:
    """Everything else is refused, to this screen alone, and the connection goes on."""
    from waybill.screens import Refused

    gate, office = await open_client(app, "/HAM/7"), await open_client(app, "/HAM/8")
    gate.say(nonsense)
    await gate.until(lambda: bool(gate.texts))
    found = gate.read()
    assert found == [Refused().model_dump()], (
        f"A screen said {nonsense[:60]!r} and was answered {found}, where `Refused` "
        f"was expected. {gate.how_it_stands}"
    )
    assert office.read() == [], f"{nonsense[:60]!r} was told to another screen as well."
    gate.say(NOTE)
    await gate.until(lambda: bool(gate.texts))
    await settled()
    assert len(office.read()) == 1, (
        f"A screen had said {nonsense[:60]!r}; its next note reached nobody. "
        f"{gate.how_it_stands}"
    )


async def test_a_note_is_what_its_model_says(app: FastAPI, open_client: Open) -> None:
    """A note is shown as its model has it, without spaces around it."""
    gate = await open_client(app, "/HAM/7")
    gate.say({"type": "note", "text": "  Gate 4 is closed "})
    await gate.until(lambda: bool(gate.texts))
    found = [one.get("text") for one in gate.read()]
    assert found == ["Gate 4 is closed"], (
        f"A note had spaces around it, and its text was shown as {found}. Show what "
        f"`Note` has made of it. {gate.how_it_stands}"
    )


async def test_long_texts_are_not_parsed(
    app: FastAPI, open_client: Open, parsed: list[int]
) -> None:
    """A text that is too long is refused, and nobody parses it."""
    from waybill.screens import LARGEST_MESSAGE

    gate = await open_client(app, "/HAM/7")
    short = json.dumps(NOTE)
    for length in (LARGEST_MESSAGE, LARGEST_MESSAGE + 1, 100 * LARGEST_MESSAGE):
        parsed.clear()
        gate.say(short + " " * (length - len(short)))
        await gate.until(lambda: bool(gate.texts))
        seen = [*parsed]
        kinds = [one["type"] for one in gate.read()]
        wanted = "note" if length <= LARGEST_MESSAGE else "refused"
        assert kinds == [wanted], (
            f"A screen said a note of {length} characters, most of them spaces, and "
            f"was answered {kinds}; {wanted!r} was expected. {gate.how_it_stands}"
        )
        longest = max(seen, default=0)
        assert longest <= LARGEST_MESSAGE, (
            f"A text of {length} characters was parsed before it was refused. Look "
            "at its length first."
        )


# - After each message, `attend` waits `pause` seconds before it receives the next. What
# waits for the screen goes out meanwhile.
@pytest.mark.parametrize("first", [NOTE, {"type": "done", "scan": 1}, "nonsense", b"x"])
async def test_a_screen_is_heard_with_pauses(
    app: FastAPI,
    hub: "Hub",
    open_client: Open,
    settled: Settled,
    later: Callable[[float], Awaitable[None]],
    usual_pause: float,
    first: Any,  # noqa: ANN401
) -> None:
    """After each message it pauses; what waits for the screen goes out meanwhile."""
    assert usual_pause > 0, "Without `pause=…`, `attend` never pauses: keep the 1."
    gate = await open_client(app, "/slowly/HAM/7")
    gate.say(first)
    gate.say({"type": "note", "text": "the second"})
    await gate.until(lambda: bool(gate.texts))
    hub.publish("HAM", json.dumps("published"))
    await settled()
    found = [one if isinstance(one, str) else one.get("text") for one in gate.read()]
    assert "the second" not in found, (
        f"`pause` is 60 seconds. A screen said {first} and at once something else, and "
        "both were heard. A screen that never stops would flood all others."
    )
    assert len(found) > 1 or "published" not in found, (
        "A screen said something, and wasn't heard: `attend` paused before it received "
        "the first message. It pauses after each."
    )
    assert found[1:] == ["published"], (
        "While `attend` paused, something was published, and didn't go out: the screen "
        f"was sent {found}. Hearing and showing are two tasks. {gate.how_it_stands}"
    )
    await later(59)
    assert gate.read() == [], "After 59 of 60 seconds the next message was heard."
    await later(2)
    heard = [one["text"] for one in gate.read()]
    assert heard == ["the second"], f"After the pause, {heard} was heard."


async def test_a_slow_screen_is_heard(
    app: FastAPI, hub: "Hub", open_client: Open, settled: Settled
) -> None:
    """A screen that doesn't read is heard all the same, and holds up nobody."""
    gate, office = await open_client(app, "/HAM/7"), await open_client(app, "/HAM/8")
    gate.reads.clear()
    for number in range(3):
        hub.publish("HAM", json.dumps({"number": number}))
    gate.say("nonsense")
    gate.say(NOTE)
    await office.until(lambda: len(office.texts) > 3)
    await settled()
    found = office.read()
    assert len(found) == 4, (
        "A screen didn't read what it was sent, said nonsense, then a note. Another "
        f"was sent {found}; the 3 texts from before and the note were due. A refusal "
        "waits in line by `screen.put`: nobody who hears waits for a send."
    )
    gate.reads.set()
    await gate.until(lambda: len(gate.texts) > 4)
    assert len(gate.read()) == 5, "The slow screen reads on, and misses something."


# - When the screen leaves, when it is ended, when sending fails and when `attend` is
# cancelled, no task goes on, and the screen is out of its room.
ENDINGS = {
    "the screen left": "leave",
    "the screen was ended with 1013": "end",
    "sending failed": "die",
    "`attend` was cancelled": "cancel",
}


@pytest.mark.parametrize("before", ["", "nonsense", "slow", "paused"])
@pytest.mark.parametrize("what", ENDINGS)
async def test_nothing_is_left(
    app: FastAPI,
    hub: "Hub",
    open_client: Open,
    settled: Settled,
    later: Callable[[float], Awaitable[None]],
    what: str,
    before: str,
) -> None:
    """However it ends, no task is left, its room is left, and others go on."""
    office = await open_client(app, "/HAM/8")
    tasks = asyncio.all_tasks()
    gate = await open_client(app, f"{'/slowly' if before == 'paused' else ''}/HAM/7")
    if before in ("nonsense", "paused"):
        gate.say("nonsense" if before == "nonsense" else NOTE)
        await gate.until(lambda: bool(gate.texts))
    if before == "slow":
        gate.reads.clear()
        hub.publish("HAM", json.dumps("it doesn't fit"))
        await settled()
    how = ENDINGS[what]
    if how == "end":
        next(one for one in hub.screens() if one.account_id == 7).end(1013)
    else:
        gate.go(how)
        hub.publish("HAM", json.dumps("perhaps nobody reads this"))
    if before == "slow" and how in ("end", "die"):
        gate.reads.set()
    if before == "paused":
        await later(61)
    await gate.until(gate.task.done)
    left = {one for one in asyncio.all_tasks() - tasks if one is not gate.task}
    for task in left:
        task.cancel()
    if not gate.task.done():
        pytest.fail(f"{what.capitalize()}, and `attend` goes on.")
    assert not left, (
        f"{what.capitalize()}, and {len(left)} of its tasks went on for nobody. "
        f"{gate.how_it_stands}"
    )
    assert [one.account_id for one in hub.screens()] == [8], (
        f"{what.capitalize()}; then the hub has {len(hub.screens())} screens, not one."
    )
    assert how != "cancel" or gate.task.cancelled(), (
        "`attend` was cancelled, and swallowed that: whoever cancels it waits for "
        "the CancelledError to come out."
    )
    assert gate.error is None, (
        f"{what.capitalize()}, and the app raised {gate.error!r}. Nothing was wrong."
    )
    assert how != "end" or gate.code == 1013, (
        f"A screen was ended with 1013, and closed with {gate.code}."
    )
    office.read()
    hub.publish("HAM", json.dumps("to those who stay"))
    await office.until(lambda: bool(office.texts))
    assert office.read() == ["to those who stay"], "Another screen isn't told any more."


async def test_an_unexpected_error_ends_both(
    app: FastAPI, hub: "Hub", open_client: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error that nobody expects is not swallowed, and leaves no task either."""
    before = asyncio.all_tasks()
    gate = await open_client(app, "/HAM/7")
    monkeypatch.setattr(hub, "publish", None)  # a bug of tomorrow: a TypeError
    gate.say(NOTE)
    await gate.until(gate.task.done)
    assert gate.task.done(), (
        "Publishing a note failed with a TypeError, and the connection went on."
    )
    left = asyncio.all_tasks() - before
    for task in left:
        task.cancel()
    assert not left, "Publishing failed, and a task of this screen went on."
    assert not hub.screens(), "Publishing failed, and the screen is still in its room."
    assert gate.error is not None, (
        "Publishing failed with a TypeError, and nobody will ever know: `attend` has "
        "swallowed it."
    )
    gate.task = asyncio.ensure_future(asyncio.sleep(0))  # the error was wanted


async def test_one_too_many_is_not_accepted(app: FastAPI, open_client: Open) -> None:
    """A screen that `join` refuses is never accepted."""
    from waybill.hub import MOST_SCREENS

    many = [await open_client(app, "/HAM/7") for _ in range(MOST_SCREENS)]
    more = await open_client(app, "/HAM/7")
    assert (more.accepted, more.refused) == (False, True), (
        f"An account had {len(many)} screens, and one more was accepted before "
        "`join` refused it. Join first, then accept."
    )
