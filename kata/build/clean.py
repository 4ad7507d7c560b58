"""Notebooks as Jupyter writes them, without what editors and machines add."""

from copy import deepcopy

from kata.course.master import Raw
from kata.notebook import kernel

KERNELSPEC = {
    "display_name": kernel.TITLE,
    "language": "python",
    "name": kernel.NAME,
}
NOBODYS_METADATA = ("language_info", "vscode", "widgets")
"""What editors add to a notebook's metadata, and change with every machine."""
SPLIT = ("application/javascript", "image/svg+xml")
"""What Jupyter stores line by line besides text."""


def clean(raw: Raw) -> Raw:
    """Return a notebook the way Jupyter writes it, without what nobody chose.

    Editors add the machine's Python, timings and the like; those would make a
    difference where nothing changed.
    """
    raw = deepcopy(raw)
    kept = {k: v for k, v in raw["metadata"].items() if k not in NOBODYS_METADATA}
    raw["metadata"] = kept | {"kernelspec": KERNELSPEC}
    for cell in raw["cells"]:
        for key in ("execution", "trusted"):
            cell["metadata"].pop(key, None)
        cell["source"] = _as_lines(cell["source"])
        for output in cell.get("outputs", ()):
            output.pop("transient", None)
            if "text" in output:
                output["text"] = _as_lines(output["text"])
            for kind, content in output.get("data", {}).items():
                if kind.startswith("text/") or kind in SPLIT:
                    output["data"][kind] = _as_lines(content)
    return raw


def _as_lines(text: str | list[str]) -> list[str]:
    return "".join(text).splitlines(keepends=True)
