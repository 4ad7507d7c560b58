"""Firefox as Debian has it, driven by WebDriver BiDi, which it speaks by itself.

Playwright drives a Firefox of its own, and asks the plain one for what it lacks.
"""

import itertools
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import websocket

from tests.helpers.cli import eventually

FIREFOX = next(filter(None, map(shutil.which, ("firefox-esr", "firefox"))), None)
PATIENCE = 180
"""Seconds that an answer may take: Python starts in the page, on a busy machine."""
LISTENING = re.compile(r"WebDriver BiDi listening on (?P<address>ws://\S+)")
KEYS = {"Control": "\ue009", "Enter": "\ue007"}
PREFERENCES = {
    "browser.download.folderList": 2,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "app.update.disabledForTesting": True,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
}


class Firefox:
    """One tab: it goes to an address, runs JavaScript in it, and presses keys."""

    def __init__(self, socket: websocket.WebSocket, downloads: Path) -> None:
        self.socket = socket
        self.numbers = itertools.count(1)
        self._command("session.new", capabilities={})
        tabs = self._command("browsingContext.getTree")["contexts"]
        self.tab = tabs[0]["context"]
        self._command("session.subscribe", events=["browsingContext.downloadEnd"])
        behaviour = {"type": "allowed", "destinationFolder": str(downloads)}
        self._command("browser.setDownloadBehavior", downloadBehavior=behaviour)

    def goto(self, address: str) -> None:
        """Open an address, and wait until it is loaded."""
        self._command(
            "browsingContext.navigate", context=self.tab, url=address, wait="complete"
        )

    def reload(self) -> None:
        """Load the page again."""
        self._command("browsingContext.reload", context=self.tab, wait="complete")

    def ask(self, function: str, argument: object = None) -> Any:  # noqa: ANN401
        """Call a function of JavaScript with plain data; return what it resolves to."""
        answer = self._command(
            "script.callFunction",
            functionDeclaration=(
                f"async (said) => JSON.stringify(await ({function})(JSON.parse(said)) "
                "?? null)"
            ),
            arguments=[{"type": "string", "value": json.dumps(argument)}],
            target={"context": self.tab},
            awaitPromise=True,
            userActivation=True,
        )
        if answer["type"] != "success":
            raise AssertionError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])

    def press(self, *keys: str) -> None:
        """Press keys together, and let go of them."""
        values = [KEYS.get(key, key) for key in keys]
        down = [{"type": "keyDown", "value": value} for value in values]
        up = [{"type": "keyUp", "value": value} for value in reversed(values)]
        keyboard = {"type": "key", "id": "keyboard", "actions": [*down, *up]}
        self._command("input.performActions", context=self.tab, actions=[keyboard])

    def insert(self, text: str) -> None:
        """Put a text where the cursor is: copied, and pasted."""
        self.ask("text => navigator.clipboard.writeText(text)", text)
        self.press("Control", "v")

    def download(self, function: str, argument: object = None) -> Path:
        """Do what ends in a download; return the file."""
        self.ask(function, argument)
        while (heard := self._heard()).get("method") != "browsingContext.downloadEnd":
            pass
        assert heard["params"]["status"] == "complete", heard
        return Path(heard["params"]["filepath"])

    def _command(self, method: str, **parameters: object) -> dict[str, Any]:
        number = next(self.numbers)
        said = {"id": number, "method": method, "params": parameters}
        self.socket.send(json.dumps(said))
        while (heard := self._heard()).get("id") != number:
            pass
        assert heard["type"] == "success", heard
        result: dict[str, Any] = heard["result"]
        return result

    def _heard(self) -> dict[str, Any]:
        heard: dict[str, Any] = json.loads(self.socket.recv())
        return heard


@contextmanager
def opened(home: Path) -> Iterator[Firefox]:
    """Start Firefox with a profile of its own, and end it."""
    assert FIREFOX
    (home / "profile").mkdir()
    (home / "downloads").mkdir()
    lines = [
        f"user_pref({json.dumps(name)}, {json.dumps(value)});\n"
        for name, value in PREFERENCES.items()
    ]
    (home / "profile" / "user.js").write_text("".join(lines), encoding="utf-8")
    options = ("--headless", "--no-remote", "--remote-debugging-port", "0")
    said = home / "said.txt"
    with said.open("w", encoding="utf-8") as pipe:
        process = subprocess.Popen(
            [FIREFOX, *options, "--profile", str(home / "profile")],
            stdout=pipe,
            stderr=pipe,
        )
    try:
        found = eventually(lambda: LISTENING.search(said.read_text("utf-8")))
        address = f"{found['address']}/session"
        socket = websocket.create_connection(
            address, timeout=PATIENCE, suppress_origin=True
        )
        with closing(socket):
            yield Firefox(socket, home / "downloads")
    finally:
        process.kill()
        process.wait()
