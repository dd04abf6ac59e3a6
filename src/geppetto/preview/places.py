"""From a point of a page to the line of a chapter, and from an edit to its paragraph on a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from geppetto.pagemap import PageMap, Row
from geppetto.preview.changes import first_edit, moved, paragraph
from geppetto.preview.state import Proof, Spot


def line_at(proof: Proof, page: int, x: float, y: float) -> tuple[str, int] | None:
    """Give the file and line that stand at a point, in parts of the page: the nearest of the page."""
    if proof.places is None or not 1 <= page <= len(proof.places.pages):
        return None
    width, height = proof.places.pages[page - 1]
    found = proof.places.at(page, x * width, y * height)
    return (found[0].path, found[0].line) if found else None


def line_now(proof: Proof, path: str, line: int, text: str) -> int:
    """Give the number that a line of the proof has in the file as it is now."""
    old = proof.texts.get(path)
    return line if old is None else moved(old, text, line)


def edited(old: Proof, new: Proof) -> Spot | None:
    """Give the paragraph by which a proof differs from the one before: the first in the book."""
    if new.places is None:
        return None
    for path, text in new.texts.items():
        edit = first_edit(old.texts.get(path, text), text)
        rows = [*new.places.of(path, edit.line)] if edit else []
        if edit and rows:
            row = _along(rows, edit.share)
            every = new.places.lines(path, row.page, paragraph(text, edit.line))
            return _spot(new.places, row, _block(row, every))
    return None


def _along(rows: Sequence[Row], share: float) -> Row:
    """Give the row that stands so far along a line that was broken into rows."""
    left = share * sum(row.width for row in rows)
    for row in rows:
        left -= row.width
        if left < 0:
            return row
    return rows[-1]


def _block(row: Row, every: Iterable[Row]) -> list[Row]:
    """Give the rows that stand together with one: not its notes at the foot of the page."""
    block = [row]
    left = [other for other in every if other != row]
    while near := [one for one in left if any(_adjoins(one, other) for other in block)]:
        block += near
        left = [one for one in left if one not in near]
    return block


def _adjoins(one: Row, other: Row) -> bool:
    """Tell whether two rows stand on one line or on neighbouring ones."""
    gap = max(one.y - one.height - other.y, other.y - other.height - one.y)
    return gap <= 2 * max(one.height, other.height)


def _spot(made: PageMap, row: Row, block: Sequence[Row]) -> Spot:
    width, height = made.pages[row.page - 1]
    left, top = min(one.x for one in block), min(one.y - one.height for one in block)
    right = max(one.x + one.width for one in block)
    bottom = max(one.y + one.depth for one in block)
    return Spot(
        row.page,
        round(left / width, 4),
        round(top / height, 4),
        round((right - left) / width, 4),
        round((bottom - top) / height, 4),
        round((row.y - row.height / 2) / height, 4),
    )
