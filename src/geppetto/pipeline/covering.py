"""The steps from the book to its covers: the front as a picture, and each printer's sheet."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from geppetto import config, fonts, store, stores, templates
from geppetto.covers import geometry, picture, printed, proof, rendering, wrap
from geppetto.covers.geometry import INCH, Box, Demands, Sheet
from geppetto.covers.order import Order
from geppetto.covers.picture import Cut
from geppetto.covers.texts import Texts
from geppetto.covers.wrap import Wanted, Wrap
from geppetto.diagnostics import Diagnostic, ordered
from geppetto.epub import cover
from geppetto.model.book import Book
from geppetto.model.settings import trim_size
from geppetto.progress import OnStep, Step
from geppetto.stores import Cover, Store


@dataclass(frozen=True)
class Printed:
    """A printer's cover: its print file and the proof; sheet and spine are inches."""

    store: Store
    file: Path
    proof: Path
    width: float
    height: float
    spine: float


@dataclass(frozen=True)
class Covers:
    """The covers of a book: the front as a JPEG, a sheet for each printer, what there is to say."""

    front: Path
    printed: tuple[Printed, ...]
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True)
class Job:
    """What all sheets of a book share; `work` is a folder for files on the way."""

    book: Book
    order: Order
    pages: int
    work: Path

    @property
    def texts(self) -> Texts:
        """The cover's words."""
        return self.order.texts


def make(
    book: Book, pages: int, printers: Iterable[Store], folder: Path, on_step: OnStep
) -> Covers:
    """Make the covers for a book of so many printed pages, in a folder.

    Written are `cover.jpg`, and for each of the stores that print `cover-KEY.pdf` and
    `cover-KEY-proof.pdf`. No date is in them: KDP wants no metadata, and what
    makes PDF/X of a file gives it its own.

    Raises:
        GeppettoError: rsvg-convert is missing, or the author's picture cannot be had.
    """
    on_step(Step("drawing the cover"))
    with store.workspace() as work:
        front = folder / "cover.jpg"
        store.write_bytes(front, front_jpeg(book, work))
        job = Job(book, cover.ordered(book), pages, work)
        made, diagnostics = [], list[Diagnostic]()
        for one in printers:
            if one.cover is not None:
                on_step(Step(f"drawing the cover for {one.name}", kind="drawing the cover"))
                sheet, said = _print(job, one, one.cover, folder)
                made.append(sheet)
                diagnostics += said
    return Covers(front, tuple(made), ordered(diagnostics))


def front_jpeg(book: Book, work: Path) -> bytes:
    """Give the e-book's cover as a JPEG that is small enough for every shop."""
    sizes = (one.ebook for one in stores.every().values())
    most = min(size.cover_bytes for size in sizes if size.cover_bytes is not None)
    long = cover.SIZE[1]
    data = cover.make(book, templates.xml_environment(book.root), work).data
    with Image.open(io.BytesIO(data)) as image:
        if image.format == "JPEG" and len(data) <= most:
            return data
        flat = image.convert("RGB")
    flat.thumbnail((long, long))
    for quality in (90, 80, 70, 60):
        out = io.BytesIO()
        flat.save(out, "JPEG", quality=quality, optimize=True)
        if out.tell() <= most:
            break
    return out.getvalue()


def _print(job: Job, one: Store, demands: Cover, folder: Path) -> tuple[Printed, list[Diagnostic]]:
    """Draw a printer's sheet and its proof."""
    caliper, said = _caliper(job.book, one, demands, job.pages)
    spine = geometry.spine_width(job.pages, caliper)
    sheet = _sheet(job, demands, spine)
    reserved = _reserved(sheet, demands)
    cut, coarse = _picture(job, sheet, demands.ppi)
    wanted = Wanted(job.pages >= demands.spine_text_pages, reserved)
    made = wrap.compose(job.order, sheet, wanted, cut)
    said += [*coarse, *_said(job, one, demands, made)]
    file, proved = folder / f"cover-{one.key}.pdf", folder / f"cover-{one.key}-proof.pdf"
    store.write_bytes(file, _drawn(job, made, sheet))
    store.write_bytes(proved, _proved(job, one, made, sheet))
    whole = sheet.whole
    return Printed(one, file, proved, whole.width / INCH, whole.height / INCH, spine), said


def _sheet(job: Job, demands: Cover, spine: float) -> Sheet:
    width, height = map(geometry.points, trim_size(job.book.settings.pdf.trim))
    asked = Demands(
        demands.bleed, spine, demands.safe, demands.spine_text_margin, demands.barcode_margin
    )
    return geometry.lay_out((width, height), asked, leftward=job.texts.leftward)


def _reserved(sheet: Sheet, demands: Cover) -> Box | None:
    if demands.barcode is None:
        return None
    width, height = demands.barcode
    return sheet.corner(width * INCH, height * INCH)


def _picture(job: Job, sheet: Sheet, ppi: int) -> tuple[Cut | None, list[Diagnostic]]:
    """Cut the author's picture, where there is one, and say whether it is too coarse."""
    settings = job.book.settings
    target = picture.named(settings)
    if target is None:
        return None, []
    shape = wrap.picture_shape(sheet)
    cut = picture.cut(job.book.root, target, job.work, shape, leftward=sheet.leftward)
    if cut.ppi >= ppi:
        return cut, []
    keys = ("cover", "image") if settings.cover.image else ("epub", "cover")
    needed = " × ".join(str(round(side / INCH * ppi)) for side in shape)
    says = f"The cover's picture {target} has {cut.ppi:.0f} pixels to the inch in print."
    hint = f"Printers ask for {ppi}: take one of {needed} pixels or more."
    return cut, [Diagnostic("cover-image-coarse", says, config.place(job.book.root, *keys), hint)]


def _caliper(book: Book, one: Store, demands: Cover, pages: int) -> tuple[float, list[Diagnostic]]:
    """Give how thick a page is, in inches; where nobody knows, say so."""
    own = book.settings.print
    known = demands.thickness(own.stock, own.thickness)
    if known is not None:
        return known, []
    assumed = demands.caliper_assumed[own.stock]
    spine = geometry.spine_width(pages, assumed)
    says = (
        f"{one.name} does not say how thick its paper is: the spine is {spine:.3f} in broad, "
        f"by {assumed:g} in a page, as other printers have it."
    )
    hint = (
        f"Ask {one.name}'s cover template generator for the spine of your book, divide it by "
        "the pages, and give that in book.yaml: `print: {caliper: 0.0025in}`."
    )
    return assumed, [
        Diagnostic("cover-spine-assumed", says, config.place(book.root, "print"), hint)
    ]


def _said(job: Job, one: Store, demands: Cover, made: Wrap) -> Iterator[Diagnostic]:
    """Say what is missing on a sheet, or was cut."""
    root = job.book.root
    if made.bare:
        least = demands.spine_text_pages
        why = f"; {one.name} prints text from {least} pages on" if job.pages < least else ""
        yield Diagnostic(
            "cover-spine-bare",
            f"The spine of a book of {job.pages} pages is too narrow for text{why}.",
            config.place(root, "title"),
            "Nothing need be done: thin books have bare spines.",
        )
    if not job.texts.isbn and demands.barcode is None:
        yield Diagnostic(
            "cover-isbn-missing",
            f"The cover for {one.name} has no barcode, since the book has no ISBN.",
            config.place(root, "identifier"),
            "Give the printed book's ISBN in book.yaml: `identifier: {isbn-13: …}`.",
        )
    for name in made.cut:
        yield _cut(root, name)
    yield from (
        fonts.missing_glyph(letter, config.place(root, "title")) for letter in sorted(made.missing)
    )


def _cut(root: Path, name: str) -> Diagnostic:
    """Say which text was too long."""
    own = name.removeprefix("spine's ")
    keys = ("cover", "blurb") if own == "blurb" else (own,)
    place = config.place(root, *keys)
    if own == "blurb" and place == config.place(root, "cover"):
        place = config.place(root, "description")
    where = {"blurb": "the back"}.get(own, "the front" if name == own else "the spine")
    return Diagnostic(
        "cover-text-cut",
        f"The {own} is too long for {where} of the cover, and ends there with “…”.",
        place,
        "Shorten it, or name a picture of your own as `cover: image`."
        if own != "blurb"
        else "Give a shorter one for the cover: `cover: blurb` in book.yaml.",
    )


def _drawn(job: Job, made: Wrap, sheet: Sheet) -> bytes:
    environment = templates.xml_environment(job.book.root)
    svg = templates.render(environment, "cover/wrap.svg", **made.values)
    return printed.finish(rendering.to_pdf(svg.encode(), job.work), sheet)


def _proved(job: Job, one: Store, made: Wrap, sheet: Sheet) -> bytes:
    back = made.values["back"]
    symbol = getattr(back, "symbol", None)
    area = symbol.box if symbol else getattr(back, "reserved", None)
    lines = proof.of(sheet, area)
    legend = (
        f"{job.texts.title}: cover for {one.name}, {job.pages} pages. "
        f"A proof to look at: upload cover-{one.key}.pdf, which has none of these lines."
    )
    environment = templates.xml_environment(job.book.root)
    svg = templates.render(
        environment, "cover/proof.svg", **made.values, proof=lines, legend=legend
    )
    return printed.finish_proof(rendering.to_pdf(svg.encode(), job.work), lines.paper)
