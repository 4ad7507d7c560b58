#| kata: passwords.refuse_cheap
#| refused_by: test_a_line_in_the_file_counts
# Reads the variables itself, so that a line in `.env` passes unseen.
import os

from fastapi import FastAPI

from waybill.passwords import PasswordSettings
from waybill.settings import UnsafeSettingsError

FLOOR_KIB, FLOOR_ROUNDS = 19_456, 2
"""The least that OWASP recommends for Argon2id."""


def refuse_cheap(app: FastAPI) -> None:
    """Refuse to serve the public with hashes that are cheap to guess."""
    PasswordSettings()  # what can't be computed is refused here, everywhere
    memory_kib = int(os.environ.get("WAYBILL_HASH_MEMORY_KIB", FLOOR_KIB))
    rounds = int(os.environ.get("WAYBILL_HASH_ROUNDS", FLOOR_ROUNDS))
    if app.state.settings.environment != "production":
        return
    problems = []
    if memory_kib < FLOOR_KIB:
        problems.append(f"WAYBILL_HASH_MEMORY_KIB must be at least {FLOOR_KIB}")
    if rounds < FLOOR_ROUNDS:
        problems.append(f"WAYBILL_HASH_ROUNDS must be at least {FLOOR_ROUNDS}")
    if problems:
        raise UnsafeSettingsError("; ".join(problems))


extensions.append(refuse_cheap)
