"""Which of LuaLaTeX's errors are mistakes of the author's, and which only follow from these."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from geppetto.latex.log import LEFT, Kind, LogMessage

# Errors by which TeX only ends, or which another error brings with it.
_ENDINGS = re.compile(
    r"^(?:Emergency stop|\s*==> Fatal error|That makes 100 errors|.*Interruption|"
    r"error:  \(pdf backend\))"
)
_CONSEQUENCES = re.compile(
    r"^(?:Display math should end|LaTeX Error: Bad math environment delimiter|Extra }|"
    r"Missing [{}] inserted|Too many }|Extra \\endgroup|LaTeX Error: \\begin\{\w+\}.* ended by|"
    r"Missing \\endgroup|Missing \\cr inserted|Misplaced \\|Illegal unit)"
)
_REACH = 12  # lines in which an error's consequences are looked for
_APART = 4  # lines by which the pieces of two paragraphs stand apart


def mistakes(messages: Sequence[LogMessage]) -> list[LogMessage]:
    """Give the errors without TeX's farewells, its repetitions and their consequences."""
    kept: list[LogMessage] = []
    for error in (m for m in messages if m.kind is Kind.ERROR):
        if _ENDINGS.match(error.message):
            if kept and kept[-1].line is None and kept[-1].excerpt is None:
                kept[-1] = _placed(kept[-1], error)
            continue
        if not any(_covers(earlier, error) for earlier in kept):
            kept.append(error)
    return kept or [m for m in messages if m.kind is Kind.ERROR][:1]


def _placed(error: LogMessage, ending: LogMessage) -> LogMessage:
    """Give an error that TeX prompted for the line on which TeX then stopped."""
    return replace(error, file=ending.file, line=ending.line, piece=error.piece or ending.piece)


def _covers(earlier: LogMessage, error: LogMessage) -> bool:
    """Whether an error repeats an earlier one or follows from it."""
    if error.message == LEFT:
        return earlier.piece == error.piece
    if earlier.file != error.file or earlier.line is None or error.line is None:
        return _identity(earlier) == _identity(error)
    distance = error.line - earlier.line
    follows = bool(_CONSEQUENCES.match(error.message))
    if earlier.piece != error.piece:  # the next piece of the same paragraph, perhaps
        return follows and 0 <= distance < _APART
    if distance == 0:
        return earlier.subject == error.subject or error.subject is None
    at_paragraph_end = error.detail.rstrip().endswith(f"l.{error.line}")
    left_open = error.message.startswith("Missing $") and at_paragraph_end
    return (follows or left_open) and 0 < distance <= _REACH


def _identity(error: LogMessage) -> tuple[object, ...]:
    return error.file, error.message, error.piece
