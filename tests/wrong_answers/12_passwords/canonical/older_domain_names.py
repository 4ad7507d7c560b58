#| kata: passwords.canonical
#| refused_by: test_different_addresses_stay_different
# Python's own codec takes the ß of a domain for ss.
from pydantic import validate_email


def canonical(email: str) -> str:
    """Return the one spelling of an address; ValueError if it is no address."""
    name, _, domain = validate_email(validate_email(email)[1].lower())[1].rpartition(
        "@"
    )
    domain = domain.encode("idna").decode("idna")
    return f"{name}@{domain}"
