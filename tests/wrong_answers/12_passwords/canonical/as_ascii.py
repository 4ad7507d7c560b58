#| kata: passwords.canonical
#| refused_by: test_spellings_become_one
# Hands out the domain as the network sends it.
from email_validator import validate_email


def canonical(email: str) -> str:
    """Return the one spelling of an address; ValueError if it is no address."""
    found = validate_email(email, check_deliverability=False)
    return (found.ascii_email or found.normalized).lower()
