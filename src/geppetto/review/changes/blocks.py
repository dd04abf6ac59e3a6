"""What changed among blocks: which stand in both revisions, and what within each of these."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from geppetto.ast import Block, Inline, attr_of
from geppetto.model.changes import Kind, Mark, marked_blocks, marked_inlines
from geppetto.review.changes import inlines as prose
from geppetto.review.changes import likeness, tables
from geppetto.review.changes.aligning import aligned
from geppetto.review.changes.inlines import was
from geppetto.review.changes.likeness import Weights

LEAST = 0.4
"""How much two paragraphs share that are taken for one that changed."""
LEAST_OF_OTHERS = 0.25
"""The same of lists, figures, tables, code: what holds them together says that they are one."""
PROSE = frozenset({"Para", "Plain"})
_WEIGHED = PROSE | {"Header", "BlockQuote", "LineBlock"}
_NEVER = frozenset({"RawBlock", "HorizontalRule", "Null"})


def compare(old: Sequence[Block], new: Sequence[Block]) -> list[Block]:
    """Give blocks that hold both, with what changed in marks."""
    made: list[Block] = []
    weights = Weights()
    for step in aligned(list(old), list(new), likeness.key, partial(_weigh, weights)):
        if step.old is None and step.new is not None:
            made.append(only(step.new, Kind.INSERTED))
        elif step.new is None and step.old is not None:
            made.append(only(step.old, Kind.DELETED))
        elif step.old is not None and step.new is not None:
            made += pair(step.old, step.new)
    return made


def only(block: Block, kind: Kind) -> Block:
    """Mark a block that only one revision has; a heading stays one, its words in a mark."""
    if block["t"] == "Header":
        level, attributes, words = block["c"]
        filled = [marked_inlines(words, Mark(kind, whole=True))]
        return {"t": "Header", "c": [level, attributes, filled]}
    return marked_blocks([block], Mark(kind))


def pair(old: Block, new: Block) -> list[Block]:
    """Compare two blocks that are taken for one."""
    if old == new:
        return [new]
    if new["t"] == "CodeBlock":
        return _code(old, new)
    made = _PAIRS[new["t"]](old, new)
    if made is None:
        return [only(old, Kind.DELETED), only(new, Kind.INSERTED)]
    return [made]


def are_like(old: Block, new: Block) -> bool:
    """Tell whether two blocks may be one that changed."""
    return _weigh(Weights(), old, new) > 0


def _weigh(weights: Weights, old: Block, new: Block) -> float:
    if old == new:
        return weights.weigh(old, new, 0)
    if _frame(old) != _frame(new) or old["t"] in _NEVER:
        return 0.0
    if "csl-entry" in _classes(new):
        return 1.0 if old["c"][0][0] == new["c"][0][0] else 0.0
    return weights.weigh(old, new, LEAST if new["t"] in _WEIGHED else LEAST_OF_OTHERS)


def _frame(block: Block) -> tuple[Any, ...]:
    """Give what two blocks must share to be one: to a reader the rest is what they say."""
    kind = block["t"]
    if kind in PROSE:
        return ("Para",)
    content = block.get("c", [])
    if kind == "Header":
        attributes = likeness.silenced(content[1])
        return kind, content[0], str(attributes), "unnumbered" in content[1][1]
    if kind == "OrderedList":
        return kind, likeness.key(content[0])
    attributes = attr_of(block)
    return (kind,) if attributes is None else (kind, str(likeness.silenced(attributes)))


def _classes(block: Block) -> list[str]:
    return list(block["c"][0][1]) if block["t"] == "Div" else []


def _words(old: Sequence[Inline], new: Sequence[Inline]) -> list[Inline]:
    return prose.compare(old, new, compare)


def _prose(old: Block, new: Block) -> Block:
    return was({"t": new["t"], "c": _words(old["c"], new["c"])}, {"t": old["t"], "c": []})


def _header(old: Block, new: Block) -> Block:
    level, attributes, words = new["c"]
    made = {"t": "Header", "c": [level, attributes, _words(old["c"][2], words)]}
    return was(made, old, 2)


def _code(old: Block, new: Block) -> list[Block]:
    if old["c"][1] == new["c"][1]:  # the same lines, highlighted otherwise
        return [was(new, old, 1)]
    return [marked_blocks([old, new], Mark(Kind.REWRITTEN))]


def _quote(old: Block, new: Block) -> Block:
    return {"t": "BlockQuote", "c": compare(old["c"], new["c"])}


def _div(old: Block, new: Block) -> Block:
    return was({"t": "Div", "c": [new["c"][0], compare(old["c"][1], new["c"][1])]}, old, 1)


def _bulleted(old: Block, new: Block) -> Block:
    return {"t": "BulletList", "c": items(old["c"], new["c"])}


def _ordered(old: Block, new: Block) -> Block:
    made = {"t": "OrderedList", "c": [new["c"][0], items(old["c"][1], new["c"][1])]}
    return was(made, old, 1)


Members = list[list[Any]]


def items(old: Members, new: Members) -> Members:
    """Compare the items of two lists, or the definitions of two terms."""
    return _members(old, new, compare, marked_blocks)


def _members(
    old: Members,
    new: Members,
    within: Callable[[Sequence[Any], Sequence[Any]], list[Any]],
    marked: Callable[[Sequence[Any], Mark], Any],
) -> Members:
    made: Members = []
    weigh = partial(Weights().weigh, least=LEAST)
    for step in aligned(old, new, likeness.key, weigh):
        if step.old is None and step.new is not None:
            made.append([marked(step.new, Mark(Kind.INSERTED, whole=True))])
        elif step.new is None and step.old is not None:
            made.append([marked(step.old, Mark(Kind.DELETED, whole=True))])
        elif step.old is not None and step.new is not None:
            made.append(within(step.old, step.new))
    return made


def _verse(old: Block, new: Block) -> Block:
    return {"t": "LineBlock", "c": _members(old["c"], new["c"], _words, marked_inlines)}


def _definitions(old: Block, new: Block) -> Block:
    made: list[Any] = []
    weigh = partial(_weigh_entries, Weights())
    for step in aligned(old["c"], new["c"], likeness.key, weigh):
        if step.old is None and step.new is not None:
            made.append(_entry(step.new, Kind.INSERTED))
        elif step.new is None and step.old is not None:
            made.append(_entry(step.old, Kind.DELETED))
        elif step.old is not None and step.new is not None:
            term = _words(step.old[0], step.new[0])
            made.append([term, items(step.old[1], step.new[1])])
    return {"t": "DefinitionList", "c": made}


def _weigh_entries(weights: Weights, old: Any, new: Any) -> float:
    """A definition belongs to its term, however it was written anew."""
    if likeness.key(old[0]) == likeness.key(new[0]):
        return 1.0 + weights.weigh(old, new, LEAST)
    return weights.weigh(old, new, LEAST)


def _entry(entry: Any, kind: Kind) -> Any:
    mark = Mark(kind, whole=True)
    term, definitions = entry
    return [[marked_inlines(term, mark)], [[marked_blocks(one, mark)] for one in definitions]]


def _figure(old: Block, new: Block) -> Block:
    attributes, caption, content = new["c"]
    words = [caption[0], compare(old["c"][1][1], caption[1])]
    made = {"t": "Figure", "c": [attributes, words, compare(old["c"][2], content)]}
    return was(made, old, 1, 2)


def _cell(old: Sequence[Block], new: Sequence[Block]) -> list[Block]:
    """Compare two cells: what little they hold is the same thing, however it was changed."""
    if [len(old), len(new)] == [1, 1] and {old[0]["t"], new[0]["t"]} <= PROSE:
        return pair(old[0], new[0])
    return compare(old, new)


def _table(old: Block, new: Block) -> Block | None:
    made = tables.compare(old, new, _cell)
    return None if made is None else was(made, old, 1, 3, 4, 5)


_PAIRS: dict[str, Callable[[Block, Block], Block | None]] = {
    "Para": _prose,
    "Plain": _prose,
    "Header": _header,
    "BlockQuote": _quote,
    "Div": _div,
    "BulletList": _bulleted,
    "OrderedList": _ordered,
    "DefinitionList": _definitions,
    "LineBlock": _verse,
    "Figure": _figure,
    "Table": _table,
}
