"""What the author noted for themselves, for a draft's margins: notes, and what is left to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from geppetto import pandoc, sourcemap
from geppetto.ast import Block, Node, nodes, stringify
from geppetto.checks.manuscript import Manuscript, Page
from geppetto.checks.marks import unfinished
from geppetto.latex.margins import AuthorNote
from geppetto.model.book import Book, Chapter
from geppetto.sourcemap.leaves import leaves

CLASS = "author-note"
LONGEST = 700
"""Characters of a note that a margin has room for; the chapter's line says where the rest is."""


def author_notes(book: Book) -> list[AuthorNote]:
    """Give the author's notes and marks (TODO and the like) of all chapters, in order."""
    noted = {c.path: c for c in book.chapters if CLASS in c.text}
    trees, _ = pandoc.read({path: chapter.text for path, chapter in noted.items()})
    found: list[AuthorNote] = []
    for chapter in book.chapters:
        notes = list(_notes(chapter, trees.get(chapter.path, [])))
        said = "\n".join(words for one in notes for words in one.words)
        marks = [one for one in _marks(book, chapter) if one.words[0] not in said]
        found += sorted([*notes, *marks], key=lambda one: one.line)
    return found


def _notes(chapter: Chapter, blocks: Sequence[Block]) -> Iterator[AuthorNote]:
    """Find the notes in a chapter's tree: whole blocks, and words within a block."""
    source = sourcemap.align(blocks, chapter.text) if blocks else None
    if source is None:
        return
    for path, div in _divs(blocks, ()):
        yield AuthorNote(chapter.path, source.line_of(path), _words(div["c"][1]))
    for leaf, placed in zip(leaves(blocks), source.leaves, strict=True):
        for span in nodes(leaf.node or {}, {"Span"}):
            if CLASS in span["c"][0][1]:
                yield AuthorNote(chapter.path, placed.line, _cut([stringify(span)]))


def _divs(
    blocks: Sequence[Block], above: tuple[int, ...]
) -> Iterator[tuple[tuple[int, ...], Node]]:
    for index, block in enumerate(blocks):
        if block["t"] == "Div":
            if CLASS in block["c"][0][1]:
                yield (*above, index), block
            else:
                yield from _divs(block["c"][1], (*above, index))


def _words(blocks: Sequence[Block]) -> tuple[str, ...]:
    """Give a note's paragraphs as plain text."""
    return _cut([stringify(leaf.node) for leaf in leaves(blocks) if leaf.node])


def _cut(paragraphs: Sequence[str]) -> tuple[str, ...]:
    """Leave off what no margin has room for."""
    kept: list[str] = []
    room = LONGEST
    for paragraph in paragraphs:
        if room <= 0:
            break
        kept.append(paragraph if len(paragraph) <= room else f"{paragraph[:room].rstrip()} …")
        room -= len(paragraph)
    return tuple(kept)


def _marks(book: Book, chapter: Chapter) -> Iterator[AuthorNote]:
    """Find TODO and its like, each with what follows on its line."""
    lines = chapter.text.split("\n")
    for one in unfinished(Manuscript(book, (Page(chapter, ()),))):
        if one.location is not None and one.location.line and one.location.column:
            words = lines[one.location.line - 1][one.location.column - 1 :]
            said = words.partition("-->")[0].strip()
            yield AuthorNote(chapter.path, one.location.line, _cut([said]))
