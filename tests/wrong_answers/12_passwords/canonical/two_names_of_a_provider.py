#| kata: passwords.canonical
#| refused_by: test_different_addresses_stay_different
# Knows that a provider has two names, and believes it for ever.
from pydantic import validate_email


def canonical(email: str) -> str:
    """Return the one spelling of an address; ValueError if it is no address."""
    _, address = validate_email(email.lower())
    return address.replace("@googlemail.com", "@gmail.com")
