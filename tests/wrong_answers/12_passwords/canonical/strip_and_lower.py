#| kata: passwords.canonical
#| refused_by: test_spellings_become_one
# By hand: a name, an accent and a domain have more spellings.
def canonical(email: str) -> str:
    """Return the one spelling of an address; ValueError if it is no address."""
    return email.strip().lower()
