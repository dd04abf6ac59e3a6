"""Bookmarks: of what is referred to, and of stops, by which a remark finds its line."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from geppetto.docx import marks, names
from geppetto.docx.xml import Element, make, properties, q, remove

START, END, PARAGRAPH = q("w:bookmarkStart"), q("w:bookmarkEnd"), q("w:p")


def place_stops(root: Element) -> None:
    """Put a bookmark in the place of each stop's mark, to the end of its paragraph.

    One between paragraphs (code has no marks within) goes into the next one.
    """
    numbers = itertools.count(1)
    for mark, (document, stop) in marks.found(root, marks.STOP):
        number = f"stop {next(numbers)}"
        start = make("bookmarkStart", id=number, name=names.stop(int(document), int(stop)))
        paragraph = next(mark.iterancestors(PARAGRAPH), None)
        if paragraph is not None:
            mark.addprevious(start)
        else:
            paragraph = _next_paragraph(mark)
            if paragraph is not None:
                _first(paragraph, start)
        if paragraph is not None:
            paragraph.append(make("bookmarkEnd", id=number))
        remove(mark)


def _next_paragraph(mark: Element) -> Element | None:
    for sibling in mark.itersiblings():
        if sibling.tag == PARAGRAPH:
            return sibling
        found = next(sibling.iter(PARAGRAPH), None) if isinstance(sibling.tag, str) else None
        if found is not None:
            return found
    return None


def _first(paragraph: Element, element: Element) -> None:
    known = properties(paragraph)
    known.addnext(element)


def number(roots: Sequence[Element]) -> None:
    """Number all bookmarks of the parts, one after the other; of two with one name, the first stays."""
    seen: set[str] = set()
    numbers = itertools.count(1)
    for root in roots:
        new: dict[str, str] = {}
        for start in list(root.iter(START)):
            name = start.get(q("w:name"), "").lower()
            if name in seen or not name:
                remove(start)
                continue
            seen.add(name)
            new[start.get(q("w:id"), "")] = str(next(numbers))
            start.set(q("w:id"), new[start.get(q("w:id"), "")])
        for end in list(root.iter(END)):
            if end.get(q("w:id"), "") in new:
                end.set(q("w:id"), new[end.get(q("w:id"), "")])
            else:
                remove(end)


def named(root: Element) -> Iterator[str]:
    """Give the names of a part's bookmarks."""
    for start in root.iter(START):
        yield start.get(q("w:name"), "")
