"""What every edition is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from geppetto.diagnostics import Diagnostic


@dataclass(frozen=True)
class Workshop:
    """Where an edition works: the build folder, the book's time, how faults are taken."""

    folder: Path
    epoch: int
    lenient: bool
    on_step: Callable[[str], None]


@dataclass(frozen=True)
class Made:
    """A finished edition, not yet in its place; `file` is absent where errors stopped it.

    `beside` are files that belong to it, by what they are named in its suffix's stead.
    """

    kind: str
    file: Path | None
    count: int
    unit: str
    diagnostics: tuple[Diagnostic, ...] = ()
    beside: Mapping[str, bytes] = field(default_factory=dict)
