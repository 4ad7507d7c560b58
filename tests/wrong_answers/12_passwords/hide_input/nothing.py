#| kata: passwords.hide_input
#| refused_by: test_what_was_sent_does_not_come_back
# Leaves FastAPI's own 422, which repeats what was sent.
from fastapi import FastAPI


def hide_input(app: FastAPI) -> None:
    """Let an app's 422 say what is wrong and where, but not what was sent."""


extensions.append(hide_input)
