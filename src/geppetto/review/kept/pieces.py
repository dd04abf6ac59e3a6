"""Edits of the pieces of an entry in a file of remarks: its fields, its quotations."""

from __future__ import annotations

from geppetto.review.kept import sheets
from geppetto.review.kept.sheets import Part
from geppetto.review.kept.texts import Edit


def section(part: Part, name: str, words: str, text: str) -> Edit:
    """Set a quotation, behind the others where there is none yet."""
    piece = part.piece(name)
    if piece is not None:
        return Edit(piece.start, min(piece.end, len(text)), sheets.section(name, words))
    return lines(end_of_sections(part, text), "\n" + sheets.section(name, words), text)


def end_of_sections(part: Part, text: str) -> int:
    """Give where the last quotation of an entry ends."""
    pieces = part.sections or part.fields
    title = part.start + len(text[part.start :].split("\n", 1)[0]) + 1
    return min(pieces[-1].end if pieces else title, len(text))


def field(part: Part, name: str, value: str, text: str) -> Edit:
    """Set a field; an empty value takes its line away."""
    piece = part.piece(name)
    line = sheets.field_line(name, value) if value else ""
    if piece is not None:
        return Edit(piece.start, min(piece.end, len(text)), line)
    if part.fields:
        return lines(min(part.fields[-1].end, len(text)), line, text)
    return lines(part.start + len(text[part.start :].split("\n", 1)[0]) + 1, "\n" + line, text)


def lines(at: int, written: str, text: str) -> Edit:
    """Put lines in; what stands before ends its own line."""
    at = min(at, len(text))
    return Edit(at, at, written if text[:at].endswith("\n") else "\n" + written)
