"""What the code under test may have changed in Python itself, and so in the checks."""

import sys

from kata.runner.child.lasting import PARTS, SETTINGS, Lasting


class Witness:
    """Remembers what the code under test finds, to tell whether it has changed it."""

    def __init__(self) -> None:
        self.modules = dict(sys.modules)
        self.lasting = Lasting()
        self.replaced = False

    def look(self) -> None:
        """Look at the modules once the code is imported; pytest adds its own later."""
        self.replaced = self._set_otherwise() or any(
            sys.modules.get(name) is not module for name, module in self.modules.items()
        )

    def sees_a_change(self, at_import: bool = False) -> bool:
        """Tell whether a module was replaced or taken away, or Python set otherwise.

        Where checks can't be read, only the import counts: pytest itself has stopped in
        the middle of what it changes.
        """
        return self.replaced or (not at_import and self._set_otherwise())

    def _set_otherwise(self) -> bool:
        return not {PARTS, SETTINGS}.isdisjoint(self.lasting.changes())
