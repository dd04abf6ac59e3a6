"""What a page holds: counted for the manifest and for what the EPUB says of its accessibility."""

from __future__ import annotations

from dataclasses import dataclass

from geppetto.epub import contrast
from geppetto.epub.xhtml import MATHML, SVG, XHTML, Element

DRAWN = "formula"
"""The class of a formula that is a picture, or text."""
_H = f"{{{XHTML}}}"


@dataclass(frozen=True)
class Holdings:
    """What a page holds.

    `drawn` are formulas that are pictures, `jumps` headings that leave out a level,
    `wordless` links without words, `faint` texts that an author's own style makes so.
    """

    images: int = 0
    undescribed: int = 0
    formulas: int = 0
    drawings: int = 0
    drawn: int = 0
    jumps: int = 0
    wordless: int = 0
    faint: int = 0
    identifiers: frozenset[str] = frozenset()


def count(root: Element) -> Holdings:
    """Count what the page holds."""
    images = [i for i in root.iter(f"{_H}img") if i.get("role") != "presentation"]
    drawings = list(root.iter(f"{{{SVG}}}svg"))
    untitled = sum(drawing.find(f"{{{SVG}}}title") is None for drawing in drawings)
    return Holdings(
        images=len(images) + len(drawings),
        undescribed=sum(not (i.get("alt") or "").strip() for i in images) + untitled,
        formulas=sum(1 for _ in root.iter(f"{{{MATHML}}}math")),
        drawings=len(drawings),
        drawn=sum(DRAWN in (i.get("class") or "").split() for i in images),
        jumps=_jumps(root),
        wordless=sum(_is_wordless(link) for link in root.iter(f"{_H}a")),
        faint=sum(contrast.faint(f"p {{{e.get('style')}}}") is not None for e in _styled(root)),
        identifiers=frozenset(str(e.get("id")) for e in root.iter("*") if e.get("id")),
    )


def _jumps(root: Element) -> int:
    """Count the headings that are more than one level below the one before."""
    levels = [int(e.tag[-1]) for e in root.iter(*(f"{_H}h{n}" for n in range(1, 7)))]
    return sum(level > before + 1 for before, level in zip([0, *levels], levels, strict=False))


def _styled(root: Element) -> list[Element]:
    return [e for e in root.iter(f"{_H}*") if "color" in (e.get("style") or "")]


def _is_wordless(link: Element) -> bool:
    if link.get("href") is None or link.get("aria-label"):
        return False
    described = any((i.get("alt") or "").strip() for i in link.iter(f"{_H}img"))
    return not described and not "".join(map(str, link.itertext())).strip()
