"""What the checks of this lesson share: no settings of a machine, and carriers."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from waybill.carriers import Carrier, Question, Quote


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A current folder without a `.env`, and no variable that Waybill might read."""
    for name in list(os.environ):
        if name.upper().startswith("WAYBILL_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    forget()
    yield tmp_path
    forget()


def forget() -> None:
    """Let the settings of carriers be read anew, if they were kept."""
    try:
        from waybill.carriers import get_carrier_settings
    except ImportError:
        return
    getattr(get_carrier_settings, "cache_clear", bool)()


class Carriers:
    """Carriers that answer when a check wants it, and what they were asked."""

    def __init__(self, *names: str) -> None:
        from waybill.carriers import Carrier

        self.all = [Carrier(name, f"https://{name.lower()}.example/") for name in names]
        self.asked: list[tuple[str, Question]] = []
        self.told = {name: asyncio.Event() for name in names}
        self.outcomes: dict[str, Quote | BaseException] = {}
        self.cancelled: set[str] = set()
        self.ended: set[str] = set()

    async def ask(self, carrier: "Carrier", question: "Question") -> "Quote":
        """Wait until a check tells, then return the quote or raise the error."""
        self.asked.append((carrier.name, question))
        try:
            await self.told[carrier.name].wait()
        except asyncio.CancelledError:
            self.cancelled.add(carrier.name)
            await asyncio.sleep(0)  # whoever is cancelled may have to clean up
            raise
        finally:
            await asyncio.sleep(0)
            self.ended.add(carrier.name)
        outcome = self.outcomes[carrier.name]
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    async def tell(self, name: str, outcome: "Quote | BaseException") -> None:
        """Let one carrier answer, and give everybody some turns."""
        self.outcomes[name] = outcome
        self.told[name].set()
        await turns()

    @property
    def names(self) -> list[str]:
        """Who was asked, in order."""
        return [name for name, _ in self.asked]


async def turns(count: int = 50) -> None:
    """Let the event loop go round, so that whoever can go on goes on."""
    for _ in range(count):
        await asyncio.sleep(0)


@pytest.fixture
def make_carriers() -> Callable[..., Carriers]:
    """Return a function that makes carriers with these names."""
    return Carriers


@pytest.fixture
def some_turns() -> Callable[..., Any]:
    """Return a function that lets the event loop go round."""
    return turns


@pytest.fixture
def quote() -> Callable[..., "Quote"]:
    """Return a function that makes a quote."""
    from decimal import Decimal

    from waybill.carriers import Quote

    return lambda name, price="6.55", days=2: Quote(
        carrier=name, price=Decimal(price), days=days
    )


@pytest.fixture
async def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], Awaitable[None]]:
    """Return a function that lets seconds pass on the event loop, and takes none."""
    loop, passed = asyncio.get_running_loop(), [0.0]
    real = loop.time
    monkeypatch.setattr(loop, "time", lambda: real() + sum(passed))

    async def later(seconds: float) -> None:
        passed.append(seconds)
        await turns()

    return later


@pytest.fixture
def question() -> "Question":
    """A question for a parcel to the Netherlands."""
    from waybill.carriers import Question

    return Question(country="NL", weight_g=750)


class Pauses(list[float]):
    """How long somebody waited, each time; and each pause that held up everybody."""

    def __init__(self) -> None:
        super().__init__()
        self.blocking: list[float] = []

    def block(self, seconds: float) -> None:
        """Stand in for `time.sleep`."""
        self.append(seconds)
        self.blocking.append(seconds)


@pytest.fixture
async def pauses(monkeypatch: pytest.MonkeyPatch) -> Pauses:
    """The pauses that were made; no time passes."""
    loop = asyncio.get_running_loop()
    real, noted = loop.call_later, Pauses()

    def at_once(delay: float, *arguments: Any, **options: Any) -> asyncio.TimerHandle:  # noqa: ANN401
        noted.append(delay)
        return real(0, *arguments, **options)

    monkeypatch.setattr(time, "sleep", noted.block)
    monkeypatch.setattr(loop, "call_later", at_once)
    return noted


class Body(httpx.AsyncByteStream):
    """A body that comes in parts, and may stop; it notes what was taken of it."""

    def __init__(
        self, *parts: bytes, stops: bool = False, endless: bool = False
    ) -> None:
        self.parts, self.stops, self.endless = parts, stops, endless
        self.taken, self.closed = 0, False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the parts, then more and more, or nothing any more."""
        for part in self.parts:
            self.taken += len(part)
            yield part
        while self.endless and self.taken < 10**7:
            await asyncio.sleep(0)
            self.taken += 1_000
            yield b" " * 1_000
        if self.stops:
            await asyncio.Event().wait()

    async def aclose(self) -> None:
        """Note that whoever read it has given it back."""
        self.closed = True


Answer = httpx.Response | Exception | Callable[[], Awaitable[httpx.Response]]


class Asking:
    """What asks a carrier by `ask_carrier`, and the requests that this has sent."""

    name = "Lowland Freight"
    url = "https://lowland.example/quote"

    def __init__(self, question: "Question") -> None:
        self.question = question
        self.sent: list[httpx.Request] = []

    async def __call__(
        self,
        answer: Answer,
        question: "Question | None" = None,
        url: str = url,
    ) -> "Quote":
        """Ask a carrier that answers with this, raises it, or does as it does."""
        from waybill.carriers import Carrier, ask_carrier

        async def handle(request: httpx.Request) -> httpx.Response:
            self.sent.append(request)
            if isinstance(answer, Exception):
                raise answer
            return await answer() if callable(answer) else answer

        transport = httpx.MockTransport(handle)
        async with httpx.AsyncClient(transport=transport) as client:
            carrier = Carrier(self.name, url)
            return await ask_carrier(client, carrier, question or self.question)

    async def in_vain(self, answer: Answer, kind: str, said: str) -> None:
        """Ask a carrier that gives no quote, and look at what is raised."""
        from waybill import carriers

        try:
            quote = await self(answer)
        except carriers.CarrierError as error:
            raised = error
        except (httpx.HTTPError, ValueError) as error:
            raise AssertionError(
                f"{said}, and {type(error).__name__} left `ask_carrier`. Catch it, and "
                "`raise failure(carrier, error)`."
            ) from None
        else:
            raise AssertionError(
                f"{said}, and `ask_carrier` returned {quote!r}. `raise_for_status` "
                "raises for a status, and `Reply.model_validate_json` for a body."
            )
        assert len(self.sent) <= 1, (
            f"{said} and a redirect, and Waybill went along, to {self.sent[1].url}. "
            "Leave `follow_redirects` out: no carrier chooses where Waybill goes."
        )
        assert type(raised).__name__ == kind, (
            f"{said}, and `ask_carrier` raised {type(raised).__name__}; {kind} was "
            "expected. Hand over the error as it came: `failure` tells them apart."
        )
        text = f"{raised!r} {raised}"
        assert "s3cret" not in text, (
            f"{said}, and what is raised repeats it: {text[:80]}. Somebody will read "
            "that."
        )
        assert self.name in text, (
            f"{said}. The error says {text!r}, and not who it was."
        )


@pytest.fixture
def ask(question: "Question") -> Asking:
    """Return what asks a carrier that answers as a check wants it."""
    return Asking(question)


@pytest.fixture
def stream() -> type[Body]:
    """What makes bodies of answers."""
    return Body
