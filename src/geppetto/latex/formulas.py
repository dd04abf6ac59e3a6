"""Formulas as pictures: all of a book in one run of LuaLaTeX, in the book's own faces."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from PIL import Image

from geppetto import fonts
from geppetto.diagnostics import ExitCode, GeppettoError
from geppetto.images import rendering
from geppetto.latex import alone, engine
from geppetto.latex.inlines import fitting_math
from geppetto.latex.page import lay_out
from geppetto.model.formulas import Drawn, Formula
from geppetto.model.settings import Settings
from geppetto.templates import Tex

NAME = "formulas"
MARGIN = 0.5
"""Points of white around each."""
EM = 50
"""Pixels to the em: 300 to the inch where the text is of 12 points."""
_SCALED = 65536
"""Scaled points in a point of TeX's."""
_BIG = 72 / 72.27
"""PDF points in one of TeX's."""
_MEASURED = re.compile(r"^@formula (\d+) (-?\d+) (-?\d+)$", re.MULTILINE)


def draw(
    formulas: Sequence[Formula], settings: Settings, root: Path, work: Path, epoch: int
) -> Mapping[Formula, Drawn]:
    """Set and draw each formula once; `work` is the folder where LuaLaTeX works.

    Raises:
        GeppettoError: LuaLaTeX is missing, or stopped at one of them.
    """
    wanted = list(dict.fromkeys(formulas))
    if not wanted:
        return {}
    run = _run(wanted, settings, root, work, epoch)
    measured = _MEASURED.findall(run.log)
    if run.pdf is None or not run.ok or len(measured) != len(wanted):
        raise _failed(run.log)
    size = lay_out(settings.pdf, None).size
    pictures = rendering.pages(run.pdf, EM / (size * _BIG))
    return {
        formula: _drawn(formula, picture, [int(number) / _SCALED / size for number in numbers])
        for formula, picture, numbers in zip(wanted, pictures, measured, strict=True)
    }


def _drawn(formula: Formula, picture: Image.Image, measures: Sequence[float]) -> Drawn:
    """Make the picture: of a display only what is inked, of others all that TeX measured."""
    dpi = EM * 6  # where the text is of 12 points
    if formula.display:
        cut = rendering.ink(picture, margin=2)
        return Drawn(rendering.png(cut, dpi), cut.width / EM, cut.height / EM, 0.0)
    width, height, depth = measures
    return Drawn(rendering.png(picture, dpi), width, height + depth, depth)


def _run(
    wanted: Sequence[Formula], settings: Settings, root: Path, work: Path, epoch: int
) -> engine.Run:
    characters = "".join(formula.source for formula in wanted)
    plan, _ = fonts.plan(settings.pdf, characters, [settings.lang], math=characters)
    return alone.typeset(
        NAME,
        settings,
        plan,
        root=root,
        work=work,
        epoch=epoch,
        has_math=True,
        formulas=wanted,
        source=lambda formula: Tex(fitting_math(formula.source).strip()),
        margin=MARGIN,
    )


def _failed(log: str) -> GeppettoError:
    says = "LaTeX could not set the formulas of the EPUB for Kindle."
    hint = "Build the PDF: it names the formula. 'geppetto pdf' stops at the same fault."
    return alone.failed(log, says, hint, ExitCode.MANUSCRIPT)
