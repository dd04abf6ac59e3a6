"""Footnotes that are undefined, doubly defined, or never used.

Pandoc resolves notes while it reads and says little of what it could not:
an undefined one comes out as text, and of two definitions it takes the last.
"""

from __future__ import annotations

import re

from geppetto.ast import Block, Node, rewrite
from geppetto.diagnostics import Diagnostic
from geppetto.model.book import Chapter
from geppetto.model.places import Places
from geppetto.references.faults import did_you_mean, everywhere, mark

LABEL = re.compile(r"\[\^([^\]\s]+)\]")


def examine(chapter: Chapter, places: Places) -> list[Diagnostic]:
    """Find the faults of a chapter's footnotes."""
    defined, referred = places.note_definitions, places.note_references
    diagnostics: list[Diagnostic] = []
    for label, points in referred.items():
        if label not in defined:
            hint = did_you_mean(
                label, list(defined), f"Define it: a line that begins with [^{label}]:"
            )
            message = f"The footnote [^{label}] is defined nowhere in this chapter."
            diagnostics += everywhere("note-undefined", message, chapter.path, points, hint)
    for label, points in defined.items():
        if len(points) > 1:
            message = (
                f"The footnote [^{label}] is defined a second time; first on line {points[0][0]}."
            )
            hint = "Give one of the two another label."
            diagnostics += everywhere("note-duplicate", message, chapter.path, points[1:], hint)
        if label not in referred:
            message = f"The footnote [^{label}] is referred to nowhere, so it is not printed."
            hint = f"Put [^{label}] where the note belongs, or take the note away."
            diagnostics += everywhere("note-unused", message, chapter.path, points[:1], hint)
    return diagnostics


def with_doubled_marked(chapter: Chapter, places: Places) -> str:
    """Give the chapter's text with a visible mark in each doubly defined note.

    The mark stands on the definition's own line, so that no line moves.
    """
    lines = chapter.text.split("\n")
    for label, points in places.note_definitions.items():
        if len(points) < 2:
            continue
        for line, _ in points:
            head = f"[^{label}]:"
            sign = f"{head} [\\[\\^{label} is defined twice\\]]{{.fault}} "
            lines[line - 1] = lines[line - 1].replace(head, sign, 1)
    return "\n".join(lines)


def mark_undefined(blocks: list[Block], places: Places) -> list[Block]:
    """Set a visible mark where an undefined note is referred to."""
    undefined = places.note_references.keys() - places.note_definitions.keys()
    if not undefined:
        return blocks

    def change(node: Node) -> list[Node] | None:
        if node["t"] != "Str":
            return None
        pieces: list[Node] = []
        rest = node["c"]
        while match := LABEL.search(rest):
            if match[1] not in undefined:
                break
            if match.start():
                pieces.append({"t": "Str", "c": rest[: match.start()]})
            pieces.append(mark(f"[footnote ^{match[1]} is undefined]"))
            rest = rest[match.end() :]
        if not pieces:
            return None
        return [*pieces, {"t": "Str", "c": rest}] if rest else pieces

    changed: list[Block] = rewrite(blocks, change)
    return changed
