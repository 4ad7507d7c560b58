"""Chromium, and a server that sends files as a host of websites does."""

import functools
import gzip
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psutil
from playwright.sync_api import Browser, sync_playwright

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))),
    None,
)
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PACKED = {".css", ".html", ".js", ".json", ".mjs", ".svg", ".wasm", ".xml"}
"""What is sent compressed."""
KEPT = "max-age=600"
"""How long a browser need not ask again; GitHub Pages says the same."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium, without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


def processor_time() -> float:
    """Return the seconds that all processes of the browser have computed."""
    total = 0.0
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):  # it has ended meanwhile
            total += sum(process.cpu_times()[:2])
    return total


class Compressing(SimpleHTTPRequestHandler):
    """Sends what compresses well in that form, and says how long it may be kept."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Send a file whole."""
        path = Path(self.translate_path(self.path))
        if path.is_dir():
            path /= "index.html"
        if not path.is_file():
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        body, packed = contents(path)
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", KEPT)
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing of a request."""


@functools.cache
def contents(path: Path) -> tuple[bytes, bool]:
    """Return what is sent of a file, and whether that is compressed."""
    packed = path.suffix in PACKED
    data = path.read_bytes()
    return (gzip.compress(data, mtime=0) if packed else data), packed


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve a folder; give the address."""
    handler = functools.partial(Compressing, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
