#| kata: passwords.refuse_cheap
#| refused_by: test_production_is_no_bargain
# Takes memory for rounds: much of one makes up for little of the other.
from fastapi import FastAPI

from waybill.passwords import PasswordSettings
from waybill.settings import UnsafeSettingsError

FLOOR_KIB, FLOOR_ROUNDS = 19_456, 2
"""The least that OWASP recommends for Argon2id."""


def refuse_cheap(app: FastAPI) -> None:
    """Refuse to serve the public with hashes that are cheap to guess."""
    cost = PasswordSettings()  # what can't be computed is refused here, everywhere
    if app.state.settings.environment != "production":
        return
    problems = []
    if cost.memory_kib < FLOOR_KIB:
        problems.append(f"WAYBILL_HASH_MEMORY_KIB must be at least {FLOOR_KIB}")
    if cost.rounds < FLOOR_ROUNDS:
        problems.append(f"WAYBILL_HASH_ROUNDS must be at least {FLOOR_ROUNDS}")
    if problems and cost.memory_kib * cost.rounds < FLOOR_KIB * FLOOR_ROUNDS:
        raise UnsafeSettingsError("; ".join(problems))


extensions.append(refuse_cheap)
