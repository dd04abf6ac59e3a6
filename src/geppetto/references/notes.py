"""Footnotes that are undefined, doubly defined, or never used.

Pandoc resolves notes while it reads and says little of what it could not: an
undefined one comes out as text, and of two definitions it takes one. So the
faults are marked in the text before Pandoc reads it: a doubled definition by a
span at its beginning, an undefined reference by private characters of the same
width (a reference may stand in a table whose columns count).
"""

from __future__ import annotations

import re

from geppetto.ast import Block, Node, rewrite
from geppetto.diagnostics import Diagnostic
from geppetto.model.places import Places
from geppetto.references.faults import everywhere, mark
from geppetto.suggest import nearest

FIRST, LAST = 0x100000, 0x10FFF0
FILLER = chr(0x10FFFD)
PLACEHOLDER = re.compile(f"([{chr(FIRST)}-{chr(LAST)}]){FILLER}+")
MARKUP = re.compile(r"([^\w\s-]|_)")


def examine(path: str, places: Places) -> list[Diagnostic]:
    """Find the faults of the footnotes of a chapter, or of what its YAML block says."""
    defined, referred = places.note_definitions, places.note_references
    diagnostics: list[Diagnostic] = []
    for label, points in referred.items():
        if label not in defined:
            near = nearest(label, defined)
            hint = f"Define it: a line that begins with [^{label}]:"
            hint = f"Did you mean [^{near}]?" if near else hint
            message = f"The footnote [^{label}] is defined nowhere in this chapter."
            diagnostics += everywhere("note-undefined", message, path, points, hint)
    for label, points in defined.items():
        if len(points) > 1:
            message = (
                f"The footnote [^{label}] is defined a second time; first on line {points[0][0]}."
            )
            hint = "Give one of the two another label."
            diagnostics += everywhere("note-duplicate", message, path, points[1:], hint)
        if label not in referred:
            message = f"The footnote [^{label}] is referred to nowhere, so it is not printed."
            hint = f"Put [^{label}] where the note belongs, or take the note away."
            diagnostics += everywhere("note-unused", message, path, points[:1], hint)
    return diagnostics


def with_faults(text: str, places: Places) -> str:
    """Give a text with the faults of its notes marked; no line moves."""
    edits: list[tuple[int, int, str, str]] = []
    for number, label in enumerate(_undefined(places)):
        old = f"[^{label}]"
        new = chr(FIRST + number) + FILLER * (len(old) - 1)
        edits += [(*point, old, new) for point in places.note_references[label]]
    for label, points in places.note_definitions.items():
        if len(points) > 1:
            old = f"[^{label}]:"
            words = MARKUP.sub(r"\\\1", f"[^{label} is defined twice]")
            edits += [(*point, old, f"{old} [{words}]{{.fault}} ") for point in points]
    if not edits:
        return text
    lines = text.split("\n")
    for line, column, old, new in sorted(edits, reverse=True):
        words, at = lines[line - 1], column - 1
        if words.startswith(old, at):
            lines[line - 1] = words[:at] + new + words[at + len(old) :]
    return "\n".join(lines)


def set_marks(blocks: list[Block], places: Places) -> list[Block]:
    """Set a visible mark where an undefined note is referred to."""
    undefined = _undefined(places)
    if not undefined:
        return blocks

    def change(node: Node) -> list[Node] | None:
        pieces: list[Node] = []
        for part in PLACEHOLDER.split(node["c"]):
            if len(part) == 1 and FIRST <= ord(part) < FIRST + len(undefined):
                pieces.append(mark(f"[footnote ^{undefined[ord(part) - FIRST]} is undefined]"))
            elif part:
                pieces.append({"t": "Str", "c": part})
        return pieces if len(pieces) > 1 or (pieces and pieces[0]["t"] != "Str") else None

    changed: list[Block] = rewrite(blocks, change, {"Str"})
    return changed


def _undefined(places: Places) -> list[str]:
    labels = [label for label in places.note_references if label not in places.note_definitions]
    return labels[: LAST - FIRST]
