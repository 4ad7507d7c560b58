"""Messages of other servers: signed, and looked at before they are believed."""

from datetime import timedelta

import pytest
from pydantic import SecretStr

from waybill.signatures import GOOD_FOR, BadSignatureError, sign, verify
from waybill.tables import now

KEY = SecretStr("k" * 32)


# needs: security_review.verify security_review.more
def test_a_signed_message_passes() -> None:
    at = now()
    verify(KEY, b"7", sign(KEY, b"7", int(at.timestamp())), at)


@pytest.mark.parametrize("header", ["", "hello", "7.é", "9" * 30 + ".a"])
def test_what_is_no_signature_is_refused(header: str) -> None:
    with pytest.raises(BadSignatureError):
        verify(KEY, b"7", header, now())


def test_an_old_a_changed_and_a_strangers_message_are_refused() -> None:
    at = now()
    seconds = int(at.timestamp())
    for key, body, late in (
        (KEY, b"7", GOOD_FOR + timedelta(seconds=2)),
        (KEY, b"7", -GOOD_FOR - timedelta(seconds=2)),
        (KEY, b"8", timedelta()),
        (SecretStr("o" * 32), b"7", timedelta()),
    ):
        with pytest.raises(BadSignatureError):
            verify(KEY, b"7", sign(key, body, seconds), at + late)
