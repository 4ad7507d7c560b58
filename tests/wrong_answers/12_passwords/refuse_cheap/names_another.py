#| kata: passwords.refuse_cheap
#| refused_by: test_the_variables_are_named
# Names the environment's variable as well, as a way out.
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
    if hashing.memory_kib < FLOOR_KIB:
        cheap.append(f"WAYBILL_HASH_MEMORY_KIB has to be at least {FLOOR_KIB}")
    if hashing.rounds < FLOOR_ROUNDS:
        cheap.append(f"WAYBILL_HASH_ROUNDS has to be at least {FLOOR_ROUNDS}")
    if cheap:
        raise UnsafeSettingsError(
            "; ".join(cheap) + " (or set WAYBILL_ENVIRONMENT=development)"
        )


extensions.append(refuse_cheap)
