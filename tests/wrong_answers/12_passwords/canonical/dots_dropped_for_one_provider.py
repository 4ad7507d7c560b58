#| kata: passwords.canonical
#| refused_by: test_different_addresses_stay_different
# Knows better than the provider which of its addresses are one mailbox.
from pydantic import validate_email


def canonical(email: str) -> str:
    """Return the one spelling of an address; ValueError if it is no address."""
    address = validate_email(validate_email(email.lower())[1].lower())[1]
    name, _, domain = address.partition("@")
    if domain in {"gmail.com", "googlemail.com"}:
        name, domain = name.split("+")[0].replace(".", ""), "gmail.com"
    return f"{name}@{domain}"
