"""Raw text of a format that no edition sets: said, since it would vanish without a word."""

from __future__ import annotations

from collections.abc import Sequence

from geppetto.ast import HTML_FORMATS, RAW, TEX_FORMATS, Block, nodes
from geppetto.diagnostics import Diagnostic, Location
from geppetto.model.book import Chapter
from geppetto.suggest import nearest

SET = TEX_FORMATS | HTML_FORMATS
KNOWN = (*sorted(SET), "context", "docbook", "docx", "icml", "man", "ms", "odt", "opendocument",
         "openxml", "pptx", "rst", "rtf", "texinfo", "typst")  # fmt: skip
"""Names of formats that Pandoc's writers take raw text of."""


def examine(chapter: Chapter, blocks: Sequence[Block]) -> list[Diagnostic]:
    """Give a warning for each raw text that stands in no edition, at its place."""
    found: list[Diagnostic] = []
    seen: dict[str, int] = {}
    for node in nodes(list(blocks), RAW):
        form = node["c"][0]
        if form not in SET:
            seen[form] = _after(chapter.text, f"{{={form}}}", seen.get(form, 0))
            found.append(_ignored(form, _place(chapter, seen[form])))
    return found


def _after(text: str, mark: str, position: int) -> int:
    """Give the end of the next mark, or stay where there is no other."""
    start = text.find(mark, position)
    return start + len(mark) if start >= 0 else position


def _place(chapter: Chapter, end: int) -> Location:
    if not end:
        return Location(chapter.path)
    start = chapter.text.rfind("{", 0, end)
    line_start = chapter.text.rfind("\n", 0, start) + 1
    return Location(chapter.path, chapter.text.count("\n", 0, start) + 1, start - line_start + 1)


def _ignored(form: str, place: Location) -> Diagnostic:
    near = None if form in KNOWN else nearest(form, KNOWN)
    hint = "Raw LaTeX, {=latex}, is for the PDF; raw HTML, {=html}, is for the EPUB."
    return Diagnostic(
        "raw-ignored",
        f"The raw text for '{form}' stands in no edition.",
        place,
        f"Did you mean {{={near}}}?" if near else hint,
    )
