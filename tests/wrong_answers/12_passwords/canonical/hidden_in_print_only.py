#| kata: passwords.canonical
#| refused_by: test_a_sign_up_shows_no_password
# What is printed hides it, and what is dumped does not.
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    EmailStr,
    Field,
    SecretStr,
    validate_email,
)

from waybill.schemas import RequestModel
from waybill.tables import Role


def canonical(email: str) -> str:
    """Return the one spelling of an address; ValueError if it is no address."""
    _, address = validate_email(email.lower())  # an accent may join a small letter
    return address


class SignUp(RequestModel):
    """What somebody new tells Waybill."""

    email: Annotated[EmailStr, AfterValidator(canonical)]
    password: str = Field(min_length=12, max_length=128, repr=False)


class AccountRead(BaseModel):
    """What people see of their account."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    email: str
    role: Role
