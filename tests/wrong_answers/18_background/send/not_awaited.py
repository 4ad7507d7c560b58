#| kata: background.send
#| refused_by: test_the_server_gets_the_letter
# Starts a task and doesn't wait: nobody learns what failed.
import asyncio
import ssl
from collections.abc import Awaitable, Callable
from smtplib import SMTP

from pydantic import PositiveFloat, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from waybill.tables import now


class MailSettings(BaseSettings):
    """Where letters are handed over; variables such as WAYBILL_MAIL_HOST."""

    model_config = SettingsConfigDict(
        env_prefix="WAYBILL_",
        env_file=".env",
        extra="ignore",
        hide_input_in_errors=True,
    )

    mail_host: str = "localhost"
    mail_port: int = 587
    mail_tls: bool = True
    mail_user: str = ""
    mail_password: SecretStr = SecretStr("")
    mail_sender: str = "Waybill <waybill@example.com>"
    mail_timeout: PositiveFloat = 10


SENT: list[asyncio.Task[None]] = []
Send = Callable[[EmailMessage], Awaitable[None]]


def deliver(settings: MailSettings, message: EmailMessage) -> None:
    """Hand a letter to the mail server; this blocks the thread that calls it."""
    host, port = settings.mail_host, settings.mail_port
    with SMTP(host, port, timeout=settings.mail_timeout) as server:
        if settings.mail_tls:
            server.starttls(context=ssl.create_default_context())
            if settings.mail_user:
                password = settings.mail_password.get_secret_value()
                server.login(settings.mail_user, password)
        server.send_message(message)


async def send(settings: MailSettings, message: EmailMessage) -> None:
    """Hand a letter to the mail server."""
    del message["From"], message["Date"]  # those of an earlier try, if there are any
    message["From"] = settings.mail_sender
    message["Date"] = now()
    SENT.append(asyncio.create_task(asyncio.to_thread(deliver, settings, message)))
