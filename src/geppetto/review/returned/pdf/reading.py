"""A returned PDF to remarks with their places."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

import pikepdf
import pypdfium2 as pdfium

from geppetto.pagemap import PageMap
from geppetto.review.drafts import Copy, Kept
from geppetto.review.remarks import Certainty, Kind, Remark, Span
from geppetto.review.returned.names import named
from geppetto.review.returned.pdf import annotations as listed
from geppetto.review.returned.pdf import placing
from geppetto.review.returned.pdf.annotations import Mark
from geppetto.review.returned.pdf.glyphs import Box
from geppetto.review.returned.pdf.numbering import numbered
from geppetto.review.returned.pdf.shapes import Corners
from geppetto.review.returned.pdf.sheets import Sheets
from geppetto.review.returned.places.letters import fold
from geppetto.review.returned.places.searching import Placed
from geppetto.review.returned.places.sources import Sources

TOGETHER = 2.0
"""Seconds within which one stroke of a reader's hand makes the marks that it is written as."""


def remarks(data: bytes, kept: Kept, copy: Copy) -> list[Remark]:
    """Give the remarks in a returned copy, in the order of its pages.

    Raises:
        pikepdf.PdfError: it cannot be read.
        pdfium.PdfiumError: the same.
        GeppettoError: the draft's map or a text is missing.
    """
    with pikepdf.open(io.BytesIO(data)) as pdf:
        marks = listed.marks(pdf)
    if not marks:
        return []
    made = kept.page_map(copy.spacing)
    document = pdfium.PdfDocument(data)
    try:
        return _placed(document, marks, kept, copy, made)
    finally:
        document.close()


def _placed(
    document: pdfium.PdfDocument, marks: Sequence[Mark], kept: Kept, copy: Copy, made: PageMap
) -> list[Remark]:
    pages = copy.pages or tuple(range(1, len(made.pages) + 1))
    known = _numbers(document, kept, copy, pages, marks)
    lines: dict[str, set[int]] = {}
    for row in made.rows:
        lines.setdefault(row.path, set()).add(row.line)
    sources = Sources(kept, lines)
    sheets = Sheets(document, {number: index for index, number in known.items()}, made, sources)
    found = [_remark(mark, known.get(mark.page), sheets, made, pages) for mark in marks]
    whole = _joined(found, sources)
    return named(whole, kept.draft.id, copy.name)


def _numbers(
    document: pdfium.PdfDocument,
    kept: Kept,
    copy: Copy,
    pages: Sequence[int],
    marks: Iterable[Mark],
) -> dict[int, int]:
    """Give the pages of the map that pages with marks, and those beside them, are."""
    marked = {mark.page for mark in marks}
    wanted = {index + step for index in marked for step in (-1, 0, 1)}
    there = sorted(index for index in wanted if 0 <= index < len(document))
    sent = kept.folder / copy.file
    is_kept = bool(copy.file) and sent.is_file()
    return dict(numbered(document, sent if is_kept else None, pages, there))


def _remark(
    mark: Mark, number: int | None, sheets: Sheets, made: PageMap, pages: Sequence[int]
) -> Remark:
    """Make a remark of a mark; its `id` is the mark's name until all are named."""
    if number is None:
        placed = Placed("", None, Certainty.LOST)
    else:
        height = made.pages[number - 1][1]
        placed = _place(mark, number, [_box(corners, height) for corners in mark.boxes], sheets)
    is_echo = mark.kind in listed.OVER_WORDS and fold(mark.text) == fold(placed.quote)
    return Remark(
        f"{mark.name} {number or 0}",
        "",
        "",
        mark.kind,
        mark.author,
        mark.date,
        "" if is_echo and placed.quote else mark.text,
        placed.quote,
        mark.replacement,
        mark.replies,
        mark.resolved,
        None if number is None else pages.index(number) + 1,
        placed.span,
        placed.certainty,
    )


def _box(corners: Corners, height: int) -> Box:
    left, low, right, high = corners
    return Box(left * 100, height - high * 100, right * 100, height - low * 100)


def _place(mark: Mark, page: int, boxes: Sequence[Box], sheets: Sheets) -> Placed:
    if not boxes:
        return Placed("", None, Certainty.LOST)
    box = boxes[0]
    middle = (box.left + box.right) / 2
    if mark.kind is Kind.CARET:
        return placing.of_gap(sheets, page, middle, box.top)
    if mark.kind is Kind.NOTE:  # programs pin it by its upper left corner, or its middle
        x, y = (box.left * 3 + box.right) / 4, (box.top * 3 + box.bottom) / 4
        return placing.of_point(sheets, page, x, y)
    if mark.kind in (Kind.TEXT, Kind.STAMP):
        return placing.of_point(sheets, page, middle, (box.top + box.bottom) / 2)
    return placing.of_words(sheets, page, boxes)


def _joined(found: Sequence[Remark], sources: Sources) -> list[Remark]:
    """Join what one stroke over a page's end, or over lines, was written as."""
    made: list[Remark] = []
    for remark in found:
        last = made[-1] if made else None
        if last is not None and _goes_on(last, remark) and _meets(last, remark, sources):
            made[-1] = _one(last, remark, sources)
        else:
            made.append(remark)
    return made


def _goes_on(last: Remark, remark: Remark) -> bool:
    same = (last.kind, last.author) == (remark.kind, remark.author)
    said = last.text == remark.text or not (last.text and remark.text)
    near = last.page is not None and remark.page in (last.page, last.page + 1)
    is_over = last.kind in listed.OVER_WORDS and last.kind is not Kind.REPLACEMENT
    sure = last.certainty is remark.certainty is Certainty.EXACT
    return same and said and near and is_over and sure and _together(last.date, remark.date)


def _together(first: str, second: str) -> bool:
    try:
        moments = datetime.fromisoformat(first), datetime.fromisoformat(second)
        return abs((moments[1] - moments[0]).total_seconds()) <= TOGETHER
    except (ValueError, TypeError):
        return first == second


def _meets(last: Remark, remark: Remark, sources: Sources) -> bool:
    """Tell whether no letter stands between two remarks."""
    if last.place is None or remark.place is None or last.place.path != remark.place.path:
        return False
    text = sources.text(last.place.path)
    end, start = text.extent(last.place)[1], text.extent(remark.place)[0]
    return end <= start and not text.letters.between(end, start)


def _one(last: Remark, remark: Remark, sources: Sources) -> Remark:
    if last.place is None or remark.place is None:
        return last
    text = sources.text(last.place.path)
    end, start = text.extent(last.place)[1], text.extent(remark.place)[0]
    quote = f"{last.quote} {remark.quote}" if start > end else last.quote.rstrip("-") + remark.quote
    place = Span(
        last.place.path,
        last.place.line,
        last.place.column,
        remark.place.end_line,
        remark.place.end_column,
    )
    replies = last.replies + remark.replies
    return replace(last, text=last.text or remark.text, quote=quote, place=place, replies=replies)
