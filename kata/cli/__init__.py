"""The `kata` command. Each subcommand has a file of its own."""

from kata.cli.app import main

__all__ = ["main"]
