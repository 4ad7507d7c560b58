"""What the code under test may have changed in Python itself, and so in the checks."""

import sys


class Witness:
    """Remembers what the code under test finds, to tell whether it has changed it."""

    def __init__(self) -> None:
        self.modules = dict(sys.modules)
        self.settings = _settings()

    def sees_a_change(self) -> bool:
        """Tell whether a module was replaced or taken away, or Python set otherwise."""
        return self.settings != _settings() or any(
            sys.modules.get(name) is not module for name, module in self.modules.items()
        )


def _settings() -> tuple[object, ...]:
    return sys.gettrace(), sys.getprofile(), sys.getrecursionlimit()
