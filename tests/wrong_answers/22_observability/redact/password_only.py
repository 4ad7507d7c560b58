#| kata: observability.redact
#| refused_by: test_secret_names
# Hides one field.
import re

from structlog.typing import EventDict

HIDDEN = "[hidden]"
SECRET_NAMES = re.compile(
    "(?i)password|secret|token|ticket|authorization|cookie|api.?key|email"
)
"""What the name of a field has in it whose value is secret."""
SECRET_TEXTS = re.compile(
    r"(?i)((?<=bearer )|(?<=ticket=)|(?<=token=)|(?<=password=))[^\s&\"']+"
    r"|(?<=:)[^\s:/@]+(?=@)"  # the password in a URL
    r"|[\w.+-]+@[\w-]+\.[\w.-]+"  # an e-mail address
    r"|wb_[0-9a-f]{16}_[\w-]{43}"  # a depot's key
    r"|eyJ[\w-]+\.[\w-]+\.[\w-]+"  # a JSON Web Token
)
"""What is secret wherever it stands."""


def redact(_logger: object, _name: str, line: EventDict) -> EventDict:
    """Take out of a line what nobody should read in it."""
    for name in line:
        if name == "password":
            line[name] = HIDDEN
    return line


chain.insert(0, redact)
