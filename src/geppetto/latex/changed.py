"""What changed between two revisions as LaTeX: a run of inlines in a mark (`model.changes`)."""

from __future__ import annotations

import re

from geppetto.ast import Inline
from geppetto.latex import pieces
from geppetto.latex.rewriting import Context, anchor, inlines, latex, wrapped
from geppetto.model.changes import CHANGE, Mark, mark_of

# What numbers or parts a display, and so cannot stand in the box in which a changed one is set.
_UNBOXED = re.compile(r"\\(?:tag|label|notag|nonumber|intertext|\\begin\{multline)")


def is_old(node: Inline) -> bool:
    """Tell whether a node is a mark on what the new revision does not hold here."""
    mark = mark_of(node)
    return mark is not None and mark.kind.is_old


def run(node: Inline, context: Context, formula: str) -> list[Inline]:
    """Set a mark's inlines; `formula` is the mark's display as LaTeX, if it holds one alone."""
    mark = _mark(node)
    attributes, content = node["c"]
    said = _said(content)
    kind = said[0]["t"] if len(said) == 1 else ""
    place = anchor(attributes[0])
    if formula:
        tracing = [one for one in content if pieces.is_mark(one)]
        shown = f"\\[{place}{in_display(node, formula)}\\]"
        return [*tracing, *wrapped(f"\\changedhere{{{mark.kind}}}{{", [latex(shown)])]
    name = {"Note": "changedhere", "Image": "changedimage"}.get(kind, "changed")
    before = [latex(f"\\leavevmode{place}")] if place else []
    return [*before, *wrapped(f"\\{name}{{{mark.kind}}}{{", inlines(content, context))]


def display(node: Inline) -> Inline | None:
    """Give the formula that a mark holds, where that is a display and stands alone."""
    said = _said(node["c"][1]) if CHANGE in node else []
    alone = len(said) == 1 and said[0]["t"] == "Math" and said[0]["c"][0]["t"] == "DisplayMath"
    return said[0] if alone else None


def in_display(node: Inline, formula: str) -> str:
    """Give a display's formula, in a box that marks it if the node is a mark."""
    mark = mark_of(node)
    if mark is None or _UNBOXED.search(formula):
        return formula
    return f"\\changedformula{{{mark.kind}}}{{{formula}}}"


def _mark(node: Inline) -> Mark:
    mark = mark_of(node)
    if mark is None:
        raise ValueError("not a mark")
    return mark


def _said(content: list[Inline]) -> list[Inline]:
    return [one for one in content if not pieces.is_mark(one)]
