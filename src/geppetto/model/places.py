"""Where things stand in a chapter's source: lines and columns counted from 1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Point = tuple[int, int]
Points = Mapping[str, Sequence[Point]]


@dataclass(frozen=True)
class Places:
    """The places of a chapter's keys, labels, identifiers and targets, each in reading order."""

    citations: Points = field(default_factory=dict)
    note_references: Points = field(default_factory=dict)
    note_definitions: Points = field(default_factory=dict)
    identifiers: Points = field(default_factory=dict)
    images: Points = field(default_factory=dict)
    links: Points = field(default_factory=dict)


PIECES = ("title", "epigraph", "source")
"""The keys of a chapter's YAML block that hold Markdown."""


def piece(path: str, key: str) -> str:
    """Name what a key of a chapter's YAML block says: its file, `#` and the key."""
    return f"{path}#{key}"


def file_of(name: str) -> str:
    """Give the file of a chapter or of a piece of one; a file's own name may have a `#`."""
    path, _, key = name.rpartition("#")
    return path if path and key in PIECES else name
