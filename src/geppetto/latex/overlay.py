"""What is laid over the pages of a draft, set by LuaLaTeX: margins, feet, sheets.

The words come from authors and of reviewers' names, in any script, and have the book's faces.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from geppetto import fonts
from geppetto.diagnostics import Diagnostic, ExitCode, GeppettoError
from geppetto.latex import alone
from geppetto.latex.margins import TALLER, WIDER, Margin, is_recto
from geppetto.model.settings import Settings
from geppetto.sheet import Sheet

NAME = "draft"


@dataclass(frozen=True)
class Edge:
    """Where the book's page ends within the larger one, by the page's number; PDF points."""

    width: float
    wider: float = WIDER
    taller: float = TALLER

    def left(self, page: int) -> float:
        """Give where the book's page begins."""
        return 0.0 if is_recto(page) else self.wider

    def x(self, page: int) -> float:
        """Give where its outer edge is."""
        return self.width if is_recto(page) else self.wider


@dataclass(frozen=True)
class Overlay:
    """The overlay of one book, and the copies that are made of it.

    Its PDF has a page for each of `margins`, then two for each of `sheets`: what
    stands at the foot of every page, and the sheet before the first.
    """

    margins: Sequence[Margin]
    sheets: Sequence[Sheet]


@dataclass(frozen=True)
class Laid:
    """An overlay's PDF, the face it is set in, and what characters no font has."""

    pdf: Path
    face: fonts.Face | None
    diagnostics: list[Diagnostic]


def typeset(overlay: Overlay, settings: Settings, root: Path, work: Path, epoch: int) -> Laid:
    """Set the overlay in the folder `work`.

    Raises:
        GeppettoError: LuaLaTeX is missing, or could not set it.
    """
    plan, _ = fonts.plan(settings.pdf, "".join(_words(overlay)), [settings.lang])
    first = overlay.margins[0]
    run = alone.typeset(
        NAME,
        settings,
        plan,
        root=root,
        work=work,
        epoch=epoch,
        margins=overlay.margins,
        sheets=overlay.sheets,
        size=(first.width, first.height),
        edge=Edge(first.width - WIDER),
    )
    if run.pdf is None or not run.ok:
        raise _failed(run.log)
    return Laid(run.pdf, plan.roman_face, _missing(plan))


def _words(overlay: Overlay) -> Iterator[str]:
    yield "0123456789:·"
    for margin in overlay.margins:
        yield from (mark.words for mark in margin.marks)
        yield from (words for note in margin.notes for words in note.words)
    for sheet in overlay.sheets:
        yield from (sheet.title, sheet.heading, sheet.foot, *sheet.lines, *sheet.invitation)


def _missing(plan: fonts.FontPlan) -> list[Diagnostic]:
    if not plan.missing:
        return []
    listed = ", ".join(f"U+{ord(character):04X}" for character in plan.missing)
    says = f"No installed font has {listed} for the margins and sheets of the draft."
    return [Diagnostic("draft-glyph", says, hint="'geppetto doctor' names the fonts to install.")]


def _failed(log: str) -> GeppettoError:
    says = "LaTeX could not set the margins of the draft."
    hint = "If the book has a templates/latex/draft.tex of its own, mend it or take it away."
    return alone.failed(log, says, hint, ExitCode.MACHINERY)
