"""What stands on the pages of a PDF."""

import shutil
import subprocess
from pathlib import Path

READER = shutil.which("pdftotext")
MISSING = (
    "pdftotext is missing: NO PDF was read (Debian: apt-get install poppler-utils)"
)


def pages_of(pdf: Path) -> list[str]:
    """Return the text of each page."""
    assert READER
    command = [READER, "-layout", str(pdf), "-"]
    said = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    return said.stdout.removesuffix("\f").split("\f")
