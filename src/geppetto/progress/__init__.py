"""What a build is at: its steps, as they begin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # most builds find no change, and count nothing
    from geppetto.progress.count import Count
    from geppetto.progress.estimate import Past


@dataclass(frozen=True)
class Step:
    """A step that begins. By `kind`, else by its name, it is known in the next build."""

    name: str
    count: Count | None = None
    kind: str = ""
    past: Past | None = None


OnStep = Callable[[Step], None]
"""What is told of each step as it begins."""
