"""What is asked for; what every edition is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geppetto import store
from geppetto.diagnostics import Diagnostic
from geppetto.progress import OnStep
from geppetto.store.shelf import NOTHING, Shelf

if TYPE_CHECKING:  # who asks what stands needs no LaTeX
    from concurrent.futures import Future

    from geppetto.epub.package import Resource
    from geppetto.latex.engine import Waiting
    from geppetto.pipeline.beside import Task

WORK, MAIN = "latex", "book"
"""The folder in `build/` where LaTeX works, and its job's name."""
DOUBLE = "double"
"""The spacing of a draft whose lines stand apart, and the folder in `build/` where it is set."""
PRINT = "print"
"""The folder in `build/` where the print edition is set, and where the printers' files are put."""
TAGGED = "tagged"
"""The folder in `build/` where tagged PDFs are set, so that `latex/` stays as it is."""


@dataclass(frozen=True)
class Request:
    """What is asked for.

    `output` is the file of a single edition, or the folder of several; absent,
    `build/` in the book's folder. `lenient` marks faults on the page instead
    of stopping; `strict` takes warnings for errors; `whole` makes everything
    anew, with nothing of an earlier build in it; `stops` marks the places of a
    DOCX by which a remark is led back to its line. `pages` is the file of the page
    map of the print edition, its PDF beside it, whose pages an EPUB marks; `safe`
    asks for an EPUB without MathML and SVG, for Kindle; `tagged` for a PDF with
    tags, as `pdf: standard` has it, always set whole.
    """

    root: Path
    editions: Sequence[str]
    output: Path | None = None
    lenient: bool = False
    strict: bool = False
    whole: bool = False
    stops: bool = False
    pages: Path | None = None
    safe: bool = False
    tagged: bool = False

    @property
    def shared(self) -> dict[str, Any]:
        """What of the request every edition is told, by its name in a workshop."""
        return {name: getattr(self, name) for name in ("whole", "stops", "pages", "safe", "tagged")}

    @property
    def options(self) -> tuple[object, ...]:
        """What beside the book's files an edition depends on."""
        place = None if self.output is None else (str(self.output), len(self.editions) > 1)
        printed = self.pages and (str(self.pages), store.digest(self.pages))
        return place, self.lenient, self.strict, self.stops, self.tagged, self.safe, printed


@dataclass(frozen=True)
class Workshop:
    """Where an edition works: the build folder, the book's time, how faults are taken.

    `shelf` has what earlier builds finished; `begun` is a LuaLaTeX that has been
    started already; `whole`, `stops`, `pages`, `safe` and `tagged` as in a request;
    `front` makes the cover.
    """

    folder: Path
    epoch: int
    lenient: bool
    on_step: OnStep
    shelf: Shelf = NOTHING
    begun: Future[Waiting | None] | None = None
    front: Task[Resource] | None = None
    whole: bool = False
    stops: bool = False
    pages: Path | None = None
    safe: bool = False
    tagged: bool = False


@dataclass(frozen=True)
class Made:
    """A finished edition, not yet in its place; `file` is absent where errors stopped it.

    `beside` are files that belong to it, by what they are named in its suffix's stead;
    `read` are files that it was made from, beside those of the resolved book;
    `reasons` says why its parts were made again.
    """

    kind: str
    file: Path | None
    count: int
    unit: str
    diagnostics: tuple[Diagnostic, ...] = ()
    beside: Mapping[str, bytes] = field(default_factory=dict)
    read: tuple[Path, ...] = ()
    reasons: tuple[str, ...] = ()
