"""Code: its lines numbered where they are to be, pieces in a row kept two, long ones broken."""

from __future__ import annotations

from geppetto.docx import marks
from geppetto.docx.xml import Element, make, put, q, remove, style_of

STYLE, GAP = "SourceCode", "TableEnd"
NO_BREAK_SPACE = "\u00a0"
WHOLE = 16
"""Lines of code that stand on one page together."""
RANGES = frozenset({q("w:bookmarkStart"), q("w:bookmarkEnd")})


def tidy(root: Element) -> None:
    """Finish the code of a part."""
    for mark, (start,) in marks.found(root, marks.LINES):
        following = next((p for p in mark.itersiblings() if style_of(p) == STYLE), None)
        if following is not None:
            _number(following, int(start))
        remove(mark)
    for paragraph in list(root.iter(q("w:p"))):
        if style_of(paragraph) == STYLE:
            _part(paragraph)
            _let_break(paragraph)


def _number(paragraph: Element, start: int) -> None:
    """Put a line's number before each line, all of one width."""
    breaks = list(paragraph.iter(q("w:br")))
    width = len(str(start + len(breaks)))
    first = paragraph.find(q("w:r"))
    places = [first, *(one.getparent() for one in breaks)]
    for number, place in enumerate(places, start):
        if place is None:
            continue
        text = make("t")
        text.text = f"{number:>{width}}  ".replace(" ", NO_BREAK_SPACE)
        run = make("r", make("rPr", make("rStyle", val="LineNumber")), text)
        if place is first:
            place.addprevious(run)
        else:
            place.addnext(run)


def _part(paragraph: Element) -> None:
    """Put a small paragraph between two pieces: Word would set one border around both."""
    siblings = paragraph.itersiblings(preceding=True)
    before = next((one for one in siblings if one.tag not in RANGES), None)
    if before is not None and style_of(before) == STYLE:
        paragraph.addprevious(make("p", make("pPr", make("pStyle", val=GAP))))


def _let_break(paragraph: Element) -> None:
    """Let a long piece be broken, which would else begin on a page of its own."""
    if sum(1 for _ in paragraph.iter(q("w:br"))) >= WHOLE:
        put(paragraph, "keepLines", val=0)
