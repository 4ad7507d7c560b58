"""From what a child said to a `Report`. A pass needs positive evidence."""

import json
import re
import signal
from pathlib import Path
from typing import Any

from kata.runner.report import CheckReport, Ending, Failure, Frame, Parted, Report
from kata.verdict import Exchange

NEVER_BEGAN = "they did not begin; restart the kernel if the course was updated"
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
ILLEGIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
"""What steers a terminal, or can't be written as UTF-8: code may say anything."""
STUCK_LINE = re.compile(r'File "(?P<file>.+)", line (?P<line>\d+)')


def read_evidence(
    said: str,
    *,
    nonce: str,
    ending: Ending,
    returncode: int,
    printed: str,
    stuck: str,
    root: Path,
) -> Report:
    """Return the report of a run.

    The closing message counts only with its nonce. A process that is gone without it
    left early, and that is `DIED`, whatever its exit status.
    """
    messages = list(_messages(said))
    finished = any(
        message["kind"] == "done" and message.get("nonce") == nonce
        for message in messages
    )
    faults = [message for message in messages if message["kind"] == "fault"]
    if not messages and ending is Ending.DIED:
        faults = [{"message": NEVER_BEGAN}]
    imports = [message for message in messages if message["kind"] == "import"]
    stopped = [message for message in messages if message["kind"] == "stopped"]
    # The canary comes last. A run that is to end with the first refusal needs none.
    canary = any(message["kind"] in {"canary", "enough"} for message in messages)
    if faults:
        tampered = any(fault.get("tampered") for fault in faults)
        ending = Ending.TAMPERED if tampered else Ending.FAULTY
    elif ending is Ending.DIED and finished:
        ending = Ending.FINISHED
    if ending is Ending.FINISHED and not imports:
        ending = Ending.TAMPERED  # its message was written into
    ran = imports and not imports[0]["failure"] and not stopped
    if ending is Ending.FINISHED and ran and not canary:
        ending = Ending.TAMPERED
    forgotten = {
        message["check"]: _failure(message["failure"])
        for message in messages
        if message["kind"] == "unawaited"
    }
    checks = [
        _check(message, forgotten.get(message["check"]))
        for message in messages
        if message["kind"] == "end"
    ]
    running = _running(messages)
    if stopped and running:
        checks.append(CheckReport(running, _failure(stopped[0]["failure"])))
    return Report(
        ending=ending,
        detail=legible(faults[0]["message"]) if faults else _how(returncode),
        imported=tuple(imports[0].get("files", ())) if imports else (),
        lasting=tuple(imports[0].get("changes", ())) if imports else (),
        import_failure=_failure(imports[0]["failure"]) if imports else None,
        checks=tuple(checks),
        running=running,
        stuck=_frames_in(stuck, root),
        printed=legible(printed),
    )


def _messages(said: str) -> list[dict[str, Any]]:
    messages = []
    for line in said.splitlines():
        try:
            message = json.loads(line)
        except ValueError:
            continue
        if isinstance(message, dict) and "kind" in message:
            messages.append(message)
    return messages


def _running(messages: list[dict[str, Any]]) -> str:
    running = ""
    for message in messages:
        if message["kind"] == "start":
            running = message["check"]
        elif message["kind"] == "finish":
            running = ""
    return running


def _check(message: dict[str, Any], unawaited: Failure | None) -> CheckReport:
    return CheckReport(
        message["check"],
        _failure(message.get("failure")),
        legible(message.get("skipped", "")),
        unawaited,
    )


def _failure(data: dict[str, Any] | None) -> Failure | None:
    if data is None:
        return None
    exchange, parted = data.get("exchange"), data.get("parted")
    return Failure(
        type=data["type"],
        message=legible(data["message"]),
        frames=tuple(Frame(file, line) for file, line in data["frames"]),
        exchange=Exchange(**_all_legible(exchange)) if exchange else None,
        module=data.get("module", ""),
        name=data.get("name", ""),
        report=legible(data.get("report", "")),
        behind=_failure(data.get("behind")),
        parted=Parted(**_all_legible(parted)) if parted else None,
    )


def legible(text: str) -> str:
    """Return a text in which nothing steers a terminal: it is shown as Python has it.

    Else what the code prints could wipe out the verdict above it, or write another.
    """
    return ILLEGIBLE.sub(
        lambda match: match[0].encode("unicode_escape").decode(), COLOURS.sub("", text)
    )


def _all_legible(texts: dict[str, str]) -> dict[str, str]:
    return {name: legible(text) for name, text in texts.items()}


def _how(returncode: int) -> str:
    if returncode < 0:
        return f"it was ended by {signal.Signals(-returncode).name}"
    return f"it left with exit status {returncode}"


def _frames_in(dump: str, root: Path) -> tuple[Frame, ...]:
    # faulthandler prints the innermost line first.
    frames = [
        Frame(Path(match["file"]).relative_to(root).as_posix(), int(match["line"]))
        for match in STUCK_LINE.finditer(dump)
        if Path(match["file"]).is_relative_to(root)
    ]
    return tuple(reversed(frames))
