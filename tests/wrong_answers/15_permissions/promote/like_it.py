#| kata: permissions.promote
#| refused_by: test_it_says_no
# `_` and `%` are wildcards.
import asyncio
import sys

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from waybill.accounts import canonical
from waybill.database import make_engine
from waybill.settings import get_settings
from waybill.tables import Account, Role


async def promote(session: AsyncSession, email: str) -> bool:
    """Make somebody a dispatcher; tell whether there is such an account."""
    found = Account.email.ilike(canonical(email))
    change = update(Account).where(found).values(role=Role.DISPATCHER)
    return await session.scalar(change.returning(Account.id)) is not None


async def main(url: str, email: str) -> str:
    """Make somebody a dispatcher in a database; return what to print."""
    engine = make_engine(url)
    try:
        async with async_sessionmaker(engine).begin() as session:
            if not await promote(session, email):
                sys.exit("There is no such account. Sign up first: POST /v1/accounts.")
            return f"{canonical(email)} is a dispatcher now."
    finally:
        await engine.dispose()


if __name__ == "__main__":  # python -m waybill.promote lena@example.com
    said = asyncio.run(main(get_settings().database_url, sys.argv[1]))
    sys.stdout.write(f"{said}\n")
