#| kata: passwords.canonical
#| refused_by: test_different_addresses_stay_different
# Unicode's compatibility form makes one mailbox of fi and its ligature.
import unicodedata

from pydantic import validate_email


def canonical(email: str) -> str:
    """Return the one spelling of an address; ValueError if it is no address."""
    address = validate_email(unicodedata.normalize("NFKC", email))[1]
    return validate_email(address.lower())[1]
