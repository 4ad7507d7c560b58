#| kata: observability.redact
#| refused_by: test_any_depth
# Doesn't look into dicts.
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


def hide(value: object, name: str = "") -> object:
    """Return a value without its secrets; as a new one, never changed in place."""
    if SECRET_NAMES.search(name):
        return HIDDEN
    if isinstance(value, dict):
        return value
    if isinstance(value, list | tuple):
        return [hide(one) for one in value]
    if value is None or isinstance(value, int | float):
        return value
    text = value if isinstance(value, str) else repr(value)
    return SECRET_TEXTS.sub(HIDDEN, text)


def redact(_logger: object, _name: str, line: EventDict) -> EventDict:
    """Take out of a line what nobody should read in it."""
    return {name: hide(value, name) for name, value in line.items()}


chain.append(redact)
