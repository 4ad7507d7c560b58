#| kata: passwords.canonical
#| refused_by: test_no_address_is_refused
# Returns nothing where an error was agreed.
from pydantic import validate_email


def canonical(email: str) -> str:
    """Return the one spelling of an address; ValueError if it is no address."""
    try:
        return validate_email(email)[1].lower()
    except ValueError:
        return ""
