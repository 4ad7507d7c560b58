"""Accounts: who uses Waybill, and how they prove it."""

import pytest
from httpx import AsyncClient
from pydantic import SecretStr
from sqlalchemy import select

from waybill.accounts import canonical, sign_in
from waybill.app import create_app
from waybill.database import Sessions
from waybill.passwords import Passwords, PasswordSettings
from waybill.settings import Settings, UnsafeSettingsError
from waybill.tables import Account, Credential

PASSWORD = "a horse, a battery and a staple"


# needs: passwords.hasher
@pytest.fixture
def passwords() -> Passwords:
    """What hashes passwords, at no great cost."""
    return Passwords(PasswordSettings(rounds=1, memory_kib=64, lanes=1))


async def test_a_hash_is_of_one_password_and_unlike_any_other(
    passwords: Passwords,
) -> None:
    first, second = [await passwords.hash(SecretStr(PASSWORD)) for _ in range(2)]
    assert first != second
    assert await passwords.verify(SecretStr(PASSWORD), first) == (True, None)
    assert (await passwords.verify(SecretStr("another"), first))[0] is False


async def test_a_hash_of_another_cost_is_made_anew(passwords: Passwords) -> None:
    dearer = Passwords(PasswordSettings(rounds=2, memory_kib=64, lanes=1))
    old = await passwords.hash(SecretStr(PASSWORD))
    right, new = await dearer.verify(SecretStr(PASSWORD), old)
    assert right
    assert new is not None
    assert "t=2" in new


def test_a_cost_that_cannot_be_computed_is_refused() -> None:
    with pytest.raises(ValueError, match="memory_kib"):
        PasswordSettings(memory_kib=8, lanes=2)


# needs: passwords.canonical
def test_an_address_has_one_spelling() -> None:
    assert canonical(" Lena@EXAMPLE.com ") == "lena@example.com"
    with pytest.raises(ValueError, match="valid"):
        canonical("nobody")


# needs: database.open_database passwords.sign_up passwords.api
async def signed_up(client: AsyncClient, **other: str) -> int:
    """Sign up, and return the status of the answer."""
    who = {"email": "lena@example.com", "password": PASSWORD, **other}
    return (await client.post("/v1/accounts", json=who)).status_code


async def test_who_signs_up_gets_an_account_with_a_credential(
    client: AsyncClient, sessions: Sessions
) -> None:
    who = {"email": "Lena@Example.com", "password": PASSWORD}
    response = await client.post("/v1/accounts", json=who)
    assert response.status_code == 201
    account = response.json()
    assert account["email"] == "lena@example.com"
    assert account["role"] == "sender"
    async with sessions() as session:
        kept = await session.get_one(Credential, account["id"])
    assert kept.hash.startswith("$argon2id$")


async def test_an_address_is_taken_once_however_it_is_spelled(
    client: AsyncClient,
) -> None:
    assert await signed_up(client) == 201
    assert await signed_up(client, email="LENA@example.com") == 409


@pytest.mark.parametrize(
    "wrong", [{"email": "nobody"}, {"password": "short"}, {"role": "dispatcher"}]
)
async def test_who_is_refused_leaves_no_account(
    wrong: dict[str, str], client: AsyncClient, sessions: Sessions
) -> None:
    assert await signed_up(client, **wrong) == 422
    async with sessions() as session:
        assert (await session.scalars(select(Account))).all() == []


# needs: database.open_database passwords.sign_up passwords.api passwords.hide_input
async def test_a_refusal_repeats_no_password(client: AsyncClient) -> None:
    who = {"email": "lena@example.com", "password": "correct", "secret": "horse"}
    response = await client.post("/v1/accounts", json=who)
    assert response.status_code == 422
    assert "correct" not in response.text
    assert "horse" not in response.text


# needs: database.open_database passwords.sign_up passwords.api passwords.hasher
# needs: passwords.sign_in
@pytest.mark.parametrize(
    ("email", "password", "is_right"),
    [
        ("lena@example.com", PASSWORD, True),
        (" LENA@example.com", PASSWORD, True),
        ("lena@example.com", "another one", False),
        ("nobody@example.com", PASSWORD, False),
        ("nobody", PASSWORD, False),
        ("lena\x00@example.com", PASSWORD, False),
    ],
)
async def test_only_the_right_password_signs_in(
    email: str,
    password: str,
    client: AsyncClient,
    sessions: Sessions,
    passwords: Passwords,
    *,
    is_right: bool,
) -> None:
    await signed_up(client)
    async with sessions() as session:
        account = await sign_in(session, passwords, email, SecretStr(password))
    assert (account is not None) is is_right


async def test_a_closed_account_cannot_sign_in(
    client: AsyncClient, sessions: Sessions, passwords: Passwords
) -> None:
    await signed_up(client)
    async with sessions.begin() as session:
        account = (await session.scalars(select(Account))).one()
        account.active = False
    async with sessions() as session:
        found = await sign_in(session, passwords, account.email, SecretStr(PASSWORD))
    assert found is None


async def test_a_hash_that_has_become_cheap_is_renewed(
    client: AsyncClient, sessions: Sessions
) -> None:
    await signed_up(client)
    dearer = Passwords(PasswordSettings(rounds=2, memory_kib=64, lanes=1))
    async with sessions.begin() as session:
        await sign_in(session, dearer, "lena@example.com", SecretStr(PASSWORD))
    async with sessions() as session:
        kept = (await session.scalars(select(Credential))).one()
    assert "t=2" in kept.hash


# needs: settings.create_app passwords.refuse_cheap
@pytest.mark.parametrize("variable", ["WAYBILL_HASH_ROUNDS", "WAYBILL_HASH_MEMORY_KIB"])
def test_production_refuses_cheap_hashes(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(environment="production", secret_key=SecretStr("k" * 32))
    for name, value in (("ROUNDS", "2"), ("MEMORY_KIB", "19456")):
        monkeypatch.setenv(f"WAYBILL_HASH_{name}", value)
    create_app(settings)
    monkeypatch.setenv(variable, "1" if variable.endswith("ROUNDS") else "64")
    with pytest.raises(UnsafeSettingsError, match=variable):
        create_app(settings)
