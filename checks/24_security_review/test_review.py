"""Checks of security_review.review: the holes of the change, and nothing else."""

import pytest

HOLES = {
    "UNDECLARED": (2, "A sender sends `paid_at` along with a reason. Who lets it in?"),
    "INJECTION": (12, "Which line lets a client choose words of a statement?"),
    "OWNER": (18, "Bob asks for Lena's claim. Which line fetches it for him?"),
    "SSRF": (30, "From where does Waybill send a request, and to whom?"),
    "LEAK": (32, "Which answer says more than that something didn't work?"),
    "SEARCHED": (42, "Where does a token go that stands in a header?"),
    "ASSERT": (43, "What does `python -O` leave out?"),
    "TIMING": (46, "Where is a secret compared with `!=`?"),
}
"""The line of each hole, and what to ask oneself."""
AS_GOOD = {"OWNER": 19}
"""Another line that could have stopped it."""
HARMLESS = {
    3: "TextLine holds no control character and ends at 100 characters.",
    10: "What was typed is bound, and `autoescape` takes care of % and _.",
    11: "The condition holds the owner.",
    21: "It hands on what was fetched. It should have been refused by then.",
    27: "The loop copies what the model lets in, and that is too much.",
    28: "It copies what the model lets in, and that is too much.",
    26: "Here is the claim's guard; what is wrong stands inside of it.",
    25: "That a URL may be sent is no hole yet. Where is it asked?",
    31: "An exception that is caught isn't told to anybody yet.",
    34: "This text() is a constant: no client has a part in it.",
    41: "A dispatcher may pay every claim, so it needn't be the caller's own.",
    47: "This answer says nothing that the caller doesn't know.",
}
"""Lines that look dangerous, and why they are not."""


# - `FOUND` has an entry for each `Hole`. Each of them is in the change once.
@pytest.mark.parametrize("name", HOLES)
def test_each_hole_is_named(name: str) -> None:
    """Each kind of hole has a line."""
    from tests.review import FOUND, Hole

    hole = Hole[name]
    assert hole in FOUND, (
        f"FOUND has no line for Hole.{name} ({hole.value}). {HOLES[name][1]}"
    )


# - The line is the one that lets it happen: the one that has to change.
@pytest.mark.parametrize("name", HOLES)
def test_each_line_is_right(name: str) -> None:
    """Each hole is where FOUND says."""
    from tests.review import FOUND, Hole

    wanted, question = HOLES[name]
    line = FOUND.get(Hole[name], wanted)
    if line == AS_GOOD.get(name):
        return
    about = HARMLESS.get(line, "")
    others = [kind for kind, (number, _) in HOLES.items() if number == line != wanted]
    if others:
        about = "That line has a hole, but of another kind."
    assert line == wanted, (
        f"Hole.{name} isn't in line {line!r}. {about} {question}".replace("  ", " ")
    )


# - No line is accused that is harmless: `FOUND` holds nothing else.
def test_nothing_else_is_accused() -> None:
    """No other line is accused."""
    from tests.review import FOUND, Hole

    known = {Hole[name] for name in HOLES}
    strangers = [kind for kind in FOUND if kind not in known]
    assert not strangers, f"FOUND holds {strangers!r}, which are no kinds of Hole."
    lines = [*FOUND.values()]
    numbers = [line for line in lines if type(line) is not int]
    assert not numbers, f"FOUND holds {numbers!r}. A line is a number."
