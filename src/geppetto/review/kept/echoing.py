"""What a reviewer answered to remarks that an answer had brought them: kept where the remarks are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from geppetto.review.answers import Echo
from geppetto.review.kept import keeping, pieces, sheets
from geppetto.review.kept.keeping import File
from geppetto.review.kept.sheets import STATES, Part
from geppetto.review.kept.texts import Edit

OPEN, RESOLVED = STATES[:2]


def keep(files: Iterable[File], echoes: Sequence[Echo]) -> int:
    """Keep new replies to remarks, and settle those that were; give how many had something new.

    Raises:
        GeppettoError: the folder cannot be written.
    """
    return keeping.rewrite(files, {one.id: one for one in echoes}, _edits)


def _edits(part: Part, echo: Echo, text: str) -> list[Edit]:
    at = pieces.end_of_sections(part, text)
    new = [reply for reply in echo.replies if reply not in part.entry.remark.replies]
    edits = [pieces.lines(at, "\n" + sheets.reply_section(reply), text) for reply in new]
    if echo.resolved and part.entry.state == OPEN:
        edits.append(pieces.field(part, "state", RESOLVED, text))
    return edits
