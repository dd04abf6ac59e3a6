"""What changed between two revisions of a whole book."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from geppetto.ast import Block
from geppetto.model.book import Document, Resolved, Role
from geppetto.model.changes import Kind
from geppetto.review.changes import blocks, likeness, moves, numbering
from geppetto.review.changes.numbering import Counts

LEAST = 0.5
"""How much two documents share that are taken for one with another name."""


class Fate(StrEnum):
    """What happened to a document."""

    SAME = "unchanged"
    CHANGED = "changed"
    NEW = "new"
    GONE = "deleted"


@dataclass(frozen=True)
class Compared:
    """A document of either revision, with marks in its blocks.

    Of one that is gone it is the old; `old` is what became this one, if anything did.
    """

    document: Document
    fate: Fate
    old: Document | None = None
    counts: Counts = field(default_factory=Counts)

    @property
    def earlier_name(self) -> str:
        """The path that the chapter had, where it was another."""
        if self.old is None or self.old.chapter is None or self.document.chapter is None:
            return ""
        path = self.old.chapter.path
        return path if path != self.document.chapter.path else ""


@dataclass(frozen=True)
class Comparison:
    """What changed in a book: its documents in order, those that are gone where they stood."""

    documents: tuple[Compared, ...]

    @property
    def total(self) -> Counts:
        """How much changed in all."""
        return sum((one.counts for one in self.documents), Counts())


def compare(old: Resolved, new: Resolved) -> Comparison:
    """Compare two revisions of a book."""
    matched = _matched(old.documents, new.documents)
    pairs = _ordered(old.documents, new.documents, matched)
    trees = numbering.number(moves.found([_blocks(*pair) for pair in pairs]))
    return Comparison(
        tuple(_compared(*pair, tree) for pair, tree in zip(pairs, trees, strict=True))
    )


Pair = tuple[Document | None, Document | None]


def _blocks(old: Document | None, new: Document | None) -> list[Block]:
    if new is None:
        return [] if old is None else [blocks.only(one, Kind.DELETED) for one in old.blocks]
    if old is None:
        return [blocks.only(one, Kind.INSERTED) for one in new.blocks]
    head, title = _titled(old, new)
    return [*head, *blocks.compare(old.blocks[title:], new.blocks[title:])]


def _titled(old: Document, new: Document) -> tuple[list[Block], int]:
    """Compare the titles: a document's first heading is the same, however it was worded."""
    first = [document.blocks[0] for document in (old, new) if document.blocks]
    if len(first) < 2 or any(one["t"] != "Header" for one in first):
        return [], 0
    return blocks.pair(*first), 1


def _compared(old: Document | None, new: Document | None, tree: Sequence[Block]) -> Compared:
    counts = numbering.counts(tree)
    if new is None and old is not None:
        return Compared(old.with_blocks(tree), Fate.GONE, old, counts)
    if new is None:
        raise ValueError("a document of neither revision")
    fate = Fate.NEW if old is None else Fate.CHANGED if counts.changes else Fate.SAME
    return Compared(new.with_blocks(tree), fate, old, counts)


def _matched(old: Sequence[Document], new: Sequence[Document]) -> Mapping[str, Document]:
    """Give the old document of each new one, by its slug: that of its path, else the most like it."""
    by_name = {_name(one): one for one in old}
    matched = {one.slug: by_name.pop(_name(one)) for one in new if _name(one) in by_name}
    left = [one for one in new if one.slug not in matched]
    words = (
        {name: likeness.words(list(one.blocks)) for name, one in by_name.items()} if left else {}
    )
    weighed = [
        (likeness.share(words[name], likeness.words(list(one.blocks))), -at, name, one)
        for at, one in enumerate(left)
        for name in words
    ]
    for share, _, name, one in sorted(weighed, key=lambda entry: entry[:3], reverse=True):
        if share >= LEAST and name in by_name and one.slug not in matched:
            matched[one.slug] = by_name.pop(name)
    return matched


def _name(document: Document) -> str:
    """Give by what a document is known in both revisions."""
    return document.chapter.path if document.chapter is not None else f" {document.role}"


def _ordered(
    old: Sequence[Document], new: Sequence[Document], matched: Mapping[str, Document]
) -> list[Pair]:
    """Put the documents that are gone where they stood: after the one that stood before them."""
    kept = {one.slug for one in matched.values()}
    after: dict[str, list[Document]] = {}
    last = ""
    for document in old:
        if document.slug in kept:
            last = document.slug
        else:
            after.setdefault(last, []).append(document)
    pairs: list[Pair] = [(one, None) for one in after.get("", [])]
    for document in new:
        before = matched.get(document.slug)
        pairs.append((before, document))
        pairs += [(one, None) for one in after.get(before.slug, [])] if before else []
    return _by_role(pairs)


def _by_role(pairs: list[Pair]) -> list[Pair]:
    """Keep a book's order of front matter, chapters, appendices, bibliography."""
    order = list(Role)
    return sorted(pairs, key=lambda pair: order.index((pair[1] or pair[0]).role))  # type: ignore[union-attr]


def without_part(document: Document) -> Document:
    """Give a document that opens no part: one that is gone leaves its part to the others."""
    return replace(document, part=None)
