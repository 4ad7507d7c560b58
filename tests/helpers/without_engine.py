"""A Python program in which the engine can't be imported, as if not installed."""

WITHOUT_THE_ENGINE = """
import sys

class NotInstalled:
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] == "kata":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, NotInstalled)
"""
"""The head of the program."""
