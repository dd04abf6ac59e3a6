"""Comments in a DOCX: threads of them, each on a range of its words (ISO/IEC 29500-1, 17.13.4).

Which comment answers which stands in a part of its own ([MS-DOCX] 2.5.1,
commentsExtended): there a comment is known by its last paragraph.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field

from lxml import etree

from geppetto.docx.archive import TYPES
from geppetto.docx.package import CONTENT, OFFICE, RELATED, RELATIONS
from geppetto.docx.xml import Element, W, make, parse, q, serialise
from geppetto.templates import xml

COMMENTS, EXTENDED = "word/comments.xml", "word/commentsExtended.xml"
_W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
_W15 = "http://schemas.microsoft.com/office/word/2012/wordml"
_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml.{}+xml"
_LEADS = {
    "comments": f"{OFFICE}/comments",
    "commentsExtended": "http://schemas.microsoft.com/office/2011/relationships/commentsExtended",
}
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_DATE = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?")


@dataclass(frozen=True)
class Comment:
    """A comment: whose, when (ISO 8601, empty for unknown), its paragraphs, the comments that answer it."""

    author: str
    date: str
    initials: str
    paragraphs: tuple[str, ...]
    replies: tuple[Comment, ...] = ()


@dataclass(frozen=True, eq=False)
class Range:
    """Where a comment stands: from a letter of an element `w:t` up to one of another.

    `start` and `end` count the letters of their elements that stand before. What is
    no text counts as one.
    """

    first: Element
    start: int
    last: Element
    end: int

    @property
    def is_point(self) -> bool:
        """Whether it holds no letter."""
        return self.first is self.last and self.start == self.end


@dataclass
class _Boundary:
    """What stands between two letters: ends of ranges, ranges without letters, starts."""

    ends: list[str] = field(default_factory=list)
    points: list[str] = field(default_factory=list)
    starts: list[str] = field(default_factory=list)


def outside(extent: Range, document: Element) -> Range:
    """Give a range as it may stand: of words of a note it is the word before the note's mark.

    LibreOffice (7.4) opens no document that has a comment within a note, and loses
    the words of notes that stand before a comment on their mark.
    """
    note = next(extent.first.iterancestors(q("w:footnote")), None)
    if note is None:
        return extent
    key = note.get(q("w:id"))
    marks = (one for one in document.iter(q("w:footnoteReference")) if one.get(q("w:id")) == key)
    mark = next(marks)
    before = None
    for one in next(mark.iterancestors(q("w:p"))).iter(q("w:t"), q("w:footnoteReference")):
        if one is mark:
            break
        before = one if one.tag == q("w:t") and (one.text or "").strip() else before
    if before is None:
        return Range(mark, 0, mark, 1)
    words = before.text or ""
    end = len(words.rstrip())
    return Range(before, words.rfind(" ", 0, end) + 1, before, end)


def put(placed: Sequence[tuple[Range, Comment]]) -> list[tuple[str, str, Comment]]:
    """Mark ranges in the trees that their elements are of.

    Gives all comments, answers behind what they answer, with their ids and those of
    the comments that they answer (empty for none).
    """
    listed: list[tuple[str, str, Comment]] = []
    boundaries: dict[tuple[Element, int], _Boundary] = {}
    for extent, comment in placed:
        first = str(len(listed))
        listed.append((first, "", comment))
        for reply in comment.replies:
            listed.append((str(len(listed)), first, reply))
        keys = [key for key, _, _ in listed[int(first) :]]
        start = boundaries.setdefault((extent.first, extent.start), _Boundary())
        if extent.is_point:
            start.points += keys
            continue
        start.starts += keys
        boundaries.setdefault((extent.last, extent.end), _Boundary()).ends += keys
    for (element, at), boundary in sorted(boundaries.items(), key=lambda one: -one[0][1]):
        _mark(element, at, boundary)
    return listed


def parts(
    held: Mapping[str, bytes], listed: Sequence[tuple[str, str, Comment]]
) -> dict[str, bytes]:
    """Give the parts of a package with those of its comments."""
    if not listed:
        return dict(held)
    made = _paragraph_ids(listed)
    return {
        **held,
        COMMENTS: _comments(listed, made),
        EXTENDED: _extended(listed, made),
        RELATED: _related(held[RELATED]),
        TYPES: _typed(held[TYPES]),
    }


def _mark(element: Element, at: int, boundary: _Boundary) -> None:
    """Put the marks of a boundary between two runs; the marks of comments stand outside of links."""
    before, after = _cut(element, at)
    marks = [make("commentRangeEnd", id=key) for key in boundary.ends]
    for key in boundary.points:
        marks += [make("commentRangeStart", id=key), make("commentRangeEnd", id=key)]
    marks += [make("commentRangeStart", id=key) for key in boundary.starts]
    for mark in marks if after is not None else reversed(marks):
        if after is not None:
            after.addprevious(mark)
        elif before is not None:
            before.addnext(mark)
    keys = [*boundary.ends, *boundary.points]
    ended = next(one for one in marks if one.tag == q("w:commentRangeEnd")) if keys else None
    if ended is not None:
        _refer(ended, keys)


def _refer(ended: Element, keys: Sequence[str]) -> None:
    """Put the references to comments behind the marks of their ends, as children of the paragraph."""
    place = ended
    while (parent := place.getparent()) is not None and parent.tag != q("w:p"):
        place = parent
    while (after := place.getnext()) is not None and after.tag in {
        q("w:commentRangeEnd"),
        q("w:commentRangeStart"),
    }:
        if after.get(q("w:id")) not in keys:
            break
        place = after
    for key in reversed(keys):
        place.addnext(make("r", make("commentReference", id=key)))


def _cut(element: Element, at: int) -> tuple[Element | None, Element | None]:
    """Cut the run of an element at a letter; give the run before the cut, or that behind it."""
    run = element.getparent()
    if run is None:
        raise ValueError("letters stand in a run")
    words = element.text or ""
    ahead = [one for one in element.itersiblings(preceding=True) if one.tag != q("w:rPr")]
    if at <= 0 and not ahead:
        return None, run
    if at >= len(words) and element.getnext() is None:
        return run, None
    new = make("r")
    style = run.find(q("w:rPr"))
    if style is not None:
        new.append(deepcopy(style))
    behind = list(element.itersiblings())
    if 0 < at < len(words):
        rest = make("t")
        rest.text, element.text = words[at:], words[:at]
        for one in (rest, element):
            one.set(_SPACE, "preserve")
        new.append(rest)
    elif at <= 0:
        new.append(element)
    new.extend(behind)
    run.addnext(new)
    return run, new


def _paragraph_ids(listed: Sequence[tuple[str, str, Comment]]) -> dict[str, list[str]]:
    """Number the paragraphs of comments: 8 figures, below 80000000 ([MS-DOCX] 2.6.2.3)."""
    taken = {0}
    made: dict[str, list[str]] = {}
    for key, _, comment in listed:
        made[key] = []
        for number, words in enumerate(comment.paragraphs):
            name = f"{comment.initials}\n{number}\n{words}"
            value = int(hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:8], 16)
            value &= 0x7FFFFFFF
            while value in taken:
                value = (value + 1) & 0x7FFFFFFF
            taken.add(value)
            made[key].append(f"{value:08X}")
    return made


def _comments(
    listed: Sequence[tuple[str, str, Comment]], made: Mapping[str, Sequence[str]]
) -> bytes:
    root = etree.Element(q("w:comments"), nsmap={"w": W, "w14": _W14, "mc": _MC})
    root.set(f"{{{_MC}}}Ignorable", "w14")
    for key, _, comment in listed:
        one = make("comment", id=key, author=xml(comment.author))
        if date := _date(comment.date):
            one.set(q("w:date"), date)
        one.set(q("w:initials"), xml(comment.initials))
        one.extend(_paragraphs(comment, made[key]))
        root.append(one)
    return serialise(root)


def _paragraphs(comment: Comment, names: Sequence[str]) -> Iterator[Element]:
    for name, words in zip(names, comment.paragraphs, strict=True):
        run = make("r")
        for number, line in enumerate(xml(words).split("\n")):
            if number:
                run.append(make("br"))
            text = make("t")
            text.text = line
            text.set(_SPACE, "preserve")
            run.append(text)
        paragraph = make("p", run)
        paragraph.set(f"{{{_W14}}}paraId", name)
        yield paragraph


def _date(date: str) -> str:
    """Give a date as XML Schema has it (dateTime); nothing for what is none."""
    match = _DATE.match(date)
    if match is None:
        return ""
    day, _, time = match[0].partition("T")
    if not time:
        return f"{day}T00:00:00Z"
    return f"{day}T{time}" if match[2] else f"{day}T{time[:5]}:00{time[5:]}"


def _extended(
    listed: Sequence[tuple[str, str, Comment]], made: Mapping[str, Sequence[str]]
) -> bytes:
    root = etree.Element(f"{{{_W15}}}commentsEx", nsmap={"w15": _W15})
    for key, answers, _ in listed:
        one = etree.SubElement(root, f"{{{_W15}}}commentEx")
        one.set(f"{{{_W15}}}paraId", made[key][-1])
        if answers:
            one.set(f"{{{_W15}}}paraIdParent", made[answers][-1])
        one.set(f"{{{_W15}}}done", "0")
    return serialise(root)


def _related(data: bytes) -> bytes:
    root = parse(data)
    for name, kind in _LEADS.items():
        etree.SubElement(
            root, f"{{{RELATIONS}}}Relationship", Id=name, Type=kind, Target=f"{name}.xml"
        )
    return serialise(root)


def _typed(data: bytes) -> bytes:
    root = parse(data)
    for name in _LEADS:
        etree.SubElement(
            root,
            f"{{{CONTENT}}}Override",
            PartName=f"/word/{name}.xml",
            ContentType=_KIND.format(name),
        )
    return serialise(root)
