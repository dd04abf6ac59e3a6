"""A document of Geppetto's own that is set beside the book, in the book's faces: by one template."""

from __future__ import annotations

from pathlib import Path

from geppetto import terms
from geppetto.diagnostics import Diagnostic, ExitCode, GeppettoError
from geppetto.fonts import FontPlan
from geppetto.latex import engine
from geppetto.latex.faces import faces, specifications
from geppetto.latex.language import language
from geppetto.latex.page import lay_out
from geppetto.latex.parts import babel_options, lua
from geppetto.latex.setting import Setting
from geppetto.model.settings import Settings
from geppetto.templates import Tex, latex_environment, render


def typeset(  # noqa: PLR0913 - the book, where it stands and is set, and what is set
    name: str,
    settings: Settings,
    plan: FontPlan,
    *,
    root: Path,
    work: Path,
    epoch: int,
    has_math: bool = False,
    **values: object,
) -> engine.Run:
    """Set the template `name`.tex, which is given `values` beside what the book's own are given.

    Raises:
        GeppettoError: LuaLaTeX is missing, or the template has a fault.
    """
    setting = Setting(
        settings=settings,
        fonts=plan,
        page=lay_out(settings.pdf, None),
        language=language(settings.lang),
        words=terms.terms(settings.lang),
        has_math=has_math,
    )
    text = render(
        latex_environment(root),
        f"{name}.tex",
        book=settings,
        setting=setting,
        page=setting.page,
        fonts=plan,
        faces=faces(plan),
        command=lambda command: Tex(f"\\{command}"),
        lua=lua,
        babel_options=babel_options,
        **values,
    )
    return engine.typeset(
        {f"{name}.tex": text},
        work,
        jobname=name,
        epoch=epoch,
        fonts=specifications(plan),
        read=(root,),
    )


def failed(log: str, says: str, hint: str, exit_code: ExitCode) -> GeppettoError:
    """Say that it could not be set, with what LuaLaTeX stopped at."""
    fault = next((line for line in log.splitlines() if line.startswith(("!", "./"))), "")
    detail = fault or log[-2000:]
    return GeppettoError(Diagnostic("latex-error", says, hint=hint, detail=detail), exit_code)
