#| kata: passwords.canonical
#| refused_by: test_different_addresses_stay_different
# Drops what stands behind the plus, which is a mailbox of its own.
from pydantic import validate_email


def canonical(email: str) -> str:
    """Return the one spelling of an address; ValueError if it is no address."""
    name, _, domain = validate_email(email)[1].lower().partition("@")
    return name.partition("+")[0] + "@" + domain
