#| kata: security_review.audit
#| refused_by: test_what_was_not_looked_at_stops
# Passes over packages that were skipped.
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Accepted:
    """Something that was found and may stay: why, and up to which day."""

    name: str
    reason: str
    until: date


def found_by_bandit(text: str, may_stay: set[str]) -> Iterator[str]:
    """Yield what stops a release in a report of bandit."""
    report = json.loads(text)
    if not report["metrics"]["_totals"]["loc"]:
        yield "bandit looked at no line"
    for error in report["errors"]:
        yield f"bandit couldn't read {error['filename']}"
    for result in report["results"]:
        name = f"{result['test_id']} {result['filename']}"
        counts = result["issue_severity"] != "LOW" or result["test_id"] == "B101"
        if counts and name not in may_stay:
            yield f"{name}, line {result['line_number']}"


def found_by_pip_audit(text: str, may_stay: set[str]) -> Iterator[str]:
    """Yield what stops a release in a report of pip-audit."""
    packages = json.loads(text)["dependencies"]
    if not packages:
        yield "pip-audit looked at no package"
    for package in packages:
        for found in package.get("vulns", []):
            if may_stay.isdisjoint({found["id"], *found["aliases"]}):
                yield f"{package['name']}: {found['id']}"


def gate(
    bandit: str, pip_audit: str, accepted: Sequence[Accepted], today: date
) -> list[str]:
    """Return what stops a release: what was found, and what nobody looked at."""
    good = [one for one in accepted if one.reason.strip() and today <= one.until]
    may_stay = {one.name for one in good}
    stops = []
    for tool, found, text in (
        ("bandit", found_by_bandit, bandit),
        ("pip-audit", found_by_pip_audit, pip_audit),
    ):
        try:
            stops += [*found(text, may_stay)]
        except (ValueError, LookupError, TypeError):
            stops.append(f"{tool} didn't run")
    return stops
