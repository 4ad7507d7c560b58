#| kata: passwords.canonical
#| refused_by: test_different_addresses_stay_different
# Folds case instead of lowering it, which makes one mailbox of strauß and strauss.
from pydantic import validate_email


def canonical(email: str) -> str:
    """Return the one spelling of an address; ValueError if it is no address."""
    _, address = validate_email(email)
    return address.casefold()
