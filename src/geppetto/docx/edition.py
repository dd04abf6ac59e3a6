"""Makes the DOCX: the resolved book in, the package's bytes and diagnostics out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from geppetto import images, pandoc, templates
from geppetto.diagnostics import Diagnostic
from geppetto.docx import (
    archive,
    bookmarks,
    code,
    directions,
    lists,
    look,
    openings,
    package,
    pictures,
    quotations,
    remarks,
    runs,
    sections,
    tables,
    whole,
)
from geppetto.docx.page import Page, lay_out
from geppetto.docx.whole import Order, Whole
from geppetto.docx.xml import parse, q, serialise
from geppetto.model.book import Resolved
from geppetto.progress.count import Tally
from geppetto.terms import direction

WHOLE = Order()


def build(
    resolved: Resolved,
    work: Path,
    *,
    epoch: int,
    order: Order = WHOLE,
    tally: Tally | None = None,
) -> tuple[bytes, list[Diagnostic]]:
    """Make the DOCX, and tally its documents.

    `work` keeps what is drawn; `epoch` (seconds since 1970) is the moment the book says it was changed;
    `order` says which documents are wanted, and whether their stops are to be
    bookmarks. Links to what is not in it are plain text; numbers are the whole book's.
    """
    settings = resolved.book.settings
    values = look.values(settings)
    page = lay_out(settings.pdf)
    dressed = templates.xml_environment(resolved.book.root), values
    ready, diagnostics = images.for_docx(resolved.images, work)
    names = {target: name for target, (name, _, _) in ready.items()}
    made = whole.assemble(resolved, order, names, dressed, tally or Tally())
    written, messages = pandoc.write_docx(
        made.blocks,
        archive.pack(package.reference(*dressed, page), epoch),
        {name: (kind, data) for name, data, kind in ready.values()},
        lang=settings.lang,
        direction=direction(settings.lang),
    )
    size = look.TABLE * look.face(settings.pdf, settings.lang).size
    way = direction(settings.lang)
    parts = _finished(archive.unpack(written), made, page, size, leftward=way == "rtl")
    parts = package.furnish(parts, made.sections, dressed, epoch)
    wanted = [document for _, document in order.of(resolved)]
    diagnostics += remarks.unconverted(wanted, messages)
    diagnostics += remarks.links(wanted, made.links)
    return archive.pack(parts, epoch), diagnostics


def _finished(
    parts: Mapping[str, bytes], made: Whole, page: Page, size: float, *, leftward: bool
) -> dict[str, bytes]:
    """Finish the text, the notes and the lists that Pandoc wrote; tables are of a size."""
    document, notes = parse(parts[package.DOCUMENT]), parse(parts[package.FOOTNOTES])
    body = document.find(q("w:body"))
    if body is None:
        raise RuntimeError("Pandoc wrote a document without a body")
    roots: Sequence[Any] = (document, notes)
    for root in roots:
        bookmarks.place_stops(root)
        quotations.indent(root)
        lists.tidy(root)
        code.tidy(root)
        tables.tidy(root, page, size)
        openings.outdent(root)
        runs.tidy(root)
        directions.straighten(root, leftward=leftward)
    sections.close(body, made.sections, page, package.heads(made.sections))
    bookmarks.number(roots)
    pictures.tidy(roots, page)
    numbering = parse(parts[package.NUMBERING])
    lists.number(numbering)
    return {
        **parts,
        package.DOCUMENT: serialise(document),
        package.FOOTNOTES: serialise(notes),
        package.NUMBERING: serialise(numbering),
    }
