"""One record of the ledger: what it holds, and how it is written in a line.

A line is a list's item in YAML, its mapping written as JSON writes it.
"""

from __future__ import annotations

import datetime
import json
import re
from dataclasses import MISSING, dataclass, fields
from typing import Any, ClassVar

# What would end a line of YAML 1.1, or cannot stand in one.
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")
MERGE_MARKS = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")


@dataclass(frozen=True)
class File:
    """A file's name, and the SHA-256 of its content."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Letter:
    """What is sent once: a draft, to a reviewer, at an address."""

    draft: str
    reviewer: str
    to: str


@dataclass(frozen=True)
class Drafted:
    """A draft was made for a reviewer. `date` is the draft's day, `reviewer` always a slug."""

    event: ClassVar = "drafted"
    draft: str
    reviewer: str
    date: str
    revision: str
    formats: tuple[str, ...]
    files: tuple[File, ...]


@dataclass(frozen=True)
class Sending:
    """A message is about to be given to a server. `message` is its Message-ID."""

    event: ClassVar = "sending"
    draft: str
    reviewer: str
    message: str
    when: str
    to: str

    @property
    def letter(self) -> Letter:
        """What is sent."""
        return Letter(self.draft, self.reviewer, self.to)


@dataclass(frozen=True)
class Sent:
    """A message was sent (`how` is smtp), or written ready to be sent (eml).

    `begun` is the `when` of the `Sending` that this ends, empty where there was none.
    """

    event: ClassVar = "sent"
    draft: str
    reviewer: str
    message: str
    when: str
    to: str
    how: str
    begun: str = ""

    @property
    def letter(self) -> Letter:
        """What was sent."""
        return Letter(self.draft, self.reviewer, self.to)


@dataclass(frozen=True)
class Failed:
    """A message was surely not taken. `begun` is the `when` of the `Sending` that this ends."""

    event: ClassVar = "failed"
    draft: str
    reviewer: str
    message: str
    when: str
    begun: str
    why: str


@dataclass(frozen=True)
class Returned:
    """A file came back from a reviewer, with a number of remarks."""

    event: ClassVar = "returned"
    draft: str
    reviewer: str
    file: str
    sha256: str
    when: str
    remarks: int


Record = Drafted | Sending | Sent | Failed | Returned
KINDS: dict[str, type[Record]] = {
    kind.event: kind for kind in (Drafted, Sending, Sent, Failed, Returned)
}


def parsed(line: str) -> Record:
    """Read a line.

    Raises:
        ValueError: it is no record.
    """
    if line.startswith(MERGE_MARKS):
        raise ValueError("a merge left its mark")
    if not line.startswith("- {"):
        raise ValueError("it is no item of the list")
    data = json.loads(line[2:])
    kind = KINDS.get(str(data.pop("event", "")))
    if kind is None:
        raise ValueError("its event is not known")
    needed = {f.name for f in fields(kind) if f.default is MISSING}
    if not needed <= data.keys() <= {f.name for f in fields(kind)}:
        raise ValueError("its keys are not those of its event")
    return kind(**{key: _value(key, value) for key, value in data.items()})


def _value(key: str, value: Any) -> Any:
    """Check a value, by its key alone: a key means the same in every event."""
    if key == "remarks":
        well = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    elif key == "formats":
        well = isinstance(value, list) and all(isinstance(one, str) for one in value)
        value = tuple(value) if well else value
    elif key == "files":
        value = tuple(File(one["name"], one["sha256"]) for one in value)
        well = all(isinstance(part, str) for one in value for part in (one.name, one.sha256))
    else:
        well = isinstance(value, str)
    if not well:
        raise ValueError(f"its {key} has the wrong form")
    if key in {"when", "date"}:
        _moment(value)
    return value


def _moment(written: str) -> datetime.datetime:
    """Read a day, or a time; one without a zone is taken for UTC."""
    moment = datetime.datetime.fromisoformat(written)
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)


def order(record: Record) -> tuple[datetime.datetime, int, str]:
    """Give a key that sorts records by their time."""
    when = record.date if isinstance(record, Drafted) else record.when
    return _moment(when), list(KINDS).index(record.event), written(record)


def written(record: Record) -> str:
    """Give a record's line, with its end."""
    data = {"event": record.event}
    for one in fields(record):
        value = getattr(record, one.name)
        if value != one.default:
            data[one.name] = _plain(value)
    text = json.dumps(data, ensure_ascii=False)
    return "- " + _ESCAPED.sub(lambda m: f"\\u{ord(m[0]):04x}", text) + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, File):
        return {"name": value.name, "sha256": value.sha256}
    return [_plain(one) for one in value] if isinstance(value, tuple) else value
