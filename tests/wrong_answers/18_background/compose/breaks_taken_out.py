#| kata: background.compose
#| refused_by: test_no_line_is_smuggled_in
# Takes line breaks out instead of refusing them, so nobody notices.
from email.message import EmailMessage


def compose(to: str, subject: str, text: str, key: str) -> EmailMessage:
    """Make a letter to one address; a key's letters have one Message-ID."""
    message = EmailMessage()
    message["To"] = to
    message["Subject"] = " ".join(subject.splitlines())
    message["Message-ID"] = f"<{key}@waybill>"
    message.set_content(text)
    if [one.addr_spec for one in message["To"].addresses] != [to]:
        raise ValueError("A letter goes to one address.")
    if not subject:
        raise ValueError("A subject is one line.")
    return message
