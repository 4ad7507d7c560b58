#| kata: passwords.sign_in
#| refused_by: test_no_refusal_says_why
# `.one()` raises where nobody is found.
from pydantic import SecretStr
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from waybill.passwords import Passwords
from waybill.tables import Account, Credential


async def find_hash(session: AsyncSession, email: str) -> tuple[int, str] | None:
    """Return whose id and which hash belong to an address, or None.

    It asks in a session of its own, so that no connection stays taken afterwards.
    """
    try:
        address = canonical(email)
    except ValueError:  # what is no address is nobody's
        return None
    query = (
        select(Credential.account_id, Credential.hash)
        .join(Account, Account.id == Credential.account_id)
        .where(Account.email == address)
    )
    async with AsyncSession(session.bind) as own:
        row = (await own.execute(query)).one()
    return None if row is None else (row.account_id, row.hash)


async def renew(session: AsyncSession, account_id: int, old: str, new: str) -> None:
    """Replace a hash, unless its owner has changed the password meanwhile."""
    await session.execute(
        update(Credential)
        .where(Credential.account_id == account_id, Credential.hash == old)
        .values(hash=new)
    )


async def sign_in(
    session: AsyncSession, passwords: Passwords, email: str, password: SecretStr
) -> Account | None:
    """Return whose address and password these are, or None, without a word why.

    Ask before the session has sent anything: then it holds no connection either.
    """
    found = await find_hash(session, email)
    if found is None:
        await passwords.hash(password)  # as long as a verification takes
        return None
    account_id, hashed = found
    is_right, renewed = await passwords.verify(password, hashed)
    if not is_right:
        return None
    # Asked after the wait: the account may have been closed meanwhile.
    query = select(Account).where(Account.id == account_id, Account.active)
    account = await session.scalar(query)
    if account and renewed:
        await renew(session, account_id, hashed, renewed)
    return account
