"""Letters: to one address, and never in plain text unless somebody says so."""

import asyncio
from smtplib import SMTPException

import pytest
from pydantic import ValidationError

from waybill.mail import MailSettings, compose, send


# needs: background.compose
def test_a_letter_goes_to_one_address() -> None:
    letter = compose("lena@example.com", "Grüße 📦", "Hallo, Zoë!\n", "welcome-7")
    assert [one.addr_spec for one in letter["To"].addresses] == ["lena@example.com"]
    assert (letter["Subject"], letter["Message-ID"]) == (
        "Grüße 📦",
        "<welcome-7@waybill>",
    )
    for bad in ("lena@example.com, eve@example.com", "Lena <lena@example.com>", ""):
        with pytest.raises(ValueError, match="address"):
            compose(bad, "Welcome", "Hello!", "welcome-7")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\nBcc: eve@example.com"])
def test_no_header_is_smuggled_in(end: str) -> None:
    good = ("lena@example.com", "Welcome", "welcome-7")
    for number in range(3):
        to, subject, key = (
            one + end if place == number else one for place, one in enumerate(good)
        )
        with pytest.raises(ValueError, match=r"line|address|linefeed"):
            compose(to, subject, "Hello!", key)


# needs: background.send
async def test_without_encryption_nothing_is_sent() -> None:
    heard: list[str] = []

    async def office(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        writer.write(b"220 an old post office\r\n")
        while line := await reader.readline():
            heard.append(line.decode().split()[0].upper())
            writer.write(b"221 bye\r\n" if heard[-1] == "QUIT" else b"250 fine\r\n")
        writer.close()

    async with await asyncio.start_server(office, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        settings = MailSettings(mail_host="127.0.0.1", mail_port=port)
        letter = compose("lena@example.com", "Welcome", "Hello!", "welcome-7")
        with pytest.raises(SMTPException):
            await send(settings, letter)
    assert not {"AUTH", "MAIL", "RCPT", "DATA"} & {*heard}


def test_a_time_out_is_more_than_nothing() -> None:
    with pytest.raises(ValidationError):
        MailSettings(mail_timeout=0)
