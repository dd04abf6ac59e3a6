"""Drawings of covers turned into pictures and PDF by rsvg-convert."""

from __future__ import annotations

from pathlib import Path

from geppetto import tools
from geppetto.diagnostics import Diagnostic, ExitCode, GeppettoError

_FOLDERS = (
    Path("/usr/share/texmf/fonts/opentype"),
    Path("/usr/share/texmf-dist/fonts/opentype"),
)


def renderer() -> Path:
    """Find rsvg-convert.

    Raises:
        GeppettoError: it is not installed.
    """
    return tools.require(
        "rsvg-convert",
        "renders the cover",
        "Install it: apt install librsvg2-bin, dnf install librsvg2-tools or brew install librsvg.",
    )


def to_png(svg: bytes, work: Path, width: int, height: int) -> bytes:
    """Draw an SVG as PNG, so many pixels wide and high at the most."""
    return _drawn(svg, work, ["--format=png", f"--width={width}", f"--height={height}", "-a"])


def to_pdf(svg: bytes, work: Path) -> bytes:
    """Draw an SVG of our own as PDF, in its own size; a picture in it may be large."""
    return _drawn(svg, work, ["--format=pdf", "--unlimited"])


def _drawn(svg: bytes, work: Path, options: list[str]) -> bytes:
    fonts = _fonts(work)
    result = tools.run(
        [renderer(), *options],
        access=tools.Access(read=(fonts,)),
        stdin=svg,
        environment={"FONTCONFIG_FILE": str(fonts), "SOURCE_DATE_EPOCH": "0"},
    )
    if result.returncode != 0:
        words = result.stderr.decode(errors="replace")
        said = Diagnostic("tool-failed", "The cover could not be rendered.", detail=words)
        raise GeppettoError(said, ExitCode.MACHINERY)
    return result.stdout


def _fonts(work: Path) -> Path:
    """Write a font configuration that adds TeX's OpenType faces to the system's.

    Debian shows fontconfig only the Type 1 forms of TeX Gyre, which Pango cannot use.
    """
    lines = [f"<dir>{folder}</dir>" for folder in _FOLDERS if folder.is_dir()]
    path = work / "fonts.conf"
    work.mkdir(parents=True, exist_ok=True)
    path.write_text(
        '<?xml version="1.0"?>\n<fontconfig>\n'
        '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>\n'
        + "\n".join(lines)
        + "\n<selectfont><rejectfont><glob>*.pfb</glob></rejectfont></selectfont>\n</fontconfig>\n",
        encoding="utf-8",
    )
    return path
