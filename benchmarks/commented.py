"""Comments on random words of a DOCX, as Word writes them."""

from __future__ import annotations

import copy
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from judging import Trial, Word, letters
from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PARTS = ("word/document.xml", "word/footnotes.xml")
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LINKS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
WORD = "http://schemas.microsoft.com/office/word/2012/wordml"


@dataclass(frozen=True)
class Set(Word):
    """A word of a DOCX: its part, its text element there, and its place in that.

    Its `page` is the number of its paragraph: a comment in a note ends in it.
    """

    part: int = 0
    element: int = 0
    start: int = 0
    end: int = 0


def words_of(file: Path) -> list[Word]:
    """Give the words of a DOCX, part by part, but those of the contents; each in one element."""
    found: list[Word] = []
    with zipfile.ZipFile(file) as archive:
        for number, name in enumerate(PARTS):
            if name in archive.namelist():
                found += _words(number, etree.fromstring(archive.read(name)))
    return found


def _texts(root: Any) -> list[Any]:
    return [
        one
        for one in root.iter(f"{W}t")
        if next(one.iterancestors(f"{W}sdt", f"{W}hyperlink"), None) is None
    ]


def _words(part: int, root: Any) -> Iterator[Word]:
    paragraphs: dict[Any, int] = {}
    for number, element in enumerate(_texts(root)):
        text, at = element.text or "", 0
        paragraph = next(element.iterancestors(f"{W}p"), None)
        page = paragraphs.setdefault(paragraph, len(paragraphs)) * len(PARTS) + part
        for piece in text.split(" "):
            if letters(piece):
                yield Set(page, letters(piece), (), False, part, number, at, at + len(piece))
            at += len(piece) + 1


def marked(file: Path, chosen: Sequence[Trial], to: Path) -> None:
    """Write a copy of a DOCX with a comment for each trial."""
    with zipfile.ZipFile(file) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    for number, name in enumerate(PARTS):
        own = [(n, one.words) for n, one in enumerate(chosen) if _part(one.words[0]) == number]
        if name in files:
            files[name] = _commented(files[name], own)
    said = "".join(
        f'<w:comment w:id="{n}" w:author="R" w:initials="R" w:date="2026-12-01T10:00:{n % 60:02}Z">'
        f"<w:p><w:r><w:t>remark {n}</w:t></w:r></w:p></w:comment>"
        for n in range(len(chosen))
    )
    files["word/comments.xml"] = f'<w:comments xmlns:w="{W[1:-1]}">{said}</w:comments>'.encode()
    files["word/commentsExtended.xml"] = f'<w15:commentsEx xmlns:w15="{WORD}"/>'.encode()
    links = etree.fromstring(files["word/_rels/document.xml.rels"])
    for kind in ("comments", "commentsExtended"):  # with the second, none answers another
        etree.SubElement(
            links, f"{LINKS}Relationship", Id=kind, Type=f"{RELATIONS}/{kind}", Target=f"{kind}.xml"
        )
    files["word/_rels/document.xml.rels"] = etree.tostring(links)
    types = etree.fromstring(files["[Content_Types].xml"])
    for kind in ("comments", "commentsExtended"):
        content = f"application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"
        etree.SubElement(
            types, f"{TYPES}Override", PartName=f"/word/{kind}.xml", ContentType=content
        )
    files["[Content_Types].xml"] = etree.tostring(types)
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)


def _part(word: Word) -> int:
    return word.part if isinstance(word, Set) else 0


def _commented(data: bytes, chosen: Sequence[tuple[int, Sequence[Word]]]) -> bytes:
    root = etree.fromstring(data)
    cuts: dict[int, list[tuple[int, int, list[Any]]]] = {}
    for number, words in chosen:
        first, last = words[0], words[-1]
        if isinstance(first, Set) and isinstance(last, Set):
            start = etree.Element(f"{W}commentRangeStart", {f"{W}id": str(number)})
            end = etree.Element(f"{W}commentRangeEnd", {f"{W}id": str(number)})
            reference = etree.Element(f"{W}r")
            etree.SubElement(reference, f"{W}commentReference", {f"{W}id": str(number)})
            cuts.setdefault(first.element, []).append((first.start, 1, [start]))
            cuts.setdefault(last.element, []).append((last.end, 0, [end, reference]))
    texts = _texts(root)
    for number, listed in cuts.items():
        _cut(texts[number], sorted(listed, key=lambda one: one[:2]))
    return etree.tostring(root)


def _cut(element: Any, cuts: Sequence[tuple[int, int, list[Any]]]) -> None:
    """Put marks between the pieces of a run, which get a run of their own each."""
    run, text, at = element.getparent(), element.text or "", 0
    if len([one for one in run if one.tag != f"{W}rPr"]) != 1:
        return
    for offset, _, marks in cuts:
        _piece(run, element, text[at:offset])
        for mark in marks:
            run.addprevious(mark)
        at = offset
    element.text = text[at:]


def _piece(run: Any, element: Any, text: str) -> None:
    if text:
        made = copy.deepcopy(run)
        made[run.index(element)].text = text
        run.addprevious(made)
