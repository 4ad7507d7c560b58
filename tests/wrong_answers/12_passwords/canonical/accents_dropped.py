#| kata: passwords.canonical
#| refused_by: test_spellings_become_one
# Drops accents, so that two people become one.
import unicodedata

from pydantic import validate_email


def canonical(email: str) -> str:
    """Return the one spelling of an address; ValueError if it is no address."""
    address = validate_email(email)[1].lower()
    parts = unicodedata.normalize("NFKD", address)
    return "".join(one for one in parts if not unicodedata.combining(one))
