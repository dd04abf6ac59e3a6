"""Faults: a diagnostic for the list, and a visible mark for the page."""

from __future__ import annotations

from collections.abc import Sequence

from geppetto.ast import Block, Inline, attr, div, para, span, text
from geppetto.diagnostics import Diagnostic, Location
from geppetto.model.places import Point
from geppetto.suggest import nearest


def mark(words: str) -> Inline:
    """Give the mark of a fault within a line."""
    return span(text(words), attr("", ["fault"]))


def mark_block(words: str) -> Block:
    """Give the mark of a fault that stands between paragraphs."""
    return div([para(text(words))], attr("", ["fault"]))


def everywhere(
    code: str, message: str, path: str, points: Sequence[Point], hint: str | None = None
) -> list[Diagnostic]:
    """Give one diagnostic for each place, or one for the file where no place is known."""
    if not points:
        return [Diagnostic(code, message, Location(path), hint)]
    return [Diagnostic(code, message, Location(path, *point), hint) for point in points]


def did_you_mean(word: str, words: Sequence[str], otherwise: str) -> str:
    """Give a hint that names the nearest right word, if there is one."""
    near = nearest(word, words)
    return f"Did you mean {near}?" if near else otherwise
