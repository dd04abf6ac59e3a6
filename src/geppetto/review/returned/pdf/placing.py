"""Where a mark on a page of a returned PDF stands in the sources of its draft."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from geppetto.review.remarks import Certainty
from geppetto.review.returned.pdf.glyphs import HYPHENS, Box, Glyph, words
from geppetto.review.returned.pdf.sheets import Run, Sheet, Sheets
from geppetto.review.returned.places import searching
from geppetto.review.returned.places.aligning import Part, joined, sign, widened
from geppetto.review.returned.places.searching import Placed

_LOW = 400  # hundredths of a point: a rectangle so low lies below the words, not over them
_RAISED = 700
_LEVEL = 100  # two baselines that are no farther apart are one
_NUMBERS = re.compile(r"^[\d.\s]+|[\s.…]*\d+$")  # around a heading in the contents
_LEADING = 400  # two baselines so far apart are those of two lines


def of_words(sheets: Sheets, page: int, boxes: Sequence[Box]) -> Placed:
    """Place a mark over words: rectangles of a page of the map."""
    sheet = sheets.sheet(page)
    marked = sheet.within([_over(box) for box in boxes])
    printed = [n for n in marked if not sheet.glyphs[n].is_blank]
    on_rows = [n for n in printed if sheet.rows[n] >= 0]
    if not on_rows:
        return _beside(sheets, sheet, printed, boxes)
    quote = _quote(sheets, sheet, on_rows)
    parts = _parts(sheets, sheet, on_rows)
    if not parts:
        return _of_signs(sheets, sheet, on_rows, quote)
    found, path = joined(parts), parts[0].path
    if found is None or not found.is_sure:
        line = sheet.leads[sheet.rows[on_rows[0]]][1]
        return searching.near(sheets.sources, path, line, quote)
    text = sheets.sources.text(path)
    extent = widened(text.text, (found.start, found.end), *_signs(sheet, on_rows))
    return Placed(quote, text.span(extent), Certainty.EXACT)


def of_gap(sheets: Sheets, page: int, x: float, y: float) -> Placed:
    """Place a mark between two characters of a line: an empty extent."""
    near = sheets.nearest(page, x, y)
    if near is None:
        return Placed("", None, Certainty.LOST)
    row, is_there = near
    run = sheets.run_on(page, row)
    count = _letters_before(sheets.sheet(page), run, row, x)
    aligned = sheets.aligned(run)
    beside = [n for n in (count - 1, count) if 0 <= n < len(run.letters)]
    if not is_there or not any(aligned.places[n] >= 0 for n in beside):
        return _of_row(sheets, run, is_there=is_there)
    low, high = aligned.gap(count)
    text = sheets.sources.text(run.path)
    if count and aligned.places[count - 1] >= 0:
        signs = _signs_before(sheets.sheet(page), run, count, row, x)
        at = min(widened(text.text, (low, low), "", signs)[1], high)
    else:
        at = high
    return Placed("", text.span((at, at)), Certainty.EXACT)


def of_point(sheets: Sheets, page: int, x: float, y: float) -> Placed:
    """Place a note that was pinned to a page: it lies at a word, but marks none."""
    sheet, near = sheets.sheet(page), sheets.nearest(page, x, y)
    if near is None:
        return _in_the_contents(sheets, sheet, x, y)
    row, is_there = near
    run = sheets.run_on(page, row)
    here = [
        (abs(sheet.glyphs[one.place[1]].middle - x), n)
        for n, one in enumerate(run.letters)
        if one.row == row and one.place[0] == page
    ]
    number = min(here)[1] if here else None
    place = sheets.aligned(run).places[number] if number is not None else -1
    if place < 0:
        return _of_row(sheets, run, is_there=is_there)
    text = sheets.sources.text(run.path)
    word = searching.word_at(text.text, text.letters.starts[place])
    return Placed("", text.span(word), Certainty.BLOCK if is_there else Certainty.PAGE)


def _parts(sheets: Sheets, sheet: Sheet, marked: Sequence[int]) -> list[Part]:
    """Give the parts of runs that were marked, those of the first run's source only."""
    parts: dict[Run, Part] = {}
    path = ""
    for n in marked:
        known = sheets.run_of((sheet.number, n))
        if known is None or known[0].path != (path or known[0].path):
            continue
        run, number = known
        path, end = run.path, number + len(sheet.glyphs[n].letters)
        before = parts.get(run, Part(path, sheets.aligned(run), number, end))
        first, last = min(before.first, number), max(before.last, end)
        parts[run] = Part(path, before.alignment, first, last)
    return list(parts.values())


def _of_signs(sheets: Sheets, sheet: Sheet, marked: Sequence[int], quote: str) -> Placed:
    """Place marks of punctuation: between the letters around them."""
    row = sheet.rows[marked[0]]
    run = sheets.run_on(sheet.number, row)
    aligned = sheets.aligned(run)
    count = _letters_before(sheet, run, row, sheet.glyphs[marked[0]].middle)
    text = sheets.sources.text(run.path)
    extent = sign(text.text, aligned.gap(count), quote)
    if extent is None:
        return searching.of_block(sheets.sources, run.path, run.line, quote)
    return Placed(quote, text.span(extent), Certainty.EXACT)


def _beside(sheets: Sheets, sheet: Sheet, printed: Sequence[int], boxes: Sequence[Box]) -> Placed:
    """Place a mark beside the text: by its words, if they stand once in the book, or its height."""
    quote = words(
        sheet.glyphs[n]
        for before, here in pairwise([*printed[:1], *printed])
        for n in [*_blanks(sheet, before, here), here]
    )
    if not boxes:
        return Placed(quote, None, Certainty.LOST)
    x, y = (boxes[0].left + boxes[0].right) / 2, (boxes[0].top + boxes[0].bottom) / 2
    near = sheets.nearest(sheet.number, x, y)
    if near is not None and near[1] and quote:  # the words of a picture
        run = sheets.run_on(sheet.number, near[0])
        return searching.of_block(sheets.sources, run.path, run.line, quote)
    found = searching.anywhere(sheets.sources, quote) or _on_its_line(sheets, sheet, printed, quote)
    if found:
        return found
    placed = of_point(sheets, sheet.number, x, y)
    return Placed(quote, placed.span, placed.certainty)


def _on_its_line(sheets: Sheets, sheet: Sheet, printed: Sequence[int], quote: str) -> Placed | None:
    """Place words of a line that is printed twice, as a heading is in the contents."""
    if not printed:
        return None
    level = sheet.glyphs[printed[0]].baseline
    line = words(g for g in sheet.glyphs if g.is_blank or abs(g.baseline - level) < _LEVEL)
    whole = searching.anywhere(sheets.sources, _NUMBERS.sub("", line))
    if whole is None or whole.span is None:
        return None
    return searching.near(sheets.sources, whole.span.path, whole.span.line, quote)


def _in_the_contents(sheets: Sheets, sheet: Sheet, x: float, y: float) -> Placed:
    """Place a point of a page on which nothing of the sources stands, by the line beside it."""
    printed = [n for n, glyph in enumerate(sheet.glyphs) if not glyph.is_blank]
    nearest = min(
        printed,
        key=lambda n: (abs(sheet.glyphs[n].baseline - y), abs(sheet.glyphs[n].middle - x)),
        default=None,
    )
    found = None if nearest is None else _on_its_line(sheets, sheet, [nearest], "")
    return Placed("", found.span if found else None, Certainty.PAGE if found else Certainty.LOST)


def _of_row(sheets: Sheets, run: Run, *, is_there: bool) -> Placed:
    placed = searching.of_block(sheets.sources, run.path, run.line, "")
    return placed if is_there else Placed("", placed.span, Certainty.PAGE)


def _over(box: Box) -> Box:
    """Raise a rectangle that only underlines."""
    low = box.bottom - box.top < _LOW
    return Box(box.left, box.top - _RAISED, box.right, box.bottom) if low else box


def _letters_before(sheet: Sheet, run: Run, row: int, x: float) -> int:
    """Count the letters of a run before a point of a row."""
    return sum(
        (one.place[0], one.row) < (sheet.number, row)
        or (
            (one.place[0], one.row) == (sheet.number, row) and sheet.glyphs[one.place[1]].middle < x
        )
        for one in run.letters
    )


def _signs_before(sheet: Sheet, run: Run, count: int, row: int, x: float) -> str:
    """Give the signs and blanks between the last letter before a point of a row and the point."""
    page, last = run.letters[count - 1].place
    if page != sheet.number:
        return ""
    found: list[str] = []
    for n in range(last + 1, len(sheet.glyphs)):
        glyph = sheet.glyphs[n]
        if glyph.letters or (sheet.rows[n] == row and _middle(sheet, n) >= x):
            break
        if sheet.rows[n] >= 0:
            found.append(" " if glyph.is_blank else glyph.text)
    return re.sub(" +", " ", "".join(found))


def _middle(sheet: Sheet, n: int) -> float:
    """Give the middle of a character; PDFium puts a blank that it makes where the next word begins."""
    around = sheet.glyphs[max(0, n - 1) : n + 2]
    if sheet.glyphs[n].is_made and len(around) == 3 and not any(g.is_made for g in around[::2]):
        return (around[0].middle + around[2].middle) / 2
    return sheet.glyphs[n].middle


def _signs(sheet: Sheet, marked: Sequence[int]) -> tuple[str, str]:
    """Give the signs before the first letter of what was marked, and after the last."""
    glyphs = [sheet.glyphs[n] for n in marked]
    letters = [n for n, glyph in enumerate(glyphs) if glyph.letters]
    before, after = glyphs[: letters[0]], glyphs[letters[-1] + 1 :]
    return "".join(g.text for g in before), "".join(g.text for g in after)


def _quote(sheets: Sheets, sheet: Sheet, marked: Sequence[int]) -> str:
    """Give the words that were marked; those that TeX broke at the end of a line are joined."""
    chosen: list[Glyph] = []
    for before, n in zip([None, *marked], marked, strict=False):
        if before is not None:
            chosen += [sheet.glyphs[blank] for blank in _blanks(sheet, before, n)]
            if sheet.glyphs[before].text in HYPHENS and _is_broken(sheets, sheet, before, n):
                while chosen and (chosen[-1].is_blank or chosen[-1].text in HYPHENS):
                    chosen.pop()
        chosen.append(sheet.glyphs[n])
    return words(chosen)


def _blanks(sheet: Sheet, before: int, n: int) -> list[int]:
    """Give the blanks between two characters."""
    return [blank for blank in range(before + 1, n) if sheet.glyphs[blank].is_blank]


def _is_broken(sheets: Sheets, sheet: Sheet, hyphen: int, n: int) -> bool:
    """Tell whether a hyphen was put in at the end of a line: the source has none there."""
    if abs(sheet.glyphs[hyphen].baseline - sheet.glyphs[n].baseline) < _LEADING:
        return False
    known = sheets.run_of((sheet.number, n))
    if known is None:
        return False
    run, number = known
    low, high = sheets.aligned(run).gap(number)
    return "-" not in sheets.sources.text(run.path).text[low:high]
