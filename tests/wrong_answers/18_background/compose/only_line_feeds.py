#| kata: background.compose
#| refused_by: test_no_line_is_smuggled_in
# Knows one of the characters that end a line.
from email.message import EmailMessage


def compose(to: str, subject: str, text: str, key: str) -> EmailMessage:
    """Make a letter to one address; a key's letters have one Message-ID."""
    message = EmailMessage()
    message["To"] = to
    message["Subject"] = subject
    message["Message-ID"] = f"<{key}@waybill>"
    message.set_content(text)
    if [one.addr_spec for one in message["To"].addresses] != [to]:
        raise ValueError("A letter goes to one address.")
    if "\n" in subject:
        raise ValueError("A subject is one line.")
    return message
