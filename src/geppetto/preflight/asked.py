"""What a print file is asked to be: the printer, the book's own choices, a cover or pages."""

from __future__ import annotations

from dataclasses import dataclass

from geppetto.stores import Print, Store

NEAR = 0.01
"""How many inches two lengths may be apart and count as one: drawings are that exact, and A4 is."""
POINTS = 72
BLACK = "black"


@dataclass(frozen=True)
class Asked:
    """What a file is to be held against.

    `trim` is the finished page in inches, where it is known; for a cover `pages` is
    the count of the book's pages and `caliper` how thick one is, if known.
    """

    store: Store
    ink: str = BLACK
    pdfx: str = "x-1a"
    cover: bool = False
    trim: tuple[float, float] | None = None
    pages: int | None = None
    caliper: float | None = None

    @property
    def demands(self) -> Print:
        """What the printer demands of pages.

        Raises:
            ValueError: the store prints no books.
        """
        if self.store.print is None:
            raise ValueError(f"{self.store.name} prints no books")
        return self.store.print

    @property
    def grey(self) -> bool:
        """Whether the file is printed with black ink alone."""
        return self.ink == BLACK and not self.cover


def listed(pages: list[int]) -> str:
    """Say which pages: the first few, and how many more."""
    shown = ", ".join(map(str, pages[:5]))
    more = f" and {len(pages) - 5} more" if len(pages) > 5 else ""
    return f"{'Page' if len(pages) == 1 else 'Pages'} {shown}{more}"
