"""Checks of background.send: a real mail server, slow, silent, or a stranger."""

import asyncio
import smtplib
import threading
from collections.abc import Callable
from email import message_from_bytes, policy
from typing import Any

import pytest

Make = Callable[..., Any]
PASSWORD = "open sesame"  # noqa: S105
WAIT = 3.0


@pytest.fixture
def settings(
    post_office: Any,  # noqa: ANN401
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., Any]:
    """Return a function that makes settings for the post office."""
    for name in ("HOST", "PORT", "TLS", "USER", "PASSWORD", "SENDER", "TIMEOUT"):
        monkeypatch.delenv(f"WAYBILL_MAIL_{name}", raising=False)

    def make(**changed: object) -> Any:  # noqa: ANN401
        from waybill.mail import MailSettings

        values: dict[str, Any] = {
            "mail_host": "127.0.0.1",
            "mail_port": post_office.port,
            "mail_tls": False,
            "mail_timeout": 2,
        }
        return MailSettings(**{**values, **changed})

    return make


@pytest.fixture
def letter() -> Callable[..., Any]:
    """Return a function that makes a letter."""

    def make(to: str = "lena@example.com", text: str = "Hello!\n") -> Any:  # noqa: ANN401
        from waybill.mail import compose

        return compose(to, "Welcome", text, "welcome-7")

    return make


async def hand_over(settings: Any, message: Any) -> BaseException | None:  # noqa: ANN401
    """Send a letter; return what stands against it."""
    from waybill.mail import send

    try:
        await send(settings, message)
    except Exception as error:  # noqa: BLE001
        return error
    return None


# - The server of `mail_host` and `mail_port` gets the letter.
async def test_the_server_gets_the_letter(
    post_office: Any,  # noqa: ANN401
    settings: Make,
    letter: Make,
) -> None:
    """The server of the settings gets the letter, with its sender and its date."""
    text = "Zoë, dein Paket 📦 ist da.\n.\nEnde\n"
    for to in ("lena@example.com", "bob@example.com"):
        problem = await hand_over(
            settings(mail_sender="Depot <depot@example.com>"), letter(to, text)
        )
        assert problem is None, f"The post office is open, and send raised {problem!r}."
    assert len(post_office.letters) == 2, (
        f"Two letters were sent, and {len(post_office.letters)} arrived."
    )
    found = message_from_bytes(post_office.letters[0], policy=policy.default)
    assert found["From"] == "Depot <depot@example.com>", f"It is from {found['From']}."
    assert found["To"] == "lena@example.com", f"The first letter is to {found['To']}."
    assert found["Message-ID"] == "<welcome-7@waybill>", "It has another Message-ID."
    assert found["Date"], "The letter has no Date."
    content = found.get_content().replace("\r\n", "\n")
    assert content == text, f"The text arrived as {content!r}."
    heard = [line for line, _ in post_office.heard if "RCPT" in line.upper()]
    assert ["lena" in heard[0], "bob" in heard[1]] == [True, True], f"Heard: {heard}"


async def test_the_same_letter_again(
    post_office: Any,  # noqa: ANN401
    settings: Make,
    letter: Make,
) -> None:
    """A letter that was refused can be sent again."""
    message = letter()
    post_office.answers["MAIL"] = "451 not now"
    first = await hand_over(settings(), message)
    post_office.answers.clear()
    second = await hand_over(settings(), message)
    assert (first is not None, second) == (True, None), (
        f"A server said `451 not now`, and send came to {first!r}; at the second try "
        f"the same letter came to {second!r}."
    )


# - While the server takes its time, the event loop goes on.
async def test_the_loop_goes_on(
    post_office: Any,  # noqa: ANN401
    settings: Make,
    letter: Make,
) -> None:
    """While a mail server takes its time, the event loop goes on."""
    loop, went_on, seen = asyncio.get_running_loop(), threading.Event(), []

    def wait_for_the_loop() -> None:
        loop.call_soon_threadsafe(went_on.set)
        seen.append(went_on.wait(WAIT / 3))

    post_office.meanwhile = wait_for_the_loop
    await hand_over(settings(mail_timeout=WAIT), letter())
    assert seen, "No letter reached the post office."
    assert seen[0], (
        "The mail server waited until the event loop had had a turn, and it had none: "
        "`send` blocks the loop, and with it every request. `asyncio.to_thread` calls "
        "a function on another thread."
    )


# - A server that says nothing is given up after `mail_timeout` seconds.
async def test_a_silent_server_is_given_up(
    post_office: Any,  # noqa: ANN401
    settings: Make,
    letter: Make,
) -> None:
    """A server that takes the call and says nothing is given up."""
    post_office.silent = True
    problem = await hand_over(settings(mail_timeout=0.05), letter())
    await asyncio.to_thread(post_office.hung_up.wait, WAIT / 3)
    assert post_office.hung_up.is_set(), (
        "The post office took the call and said nothing, and mail_timeout was 0.05 "
        f"seconds. `send` came to {problem!r}, and the call is still open: its thread "
        "waits on. SMTP takes a `timeout`."
    )
    assert isinstance(problem, OSError), (
        f"The post office never said anything, and send came to {problem!r}. Whatever "
        "fails should be raised."
    )


# - With `mail_tls`, everything after the greeting is encrypted, and the certificate is
# checked.
async def test_it_is_encrypted(
    post_office: Any,  # noqa: ANN401
    settings: Make,
    letter: Make,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With `mail_tls`, nobody between the two can read the letter."""
    monkeypatch.setenv(
        "SSL_CERT_FILE", post_office.certificate
    )  # somebody vouches for it
    post_office.secret = True
    problem = await hand_over(settings(mail_tls=True), letter())
    in_plain = {*post_office.commands(encrypted=False)} - {"EHLO", "HELO", "STARTTLS"}
    assert not in_plain, (
        f"mail_tls was true, and the post office heard {sorted(in_plain)} in plain "
        "text. `starttls` comes before all that."
    )
    assert problem is None, (
        f"A server that encrypts, and whose certificate is good, came to {problem!r}."
    )
    assert len(post_office.letters) == 1, "The letter did not arrive."


@pytest.mark.parametrize("how", ["it can't", "hidden by somebody", "nobody vouches"])
async def test_or_it_is_not_sent(
    post_office: Any,  # noqa: ANN401
    settings: Make,
    letter: Make,
    how: str,
) -> None:
    """Where encryption or a good certificate can't be had, nothing is sent."""
    post_office.secret = how == "nobody vouches"
    if how == "hidden by somebody":
        post_office.answers["STARTTLS"] = "454 not today"
    wanted = {"mail_tls": True, "mail_user": "waybill", "mail_password": PASSWORD}
    problem = await hand_over(settings(**wanted), letter())
    said = {
        "it can't": "The server offered no STARTTLS",
        "hidden by somebody": "The server refused STARTTLS",
        "nobody vouches": "Nobody vouches for the server's certificate",
    }[how]
    told = {*post_office.commands(encrypted=False)}
    told |= {*post_office.commands(encrypted=True)}
    assert not told & {"AUTH", "MAIL", "RCPT", "DATA"}, (
        f"{said}, and it heard {sorted(told)} all the same. Whoever listens has the "
        "letter, or the password. `starttls` with a context that checks raises here."
    )
    assert isinstance(problem, OSError), (
        f"{said}, and send came to {problem!r}. That should be raised."
    )


async def test_the_name_in_the_certificate_counts(
    post_office: Any,  # noqa: ANN401
    settings: Make,
    letter: Make,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A good certificate of another server is not good enough."""
    monkeypatch.setenv("SSL_CERT_FILE", post_office.certificate)
    post_office.secret = True
    # The same server by another name; its certificate names 127.0.0.1 alone.
    here = settings(mail_tls=True, mail_host="localhost")
    problem = await hand_over(here, letter())
    assert not post_office.letters, (
        "The certificate is that of 127.0.0.1, the server was called `localhost`, and "
        "got the letter. `ssl.create_default_context()` compares the names."
    )
    assert isinstance(problem, OSError), f"send came to {problem!r}."


# - With `mail_tls` and a `mail_user`, it signs in with the password.
@pytest.mark.parametrize("user", ["waybill", ""])
async def test_it_signs_in(
    post_office: Any,  # noqa: ANN401
    settings: Make,
    letter: Make,
    monkeypatch: pytest.MonkeyPatch,
    user: str,
) -> None:
    """With `mail_tls` it signs in before the letter, if there is a user."""
    import base64

    monkeypatch.setenv("SSL_CERT_FILE", post_office.certificate)
    post_office.secret = True
    wanted = {"mail_tls": True, "mail_user": user, "mail_password": PASSWORD}
    problem = await hand_over(settings(**wanted), letter())
    assert problem is None, f"send came to {problem!r}."
    lines = [line for line, encrypted in post_office.heard if encrypted]
    shown = [line for line in lines if line.upper().startswith("AUTH")]
    assert bool(shown) == bool(user), (
        f"mail_user was {user!r}, and the post office heard {shown or 'no AUTH'}."
    )
    if user:
        proof = base64.b64decode(shown[0].split()[-1])
        assert proof == f"\0{user}\0{PASSWORD}".encode(), (
            f"It signed in with {proof!r}. `get_secret_value()` gives the password."
        )
        commands = post_office.commands(encrypted=True)
        assert commands.index("AUTH") < commands.index("MAIL"), f"Heard: {commands}"


# - With `mail_tls` and a `mail_user`, it signs in with the password.
async def test_no_password_in_plain_text(
    post_office: Any,  # noqa: ANN401
    settings: Make,
    letter: Make,
) -> None:
    """Without `mail_tls` no password is sent, though the server asks for it."""
    wanted = {"mail_user": "waybill", "mail_password": PASSWORD}
    await hand_over(settings(**wanted), letter())
    heard = [line for line, _ in post_office.heard if line.upper().startswith("AUTH")]
    assert not heard, (
        f"mail_tls was false, and the password went out in plain text: {heard[0]}"
    )


# - Whatever fails is raised, so that somebody can try again.
@pytest.mark.parametrize("command", ["GREETING", "MAIL", "RCPT", "DATA"])
async def test_what_fails_is_raised(
    post_office: Any,  # noqa: ANN401
    settings: Make,
    letter: Make,
    command: str,
) -> None:
    """A server that refuses is an error that is raised."""
    post_office.answers[command] = "554 no"
    problem = await hand_over(settings(), letter())
    assert isinstance(problem, smtplib.SMTPException), (
        f"To {command} the post office said `554 no`, and send came to {problem!r}."
    )
    assert not post_office.letters, "A letter was refused, and arrived."


# - Whatever fails is raised, so that somebody can try again.
async def test_nobody_there_is_raised(
    post_office: Any,  # noqa: ANN401
    settings: Make,
    letter: Make,
) -> None:
    """A server that isn't there is an error that is raised."""
    post_office.close()
    problem = await hand_over(settings(), letter())
    assert isinstance(problem, OSError), (
        f"Nobody listens at that port, and send came to {problem!r}."
    )
