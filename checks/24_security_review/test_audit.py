"""Checks of security_review.audit: what matters stops a release, or is unknown."""

import json
from datetime import date
from typing import Any

import pytest

TODAY = date(2026, 12, 1)
LINES = {"_totals": {"loc": 2906, "nosec": 0}}
SQL = {
    "test_id": "B608",
    "filename": "waybill/search.py",
    "line_number": 31,
    "issue_severity": "MEDIUM",
    "issue_confidence": "LOW",
    "issue_text": "Possible SQL injection vector.",
}
PICKLE = SQL | {"test_id": "B301", "filename": "waybill/jobs.py", "line_number": 7}
RANDOM = SQL | {"test_id": "B311", "filename": "waybill/carriers.py"}
ASSERT = RANDOM | {"test_id": "B101", "filename": "waybill/auth.py"}
STARLETTE = {"id": "PYSEC-2026-11", "aliases": ["CVE-2026-1234"], "fix_versions": []}
JINJA = {"id": "GHSA-cpwx-vrp4", "aliases": [], "fix_versions": ["3.1.9"]}


def bandit(*results: dict[str, Any], **more: Any) -> str:  # noqa: ANN401
    """Return a report of bandit with results."""
    report = {"errors": [], "metrics": LINES, "results": [*results], **more}
    return json.dumps(report)


def pip_audit(**found: list[dict[str, Any]]) -> str:
    """Return a report of pip-audit: a healthy package, and others that are not."""
    good = {"name": "anyio", "version": "4.16.0", "vulns": []}
    others = [
        {
            "name": name,
            "version": "1.0",
            "vulns": [{"description": "…", **one} for one in vulns],
        }
        for name, vulns in found.items()
    ]
    return json.dumps({"dependencies": [good, *others], "fixes": []})


def entries(code: str, packages: str, *accepted: Any) -> list[str]:  # noqa: ANN401
    """Ask the gate, and return what stops a release."""
    from tests.audit import gate

    stops = gate(code, packages, [*accepted], TODAY)
    kind = type(stops).__name__
    assert isinstance(stops, list), f"`gate` returned a {kind} instead of a list."
    return stops


def one_entry(stops: list[str], what: str, *words: str) -> None:
    """Want one entry with certain words in it."""
    assert len(stops) == 1, (
        f"{what} has to make one entry, and `gate` returned {stops!r}."
    )
    missing = [word for word in words if word not in stops[0]]
    assert not missing, f"The entry {stops[0]!r} doesn't name {missing[0]!r}."


# - Where nothing was found, the list is empty.
def test_nothing_found_is_nothing() -> None:
    """Two good reports stop nothing."""
    stops = entries(bandit(), pip_audit())
    assert stops == [], f"Nothing was found, and `gate` returned {stops!r}."


# - A text that isn't a tool's report, such as an empty one, is one entry: that tool
# didn't run.
@pytest.mark.parametrize("text", ["", "bandit: error", "{}", "[]", "null", '"ok"', "7"])
def test_a_tool_that_did_not_run_stops(text: str) -> None:
    """A tool without a report stops a release, whichever it is."""
    one_entry(
        entries(text, pip_audit()), f"The text {text!r} in place of bandit's", "bandit"
    )
    stops = entries(bandit(), text)
    one_entry(stops, f"The text {text!r} in place of pip-audit's", "pip-audit")
    both = entries(text, text)
    assert len(both) == 2, (
        f"No tool ran, and `gate` returned {both!r}, not two entries."
    )


# - So is a report that looked at nothing: no lines (`loc` is 0), or no dependencies.
def test_a_tool_that_saw_nothing_stops() -> None:
    """A report about no code, or about no package, stops a release."""
    nothing = bandit(metrics={"_totals": {"loc": 0}})
    one_entry(entries(nothing, pip_audit()), "A report of bandit about 0 lines")
    empty = json.dumps({"dependencies": [], "fixes": []})
    one_entry(entries(bandit(), empty), "A report of pip-audit without dependencies")


# - A file in bandit's `errors`, and a package with a `skip_reason`, are entries that
# name it.
def test_what_was_not_looked_at_stops() -> None:
    """A file or package that a tool left out stops a release."""
    errors = [{"filename": "waybill/odd.py", "reason": "syntax error while parsing"}]
    stops = entries(bandit(errors=errors), pip_audit())
    one_entry(stops, "A file that bandit couldn't read", "waybill/odd.py")
    skipped = {"name": "our-own", "skip_reason": "Dependency not found on PyPI"}
    good = {"name": "anyio", "version": "4.16.0", "vulns": []}
    text = json.dumps({"dependencies": [skipped, good], "fixes": []})
    one_entry(entries(bandit(), text), "A package that was skipped", "our-own")


# - Each vulnerability is an entry with its package and its `id`, also where no version
# fixes it.
def test_each_vulnerability_stops() -> None:
    """Every vulnerability stops a release."""
    stops = entries(bandit(), pip_audit(starlette=[STARLETTE]))
    one_entry(stops, "A vulnerability without a fix", "starlette", "PYSEC-2026-11")
    stops = entries(bandit(), pip_audit(jinja2=[JINJA, STARLETTE], rich=[JINJA]))
    assert len(stops) == 3, f"Of three vulnerabilities `gate` returned {stops!r}."


# - Of bandit's results, those that aren't `LOW` are entries with `test_id` and
# `filename`, and every B101: an assert.
@pytest.mark.parametrize("severity", ["MEDIUM", "HIGH"])
def test_what_matters_in_code_stops(severity: str) -> None:
    """What bandit finds stops a release, unless it is LOW."""
    stops = entries(bandit(SQL | {"issue_severity": severity}), pip_audit())
    one_entry(stops, f"A result that is {severity}", "B608", "waybill/search.py")
    stops = entries(bandit(SQL, PICKLE, SQL | {"line_number": 90}), pip_audit())
    assert len(stops) == 3, f"Of three results `gate` returned {stops!r}."


def test_what_is_low_passes() -> None:
    """What is LOW passes, an assert excepted."""
    low = RANDOM | {"issue_severity": "LOW"}
    stops = entries(bandit(low, low | {"issue_confidence": "HIGH"}), pip_audit())
    assert stops == [], f"Two results are LOW, and `gate` returned {stops!r}."
    stops = entries(bandit(low, ASSERT | {"issue_severity": "LOW"}), pip_audit())
    one_entry(stops, "An assert (B101), though it is LOW,", "B101", "waybill/auth.py")


# - What `accepted` names is no entry, if it has a reason, up to the day `until`. It
# names a vulnerability by its `id` or an alias, and a result as
# `B608 waybill/search.py`.
@pytest.mark.parametrize(
    "name", ["PYSEC-2026-11", "CVE-2026-1234", "B608 waybill/search.py"]
)
@pytest.mark.parametrize("until", [TODAY, date(2027, 1, 1)])
def test_what_is_accepted_passes(name: str, until: date) -> None:
    """What was accepted with a reason passes until its day is over."""
    from tests.audit import Accepted

    accepted = Accepted(name, "We never call it.", until)
    stops = entries(bandit(SQL), pip_audit(starlette=[STARLETTE]), accepted)
    one_entry(stops, f"With {name!r} accepted until {until}, the other thing")


@pytest.mark.parametrize(
    ("reason", "until"),
    [("", TODAY), ("  ", TODAY), ("We never call it.", date(2026, 11, 30))],
)
def test_what_is_accepted_ends(reason: str, until: date) -> None:
    """Without a reason, or after its day, nothing is accepted."""
    from tests.audit import Accepted

    accepted = Accepted("PYSEC-2026-11", reason, until)
    stops = entries(bandit(), pip_audit(starlette=[STARLETTE]), accepted)
    what = f"A vulnerability accepted until {until} with the reason {reason!r}"
    one_entry(stops, what, "PYSEC-2026-11")


def test_nothing_else_is_accepted() -> None:
    """What was accepted is that and nothing like it."""
    from tests.audit import Accepted

    names = ("B608", "B608 waybill/jobs.py", "waybill/search.py", "PYSEC-2026-1")
    accepted = [Accepted(name, "We never call it.", TODAY) for name in names]
    stops = entries(bandit(SQL), pip_audit(starlette=[STARLETTE]), *accepted)
    assert len(stops) == 2, (
        f"Accepted was {names!r}; nothing of that is the result or the vulnerability, "
        f"and `gate` returned {stops!r}."
    )
