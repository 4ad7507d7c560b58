#| kata: permissions.keys
#| refused_by: test_the_row_holds_a_hash
# The row knows a part of the secret.
import re
import secrets
from hashlib import sha256

from sqlalchemy.ext.asyncio import AsyncSession

from waybill.tables import ApiKey

KEY = re.compile(r"wb_([0-9a-f]{16})_[0-9A-Za-z_-]{43}")


def fingerprint(key: str) -> str:
    """Return what Waybill keeps of a key."""
    return sha256(key.encode()).hexdigest()


def make_key(depot: str) -> tuple[str, ApiKey]:
    """Return a new key of a depot, and the row that knows it again."""
    prefix = secrets.token_hex(8)
    key = f"wb_{prefix}_{secrets.token_urlsafe(32)}"
    return key, ApiKey(prefix=key[20:36], hash=fingerprint(key), depot=depot)


async def find_key(session: AsyncSession, key: str) -> ApiKey | None:
    """Return the row of a key, unless it is revoked; None for everything else."""
    shown = KEY.fullmatch(key)
    if shown is None:
        return None
    row = await session.get(ApiKey, shown[1])
    if row is None or row.revoked_at is not None:
        return None
    return row if secrets.compare_digest(row.hash, fingerprint(key)) else None
