"""The ledger of a book's reviews, `reviews/ledger.yaml`: who was sent what, what came back.

It is kept in git and merged by it: a line is a record, and neither the order of the
lines nor a line that stands twice means anything, so that `merge=union` in
.gitattributes is right for it.

A message is noted before it is given to a server (`Sending`) and after (`Sent`, or
`Failed` where the server surely has not taken it). A `Sending` that neither follows
is doubtful: the message may have gone out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from geppetto import store
from geppetto.diagnostics import Diagnostic, ExitCode, GeppettoError, Location
from geppetto.review.records import (
    MERGE_MARKS,
    Drafted,
    Failed,
    File,
    Letter,
    Record,
    Returned,
    Sending,
    Sent,
    order,
    parsed,
    written,
)

__all__ = [
    "Drafted", "Failed", "File", "Ledger", "Letter", "Record", "Returned", "Sending", "Sent",
    "append", "read",
]  # fmt: skip

PATH = "reviews/ledger.yaml"
HEAD = (
    "# Drafts sent, and what came back: a record a line, in any order. Keep it in git, with\n"
    f"# {PATH} merge=union\n# in .gitattributes.\n"
)
LARGEST = 50_000_000


@dataclass(frozen=True)
class Ledger:
    """All records, each once, the oldest first."""

    records: tuple[Record, ...] = ()

    def newest_sent(self, reviewer: str, other_than: str = "") -> Sent | None:
        """Give what was last sent to a reviewer, of another draft than one."""
        found = [r for r in self._sent() if r.reviewer == reviewer and r.draft != other_than]
        return found[-1] if found else None

    def sent(self, letter: Letter) -> Sent | None:
        """Give when a letter was first sent."""
        return next((r for r in self._sent() if r.letter == letter), None)

    def doubtful(self, letter: Letter) -> Sending | None:
        """Give the last attempt at a letter of which nobody knows how it ended.

        None if the letter is known to have been sent, whatever else was tried.
        """
        if self.sent(letter) is not None:
            return None
        ended = {(r.message, r.begun) for r in self.records if isinstance(r, Failed)}
        tried = [r for r in self.records if isinstance(r, Sending) and r.letter == letter]
        open_ones = [r for r in tried if (r.message, r.when) not in ended]
        return open_ones[-1] if open_ones else None

    def returned(self, reviewer: str | None = None, draft: str | None = None) -> list[Returned]:
        """Give what came back: from a reviewer, or from all; of a draft, or of any."""
        return [
            r
            for r in self.records
            if isinstance(r, Returned)
            and reviewer in {None, r.reviewer}
            and draft in {None, r.draft}
        ]

    def has_reached(self, draft: str) -> bool:
        """Tell whether somebody surely got a draft: it was sent, or came back."""
        return any(isinstance(r, Sent | Returned) and r.draft == draft for r in self.records)

    def drafted(self, draft: str) -> list[Drafted]:
        """Give for whom a draft was made."""
        return [r for r in self.records if isinstance(r, Drafted) and r.draft == draft]

    def _sent(self) -> Iterator[Sent]:
        return (r for r in self.records if isinstance(r, Sent))


def read(root: Path) -> Ledger:
    """Read a book's ledger; one that is not there is empty.

    Raises:
        GeppettoError: lines cannot be read; each is named (exit code 2).
    """
    return _parsed(_text(root / PATH))


def append(
    root: Path, records: Iterable[Record], unless: Callable[[Ledger], bool] | None = None
) -> bool:
    """Add records to the ledger, whole or not at all; those that it has are left out.

    No other process writes meanwhile. `unless` is asked of the ledger as it then is:
    where it says yes nothing is added, and False is given.

    Raises:
        GeppettoError: lines cannot be read, or the ledger cannot be written.
    """
    with store.alone((root / PATH).parent):
        text = _text(root / PATH)
        known = _parsed(text)
        if unless is not None and unless(known):
            return False
        new = [r for r in dict.fromkeys(records) if r not in known.records]
        if new:
            begun = text if not text or text.endswith("\n") else text + "\n"
            lines = "".join(written(record) for record in new)
            store.write_text(root / PATH, (begun or HEAD) + lines)
    return True


def _text(path: Path) -> str:
    try:
        with path.open("rb") as data:
            content = data.read(LARGEST + 1)
        if len(content) > LARGEST:
            _refuse([_fault(None, f"it is larger than {LARGEST // 1_000_000} MB")])
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as fault:
        line = content[: fault.start].count(b"\n") + 1
        _refuse([_fault(line, "it is not UTF-8")])
    except OSError as fault:
        _refuse([_fault(None, fault.strerror or str(fault))])


def _parsed(text: str) -> Ledger:
    records: dict[Record, None] = {}
    faults = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            records[parsed(line)] = None
        except (ValueError, TypeError, KeyError, RecursionError) as fault:
            faults.append(_fault(number, str(fault), line))
    if faults:
        _refuse(faults)
    return Ledger(tuple(sorted(records, key=order)))


def _fault(line: int | None, why: str, text: str = "") -> Diagnostic:
    hint = (
        "Keep the records of both sides, and take the marks out."
        if text.startswith(MERGE_MARKS)
        else "Geppetto writes this file; take the line as it was from git, or take it out."
    )
    message = f"The ledger of reviews cannot be read here: {why}."
    return Diagnostic("ledger-damaged", message, Location(PATH, line), hint, detail=text or None)


def _refuse(faults: list[Diagnostic]) -> NoReturn:
    raise GeppettoError(faults, ExitCode.USAGE)
