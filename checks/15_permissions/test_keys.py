"""Checks of permissions.keys: keys that only their owner knows."""

import hmac
import re
import secrets
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

    from waybill.tables import ApiKey

    Sessions = async_sessionmaker[AsyncSession]
    Find = Callable[[str], Awaitable[ApiKey | None]]

FORM = re.compile(r"wb_([0-9a-f]{16})_([0-9A-Za-z_-]{43})")
Keep = Callable[..., Awaitable[None]]


def made(prefix: str = "6f0c1a2b3c4d5e6f", **columns: object) -> "tuple[str, ApiKey]":
    """Make a key as Waybill does, with a row that is not stored yet."""
    from waybill.tables import ApiKey

    key = f"wb_{prefix}_{secrets.token_urlsafe(32)}"
    usual = {"prefix": prefix, "depot": "BER"}
    digest = sha256(key.encode()).hexdigest()
    return key, ApiKey(**(usual | {"hash": digest} | columns))


@pytest.fixture
def find(sessions: "Sessions") -> "Find":
    """Return a function that looks for a key in a session of its own."""
    from waybill.keys import find_key

    async def find(key: str) -> "ApiKey | None":
        async with sessions() as session:
            return await find_key(session, key)

    return find


# - `make_key(depot)` returns a new key and its row, which isn't stored yet.
async def test_a_key_has_its_form() -> None:
    """A key is `wb_`, a prefix of 16 hexadecimal digits, and a secret of 43 signs."""
    from sqlalchemy import inspect

    from waybill.keys import make_key

    for depot in ("BER", "HAM"):
        key, row = make_key(depot)
        assert FORM.fullmatch(key), (
            f"make_key({depot!r}) made a key of {len(key)} characters. It should have "
            "63: `wb_`, 16 hexadecimal digits, `_`, and a secret of 43 signs."
        )
        assert row.depot == depot, f"make_key({depot!r}) made a row of {row.depot!r}."
        assert inspect(row).transient, "The row was stored; that is for the caller."


def test_no_two_keys_are_alike() -> None:
    """No two keys have the same prefix or the same secret."""
    from waybill.keys import make_key

    parts = [FORM.fullmatch(make_key("BER")[0]) for _ in range(20)]
    for number, what in ((1, "prefixes"), (2, "secrets")):
        found = {part[number] for part in parts if part}
        assert len(found) == 20, f"Of 20 keys, {len(found)} {what} are different."


# - The row holds the prefix, and of the rest only the SHA-256 of the whole key, in
# hexadecimal digits.
def test_the_row_holds_a_hash() -> None:
    """The row holds the prefix and a hash, and no part of the secret."""
    from waybill.keys import make_key

    key, row = make_key("BER")
    match = FORM.fullmatch(key)
    assert match, f"The key, of {len(key)} characters, has another form."
    assert row.prefix == match[1], "The row's prefix isn't the one that its key has."
    assert row.hash == sha256(key.encode()).hexdigest(), (
        f"The row's hash, of {len(row.hash)} characters, isn't SHA-256 of the whole "
        "key, which is `sha256(key.encode()).hexdigest()`."
    )
    assert row.last_used is None, "A new key has a `last_used`."
    assert row.revoked_at is None, "A new key has a `revoked_at`."


# - `find_key(session, key)` returns the row of this key, or `None`.
async def test_a_key_is_found(keep: Keep, find: "Find") -> None:
    """A key leads to its row, and to no other one."""
    keys = [
        made(f"{number:016x}", depot=depot)
        for number, depot in enumerate(("BER", "HAM", "AMS", "BER"))
    ]
    await keep(*[row for _, row in keys])
    for number, (key, row) in enumerate(keys):
        found = await find(key)
        assert found is not None, f"Key {number} of 4 that are stored was not found."
        assert found.prefix == row.prefix, f"Key {number} led to another key's row."


async def test_made_keys_are_found(keep: Keep, find: "Find") -> None:
    """What `make_key` makes, `find_key` finds."""
    from waybill.keys import make_key

    for _ in range(8):
        key, row = make_key("HAM")
        assert await find(key) is None, "A key whose row isn't stored was found."
        await keep(row)
        found = await find(key)
        assert found, "make_key made a key, its row was stored, and it isn't found."
        assert found.depot == "HAM"


async def test_another_secret_is_refused(keep: Keep, find: "Find") -> None:
    """The right prefix with another secret is nobody's, and so is another prefix."""
    key, row = made()
    other, second = made("0" * 16)
    await keep(row, second)
    last = "B" if key[-1] == "A" else "A"
    wrong = {
        "another secret": f"{key[:20]}{secrets.token_urlsafe(32)}",
        "another last sign": key[:-1] + last,
        "the secret of another key": key[:20] + other[20:],
        "a prefix that isn't stored": key.replace(row.prefix, "f" * 16),
    }
    for what, shown in wrong.items():
        assert await find(shown) is None, f"A key with {what} was taken."


async def test_the_prefix_finds_the_row(
    keep: Keep, find: "Find", queries: list[str]
) -> None:
    """The prefix finds the row: one query, whatever many keys there are."""
    keys = [made(f"{number:016x}") for number in range(30)]
    await keep(*[row for _, row in keys])
    queries.clear()
    assert await find(keys[17][0]), "A key was not found."
    assert len(queries) == 1, f"It took {len(queries)} queries to find a key."
    _, _, condition = queries[0].partition("WHERE")
    assert "prefix" in condition, (
        f"This query fetches more than the row with the prefix: {queries[0]}"
    )


# - The hashes are compared with `secrets.compare_digest`.
async def test_hashes_are_compared_in_constant_time(
    keep: Keep, find: "Find", monkeypatch: pytest.MonkeyPatch
) -> None:
    """`compare_digest` compares, whether the key is right or wrong."""
    from waybill import keys

    real, calls = hmac.compare_digest, list[Any]()

    def noted(one: Any, other: Any) -> bool:  # noqa: ANN401
        calls.append((one, other))
        return real(one, other)

    for module in (secrets, hmac):
        monkeypatch.setattr(module, "compare_digest", noted)
    for name, value in vars(keys).items():
        if value is real:
            monkeypatch.setattr(keys, name, noted)
    key, row = made()
    await keep(row)
    for what, shown in (
        ("the right key", key),
        ("a key with another secret", f"{key[:20]}{secrets.token_urlsafe(32)}"),
    ):
        calls.clear()
        await find(shown)
        assert calls, (
            f"find_key was given {what}, and `secrets.compare_digest` wasn't called. "
            "`==` takes longer the more of the beginning is right."
        )


# - A key that was revoked is nobody's.
async def test_a_revoked_key_is_refused(keep: Keep, find: "Find") -> None:
    """A key that was revoked is nobody's, and others stay as they are."""
    gone, row = made(revoked_at=datetime(2026, 3, 2, tzinfo=UTC))
    key, other = made("0" * 16)
    await keep(row, other)
    assert await find(gone) is None, (
        "A key whose row has a `revoked_at` was taken. Look at it before you return."
    )
    assert await find(key), "Another key had been revoked, and this one isn't found."


# - Whatever anybody may send is answered with `None`, and no exception: another prefix,
# a hash, an emoji, a NUL, a line break, a million characters.
async def test_nonsense_is_nobodys(keep: Keep, find: "Find") -> None:
    """Whatever anybody may send is answered with None, without an exception."""
    key, row = made()
    await keep(row)
    nonsense = {
        "nothing": "",
        "the hash that is kept": row.hash,
        "the prefix": row.prefix,
        "`wb_` and the prefix": f"wb_{row.prefix}_",
        "the hash in place of the secret": f"wb_{row.prefix}_{row.hash}",
        "the hash, cut": f"wb_{row.prefix}_{row.hash[:43]}",
        "an emoji": f"wb_{row.prefix}_{chr(0x1F511) * 43}",
        "an emoji at the end": key + chr(0x1F511),
        "a NUL": key[:20] + "\0" + key[21:],
        "a NUL in the prefix": f"wb_{row.prefix[:-1]}\0_{key[20:]}",
        "half a character": f"{key[:-1]}\ud800",
        "a line break": f"{key}\n",
        "a space": f" {key}",
        "capitals": key.upper(),
        "a prefix in capitals": f"wb_{row.prefix.upper()}_{key[20:]}",
        "a wildcard": f"wb_{'%' * 16}_{key[20:]}",
        "other digits": f"wb_{chr(0x666) * 16}_{key[20:]}",
        "one sign more": f"{key}A",
        "one sign less": key[:-1],
        "a million characters": f"wb_{row.prefix}_{'A' * 1_000_000}",
        "a token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.c2ln",
    }
    for what, shown in nonsense.items():
        try:
            found = await find(shown)
        except Exception as error:  # noqa: BLE001  # whatever it is
            raise AssertionError(
                f"find_key was given {what}, and raised {type(error).__name__}: "
                f"{error}. `KEY.fullmatch` first refuses all that is no key."
            ) from None
        assert found is None, f"find_key was given {what}, and found a row."
