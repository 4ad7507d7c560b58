#| kata: security_review.audit
#| refused_by: test_a_tool_that_did_not_run_stops
# Reads what is there, and takes nothing for nothing found.
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Accepted:
    """Something that was found and may stay: why, and up to which day."""

    name: str
    reason: str
    until: date


def gate(
    bandit: str, pip_audit: str, accepted: Sequence[Accepted], today: date
) -> list[str]:
    """Return what stops a release: what was found, and what nobody looked at."""
    may_stay = {one.name for one in accepted}
    stops = []
    for result in json.loads(bandit or "{}").get("results", []):
        name = f"{result['test_id']} {result['filename']}"
        if result["issue_severity"] == "HIGH" and name not in may_stay:
            stops.append(f"{name}, line {result['line_number']}")
    for package in json.loads(pip_audit or "{}").get("dependencies", []):
        for found in package.get("vulns", []):
            if found["fix_versions"] and found["id"] not in may_stay:
                stops.append(f"{package['name']}: {found['id']}")
    return stops
