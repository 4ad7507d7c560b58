#| kata: passwords.canonical
#| refused_by: test_spellings_become_one
# Takes the first of the two, which is the name.
from pydantic import validate_email


def canonical(email: str) -> str:
    """Return the one spelling of an address; ValueError if it is no address."""
    return validate_email(email)[0].lower()
