"""From a typeset PDF to a printer's file: stripped, flat, of few inks, blank at the end, and named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import pikepdf
from pikepdf import Pdf

from geppetto.diagnostics import Diagnostic, ExitCode, GeppettoError, Severity
from geppetto.printing import colour, flattening, sheets, standards, stripping
from geppetto.printing.inks import Target
from geppetto.printing.standards import Statement
from geppetto.stores import Store


@dataclass(frozen=True)
class Wanted:
    """For whom a print file is made: the printer, its inks, what the file says of itself."""

    store: Store
    target: Target
    said: Statement


@dataclass(frozen=True)
class Finished:
    """A print file: its content, its pages, and what was rendered or could not be turned."""

    data: bytes
    pages: int
    diagnostics: tuple[Diagnostic, ...] = ()


def finish(pdf: Path, wanted: Wanted) -> Finished:
    """Make a printer's file of a typeset PDF; the same PDF gives the same bytes.

    Raises:
        GeppettoError: the PDF cannot be read.
    """
    demands = wanted.store.print
    if demands is None:
        raise ValueError(f"{wanted.store.name} prints no books")

    def last(document: Pdf) -> None:
        sheets.fill(document, demands)
        sheets.box(document)

    return _made(pdf, wanted, last)


def finish_cover(pdf: Path, wanted: Wanted, bleed: float) -> Finished:
    """Make a printer's file of a cover, which is cut so many inches within its paper, all round.

    A cover in inks cannot be PDF/X-4 without a profile of the press: it is PDF/X-1a.

    Raises:
        GeppettoError: the PDF cannot be read.
    """
    if wanted.said.standard == "x-4":
        wanted = replace(wanted, said=replace(wanted.said, standard="x-1a"))
    return _made(pdf, wanted, lambda document: sheets.box(document, bleed))


def _made(pdf: Path, wanted: Wanted, last: Callable[[Pdf], None]) -> Finished:
    demands = wanted.store.print
    ink_max = (demands.ink_max if demands else None) or colour.INK_MAX
    try:
        with Pdf.open(pdf) as document:
            stripping.strip(document)
            flat = flattening.flatten(document)
            left = colour.convert(document, wanted.target, ink_max)
            last(document)
            standards.state(document, wanted.said)
            pages = len(document.pages)
            return Finished(_written(document, wanted), pages, tuple(_told(flat, left, wanted)))
    except (pikepdf.PdfError, TypeError, AttributeError, LookupError) as fault:
        says = f"{pdf.name} could not be made a print file."
        hint = "Build again; if it stays so, the fault is Geppetto's."
        found = Diagnostic("output-failed", says, hint=hint, detail=str(fault))
        raise GeppettoError(found, ExitCode.MACHINERY) from fault


def _written(document: Pdf, wanted: Wanted) -> bytes:
    out = BytesIO()
    standards.save(document, out, wanted.said.standard)
    return out.getvalue()


def _told(flat: flattening.Flattened, left: list[str], wanted: Wanted) -> list[Diagnostic]:
    """Say what was rendered, and what could not be turned."""
    told = []
    for pages, what in ((flat.drawings, "drawings"), (flat.pages, "everything")):
        if pages:
            says = (
                f"For {wanted.store.name}, {what} on page {_listed(pages)} became a picture at "
                "600 dots an inch: things show through each other there."
            )
            hint = "Draw without transparency if lines must stay lines."
            told.append(Diagnostic("print-transparency", says, hint=hint, severity=Severity.NOTE))
    for what in left:
        says = f"For {wanted.store.name}, on {what} keeps its colours: they cannot be read."
        told.append(
            Diagnostic("print-colour", says, hint="Put a picture in grey in its place, as PNG.")
        )
    return told


def _listed(pages: tuple[int, ...]) -> str:
    return ", ".join(map(str, pages))
