"""The `kata` command. Each subcommand has a file of its own, and `app` lists them.

No room uses this one. What subcommands share is in `context` and `output`.
"""

from kata.cli.app import main

__all__ = ["main"]
