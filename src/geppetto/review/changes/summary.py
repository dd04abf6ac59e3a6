"""The page at the front that says what changed: how the marks look, and counts by chapter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from geppetto.ast import Block, Inline, attr, link, para, plain, stringify, text
from geppetto.model.book import Document, Heading, Role
from geppetto.model.changes import Kind, Mark, marked_inlines
from geppetto.review.changes.documents import Compared, Comparison, Fate
from geppetto.review.changes.numbering import Counts
from geppetto.review.changes.showing import anchor

TITLE = "What has changed"
SLUG = "what-has-changed"
_COLUMNS = ("Chapter", "Changes", "Inserted", "Deleted", "Moved")
_LEGEND = (
    (Kind.INSERTED, "inserted"),
    (Kind.DELETED, "deleted"),
    (Kind.MOVED_TO, "moved here"),
    (Kind.MOVED_FROM, "moved away"),
)


@dataclass(frozen=True)
class Sides:
    """What the two revisions are, in words, and what else they say of the book, by its name."""

    old: str
    new: str
    said: tuple[tuple[str, str, str], ...] = ()


def document(comparison: Comparison, sides: Sides, slug: str = SLUG) -> Document:
    """Make the document that opens a comparison."""
    title = text(TITLE)
    heading = {"t": "Header", "c": [1, attr(slug, ["unnumbered"]), title]}
    words = text(f"What changed between {sides.old} and {sides.new}.")
    blocks: list[Block] = [heading, para(words), para(_legend())]
    blocks += [_table(comparison)] if comparison.total.changes else [para(text("No words did."))]
    blocks += [para(text(f"{name}: “{old}” is now “{new}”.")) for name, old, new in sides.said]
    return Document(
        slug=slug,
        role=Role.SUMMARY,
        title=TITLE,
        blocks=tuple(blocks),
        title_inlines=tuple(title),
        headings=(Heading(1, slug, TITLE, None),),
    )


def _legend() -> list[Inline]:
    made = text("The marks: ")
    for number, (kind, words) in enumerate(_LEGEND):
        made += text(", ") if number else []
        made.append(marked_inlines(text(words), Mark(kind)))
    return [
        *made,
        *text(". Numbers in brackets lead to the other end of a move. Words are counted."),
    ]


def _table(comparison: Comparison) -> Block:
    empty = attr()
    head = [empty, [_row([text(name) for name in _COLUMNS])]]
    rows = [_row(_cells(_name(one), one.counts)) for one in comparison.documents if _is_told(one)]
    total = [_row(_cells(text("The whole book"), comparison.total, linked=False))]
    aligned = ["AlignLeft", *["AlignRight"] * (len(_COLUMNS) - 1)]
    columns = [[{"t": one}, {"t": "ColWidthDefault"}] for one in aligned]
    body = [[empty, 0, [], [*rows, *total]]]
    return {"t": "Table", "c": [empty, [None, []], columns, head, body, [empty, []]]}


def _is_told(one: Compared) -> bool:
    return one.fate is not Fate.SAME or bool(one.earlier_name)


def _name(one: Compared) -> list[Inline]:
    number = one.document.number if one.fate is not Fate.GONE else None
    words = text(f"{number} {one.document.title}" if number else one.document.title)
    if one.earlier_name:
        words += text(f" (was {one.earlier_name})")
    if one.fate in {Fate.NEW, Fate.GONE}:
        words += text(f" ({one.fate.value})")
    return words


def _cells(name: list[Inline], counts: Counts, *, linked: bool = True) -> list[list[Inline]]:
    if linked and counts.first:
        name = [link(name, f"#{anchor(counts.first)}")]
    figures = (counts.changes, counts.inserted, counts.deleted, counts.moved)
    return [name, *([{"t": "Str", "c": str(figure)}] for figure in figures)]


def _row(cells: Sequence[list[Inline]]) -> list[Any]:
    made = [[attr(), {"t": "AlignDefault"}, 1, 1, [plain(cell)]] for cell in cells]
    return [attr(), made]


def titles(comparison: Comparison) -> list[tuple[str, str, str]]:
    """Give the parts that open under another title than before, where that is known."""
    found = []
    for one in comparison.documents:
        before = one.old.part if one.old is not None else None
        after = one.document.part
        if one.fate is not Fate.GONE and before and after and before != after:
            found.append(("A part's title", stringify(text(before)), stringify(text(after))))
    return found
