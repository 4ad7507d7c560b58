#| kata: passwords.canonical
#| refused_by: test_different_addresses_stay_different
# Python's own codec takes the ß of a domain for ss.
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
    name, _, domain = validate_email(validate_email(email)[1].lower())[1].rpartition(
        "@"
    )
    domain = domain.encode("idna").decode("idna")
    return f"{name}@{domain}"


class SignUp(RequestModel):
    """What somebody new tells Waybill."""

    email: Annotated[EmailStr, AfterValidator(canonical)]
    password: SecretStr = Field(min_length=12, max_length=128)


class AccountRead(BaseModel):
    """What people see of their account."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    email: str
    role: Role
