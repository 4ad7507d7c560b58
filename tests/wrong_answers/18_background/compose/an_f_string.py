#| kata: background.compose
#| refused_by: test_the_subject_arrives
# A letter put together as a text.
from email import message_from_string
from email.message import EmailMessage
from email.policy import default


def compose(to: str, subject: str, text: str, key: str) -> EmailMessage:
    """Make a letter to one address; a key's letters have one Message-ID."""
    lines = f"To: {to}\nSubject: {subject}\nMessage-ID: <{key}@waybill>\n\n{text}"
    return message_from_string(lines, EmailMessage, policy=default)

