"""A verdict's colours in a notebook; `kata/cli/output.py` has those of a terminal.

The styles are inline, because notebooks drop style sheets from outputs.

Text takes the theme's own colour, and every colour only repeats what a word says.
"""

from kata.verdict import Status

GREEN, RED, BLUE, AMBER = "#2e9e5b", "#d64550", "#3f83d6", "#c4881c"
PURPLE = "#9a5fd0"
DEEP = {
    GREEN: "#1f7a43",
    RED: "#b3303b",
    BLUE: "#2b67b0",
    AMBER: "#8a5d0c",
    PURPLE: "#6f3ba8",
}
"""The shade of a colour on which white text reads well."""
COLOUR = {
    Status.PASSED: GREEN,
    Status.FAILED: RED,
    Status.BROKEN: PURPLE,
    Status.UNTOUCHED: BLUE,
    Status.BLOCKED: AMBER,
    Status.UNAVAILABLE: AMBER,
    Status.GIVEN: BLUE,
}
WRAP = "overflow-wrap:anywhere"
"""A long text without a space is broken where its line ends, not cut off."""
CODE = (
    "margin:0.3em 0;padding:0.3em 0.6em;white-space:pre-wrap;word-break:normal;"
    f"{WRAP};"
    "background:rgba(128,128,128,0.12);color:inherit"
)
KEEP_SPACES = "white-space:pre-wrap"
BADGE = "display:inline-block;color:#fff;padding:0 0.5em;border-radius:3px"
WORD = "display:inline-block;min-width:4.6em;font-weight:600"


def block(colour: str) -> str:
    """Return the style of everything the course shows: a bar of a colour beside it."""
    return (
        f"border-left:4px solid {colour};padding:0.2em 0 0.2em 0.9em;"
        f"max-width:52em;line-height:1.5;{WRAP}"
    )
