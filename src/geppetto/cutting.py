"""Trees without what a step need not see: marks stand for what is taken out, and is put back.

To walk a whole book takes long, and to give it to another program longer. Most
of it are words that say nothing to other places of the book.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from geppetto.ast import Block, Inline, attr_of, held, nodes, raw_block, raw_inline

Taken = list[list[Any]]
"""What was taken out; a mark's number is its index."""
VEIL = "ꙮ"
"""A letter of no living language; between two stands the number of a word that was taken out."""
_VEIL = re.compile(f"{VEIL}(\\d+){VEIL}")
_LETTERS = re.compile(rf"[^\W_]+(?:[’'-][^\W_]+)*|{VEIL}+")
_MARKS = frozenset({"RawBlock", "RawInline"})
_BLOCKS = frozenset(
    {
        *("Plain", "Para", "LineBlock", "CodeBlock", "RawBlock", "BlockQuote", "OrderedList"),
        *("BulletList", "DefinitionList", "Header", "HorizontalRule", "Table", "Figure", "Div"),
    }
)


@dataclass(frozen=True)
class Cutter:
    """What is left in a tree.

    `mark` is the format of the raw text that stands for what was taken out, by
    its number. Nodes of the types `needed` stay, and those of `named` that have
    an identifier; those of `whole` stay as they are. So many words and blanks
    as `near` stay beside them; no more than `worth` are not worth a mark.
    `splits`: near everything that is more than a word, too. Where there are types
    that are `veiled`, of the words that stay, and of those in nodes of these types,
    only the punctuation stays; what the words are is taken out.
    """

    mark: str
    needed: frozenset[str]
    whole: frozenset[str]
    named: frozenset[str] = frozenset()
    near: int = 4
    worth: int = 3
    splits: bool = True
    veiled: frozenset[str] = frozenset()

    def cut(self, blocks: Sequence[Block]) -> tuple[list[Block], Taken]:
        """Take out what is not needed; give the rest, and what was taken."""
        taken: Taken = []
        return self._cut(list(blocks), taken), taken

    def restore(self, value: Any, taken: Taken) -> Any:
        """Put back what was taken out of a tree, into the lists where the marks stand."""
        if isinstance(value, list):
            made: list[Any] = []
            for item in value:
                is_mark = self._is_mark(item)
                made += taken[int(item["c"][1])] if is_mark else [self.restore(item, taken)]
            return made
        if isinstance(value, dict) and value.get("t") not in self.whole:
            if self.veiled and value.get("t") == "Str":
                words = _VEIL.sub(lambda found: str(taken[int(found[1])][0]["c"]), value["c"])
                return value if words == value["c"] else {"t": "Str", "c": words}
            return {key: self.restore(item, taken) for key, item in value.items()}
        return value

    def _veil(self, value: Any, taken: Taken) -> Any:
        """Put a sign in the place of each word."""
        if isinstance(value, list):
            made: list[Any] = []
            for item in value:
                if self._is_mark(item):
                    make = raw_block if item["t"] == "RawBlock" else raw_inline
                    made += _marked([item], make, self.mark, taken)
                else:
                    made.append(self._veil(item, taken))
            return made
        if not isinstance(value, dict) or value.get("t") in self.whole:
            return value
        if value.get("t") != "Str":
            return {key: self._veil(item, taken) for key, item in value.items()}

        def sign(found: re.Match[str]) -> str:
            taken.append([{"t": "Str", "c": found[0]}])
            return f"{VEIL}{len(taken) - 1}{VEIL}"

        return {"t": "Str", "c": _LETTERS.sub(sign, value["c"])}

    def _is_mark(self, item: Any) -> bool:
        return (
            isinstance(item, dict) and item.get("t") in _MARKS and bool(item["c"][0] == self.mark)
        )

    def _holds(self, value: Any) -> bool:
        """Tell whether anything in a value is needed, or looks like a mark."""
        for node in nodes(value, self.needed | self.named | _MARKS):
            if node["t"] in self.needed or self._is_mark(node):
                return True
            attributes = attr_of(node) if node["t"] in self.named else None
            if attributes and attributes[0]:
                return True
        return False

    def _cut(self, value: Any, taken: Taken) -> Any:
        if isinstance(value, list):
            first = value[0] if value else None
            if not isinstance(first, dict) or "t" not in first:
                return [self._cut(item, taken) for item in value]
            of = self._of_blocks if first["t"] in _BLOCKS else self._of_inlines
            return of(value, taken)
        if isinstance(value, dict):
            if value.get("t") in self.whole:
                return value
            if value.get("t") in self.veiled:
                return self._veil(value, taken)
            return {key: self._cut(item, taken) for key, item in value.items()}
        return value

    def _of_blocks(self, blocks: Sequence[Block], taken: Taken) -> list[Block]:
        made: list[Block] = []
        run: list[Block] = []
        for block in blocks:
            if not self._holds(block):
                run.append(block)
                continue
            made += _marked(run, raw_block, self.mark, taken)
            made.append(self._cut(block, taken))
            run = []
        return [*made, *_marked(run, raw_block, self.mark, taken)]

    def _of_inlines(self, inlines: list[Inline], taken: Taken) -> list[Inline]:
        made: list[Inline] = []
        done = 0
        for position in held(inlines):
            one = inlines[position]
            is_mark = self._is_mark(one)
            if not (self.splits or is_mark or self._holds(one)):
                continue
            made += self._shortened(inlines[done:position], taken)
            made += (
                _marked([one], raw_inline, self.mark, taken) if is_mark else [self._cut(one, taken)]
            )
            done = position + 1
        return [*made, *self._shortened(inlines[done:], taken)]

    def _shortened(self, words: Sequence[Inline], taken: Taken) -> list[Inline]:
        near = self.near
        if len(words) <= 2 * near + self.worth:
            return self._beside(words, taken)
        before, after = (self._beside(some, taken) for some in (words[:near], words[-near:]))
        within = _marked(list(words[near:-near]), raw_inline, self.mark, taken)
        return [*before, *within, *after]

    def _beside(self, words: Sequence[Inline], taken: Taken) -> list[Inline]:
        return [self._veil(word, taken) for word in words] if self.veiled else list(words)


def _marked(run: list[Any], make: Any, mark: str, taken: Taken) -> list[Any]:
    """Take a run of nodes out, if there are any; give what stands for it."""
    if not run:
        return []
    taken.append(run)
    return [make(mark, str(len(taken) - 1))]
