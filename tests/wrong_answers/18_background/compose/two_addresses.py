#| kata: background.compose
#| refused_by: test_one_address_only
# A comma makes two addresses of one text.
from email.message import EmailMessage


def compose(to: str, subject: str, text: str, key: str) -> EmailMessage:
    """Make a letter to one address; a key's letters have one Message-ID."""
    message = EmailMessage()
    message["To"] = to
    message["Subject"] = subject
    message["Message-ID"] = f"<{key}@waybill>"
    message.set_content(text)
    if subject.splitlines() != [subject]:
        raise ValueError("A subject is one line.")
    return message
