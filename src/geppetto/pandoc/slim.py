"""Documents as citeproc needs them: citations and what stands near, marks in place of the rest.

Reading a book's tree and writing it again takes Pandoc longer than to set its
citations. What citeproc changes are the citations, notes, and the blanks and
punctuation beside them; what it counts are notes. The rest need not go there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from geppetto.ast import Block, Inline, held, nodes, raw_block, raw_inline

CUT = "geppetto-cut"
"""The format of the raw text that stands for what was taken out, by its number."""
NEEDED = frozenset({"Cite", "Note", "Div"})
WHOLE = frozenset({"Cite", "Note"})
"""Types that are sent as they are: a note counts as text for what follows it."""
NEAR = 4
"""So many words and blanks beside anything else are left where they are."""
WORTH = 3
"""So few are not worth a mark."""
_BLOCKS = frozenset(
    {
        *("Plain", "Para", "LineBlock", "CodeBlock", "RawBlock", "BlockQuote", "OrderedList"),
        *("BulletList", "DefinitionList", "Header", "HorizontalRule", "Table", "Figure", "Div"),
    }
)

Taken = list[list[Any]]
"""What was taken out; a mark's number is its index."""


def slim(blocks: Sequence[Block]) -> tuple[list[Block], Taken]:
    """Take out what citeproc need not see; give the rest, and what was taken."""
    taken: Taken = []
    return _slim(list(blocks), taken), taken


def restore(value: Any, taken: Taken) -> Any:
    """Put back what was taken out of a tree, into the lists where the marks stand."""
    if type(value) is list:
        made: list[Any] = []
        for item in value:
            made += taken[int(item["c"][1])] if _is_mark(item) else [restore(item, taken)]
        return made
    if type(value) is dict and value.get("t") not in WHOLE:
        return {key: restore(item, taken) for key, item in value.items()}
    return value


def _is_mark(item: Any) -> bool:
    return (
        type(item) is dict
        and item.get("t") in {"RawBlock", "RawInline"}
        and bool(item["c"][0] == CUT)
    )


def _slim(value: Any, taken: Taken) -> Any:
    if isinstance(value, list):
        first = value[0] if value else None
        if not isinstance(first, dict) or "t" not in first:
            return [_slim(item, taken) for item in value]
        return _of_blocks(value, taken) if first["t"] in _BLOCKS else _of_inlines(value, taken)
    if isinstance(value, dict):
        if value.get("t") in WHOLE:
            return value
        return {key: _slim(item, taken) for key, item in value.items()}
    return value


def _of_blocks(blocks: Sequence[Block], taken: Taken) -> list[Block]:
    made: list[Block] = []
    run: list[Block] = []
    for block in blocks:
        if next(nodes(block, NEEDED), None) is None:
            run.append(block)
            continue
        made += _marked(run, raw_block, 0, taken)
        made.append(_slim(block, taken))
        run = []
    return [*made, *_marked(run, raw_block, 0, taken)]


def _of_inlines(inlines: list[Inline], taken: Taken) -> list[Inline]:
    made: list[Inline] = []
    done = 0
    for position in held(inlines):
        made += _shortened(inlines[done:position], taken)
        one = inlines[position]
        made += _marked([one], raw_inline, 0, taken) if _is_mark(one) else [_slim(one, taken)]
        done = position + 1
    return [*made, *_shortened(inlines[done:], taken)]


def _shortened(words: Sequence[Inline], taken: Taken) -> list[Inline]:
    if len(words) <= 2 * NEAR:
        return list(words)
    within = _marked(list(words[NEAR:-NEAR]), raw_inline, WORTH, taken)
    return [*words[:NEAR], *within, *words[-NEAR:]]


def _marked(run: list[Any], make: Any, least: int, taken: Taken) -> list[Any]:
    if len(run) <= least:
        return run
    taken.append(run)
    return [make(CUT, str(len(taken) - 1))]
