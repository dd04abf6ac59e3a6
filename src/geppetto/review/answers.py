"""What stood in an answer when it was sent: whose remarks, whose tracked changes.

An answer is a kept draft whose copy shows a reviewer what became of their remarks.
`answer.json` in its folder is what tells, when the copy comes back, what the reviewer
has added from what was in it.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime

from geppetto.diagnostics import Diagnostic, ExitCode, GeppettoError
from geppetto.review import ledger
from geppetto.review.drafts import Kept
from geppetto.review.remarks import Reply

FILE = "answer.json"
FORMAT = 1
ZONE = 15 * 60
"""Time zones differ by a multiple of so many seconds (IANA's data, since 1972)."""
FARTHEST = 26 * 3600
"""The seconds between the clocks of two zones, at most."""


@dataclass(frozen=True)
class Hand:
    """Who made a tracked change, and when (ISO 8601)."""

    author: str
    date: str


@dataclass(frozen=True)
class Said:
    """A remark as a comment: by which initials it is known, its id, its words and its replies.

    `replies` are authors and words.
    """

    initials: str
    id: str
    author: str
    text: str
    replies: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Answer:
    """What an answer was sent with; `since` is the draft whose changes it shows."""

    since: str
    hands: tuple[Hand, ...] = ()
    remarks: tuple[Said, ...] = ()


@dataclass(frozen=True)
class Echo:
    """What a returned answer says anew of a remark that was in it."""

    id: str
    replies: tuple[Reply, ...] = ()
    resolved: bool = False


def is_answer(kept: Kept) -> bool:
    """Tell whether a kept draft is an answer."""
    return (kept.folder / FILE).is_file()


def has_arrived(kept: Kept, told: ledger.Ledger) -> bool:
    """Tell whether a draft is no answer, or one of which the ledger knows that somebody got it."""
    return not is_answer(kept) or told.has_reached(kept.draft.id)


def of(kept: Kept) -> Answer | None:
    """Give what an answer was sent with; None for another draft.

    Raises:
        GeppettoError: its record cannot be read.
    """
    if not is_answer(kept):
        return None
    try:
        data = json.loads((kept.folder / FILE).read_text("utf-8"))
        if data["format"] != FORMAT:
            raise ValueError("it was made by another version")
        hands = tuple(Hand(**one) for one in data["hands"])
        remarks = tuple(
            Said(**{**one, "replies": tuple((who, words) for who, words in one["replies"])})
            for one in data["remarks"]
        )
        return Answer(data["since"], hands, remarks)
    except (OSError, ValueError, KeyError, TypeError) as fault:
        says = f"The kept answer {kept.draft.id} cannot be read."
        hint = (
            "Its folder is needed whole, as geppetto docx --answer wrote it: take it from a backup."
        )
        raise GeppettoError(
            Diagnostic("draft-damaged", says, hint=hint, detail=str(fault)), ExitCode.USAGE
        ) from fault


def record(answer: Answer) -> str:
    """Give the content of `answer.json`."""
    return json.dumps({"format": FORMAT, **asdict(answer)}, ensure_ascii=False, indent=1) + "\n"


def is_of(hands: Collection[Hand], hand: Hand) -> bool:
    """Tell whether a change is by one of some hands; programs write its time in zones of their own."""
    if hand in hands:
        return True
    return any(one.author == hand.author and _is_zone(one.date, hand.date) for one in hands)


def _is_zone(one: str, other: str) -> bool:
    try:
        apart = (_moment(one) - _moment(other)).total_seconds()
    except ValueError:
        return False
    return abs(apart) <= FARTHEST and apart % ZONE == 0


def _moment(date: str) -> datetime:
    return datetime.fromisoformat(date).replace(tzinfo=None)
