"""Checks of refresh.change_password: a new password ends what the old one began."""

from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

    Sessions = async_sessionmaker[AsyncSession]

Families = Callable[[], Awaitable[dict[str, Any]]]
Keep = Callable[..., Awaitable[str]]
Bearer = Callable[[int], dict[str, str]]

LENA, BOB, CLOSED = 311, 17, 1094
OLD = {LENA: "correct horse battery", BOB: "a word that is Bob's"}
NEW = {LENA: "a staple, and a battery", BOB: "b" * 128}
EMAILS = {LENA: "lena@example.com", BOB: "bob@example.com"}
PATH = "/me/password"


def id_of(token: str) -> str:
    """Return the id of the family that a token names."""
    return sha256(token.partition(".")[0].encode()).hexdigest()


@pytest.fixture
def change(
    client: httpx.AsyncClient, bearer: Bearer
) -> Callable[..., Awaitable[httpx.Response]]:
    """Return a function that asks for another password."""

    async def change(
        account_id: int = LENA, old: str | None = None, new: str | None = None
    ) -> httpx.Response:
        words = {"old": OLD[account_id] if old is None else old}
        words["new"] = NEW[account_id] if new is None else new
        return await client.put(PATH, json=words, headers=bearer(account_id))

    return change


@pytest.fixture
def hashes(sessions: "Sessions") -> Callable[[], Awaitable[dict[int, str]]]:
    """Return a function that reads all hashes, by account."""

    async def read() -> dict[int, str]:
        from sqlalchemy import select

        from waybill.tables import Credential

        async with sessions() as session:
            rows = await session.scalars(select(Credential))
            return {row.account_id: row.hash for row in rows}

    return read


# - `PUT /me/password` wants an access token, and takes `old` and `new`.
async def test_it_answers_204(
    change: Callable[..., Awaitable[httpx.Response]],
    hashes: Callable[[], Awaitable[dict[int, str]]],
) -> None:
    """With the old password it is changed, of nobody else, and the answer is 204."""
    for number in (LENA, BOB):
        before = await hashes()
        response = await change(number)
        assert response.status_code == 204, (
            f"Account {number} sent its old password and a new one, and was answered "
            f"{response.status_code}: {response.text}"
        )
        assert response.content == b"", f"A 204 has no body: {response.content!r}"
        after = await hashes()
        wanted = before | {number: f"hash of {NEW[number]}"}
        assert after == wanted, (
            f"Account {number} changed its password. Stored is "
            f"{ {n: after[n] for n in after if after[n] != wanted[n]} }."
        )


async def test_it_wants_an_access_token(
    client: httpx.AsyncClient,
    keep: Keep,
    bearer: Bearer,
    hashes: Callable[[], Awaitable[dict[int, str]]],
) -> None:
    """Without an access token of an open account it is 401, and nothing changes."""
    before = await hashes()
    words = {"old": OLD[LENA], "new": NEW[LENA]}
    refresh = {"Authorization": f"Bearer {await keep()}"}
    for headers in ({}, refresh, bearer(CLOSED), {"Authorization": "Bearer no"}):
        response = await client.put(PATH, json=words, headers=headers)
        assert response.status_code == 401, (
            f"With {[*headers] or 'no token'}, it was answered {response.status_code}."
        )
    assert await hashes() == before, "A hash was changed without an access token."


async def test_a_new_one_has_its_rules(
    change: Callable[..., Awaitable[httpx.Response]],
    hashes: Callable[[], Awaitable[dict[int, str]]],
) -> None:
    """A new password of fewer than 12 characters, or more than 128, is a 422."""
    before = await hashes()
    for word in ("", "x" * 11, "x" * 129):
        response = await change(new=word)
        assert response.status_code == 422, (
            f"A new password of {len(word)} characters was answered "
            f"{response.status_code}."
        )
    assert await hashes() == before, "A password outside its bounds was stored."
    for word in ("x" * 12, "y" * 128, "  é & 100 % \U0001f4a9"):
        response = await change(new=word)
        assert response.status_code == 204, (
            f"A new password of {len(word)} characters was answered "
            f"{response.status_code}: {response.text}"
        )
        response = await change(old=word, new=OLD[LENA])
        assert response.status_code == 204, "The new one isn't the old one next time."


# - If `old` isn't the password of whoever is asking, the answer is 403,
async def test_the_old_one_is_asked(
    change: Callable[..., Awaitable[httpx.Response]],
    keep: Keep,
    families: Families,
    hashes: Callable[[], Awaitable[dict[int, str]]],
) -> None:
    """If `old` isn't the password of who is asking, it is 403, and nothing changes."""
    token, before = await keep(), await hashes()
    wrong = ("not hers, but long", "", OLD[BOB], NEW[LENA], f"hash of {OLD[LENA]}")
    for old, new in [*((old, None) for old in wrong), ("wrong, and twice",) * 2]:
        response = await change(old=old, new=new)
        assert response.status_code == 403, (
            f"Lena's access token came with {old!r} as her old password, and was "
            f"answered {response.status_code}. Whoever has stolen an access token "
            "could lock her out."
        )
        assert await hashes() == before, f"{old!r} was wrong, and a hash changed."
        assert id_of(token) in await families(), f"{old!r} was wrong, a family ended."


# - After that, `new` signs in and `old` doesn't.
async def test_the_new_one_signs_in(
    change: Callable[..., Awaitable[httpx.Response]],
    sessions: "Sessions",
    passwords: Any,  # noqa: ANN401
) -> None:
    """Afterwards the new password signs in, and the old one doesn't."""
    from waybill.accounts import sign_in

    for number, email in EMAILS.items():
        await change(number)
        for word, wanted in ((OLD[number], None), (NEW[number], number)):
            async with sessions.begin() as session:
                found = await sign_in(session, passwords, email, SecretStr(word))
            assert (found and found.id) == wanted, (
                f"{email} changed the password, and {word!r} signed in {found}."
            )


# - All families of the account end in the same transaction as the change,
async def test_all_families_end(
    change: Callable[..., Awaitable[httpx.Response]], keep: Keep, families: Families
) -> None:
    """All families of the account end, and nobody else's."""
    for name in ("phone", "laptop", "thief"):
        await keep(name)
    bob = await keep("of-bob", account_id=BOB)
    await change()
    found = await families()
    assert {*found} == {id_of(bob)}, (
        "Lena has changed her password. Of her three families and Bob's one, "
        f"{len(found)} are left. Whoever has signed in with the old password would "
        "stay for a month."
    )


@pytest.mark.parametrize("what", ["DELETE FROM families", "UPDATE credentials"])
async def test_both_or_neither(
    change: Callable[..., Awaitable[httpx.Response]],
    keep: Keep,
    families: Families,
    hashes: Callable[[], Awaitable[dict[int, str]]],
    engine: "AsyncEngine",
    what: str,
) -> None:
    """If one of the two fails, neither has happened."""
    from sqlalchemy import event, exc

    token, before = await keep(), await hashes()

    @event.listens_for(engine.sync_engine, "before_cursor_execute")
    def give_up(*details: object) -> None:
        new = what.startswith("DELETE") or NEW[LENA] in repr(details[3])
        if str(details[2]).startswith(what) and new:
            raise exc.OperationalError(what, {}, Exception("disk is full"))

    response = await change()
    assert response.status_code == 500, (
        f"{what} … failed, and the answer was {response.status_code}."
    )
    assert await hashes() == before, (
        f"{what} … failed, and the password has changed all the same: one block, one "
        "transaction."
    )
    assert id_of(token) in await families(), (
        f"{what} … failed, and the family has ended: one block, one transaction."
    )


# - While Argon2 works, no connection is taken:
async def test_no_connection_waits(
    change: Callable[..., Awaitable[httpx.Response]],
    passwords: Any,  # noqa: ANN401
    engine: "AsyncEngine",
) -> None:
    """While Argon2 works no connection is taken, and in the end all are back."""
    for old in (None, "not hers, but long"):
        passwords.lent.clear()
        await change(old=old)
        assert passwords.lent, "Nothing was hashed and nothing verified."
        assert max(passwords.lent) == 0, (
            "While the request waited for Argon2 it held a connection. "
            "`current_account` has made a query in `session`: close that first, and "
            "hash before you open your own."
        )
    pool: Any = engine.sync_engine.pool
    assert not pool.checkedout(), "A connection is still lent in the end."


# - If `old` isn't the password of whoever is asking, the answer is 403,
@pytest.mark.parametrize("turn", [0, 1])
async def test_it_is_still_the_old_one(
    change: Callable[..., Awaitable[httpx.Response]],
    app: FastAPI,
    hashes: Callable[[], Awaitable[dict[int, str]]],
    passwords: Any,  # noqa: ANN401
    turn: int,
) -> None:
    """A password that was changed while Argon2 worked isn't written over."""
    from sqlalchemy import update

    from waybill.tables import Credential

    async def be_faster() -> None:
        async with app.state.sessions.begin() as session:
            mine = update(Credential).where(Credential.account_id == LENA)
            await session.execute(mine.values(hash="hash of a third one"))

    async def wait() -> None: ...

    passwords.meanwhile += [be_faster] if turn == 0 else [wait, be_faster]
    await change()
    found = (await hashes())[LENA]
    assert found == "hash of a third one", (
        "While this request waited for Argon2, Lena's password was changed by another "
        f"one, so what it was sent is no longer the old one. Stored is {found!r}: ask "
        "`sign_in` last, right before you write."
    )


# - No answer repeats a password.
async def test_no_answer_repeats_a_password(
    change: Callable[..., Awaitable[httpx.Response]], client: httpx.AsyncClient
) -> None:
    """No answer and no header repeats a password, and the schema says it is one."""
    for old, new in (("not hers, but long", None), (None, None)):
        response = await change(old=old, new=new)
        told = response.text + str(response.headers)
        for word in (old or OLD[LENA], new or NEW[LENA]):
            assert word not in told, f"The answer repeats {word!r}: {told}"
    from waybill import auth

    shown = repr(auth.NewPassword(old="the old one of hers", new="the new one of hers"))  # type: ignore[arg-type]
    assert "one of hers" not in shown, (
        f"repr of what was sent is {shown}: it lands in logs. Take SecretStr."
    )
    assert client
