"""How JavaScript calls the desk: a wish and JSON in, JSON out, never an exception."""

import json
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kata.display import html
from kata.errors import KataError
from kata.page.inside import words
from kata.page.inside.desk import Desk
from kata.page.inside.rehearsal import rehearse
from kata.page.inside.stand_ins import install

HOME = Path("/home/page")
COURSE, WORKSPACE, LIBRARIES = HOME / "course", HOME / "my-waybill", HOME / "lib"


class Service:
    """What the page's worker keeps hold of."""

    def __init__(self, hear: Callable[[str], None]) -> None:
        install.install()
        desk = Desk(COURSE, WORKSPACE, hear)
        self._wishes: dict[str, Callable[..., Any]] = {
            "bring_back": desk.bring_back,
            "check": desk.check,
            "forget": desk.forget,
            "hint": desk.hint,
            "part": lambda name: install.install_with_part(name, LIBRARIES),
            "rehearse": lambda name: rehearse(desk.course, name),
            "reset": desk.reset,
            "show": desk.show,
            "state": desk.state,
            "statuses": desk.statuses,
            "stopped": desk.stopped,
            "take_along": desk.take_along,
            "timed_out": desk.timed_out,
        }

    def call(self, wish: str, arguments: str) -> str:
        """Do what is wished for. Whatever goes wrong is HTML to show."""
        try:
            answer = self._wishes[wish](*json.loads(arguments))
        except KataError as error:
            answer = {"html": html.message(*words.of_error(error))}
        except Exception as error:  # noqa: BLE001 - the page must go on
            happened = f"Something is wrong with this page: {error!r}."
            answer = {
                "html": html.message(happened, "Reload it; your answers stay."),
                "trace": traceback.format_exc(),
            }
        return json.dumps(answer)
