"""A draft's copies: the book's pages on larger paper, with margins, stamped for each reviewer.

Knows pikepdf. The pages are made ready and written once; of one copy and the next only
the foot, which all pages share, the sheet before them and the metadata differ, and
stand behind what is the same.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pikepdf import Array, Dictionary, Name, Page, Pdf, String

from geppetto.fonts.outlines import Outline
from geppetto.latex.finish import save, tidy
from geppetto.latex.increment import stream, updated
from geppetto.latex.joining import open_at_the_first_page
from geppetto.latex.margins import TALLER, WIDER, is_recto

FAINT = 0.94  # how light the watermark's grey is: text stands on it as on white
ACROSS = 0.55  # how much of the page's diagonal the watermark takes
LABEL = "Draft"
LENGTHS = frozenset({"/Length", "/Filter", "/DecodeParms"})
INFO = "pdfx"  # XMP's namespace for a PDF's own keys in Info


@dataclass(frozen=True)
class Stamp:
    """What tells one copy from the others: `index` of its sheet, its title, its key and value in Info."""

    index: int
    title: str
    key: str
    value: str


class Master:
    """The pages of a draft, ready for stamping; a context.

    `pages` are the numbers, from 1, that the pages of `book` have in the whole;
    `overlay` has a page for each of the whole, `whole` pages, and then two for
    each copy: what stands at the foot of every page, and the sheet.
    """

    def __init__(
        self, book: Path, pages: Sequence[int], overlay: Path, whole: int, mark: Outline | None
    ) -> None:
        self.book, self.overlay, self.whole = Pdf.open(book), Pdf.open(overlay), whole
        tidy(self.book)
        tidy(self.overlay)
        self.foot, self.sheet = (self._form(n) for n in (0, 1))
        watermark = None if mark is None else self._watermark(mark, self.overlay.pages[0])
        for number, page in zip(pages, self.book.pages, strict=True):
            self._ready(page, number, watermark)
        self.book.pages.insert(0, self._sheet_page())
        self._label()
        open_at_the_first_page(self.book)
        self.file = _File(self.book)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.file.close()
        self.book.close()
        self.overlay.close()

    def stamped(self, stamp: Stamp) -> bytes:
        """Give one copy."""
        place = self.whole + 2 * stamp.index
        contents = (self.overlay.pages[place + n].as_form_xobject().read_bytes() for n in (0, 1))
        return self.file.stamped(stamp, *contents)

    def _form(self, which: int) -> Any:
        """Make a form that can have the content of the feet, or of the sheets, of all copies."""
        form = self.book.make_stream(b"")
        pages = list(self.overlay.pages)[self.whole + which :: 2]
        form.stream_dict.update(_form(Array(pages[0].mediabox)))
        named: dict[str, dict[str, Any]] = {}
        for page in pages:
            held: Any = self.book.copy_foreign(page.as_form_xobject())
            for kind, resources in held.get("/Resources", Dictionary()).items():
                if isinstance(resources, Dictionary):
                    named.setdefault(kind, {}).update(resources.items())
        form.Resources = Dictionary({kind: Dictionary(own) for kind, own in named.items()})
        return form

    def _ready(self, page: Page, number: int, watermark: Any | None) -> None:
        """Give a page its larger paper, and what stands on it for every reader."""
        left, lower, right, upper = (float(side) for side in page.mediabox)
        wide = (left, right + WIDER) if is_recto(number) else (left - WIDER, right)
        box = [wide[0], lower - TALLER, wide[1], upper]
        page.obj.MediaBox = page.obj.CropBox = Array(box)
        margin = self.book.copy_foreign(self.overlay.pages[number - 1].as_form_xobject())
        forms = {"/GeppettoMargin": margin, "/GeppettoFoot": self.foot}
        before, after = b"q\n", _shown(forms, box[0], box[1])
        if watermark is not None:
            forms["/GeppettoMark"] = watermark
            before = _shown({"/GeppettoMark": watermark}, box[0], box[1]) + before
        for name, form in forms.items():
            page.add_resource(form, Name.XObject, Name(name))
        page.contents_add(before, prepend=True)
        page.contents_add(b"Q\n" + after)

    def _watermark(self, mark: Outline, page: Page) -> Any:
        """Draw the word across the page, rising, in outlines: it is no text."""
        width, height = (float(page.mediabox[n]) for n in (2, 3))
        size = ACROSS * (width**2 + height**2) ** 0.5 / mark.width
        length = (width**2 + height**2) ** 0.5
        cosine, sine = width / length, height / length
        along, up = mark.width * size / 2, mark.height * size / 2
        x = width / 2 - along * cosine + up * sine
        y = height / 2 - along * sine - up * cosine
        matrix = [size * cosine, size * sine, -size * sine, size * cosine, x, y]
        placed = " ".join(f"{number:.4f}" for number in matrix)
        form = self.book.make_stream(f"q {FAINT} g {placed} cm {mark.path} f Q".encode())
        form.stream_dict.update(_form(Array([0, 0, width, height])))
        return form

    def _sheet_page(self) -> Page:
        """Make the page before the first: what stands on it comes with each copy."""
        size = self.overlay.pages[0].mediabox
        content = self.book.make_stream(b"/GeppettoSheet Do")
        page = Dictionary(
            Type=Name.Page,
            MediaBox=Array(size),
            Resources=Dictionary(XObject=Dictionary({"/GeppettoSheet": self.sheet})),
            Contents=content,
        )
        return Page(self.book.make_indirect(page))

    def _label(self) -> None:
        """Let the other pages keep their labels (ISO 32000, 12.4.2)."""
        root = self.book.Root
        numbered: Any = Array([0, Dictionary(S=Name.D)])
        listed = list(root.PageLabels.Nums if "/PageLabels" in root else numbered)
        pairs = zip(listed[::2], listed[1::2], strict=True)
        later = [one for number, style in pairs for one in (int(number) + 1, style)]
        root.PageLabels = Dictionary(Nums=Array([0, Dictionary(P=String(LABEL)), *later]))


def _form(box: Array) -> dict[str, Any]:
    return {"/Type": Name.XObject, "/Subtype": Name.Form, "/BBox": box}


class _File:
    """The pages as they are written, and the numbers of the objects that each copy has its own of."""

    def __init__(self, book: Pdf) -> None:
        out = io.BytesIO()
        save(book, out)
        self.base = out.getvalue()
        self.read = Pdf.open(io.BytesIO(self.base))
        pages = self.read.pages
        self.foot: Any = pages[1].obj.Resources.XObject["/GeppettoFoot"]
        self.sheet: Any = pages[0].obj.Resources.XObject["/GeppettoSheet"]
        self.info, self.metadata = (
            self.read.trailer.Info.objgen[0],
            self.read.Root.Metadata.objgen[0],
        )

    def close(self) -> None:
        """Close what was read of it."""
        self.read.close()

    def stamped(self, stamp: Stamp, foot: bytes, sheet: bytes) -> bytes:
        """Give the file with one copy's foot, sheet and metadata."""
        read = self.read
        read.docinfo["/Title"] = String(stamp.title)
        read.docinfo[f"/{stamp.key}"] = String(stamp.value)
        with read.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
            metadata["dc:title"] = stamp.title
            metadata[f"{INFO}:{stamp.key}"] = stamp.value
        said = b"<< /Type /Metadata /Subtype /XML >>"
        objects = {
            self.foot.objgen[0]: stream(_dictionary(self.foot), foot),
            self.sheet.objgen[0]: stream(_dictionary(self.sheet), sheet),
            self.metadata: stream(said, read.Root.Metadata.read_bytes()),
            self.info: read.docinfo.unparse(resolved=True),
        }
        trailer = {"Root": f"{read.Root.objgen[0]} 0 R", "Info": f"{self.info} 0 R"}
        return updated(self.base, objects, trailer)


def _dictionary(form: Any) -> bytes:
    """Give what a form says, but of its length and filter."""
    kept = Dictionary({k: v for k, v in form.stream_dict.items() if k not in LENGTHS})
    return bytes(kept.unparse())


def _shown(forms: dict[str, Any], x: float, y: float) -> bytes:
    """Show forms with their lower left corner at a point, as artifacts (ISO 32000, 14.8.2.2)."""
    named = " ".join(f"{name} Do" for name in forms)
    return f"/Artifact BMC q 1 0 0 1 {x:.4f} {y:.4f} cm {named} Q EMC\n".encode()
