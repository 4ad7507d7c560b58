"""Where two values part that a check compared, as plain data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

BEFORE, AFTER = 24, 40
"""Characters of a long text that are shown around the place where it differs."""
ABSENT = object()
JSON = {str, dict, list, int, float, bool, type(None), type(ABSENT)}


@dataclass(frozen=True)
class Place:
    """A place within two values where they differ."""

    path: str
    left: object
    right: object


def difference(left: object, right: object) -> dict[str, str] | None:
    """Return the first place where two texts or two JSON values differ; see `Parted`.

    None where they are no such values: a learner's class may compare as it likes.
    """
    if not (_is_plain(left) and _is_plain(right)):
        return None
    place = next(_parted(left, right, ""), None)
    if place is None or not {type(place.left), type(place.right)} <= JSON:
        return None
    one, other = place.left, place.right
    if isinstance(one, str) and isinstance(other, str):
        one, other = _around_the_difference(one, other)
    return {"path": place.path, "left": _shown(one), "right": _shown(other)}


def _is_plain(value: object) -> bool:
    return type(value) in {str, dict, list}


def _parted(left: Any, right: Any, path: str) -> Iterator[Place]:  # noqa: ANN401 - any JSON
    if type(left) is type(right) is dict:
        yield from _parted_mappings(left, right, path)
    elif type(left) is type(right) and type(left) is list:
        for index in range(max(len(left), len(right))):
            one = left[index] if index < len(left) else ABSENT
            other = right[index] if index < len(right) else ABSENT
            yield from _parted(one, other, f"{path}[{index}]")
    elif type(left) is not type(right) or left != right:
        yield Place(path, left, right)


def _parted_mappings(
    left: Mapping[Any, Any], right: Mapping[Any, Any], path: str
) -> Iterator[Place]:
    for key in [*left, *(key for key in right if key not in left)]:
        one, other = left.get(key, ABSENT), right.get(key, ABSENT)
        yield from _parted(one, other, f"{path}[{key!r}]")


def _around_the_difference(left: str, right: str) -> tuple[str, str]:
    """Cut two long texts to what stands around the place where they part."""
    if max(len(left), len(right)) <= BEFORE + AFTER:
        return left, right
    pairs = enumerate(zip(left, right, strict=False))
    shorter = min(len(left), len(right))
    at = next((index for index, (one, other) in pairs if one != other), shorter)
    start = max(0, at - BEFORE)
    return _cut(left, start, at + AFTER), _cut(right, start, at + AFTER)


def _cut(text: str, start: int, end: int) -> str:
    before, after = "…" if start else "", "…" if end < len(text) else ""
    return f"{before}{text[start:end]}{after}"


def _shown(value: object) -> str:
    if value is ABSENT:
        return "nothing"
    try:
        text = repr(value)
    except Exception as error:  # noqa: BLE001 - the repr may be a learner's
        text = f"({type(value).__name__}, whose repr raised {type(error).__name__})"
    longest = BEFORE + AFTER
    return text if len(text) <= longest + BEFORE else f"{text[:longest]}…"
