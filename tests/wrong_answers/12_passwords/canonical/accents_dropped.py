#| kata: passwords.canonical
#| refused_by: test_different_addresses_stay_different
# Drops accents, so that two people become one.
import unicodedata

from pydantic import validate_email


def canonical(email: str) -> str:
    """Return the one spelling of an address; ValueError if it is no address."""
    address = validate_email(email)[1].lower()
    parts = unicodedata.normalize("NFKD", address)
    return "".join(one for one in parts if not unicodedata.combining(one))
