"""What a finished edition holds: its text page by page, and what is counted."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pypdfium2 as pdfium
from lxml import etree
from pypdfium2.raw import FPDF_PAGEOBJ_FORM, FPDF_PAGEOBJ_IMAGE

from geppetto.verification.ink import ink

GRAM = 12  # letters that tell a passage from any other
XHTML = "{http://www.w3.org/1999/xhtml}"
EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
OFFICE_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MOST = 256 * 1024**2
"""Bytes of a DOCX's part, unpacked: a book has less, and more may be meant to harm."""
_TEX = re.compile(r"\$[^$]+\$")  # a formula that Word shows as it was written
_UNREAD = frozenset({"head", "script", "style", "annotation", "annotation-xml", "math"})
# Mathematical Alphanumeric Symbols, and those letters that older blocks already had.
_MATHEMATICAL = re.compile("[\U0001d400-\U0001d7cb\u210a-\u2113\u211b-\u2131\u2133\u2134]")


@dataclass(frozen=True)
class Page:
    """One page, or one document of an EPUB: its ink, and where its lines end in it.

    `images` are the heights of a page's pictures, in points.
    """

    text: str
    ends: tuple[int, ...] = ()
    images: tuple[float, ...] = ()


@dataclass(frozen=True)
class Edition:
    """A finished edition. What it has no count of is None.

    `alternatives` are the ink of the pictures' alternative texts, `tables` that of
    the tables, `formulas` the alternative texts of the mathematics (TeX's source,
    without blanks), `letters` the letters that stand in it.
    """

    name: str
    pages: tuple[Page, ...]
    alternatives: Counter[str] | None = None
    notes: int | None = None
    tables: tuple[str, ...] | None = None
    formulas: Counter[str] | None = None
    letters: Counter[str] | None = None

    @cached_property
    def text(self) -> str:
        """The ink of all pages, parted by blanks."""
        return " ".join(page.text for page in self.pages)

    @cached_property
    def grams(self) -> Counter[str]:
        """How often each passage of GRAM letters stands on a page."""
        return Counter(gram for page in self.pages for gram in grams(page.text))


def grams(text: str) -> Iterator[str]:
    """Give every passage of GRAM letters."""
    return (text[i : i + GRAM] for i in range(len(text) - GRAM + 1))


def read(path: Path) -> Edition:
    """Read a PDF, an EPUB or a DOCX.

    Raises:
        ValueError: the file is neither, or broken.
    """
    try:
        if path.suffix.lower() == ".pdf":
            return _pdf(path)
        if path.suffix.lower() == ".epub":
            return _epub(path)
        if path.suffix.lower() == ".docx":
            return _docx(path)
    except (pdfium.PdfiumError, zipfile.BadZipFile, etree.LxmlError, KeyError, ValueError) as fault:
        raise ValueError(f"{path.name} cannot be read: {fault}") from fault
    raise ValueError(f"{path.name} is no PDF, no EPUB and no DOCX")


def _pdf(path: Path) -> Edition:
    document = pdfium.PdfDocument(path)
    try:
        pages, math = [], Counter[str]()
        for page in document:
            text = page.get_textpage().get_text_range()
            math.update(_MATHEMATICAL.findall(text))
            pages.append(_page(text.splitlines(), _pictures(page)))
    finally:
        document.close()
    return Edition("PDF", tuple(pages), letters=_letters(math))


def _pictures(page: pdfium.PdfPage) -> tuple[float, ...]:
    kinds = [FPDF_PAGEOBJ_IMAGE, FPDF_PAGEOBJ_FORM]
    bounds = (found.get_bounds() for found in page.get_objects(filter=kinds, max_depth=1))
    return tuple(top - bottom for _, bottom, _, top in bounds)


def _letters(math: Counter[str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for letter, count in math.items():
        found[ink(letter)] += count
    return found


def _page(lines: list[str], images: tuple[float, ...] = ()) -> Page:
    pieces, ends, length = [], [], 0
    for line in lines:
        piece = ink(line)
        pieces.append(piece)
        length += len(piece)
        ends.append(length)
    return Page("".join(pieces), tuple(ends), images)


def _epub(path: Path) -> Edition:
    with zipfile.ZipFile(path) as archive:
        trees = [etree.fromstring(archive.read(name)) for name in _spine(archive)]
    images = [image for tree in trees for image in tree.iter(f"{XHTML}img")]
    return Edition(
        "EPUB",
        tuple(Page(ink("".join(_text(tree)))) for tree in trees),
        alternatives=Counter(ink(i.get("alt", "")) for i in images if not _is_formula(i)),
        notes=sum(1 for t in trees for a in t.iter(f"{XHTML}aside") if _is_note(a)),
        tables=tuple(ink("".join(_text(x))) for t in trees for x in t.iter(f"{XHTML}table")),
        formulas=Counter(squeezed(said) for tree in trees for said in _formulas(tree)),
    )


def _formulas(tree: etree._Element) -> Iterator[str]:
    """Give the TeX of formulas: of MathML, of pictures, and of those that are text."""
    yield from (math.get("alttext", "") for math in tree.iter("{*}math"))
    yield from (i.get("alt", "") for i in tree.iter(f"{XHTML}img") if _is_formula(i))
    yield from (s.get("data-tex", "") for s in tree.iter(f"{XHTML}span") if _is_formula(s))


def _is_formula(element: etree._Element) -> bool:
    return "formula" in element.get("class", "").split()


def _docx(path: Path) -> Edition:
    """Read what Word shows: the text in one piece, and each note in one of its own."""
    with zipfile.ZipFile(path) as archive:
        document, held = (_part(archive, name) for name in ("document", "footnotes"))
    notes = [note for note in held.iter(f"{WORD}footnote") if note.get(f"{WORD}type") is None]
    trees = [document, *notes]
    tables = [table for tree in trees for table in tree.iter(f"{WORD}tbl") if _is_table(table)]
    marks = sum(1 for tree in notes for style in tree.iter(f"{WORD}rStyle") if _is_mark(style))
    formulas = (text.text or "" for tree in trees for text in tree.iter(f"{OFFICE_MATH}t"))
    shown = [*formulas, *(found for tree in trees for found in _TEX.findall(_words(tree)))]
    return Edition(
        "DOCX",
        tuple(Page(ink(_words(tree))) for tree in trees),
        alternatives=Counter(
            ink(one.get("descr", "")) for tree in trees for one in tree.iter("{*}docPr")
        ),
        notes=len(notes) + marks // 2,
        tables=tuple(ink(_words(table)) for table in tables),
        letters=Counter(letter for formula in shown for letter in ink(formula)),
    )


def _part(archive: zipfile.ZipFile, name: str) -> etree._Element:
    entry = archive.getinfo(f"word/{name}.xml")
    if entry.file_size > MOST:
        raise ValueError(f"its {entry.filename} is larger than {MOST >> 20} MiB")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    return etree.fromstring(archive.read(entry), parser)


def _words(element: etree._Element) -> str:
    """Give the text of paragraphs; the contents say nothing that does not stand below."""
    out: list[str] = []
    for one in element.iter(f"{WORD}t", f"{WORD}p", f"{WORD}br", f"{WORD}tab"):
        if one.tag != f"{WORD}t":
            out.append(" ")
        elif not any(_is_contents(above) for above in one.iterancestors(f"{WORD}sdt")):
            out.append(one.text or "")
    return "".join(out)


def _is_contents(part: etree._Element) -> bool:
    return any(
        one.get(f"{WORD}val") == "Table of Contents" for one in part.iter(f"{WORD}docPartGallery")
    )


def _is_table(table: etree._Element) -> bool:
    """Tell whether a table is the author's, not one by which a figure or formula is placed."""
    style = table.find(f"{WORD}tblPr/{WORD}tblStyle")
    return style is None or style.get(f"{WORD}val") not in {"FigureTable", "EquationTable"}


def _is_mark(style: etree._Element) -> bool:
    """Tell whether a style is that of the mark of a note in a note, which stands there twice."""
    return style.get(f"{WORD}val") == "NoteMark"


def squeezed(formula: str) -> str:
    """Give a formula's source without blanks."""
    return "".join(formula.split())


def _is_note(aside: etree._Element) -> bool:
    return aside.get(EPUB_TYPE, "") in {"footnote", "endnote"}


def _spine(archive: zipfile.ZipFile) -> list[str]:
    """Give the documents in reading order (EPUB 3.3, 5.6 and 5.7), the cover left out."""
    container = etree.fromstring(archive.read("META-INF/container.xml"))
    package = next(container.iter("{*}rootfile")).get("full-path", "")
    opf = etree.fromstring(archive.read(package))
    items = {item.get("id"): item for item in opf.iter("{*}item")}
    folder = posixpath.dirname(package)
    listed = (items[ref.get("idref")] for ref in opf.iter("{*}itemref"))
    names = (posixpath.join(folder, item.get("href", "")) for item in listed)
    return [name for name in names if not posixpath.basename(name).startswith("cover")]


def _text(element: etree._Element) -> Iterator[str]:
    """Give the text that a reader sees; nothing of formulas and marks of notes."""
    tag = etree.QName(element).localname if isinstance(element.tag, str) else "head"
    unread = tag in _UNREAD or (tag == "span" and _is_formula(element))
    if not unread and element.get(EPUB_TYPE) != "noteref":
        yield element.text or ""
        for child in element:
            yield from _text(child)
            yield child.tail or ""
