"""The annotations of a PDF that a reviewer made, gathered to marks (ISO 32000-2, 12.5).

Programs differ. Acrobat and Foxit write a replacement as a caret and a strike-out
in one group; Preview, Okular and PDF.js write neither names nor groups; the
four corners of a quadrilateral come in any order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pikepdf

from geppetto.review.remarks import Kind, Reply
from geppetto.review.returned.pdf import shapes, strings
from geppetto.review.returned.pdf.shapes import Corners

MOST = 50_000
"""The annotations of a file that are looked at, at most."""
KINDS: Mapping[str, Kind] = {
    "/Highlight": Kind.HIGHLIGHT,
    "/Underline": Kind.UNDERLINE,
    "/Squiggly": Kind.SQUIGGLY,
    "/StrikeOut": Kind.STRIKEOUT,
    "/Redact": Kind.STRIKEOUT,
    "/Caret": Kind.CARET,
    "/Text": Kind.NOTE,
    "/FileAttachment": Kind.NOTE,
    "/Sound": Kind.NOTE,
    "/FreeText": Kind.TEXT,
    "/Ink": Kind.INK,
    "/Square": Kind.INK,
    "/Circle": Kind.INK,
    "/Line": Kind.INK,
    "/Polygon": Kind.INK,
    "/PolyLine": Kind.INK,
    "/Stamp": Kind.STAMP,
}
"""What of a page's annotations is a remark. Links, form fields and pop-ups are none."""
OVER_WORDS = frozenset(
    {Kind.HIGHLIGHT, Kind.UNDERLINE, Kind.SQUIGGLY, Kind.STRIKEOUT, Kind.REPLACEMENT}
)
"""What lies over the words that it speaks of."""
STATES = frozenset({"Accepted", "Rejected", "Cancelled", "Completed", "None"})
"""The states of the model "Review" (table 174)."""


@dataclass(frozen=True)
class Mark:
    """One annotation, or several that belong together.

    `name` is what its program calls it, else made of what does not change; it
    is unique on its page at most. `page` is the index of its page. `boxes` are
    what it covers, in reading order.
    """

    name: str
    kind: Kind
    page: int
    boxes: tuple[Corners, ...]
    author: str
    date: str
    text: str
    replacement: str | None = None
    replies: tuple[Reply, ...] = ()
    resolved: bool = False


@dataclass(frozen=True)
class _Annotation:
    """One annotation as it is written; `parent` is the number of that which it answers, or of its group."""

    number: int
    page: int
    subtype: str
    entries: Any
    key: Any
    name: str
    answers: Any
    is_grouped: bool

    @property
    def kind(self) -> Kind:
        return KINDS[self.subtype]

    @property
    def author(self) -> str:
        return strings.text(self.entries.get("/T"))

    @property
    def date(self) -> str:
        entries = self.entries
        return strings.date(entries.get("/CreationDate")) or strings.date(entries.get("/M"))

    @property
    def text(self) -> str:
        return _words(self.entries) or _words(self.entries.get("/Popup"))


def _words(entries: Any) -> str:
    """Give what an annotation says; some programs write it into its pop-up alone."""
    if not _is_mapping(entries):
        return ""
    return strings.text(entries.get("/Contents")) or strings.rich(entries.get("/RC"))


def marks(pdf: pikepdf.Pdf) -> list[Mark]:
    """Give the marks of a PDF, page by page, in the order in which they were made."""
    found = list(_annotations(pdf))
    parents = _parents(found)
    roots = {one.number: _root(one.number, parents) for one in found}
    threads: dict[int, list[_Annotation]] = {}
    for one in found:
        threads.setdefault(roots[one.number], []).append(one)
    return [_mark(found[number], thread) for number, thread in sorted(threads.items())]


def _annotations(pdf: pikepdf.Pdf) -> Iterator[_Annotation]:
    number = 0
    for index, page in enumerate(pdf.pages):
        listed = page.obj.get("/Annots")
        for entries in listed if isinstance(listed, pikepdf.Array) else ():
            subtype = _name(entries.get("/Subtype")) if _is_mapping(entries) else ""
            if subtype not in KINDS or number >= MOST:
                continue
            answers = entries.get("/IRT")
            key = entries.objgen if entries.is_indirect else None
            name = strings.text(entries.get("/NM"))
            is_grouped = _name(entries.get("/RT")) == "/Group"
            yield _Annotation(
                number, index, subtype, entries, key, name, _reference(answers), is_grouped
            )
            number += 1


def _is_mapping(value: Any) -> bool:
    return isinstance(value, pikepdf.Dictionary)


def _name(value: Any) -> str:
    return str(value) if isinstance(value, pikepdf.Name) else ""


def _reference(value: Any) -> Any:
    """Give what an annotation says it answers: an object, or its name (as in FDF)."""
    if isinstance(value, pikepdf.String):
        return strings.text(value)
    if _is_mapping(value):
        return value.objgen if value.is_indirect else strings.text(value.get("/NM"))
    return None


def _parents(found: Sequence[_Annotation]) -> dict[int, int]:
    """Give the number of that which each annotation answers, or whose group it is in."""
    known: dict[Any, int] = {}
    for one in found:
        for key in (one.key, one.name):
            if key:
                known.setdefault(key, one.number)
    answers = ((one.number, known.get(one.answers)) for one in found if one.answers)
    return {number: parent for number, parent in answers if parent not in (None, number)}


def _root(number: int, parents: Mapping[int, int]) -> int:
    """Give the first of a thread; of a thread that goes round, its least number."""
    seen = [number]
    while (parent := parents.get(seen[-1])) is not None:
        if parent in seen:
            return min(seen[seen.index(parent) :])
        seen.append(parent)
    return seen[-1]


def _mark(first: _Annotation, thread: Sequence[_Annotation]) -> Mark:
    """Make a mark of an annotation, those in its group, and the answers to it."""
    group = [first, *(one for one in thread if one.is_grouped and one is not first)]
    answers = [one for one in thread if one is not first and not one.is_grouped]
    kind, text, replacement = _said(group)
    replies = _replies(answers)
    states = [reply.state for reply in replies if reply.state]
    return Mark(
        first.name or _made_name(first),
        kind,
        first.page,
        _covered(kind, group),
        first.author,
        first.date,
        text,
        replacement,
        replies,
        resolved=bool(states) and states[-1] == "Completed",
    )


def _said(group: Sequence[_Annotation]) -> tuple[Kind, str, str | None]:
    """Give the kind of a group, what was said, and what is to stand instead."""
    first = group[0]
    carets = [one for one in group if one.kind is Kind.CARET]
    struck = [one for one in group if one.kind is Kind.STRIKEOUT]
    others = [one.text for one in group if one not in carets]
    if carets:
        proposed = "\n".join(dict.fromkeys(filter(None, (one.text for one in carets))))
        said = "\n".join(dict.fromkeys(text for text in others if text and text != proposed))
        if struck and not proposed:  # the words were typed at the strike-out
            proposed, said = said, ""
        kind = Kind.REPLACEMENT if struck else Kind.CARET
        return kind, said, proposed or ("" if struck else None)
    text = "\n".join(dict.fromkeys(filter(None, others))) or _shown(first)
    return first.kind, text, "" if first.kind is Kind.STRIKEOUT else None


def _shown(one: _Annotation) -> str:
    """Give what an annotation without words shows: the name of a stamp, or of a file."""
    if one.kind is Kind.STAMP:
        return _name(one.entries.get("/Name")).lstrip("/")
    file = one.entries.get("/FS")
    if _is_mapping(file):
        return strings.text(file.get("/UF")) or strings.text(file.get("/F"))
    return ""


def _replies(answers: Sequence[_Annotation]) -> tuple[Reply, ...]:
    """Give the answers in their order in time; a reader's own check marks are none."""
    made = []
    for one in answers:
        model = strings.text(one.entries.get("/StateModel"))
        state = strings.text(one.entries.get("/State"))
        if model == "Marked" or state in ("Marked", "Unmarked"):
            continue
        verdict = state if state in STATES else ""
        text = "" if verdict else one.text
        if text or verdict:
            made.append(Reply(one.author, one.date, text, verdict))
    return tuple(sorted(made, key=lambda reply: reply.date))


def _covered(kind: Kind, group: Sequence[_Annotation]) -> tuple[Corners, ...]:
    """Give what a group covers: of marks over words their quadrilaterals."""
    first = group[0]
    over = [one for one in group if one.kind in OVER_WORDS]
    if kind in OVER_WORDS and over:
        chosen = (
            over
            if kind is not Kind.REPLACEMENT
            else [one for one in over if one.kind is Kind.STRIKEOUT]
        )
        return tuple(box for one in chosen for box in shapes.quadrilaterals(one.entries))
    if first.subtype in ("/Ink", "/Line", "/Polygon", "/PolyLine"):
        return shapes.strokes(first.entries)
    if kind is Kind.TEXT and len(line := shapes.numbers_of(first.entries.get("/CL"))) >= 4:
        return ((line[0], line[1], line[0], line[1]),)  # where the callout's line points
    return shapes.rectangle(first.entries)


def _made_name(one: _Annotation) -> str:
    """Make a name of what does not change when the file is saved again."""
    numbers = shapes.numbers_of(one.entries.get("/QuadPoints")) or shapes.numbers_of(
        one.entries.get("/Rect")
    )
    place = " ".join(str(round(number)) for number in numbers)
    created = strings.date(one.entries.get("/CreationDate"))
    return f"{one.subtype} {place} {one.author} {created}"
