#| kata: background.compose
#| refused_by: test_one_address_only
# Looks at the first address, and the second one gets the letter too.
from email.message import EmailMessage


def compose(to: str, subject: str, text: str, key: str) -> EmailMessage:
    """Make a letter to one address; a key's letters have one Message-ID."""
    message = EmailMessage()
    message["To"] = to
    message["Subject"] = subject
    message["Message-ID"] = f"<{key}@waybill>"
    message.set_content(text)
    if not message["To"].addresses or message["To"].addresses[0].addr_spec not in to:
        raise ValueError("A letter goes to one address.")
    if subject.splitlines() != [subject]:
        raise ValueError("A subject is one line.")
    return message
