"""Puts pages that were set again into the PDF of the whole book, or takes some out of it.

Knows pikepdf. Links lead to names, so that those of the pages that stay need
no change: a name's page is found in the catalogue (ISO 32000, 12.3.2.4).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, OutlineItem, Page, Pdf, String

from geppetto.latex.finish import save, tidy

LEAF = 32  # names in a leaf of the tree
Label = tuple[tuple[str, str], int]
"""The style and prefix of a page's label, and its number."""


@dataclass(frozen=True)
class Change:
    """Pages of the book, `count` from the index `at`, and what stands in their place.

    That are `pages` pages from the index `first` of `pdf`.
    """

    at: int
    count: int
    pdf: Path
    first: int
    pages: int


class Whole:
    """The PDF of the whole book, open, while parts of it are set again."""

    def __init__(self, path: Path) -> None:
        self.book = Pdf.open(path)
        tidy(self.book)
        self.names = [(name, place, _array(place)) for name, place in _names(self.book)]
        self.labels = _labels(self.book)

    def close(self) -> None:
        """Close the PDF."""
        self.book.close()

    def join(
        self,
        changes: Sequence[Change],
        titles: Sequence[str] | None,
        out: Path,
        last: Callable[[Pdf], None],
    ) -> None:
        """Write the book with its changes to `out`; once.

        `titles` are those of the outline from above, where one has changed; `last`
        is done to the book before it is written.

        Raises:
            ValueError: the outline has not so many entries.
            pikepdf.PdfError: a file is not as TeX writes it.
        """
        book, labels = self.book, self.labels
        with ExitStack() as stack:
            sources = {c.pdf: stack.enter_context(Pdf.open(c.pdf)) for c in changes}
            for source in sources.values():
                tidy(source)
            names, lost = self._parted(changes)
            for change in sorted(changes, key=lambda one: -one.at):
                source = sources[change.pdf]
                taken = range(change.first, change.first + change.pages)
                del book.pages[change.at : change.at + change.count]
                for offset, number in enumerate(taken):
                    book.pages.insert(change.at + offset, source.pages[number])
                put = [book.pages[change.at + offset] for offset in range(change.pages)]
                names |= _named(source, dict(zip(taken, put, strict=True)), lost)
                ours = _labels(source)
                labels[change.at : change.at + change.count] = [ours[number] for number in taken]
            book.Root.Names.Dests = _tree(book, names)
            book.Root.PageLabels = Dictionary(Nums=Array(_ranges(labels)))
            open_at_the_first_page(book)
            if titles is not None:
                _entitle(book, titles)
            last(book)
            save(book, out)

    def excerpt(self, pages: Sequence[int], out: Path) -> list[int]:
        """Write some of the pages alone to `out`, without links that lead elsewhere; once.

        `pages` are their indices, in order. Empty pages at the beginning and the end are
        left out. Gives the indices of those that were written.

        Raises:
            pikepdf.PdfError: the file is not as TeX writes it.
        """
        book = self.book
        chosen = list(pages)
        for end in (0, -1):
            while len(chosen) > 1 and _is_empty(book.pages[chosen[end]]):
                chosen.pop(end)
        labels = [self.labels[number] for number in chosen]
        kept = {book.pages[number].objgen for number in chosen}
        names = {name: place for name, place, array in self.names if array[0].objgen in kept}
        for number in sorted(set(range(len(book.pages))) - set(chosen), reverse=True):
            del book.pages[number]
        for page in book.pages:
            page.obj.Annots = Array(a for a in page.obj.get("/Annots", ()) if _leads(a, names))
        book.Root.Names.Dests = _tree(book, names)
        book.Root.PageLabels = Dictionary(Nums=Array(_ranges(labels)))
        open_at_the_first_page(book)
        with book.open_outline() as outline:
            outline.root[:] = _within(outline.root, names)
        save(book, out)
        return chosen

    def _parted(self, changes: Sequence[Change]) -> tuple[dict[bytes, Any], set[bytes]]:
        """Give the names that lead to pages which stay, and those that led to a whole page which goes."""
        pages = self.book.pages
        gone = {pages[number].objgen for c in changes for number in range(c.at, c.at + c.count)}
        kept: dict[bytes, Any] = {}
        lost: set[bytes] = set()
        for name, place, array in self.names:
            if array[0].objgen not in gone:
                kept[name] = place
            elif array[1] == Name.Fit:
                lost.add(name)
        return kept, lost


def _is_empty(page: Page) -> bool:
    """Tell whether nothing is written or drawn on a page, as on the one before a chapter."""
    page.contents_coalesce()
    content = page.obj.Contents.read_bytes()
    return b"BT" not in content and b" Do" not in content


def _leads(annotation: Any, names: Mapping[bytes, Any]) -> bool:
    """Tell whether a link leads to an address, or to a place that is there."""
    action = annotation.get("/A", Dictionary())
    name = action.get("/D", annotation.get("/Dest"))
    return not isinstance(name, String) or bytes(name) in names


def _within(entries: Sequence[OutlineItem], names: Mapping[bytes, Any]) -> list[OutlineItem]:
    """Give the entries of an outline that lead to a place that is there, and those below others."""
    found: list[OutlineItem] = []
    for entry in entries:
        below = _within(entry.children, names)
        name = entry.action.D if entry.action is not None else entry.destination
        if isinstance(name, String) and bytes(name) in names:
            entry.children = below
            found.append(entry)
        else:
            found += below
    return found


def _names(document: Pdf) -> Iterator[tuple[bytes, Any]]:
    """Give the names of a document and where they lead, as arrays."""
    stack = [document.Root.Names.Dests] if "/Names" in document.Root else []
    while stack:
        node = stack.pop()
        stack.extend(node.get("/Kids", ()))
        pairs = list(node.get("/Names", ()))
        yield from (
            (bytes(name), place) for name, place in zip(pairs[::2], pairs[1::2], strict=True)
        )


def _array(place: Any) -> Any:
    return place.D if isinstance(place, Dictionary) else place


def _named(source: Pdf, put: Mapping[int, Page], lost: Set[bytes]) -> dict[bytes, Any]:
    """Give the names of pages that were set again.

    A name that LuaTeX does not find, since it stands in another part, it lets
    lead to a whole page: such names are taken if they were there before.
    """
    by = {source.pages[number].objgen: page for number, page in put.items()}
    found = {}
    for name, place in _names(source):
        page, *rest = _array(place)
        target = by.get(page.objgen)
        if target is not None and (rest[0] != Name.Fit or name in lost):
            found[name] = Dictionary(D=Array([target.obj, *rest]))
    return found


def _tree(book: Pdf, names: Mapping[bytes, Any]) -> Object:
    """Make a name tree (ISO 32000, 7.9.6) of two levels."""
    ordered = sorted(names.items())
    kids = []
    for start in range(0, len(ordered), LEAF):
        leaf = ordered[start : start + LEAF]
        pairs = [one for name, place in leaf for one in (String(name), place)]
        limits = [String(leaf[0][0]), String(leaf[-1][0])]
        kids.append(book.make_indirect(Dictionary(Limits=Array(limits), Names=Array(pairs))))
    return book.make_indirect(Dictionary(Kids=Array(kids)))


def _labels(document: Pdf) -> list[Label]:
    """Give the label of each page (ISO 32000, 12.4.2), as hyperref writes them: a flat tree."""
    listed = list(document.Root.PageLabels.Nums)
    starts = [int(number) for number in listed[::2]] + [len(document.pages)]
    made: list[Label] = []
    for start, end, style in zip(starts, starts[1:], listed[1::2], strict=False):
        kind = (str(style.get("/S", "")), str(style.get("/P", "")))
        first = int(style.get("/St", 1))
        made += [(kind, first + number) for number in range(end - start)]
    return made


def _ranges(labels: Sequence[Label]) -> Iterator[Any]:
    before: Label | None = None
    for index, (kind, number) in enumerate(labels):
        if before != (kind, number - 1):
            keys: dict[str, Any] = {"/S": Name(kind[0])} if kind[0] else {}
            keys |= {"/P": String(kind[1])} if kind[1] else {}
            keys |= {"/St": number} if number != 1 else {}
            yield from (index, Dictionary(keys))
        before = (kind, number)


def open_at_the_first_page(book: Pdf) -> None:
    """Let the book open where it did, at its first page, which may be another now."""
    action = book.Root.get("/OpenAction")
    place = _array(action) if action is not None else None
    if isinstance(place, Array) and len(place):
        place[0] = book.pages[0].obj


def _entitle(book: Pdf, titles: Sequence[str]) -> None:
    """Give the entries of the outline their titles."""
    left = list(titles)
    stack = [book.Root.Outlines.First] if "/Outlines" in book.Root else []
    while stack:
        entry = stack.pop()
        if not left:
            raise ValueError("the outline has more entries than the bookmarks")
        entry.Title = String(left.pop(0))
        stack += [entry[key] for key in ("/Next", "/First") if key in entry]
    if left:
        raise ValueError("the outline has fewer entries than the bookmarks")
