#| kata: background.compose
#| refused_by: test_the_key_is_its_id
# A new id for each letter: a mailbox shows the second one, too.
from email.message import EmailMessage
from email.utils import make_msgid


def compose(to: str, subject: str, text: str, key: str) -> EmailMessage:
    """Make a letter to one address; a key's letters have one Message-ID."""
    message = EmailMessage()
    message["To"] = to
    message["Subject"] = subject
    message["Message-ID"] = make_msgid(key, "waybill")
    message.set_content(text)
    if [one.addr_spec for one in message["To"].addresses] != [to]:
        raise ValueError("A letter goes to one address.")
    if subject.splitlines() != [subject]:
        raise ValueError("A subject is one line.")
    return message
