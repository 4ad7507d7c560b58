#| kata: passwords.refuse_cheap
#| refused_by: test_production_is_no_bargain
# Trusts whoever starts it.
from fastapi import FastAPI

from waybill.passwords import PasswordSettings
from waybill.settings import UnsafeSettingsError

FLOOR_KIB, FLOOR_ROUNDS = 19_456, 2
"""The least that OWASP recommends for Argon2id."""


def refuse_cheap(app: FastAPI) -> None:
    """Refuse to serve the public with hashes that are cheap to guess."""


extensions.append(refuse_cheap)
