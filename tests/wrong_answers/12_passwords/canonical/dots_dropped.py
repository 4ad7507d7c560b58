#| kata: passwords.canonical
#| refused_by: test_different_addresses_stay_different
# Drops dots, as one provider does.
from pydantic import validate_email


def canonical(email: str) -> str:
    """Return the one spelling of an address; ValueError if it is no address."""
    name, _, domain = validate_email(email)[1].lower().partition("@")
    return name.replace(".", "") + "@" + domain
