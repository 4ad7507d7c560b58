#| kata: passwords.canonical
#| refused_by: test_spellings_become_one
# Takes Pydantic's word for all of it; the part before the @ keeps its capitals.
from pydantic import validate_email


def canonical(email: str) -> str:
    """Return the one spelling of an address; ValueError if it is no address."""
    return validate_email(email)[1]
