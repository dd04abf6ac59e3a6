"""What cover is asked for."""

from __future__ import annotations

from dataclasses import dataclass

from geppetto.covers import palette
from geppetto.covers.faces import Typecase
from geppetto.covers.palette import Palette
from geppetto.covers.texts import Texts


@dataclass(frozen=True)
class Order:
    """A cover's words and design; `seed` is what colours and drawing follow from."""

    texts: Texts
    design: str
    seed: bytes
    typecase: Typecase

    @property
    def palette(self) -> Palette:
        """The book's colours."""
        return palette.of(self.seed)
