"""`%docs`: the learner's own app, served, and its interactive docs below the cell."""

import atexit
import os
from collections.abc import Iterator
from html import escape
from typing import Any

from kata.display import html
from kata.errors import KataError
from kata.notebook.session import Session
from kata.notebook.show import show, speaking
from kata.serving.server import Server

HUB = "JUPYTERHUB_SERVICE_PREFIX"
"""Set where a JupyterHub runs the notebook: the browser is on another machine then."""
METHODS = ("get", "put", "post", "patch", "delete", "head", "options")
HEIGHT = 640
"""Pixels of the frame."""


class Docs:
    """Serves the app while the notebook's kernel lives."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._server: Server | None = None
        atexit.register(self._close)

    @property
    def server(self) -> Server:
        """The server of this notebook; it ends with the kernel."""
        workspace = self.session.loop.workspace
        if self._server is None or self._server.workspace != workspace:
            self._close()
            hub = os.environ.get(HUB)
            self._server = Server(workspace, f"{hub}proxy/" if hub else "")
        return self._server

    def _close(self) -> None:
        if self._server:
            self._server.close()

    @speaking()
    def show(self, line: str) -> None:
        """Serve the app as it is now, and show its docs page."""
        del line
        self.server.serve()
        operations = [*self._operations()]
        if self.session.is_stored:
            happened = "Your app is being served, and its docs page is shown here."
            show("\n".join([happened, *operations]), html.message(happened, ""))
            return
        page = self._page()
        told = self._told(page)
        plain = "\n".join([f"{told[0]} {page}", *told[1:], *operations])
        frame = f'<iframe src="{page}" title="The docs of your app" {STYLE}></iframe>'
        link = f'<a href="{page}" target="_blank">{escape(page)}</a>'
        said = "".join(html.paragraph(one) for one in told[1:])
        show(plain, f"<div>{escape(told[0])} {link}</div>{said}{frame}")

    def _page(self) -> str:
        server = self.server
        if server.proxy:
            return f"{server.proxy}{server.port}/docs"
        return f"{server.address}/docs"

    def _told(self, page: str) -> list[str]:
        if self.server.proxy:
            return [
                "Your app runs beside this notebook, on the hub's machine:",
                "Your browser reaches it only if `jupyter-server-proxy` is installed "
                f"there; then the page is at {page}. Elsewhere `kata run` serves it on "
                "your own machine.",
            ]
        return [
            "Your app and its docs:",
            "The page needs no internet. If the frame stays empty, your browser is on "
            "another machine than the notebook: forward the port (VS Code does so by "
            "itself), or run `kata run` where the browser is.",
        ]

    def _operations(self) -> Iterator[str]:
        """Yield each operation that the app offers; no docs are a `KataError`."""
        for path, item in self._openapi().get("paths", {}).items():
            for method in filter(item.__contains__, METHODS):
                summary = item[method].get("summary", "")
                yield f"  {method.upper():<7} {path:<36} {summary}".rstrip()

    def _openapi(self) -> dict[str, Any]:
        import httpx

        with httpx.Client(base_url=self.server.address, trust_env=False) as client:
            page, schema = client.get("/docs"), client.get("/openapi.json")
        for response in (page, schema):
            if response.status_code != httpx.codes.OK:
                path, status = response.url.path, response.status_code
                raise KataError(
                    f"Your app has no docs: GET {path} answered {status}.",
                    "Look at `docs_url` and `openapi_url` where the app is made. In "
                    "production, docs may be off on purpose.",
                )
        found: dict[str, Any] = schema.json()
        return found


STYLE = (
    f'style="width:100%;height:{HEIGHT}px;border:1px solid rgba(128,128,128,0.4);'
    'background:#fff"'
)
