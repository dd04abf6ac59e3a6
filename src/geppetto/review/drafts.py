"""A draft as it was sent out, kept so that remarks can be placed months later.

`build/drafts/<id>/` holds

- `draft.json`: what stands in `Draft`
- `<spacing>.pagemap`: the page map of the PDF with that spacing (see `geppetto.pagemap.stored`)
- `blocks.json`: where each stop of each document leads (see `geppetto.sourcemap.stops`)
- `sources/`: a copy of the book's texts as they were, by their paths
- the copies that were sent.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from geppetto.diagnostics import Diagnostic, ExitCode, GeppettoError
from geppetto.pagemap import PageMap, stored

FOLDER = "drafts"
RECORD, BLOCKS, SOURCES = "draft.json", "blocks.json", "sources"
FORMAT = 1
INFO = "GeppettoDraft"
"""The key in a PDF's Info, and the custom property of a DOCX, that says `<id>/<copy>`."""
BOOKMARK = "src"
"""A DOCX's bookmarks are `src_<document>_<stop>`, both from 1, by the order of `blocks.json`."""


@dataclass(frozen=True)
class Copy:
    """One file that was made for a reviewer.

    `name` is unique in the draft: the reviewer's slug. `file` is its name in the
    draft's folder. `pages` are the pages of the page map that it has, in order, 0 for
    a sheet that the map does not know; empty where it is no PDF. `basis` is a digest of
    what it was made from beside the draft's texts and pages, empty where that is unknown.
    """

    name: str
    reviewer: str
    kind: str
    file: str
    sha256: str
    spacing: str = "single"
    pages: tuple[int, ...] = ()
    basis: str = ""


@dataclass(frozen=True)
class Draft:
    """What was sent out at one time.

    `date` is a day (ISO 8601), `revision` the abbreviated commit with a `+` if the
    tree was dirty, empty without git. `sources` are the digests (SHA-256) of the
    book's texts by their paths from the book's folder.
    """

    id: str
    date: str
    revision: str
    slug: str
    sources: Mapping[str, str]
    copies: tuple[Copy, ...] = ()


@dataclass(frozen=True)
class Stop:
    """Where a stop leads: a file's line, and whether a block begins there."""

    path: str
    line: int
    begins: bool


@dataclass(frozen=True)
class Document:
    """A document of the draft, and its stops, the first of which has number 1.

    None stands for a stop of which no file's line is known. `number` is the
    chapter's number as printed, None where it has none.
    """

    slug: str
    path: str | None
    number: str | None
    stops: tuple[Stop | None, ...] = field(default=())


def label(document: Document) -> str:
    """Give what a place in a document is named by: "3" as in 3:118, "A", "preface"."""
    return document.number or document.slug


class Kept:
    """A kept draft: its record, its maps and the texts it was made from."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.draft = _read(folder)

    def page_map(self, spacing: str) -> PageMap:
        """Give the page map of the PDF with a spacing.

        Raises:
            GeppettoError: it is missing, or cannot be read.
        """
        try:
            return stored.unpacked((self.folder / f"{spacing}{stored.SUFFIX}").read_bytes())
        except (OSError, ValueError) as fault:
            raise _damaged(self.folder, str(fault)) from fault

    def documents(self) -> tuple[Document, ...]:
        """Give the draft's documents in their order, with their stops.

        Raises:
            GeppettoError: the block map is missing, or cannot be read.
        """
        try:
            return _documents(json.loads((self.folder / BLOCKS).read_text("utf-8")))
        except (OSError, ValueError, KeyError, TypeError) as fault:
            raise _damaged(self.folder, str(fault)) from fault

    def source(self, path: str) -> str:
        """Give a text as it was, with LF line ends and no byte-order mark.

        Raises:
            GeppettoError: the draft has no such text.
        """
        if path not in self.draft.sources:
            raise _damaged(self.folder, f"It has no {path}.")
        try:
            text = (self.folder / SOURCES / path).read_text("utf-8-sig")
        except (OSError, ValueError) as fault:
            raise _damaged(self.folder, str(fault)) from fault
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def copy(self, name: str, kind: str) -> Copy | None:
        """Give a reviewer's copy."""
        return next((c for c in self.draft.copies if (c.name, c.kind) == (name, kind)), None)


def folder(root: Path) -> Path:
    """Give the folder of a book's drafts."""
    return root / "build" / FOLDER


def listed(root: Path) -> list[str]:
    """Give the ids of a book's kept drafts, the oldest first; of one day's by when they were made."""
    found = []
    for record in folder(root).glob(f"*/{RECORD}"):
        try:
            made = record.stat().st_mtime_ns
            found.append((_read(record.parent).date, made, record.parent.name))
        except (GeppettoError, OSError):
            continue
    return [name for _, _, name in sorted(found)]


def find(root: Path, name: str) -> Kept:
    """Give a kept draft by its id.

    Raises:
        GeppettoError: there is none, or its record cannot be read.
    """
    place = folder(root) / name
    if not name or Path(name).name != name or not (place / RECORD).is_file():
        known = ", ".join(listed(root)[-5:])
        hint = f"There are {known}." if known else "build/drafts/ keeps none."
        raise GeppettoError(
            Diagnostic("draft-unknown", f"There is no draft {name}.", hint=hint), ExitCode.USAGE
        )
    return Kept(place)


def record(draft: Draft) -> str:
    """Give the content of `draft.json`."""
    return json.dumps({"format": FORMAT, **asdict(draft)}, ensure_ascii=False, indent=1) + "\n"


def blocks(documents: Sequence[Document]) -> str:
    """Give the content of `blocks.json`."""
    rows = [
        [
            one.slug,
            one.path,
            one.number,
            [None if s is None else [s.path, s.line, s.begins] for s in one.stops],
        ]
        for one in documents
    ]
    return json.dumps({"format": FORMAT, "documents": rows}, ensure_ascii=False) + "\n"


def _documents(data: Any) -> tuple[Document, ...]:
    return tuple(
        Document(slug, path, number, tuple(None if s is None else Stop(*s) for s in stops))
        for slug, path, number, stops in data["documents"]
    )


def _read(place: Path) -> Draft:
    try:
        data = json.loads((place / RECORD).read_text("utf-8"))
        if data.pop("format") != FORMAT:
            raise ValueError("it was made by another version")
        copies = tuple(Copy(**{**one, "pages": tuple(one["pages"])}) for one in data.pop("copies"))
        return Draft(**data, copies=copies)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
        raise _damaged(place, str(fault)) from fault


def _damaged(place: Path, detail: str) -> GeppettoError:
    says = f"The kept draft {place.name} cannot be read."
    hint = "Its folder is needed whole, as geppetto draft wrote it: take it from a backup."
    return GeppettoError(
        Diagnostic("draft-damaged", says, hint=hint, detail=detail), ExitCode.USAGE
    )
