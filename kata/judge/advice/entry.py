"""One line of a table of advice."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """Advice on exceptions of a type (several, with `|`) that say something like it."""

    type: str
    message: str
    """A regular expression that is searched for; empty where the type says it all."""
    advice: str
    is_general: bool = False
    """Whether it says so little that a check's own words are worth more."""

    def fits(self, type_: str, message: str) -> bool:
        """Tell whether this is advice on such an exception."""
        named = re.fullmatch(self.type, type_)
        return bool(named and re.search(self.message, message))
