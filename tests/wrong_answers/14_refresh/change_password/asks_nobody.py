#| kata: refresh.change_password
#| refused_by: test_the_old_one_is_asked
# An access token is enough to lock its owner out.
from pydantic import Field
from sqlalchemy import update

from waybill.database import AppSessions
from waybill.schemas import RequestModel
from waybill.tables import Credential


class NewPassword(RequestModel):
    """What somebody sends who wants another password."""

    old: SecretStr = Field(max_length=128)
    new: SecretStr = Field(min_length=12, max_length=128)


@router.put("/me/password", status_code=status.HTTP_204_NO_CONTENT)
async def change_password(
    data: NewPassword,
    account: CurrentAccount,
    session: Session,
    sessions: AppSessions,
    passwords: AppPasswords,
) -> None:
    """Change the password of whoever is asking, and sign them out everywhere."""
    await session.close()  # nobody needs its connection while Argon2 works
    hashed = await passwords.hash(data.new)
    async with sessions.begin() as own:
        await own.execute(
            update(Credential)
            .where(Credential.account_id == account.id)
            .values(hash=hashed)
        )
        await end_families(own, account.id)
