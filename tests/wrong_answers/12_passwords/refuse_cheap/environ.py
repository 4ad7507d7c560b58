#| kata: passwords.refuse_cheap
#| refused_by: test_a_line_in_the_file_counts
# Asks os.environ for the memory, so `.env` doesn't count for it.
import os

from fastapi import FastAPI

from waybill.passwords import PasswordSettings
from waybill.settings import UnsafeSettingsError

FLOOR_KIB, FLOOR_ROUNDS = 19_456, 2
"""The least that OWASP recommends for Argon2id."""


def refuse_cheap(app: FastAPI) -> None:
    """Refuse to serve the public with hashes that are cheap to guess."""
    hashing = PasswordSettings()
    if app.state.settings.environment != "production":
        return
    cheap = []
    if int(os.environ.get("WAYBILL_HASH_MEMORY_KIB", FLOOR_KIB)) < FLOOR_KIB:
        cheap.append(f"WAYBILL_HASH_MEMORY_KIB has to be at least {FLOOR_KIB}")
    if hashing.rounds < FLOOR_ROUNDS:
        cheap.append(f"WAYBILL_HASH_ROUNDS has to be at least {FLOOR_ROUNDS}")
    if cheap:
        raise UnsafeSettingsError("; ".join(cheap))


extensions.append(refuse_cheap)
