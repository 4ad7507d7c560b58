#| kata: background.compose
#| refused_by: test_the_subject_arrives
# Tidies the subject up, and what was two spaces is one.
from email.message import EmailMessage


def compose(to: str, subject: str, text: str, key: str) -> EmailMessage:
    """Make a letter to one address; a key's letters have one Message-ID."""
    for value in (to, subject, key):
        if len(value.splitlines()) > 1 or value.splitlines() not in ([], [value]):
            raise ValueError("A line break has no place here.")
    message = EmailMessage()
    message["To"] = to
    people = message["To"].addresses
    if [one.addr_spec for one in people] != [to] or not people[0].domain:
        raise ValueError("One address, please, without a name.")
    message["Subject"] = " ".join(subject.split())
    message["Message-ID"] = f"<{key}@waybill>"
    message.set_content(text)
    return message
