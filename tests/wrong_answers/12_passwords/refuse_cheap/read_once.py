#| kata: passwords.refuse_cheap
#| refused_by: test_the_floor_is_enough
# Reads the cost once a process, whatever the next app is given.
from functools import lru_cache

from fastapi import FastAPI

from waybill.passwords import PasswordSettings
from waybill.settings import UnsafeSettingsError

FLOOR_KIB, FLOOR_ROUNDS = 19_456, 2
"""The least that OWASP recommends for Argon2id."""


@lru_cache
def read_cost() -> PasswordSettings:
    """Return what a hash costs, read once."""
    return PasswordSettings()


def refuse_cheap(app: FastAPI) -> None:
    """Refuse to serve the public with hashes that are cheap to guess."""
    cost = read_cost()  # what can't be computed is refused here, everywhere
    if app.state.settings.environment != "production":
        return
    problems = []
    if cost.memory_kib < FLOOR_KIB:
        problems.append(f"WAYBILL_HASH_MEMORY_KIB must be at least {FLOOR_KIB}")
    if cost.rounds < FLOOR_ROUNDS:
        problems.append(f"WAYBILL_HASH_ROUNDS must be at least {FLOOR_ROUNDS}")
    if problems:
        raise UnsafeSettingsError("; ".join(problems))


extensions.append(refuse_cheap)
