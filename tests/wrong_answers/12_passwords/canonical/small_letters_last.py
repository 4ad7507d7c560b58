#| kata: passwords.canonical
#| refused_by: test_once_is_enough
# Makes small letters last: an accent joins them only when it is asked about again.
from pydantic import validate_email


def canonical(email: str) -> str:
    """Return the one spelling of an address; ValueError if it is no address."""
    _, address = validate_email(email)
    return address.lower()
