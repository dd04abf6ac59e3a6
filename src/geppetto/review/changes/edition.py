"""A book that holds both its revisions, for the editions to set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace
from pathlib import Path

from geppetto.ast import Block, Node, attr, nodes, rewrite
from geppetto.model.book import Document, Heading, Resolved
from geppetto.model.changes import mark_of
from geppetto.review.changes import showing, summary
from geppetto.review.changes.documents import Compared, Comparison, Fate
from geppetto.review.changes.summary import Sides

Digests = Mapping[Path, str]


def with_own_images(old: Resolved, new: Resolved, digests: Digests) -> Resolved:
    """Give the old revision its images under names that the new does not use for others.

    `digests` are those of all the images' files: an image that was renamed is the same.
    """
    by_digest = {digests[file]: target for target, file in sorted(new.images.items(), reverse=True)}
    renamed: dict[str, str] = {}
    for target, file in old.images.items():
        if target in new.images and digests[new.images[target]] == digests[file]:
            continue
        if digests[file] in by_digest:
            renamed[target] = by_digest[digests[file]]
        elif target in new.images:
            renamed[target] = _free(f"{target} before", new.images.keys() | old.images.keys())
    if not renamed:
        return old

    def change(node: Node) -> Node | None:
        attributes, words, (target, title) = node["c"]
        name = renamed.get(target)
        return None if name is None else {"t": "Image", "c": [attributes, words, [name, title]]}

    documents = (d.with_blocks(rewrite(list(d.blocks), change, {"Image"})) for d in old.documents)
    images = {renamed.get(target, target): file for target, file in old.images.items()}
    return replace(old, documents=tuple(documents), images=images)


def both(old: Resolved, new: Resolved, comparison: Comparison, sides: Sides) -> Resolved:
    """Give the new revision with marks, what was deleted in its old place, and a summary."""
    taken = {one.slug for one in new.documents} | new.homes.keys()
    slug = _free(summary.SLUG, taken)
    taken |= {slug}
    documents: list[Document] = []
    for one in comparison.documents:
        shown = _gone(one, taken) if one.fate is Fate.GONE else _shown(one)
        taken |= {shown.slug}
        documents.append(shown)
    opening = summary.document(_led(comparison, documents), sides, slug)
    documents.insert(0, opening)
    homes = {**new.homes, opening.slug: opening.slug}
    for document in documents:
        homes |= dict.fromkeys(_anchors(document.blocks), document.slug)
    return Resolved(new.book, tuple(documents), homes, {**old.images, **new.images})


def _led(comparison: Comparison, shown: Sequence[Document]) -> Comparison:
    """Let the counts lead to the first change that can be seen: an empty cell cannot."""
    documents = []
    for one, document in zip(comparison.documents, shown, strict=True):
        seen = (int(name.removeprefix(showing.ANCHOR)) for name in _anchors(document.blocks))
        counts = replace(one.counts, first=min(seen, default=0))
        documents.append(replace(one, counts=counts))
    return Comparison(tuple(documents))


def _shown(one: Compared) -> Document:
    return one.document.with_blocks(showing.show(one.document.blocks))


def _gone(one: Compared, taken: Set[str]) -> Document:
    """Give a document that is gone: it has no number, and is no chapter of the book's."""
    document = one.document
    slug = _free(f"deleted-{document.slug}", taken)
    first, *rest = showing.show(_headed(document.blocks, slug))
    return replace(
        document.with_blocks([first, *rest]),
        slug=slug,
        number=None,
        part=None,
        chapter=None,
        headings=(Heading(1, slug, document.title, None),),
    )


def _headed(blocks: Iterable[Block], identifier: str) -> list[Block]:
    first, *rest = blocks
    if first["t"] != "Header":
        return [first, *rest]
    level, _, words = first["c"]
    return [{"t": "Header", "c": [level, attr(identifier, ["unnumbered"]), words]}, *rest]


def _free(name: str, taken: Set[str]) -> str:
    """Give a name that is not taken, as near the one that is wished as can be."""
    number = 1
    free = name
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    return free


def _anchors(blocks: Iterable[Block]) -> Iterable[str]:
    for node in nodes(list(blocks), {"Span"}):
        if mark_of(node) is not None and node["c"][0][0]:
            yield node["c"][0][0]
