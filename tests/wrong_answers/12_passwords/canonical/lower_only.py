#| kata: passwords.canonical
#| refused_by: test_spellings_become_one
# As before: only capitals are thought of.
def canonical(email: str) -> str:
    """Return the one spelling of an address; ValueError if it is no address."""
    return email.lower()
