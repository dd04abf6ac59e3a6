"""Tracked changes made whole: the ends of paragraphs, and rows, that came or went with their words.

Pandoc makes `w:ins` and `w:del` of words alone. Without the same on the mark that
ends a paragraph (ISO/IEC 29500-1, 17.13.5.15 and .20) or on a row (17.13.5.12 and
.16), an empty one would stay when a deletion is accepted. A link cannot stand in a
change (CT_RunTrackChange), as Pandoc puts it; a change can stand in a link. Changes
get numbers of their own, for an identifier stands once in a document.
"""

from __future__ import annotations

from geppetto.docx import archive
from geppetto.docx.package import DOCUMENT, FOOTNOTES
from geppetto.docx.xml import Element, make, parse, properties, q, remove, serialise

_KINDS = {q("w:ins"): "ins", q("w:del"): "del"}
_INK = frozenset({q("w:r"), q("w:hyperlink"), q("m:oMath"), q("m:oMathPara"), *_KINDS})
# What may stand behind the properties of a paragraph's mark (CT_PPr).
_AFTER = (q("w:sectPr"), q("w:pPrChange"))


def whole(data: bytes, epoch: int) -> bytes:
    """Give the package with its tracked changes whole."""
    parts = archive.unpack(data)
    number = 0
    for name in (DOCUMENT, FOOTNOTES):
        root = parse(parts[name])
        for row in list(root.iter(q("w:tr"))):
            _end_row(row)
        for paragraph in list(root.iter(q("w:p"))):
            _end_paragraph(paragraph)
        for change in list(root.iter(*_KINDS)):
            _part(change)
        for change in root.iter(*_KINDS):
            number += 1
            change.set(q("w:id"), str(number))
        parts[name] = serialise(root)
    return archive.pack(parts, epoch)


def _part(change: Element) -> None:
    """Part a change at the links in it; each link gets a change of its own, around its words."""
    link = change.find(q("w:hyperlink"))
    if link is None:
        return
    behind, within = _same(change), _same(change)
    behind.extend(list(link.itersiblings()))
    within.extend(list(link))
    link.append(within)
    change.addnext(link)
    if len(behind):
        link.addnext(behind)
        _part(behind)
    if not len(change):
        remove(change)


def _change(paragraph: Element) -> Element | None:
    """Give the change that all of a paragraph is part of, if it is one."""
    held = [one for one in paragraph if one.tag in _INK]
    kinds = {one.tag for one in held}
    return held[0] if len(kinds) == 1 and held[0].tag in _KINDS else None


def _same(change: Element) -> Element:
    """Make a change by the same hand, of what has no words."""
    made = make(_KINDS[str(change.tag)])
    for name in ("w:author", "w:date"):
        made.set(q(name), change.get(q(name), ""))
    return made


def _end_paragraph(paragraph: Element) -> None:
    """Let a paragraph's end come or go with it; a cell's last paragraph has to stay."""
    parent, change = paragraph.getparent(), _change(paragraph)
    if change is None or parent is None or parent.tag in {q("w:tc"), q("w:footnote")}:
        return
    known = properties(paragraph)
    marks = known.find(q("w:rPr"))
    if marks is None:
        marks = make("rPr")
        at = next((n for n, one in enumerate(known) if one.tag in _AFTER), len(known))
        known.insert(at, marks)
    marks.insert(0, _same(change))


def _end_row(row: Element) -> None:
    """Let a row come or go with all that its cells say."""
    said = [one for one in row.iter(q("w:p")) if any(part.tag in _INK for part in one)]
    changes = [_change(one) for one in said]
    kinds = {None if one is None else one.tag for one in changes}
    if len(kinds) != 1 or changes[0] is None:
        return
    known = row.find(q("w:trPr"))
    if known is None:
        known = make("trPr")
        row.insert(1 if len(row) and row[0].tag == q("w:tblPrEx") else 0, known)
    known.append(_same(changes[0]))
