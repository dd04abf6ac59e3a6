"""When two pieces of a tree say the same, and how much of what they say they share."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from geppetto.ast import Inline, Node, attr_of, nodes, plain, rewrite, stringify

SILENT_KEYS = frozenset({"number", "label", "short-title"})
"""Keys that references give, and that change when something else does."""
_FIGURES = re.compile(r"(?<!\d)\d{1,3}(?!\d)")
SIGNS = "⺀-鿿豈-﫿぀-ヿ\U00020000-\U0003ffff"
"""Characters that are words by themselves: those of Chinese and Japanese."""
_WORD = re.compile(rf"[{SIGNS}]|(?:(?![{SIGNS}])\w)+(?:[’'\-]\w+)*")
_SHORT, _LONG_COUNTS = 3, 3  # words of more letters tell more, and count so many times
_ADDED, _ENOUGH = 0.55, 6
_SIGN = re.compile(r"\S")


def key(value: Any) -> str:
    """Give a text that two values share which say the same to a reader.

    Identifiers and counted numbers do not count: they follow from other changes.
    """
    return json.dumps(essence(value), ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def essence(value: Any) -> Any:
    """Give a value without what follows from other changes."""
    if isinstance(value, list):
        return _joined([essence(item) for item in value])
    if not isinstance(value, dict):
        return value
    kind = value.get("t")
    if kind == "SoftBreak":
        return {"t": "Space"}
    if kind in {"Link", "Cite"}:
        return _leading(value)
    attributes = attr_of(value) if kind else None
    made = {name: item if name == "t" else essence(item) for name, item in value.items()}
    if attributes is not None:
        at = 1 if kind == "Header" else 0
        content = list(made["c"])
        content[at] = silenced(attributes)
        made["c"] = content
    return made


def _leading(node: Node) -> Any:
    """Give what a link or a citation says: a counted number in it is the book's, not the author's."""
    if node["t"] == "Cite":
        citations = [
            [one["citationId"], one["citationMode"]["t"], essence(_around(one))]
            for one in node["c"][0]
        ]
        return ["Cite", citations, _uncounted(essence(node["c"][1]))]
    attributes, content, (target, title) = node["c"]
    words = essence(content)
    inside = target.startswith("#")
    if "xref" in attributes[1]:
        words = _uncounted(words)
    return ["Link", silenced(attributes), words, "#" if inside else target, title]


def _around(citation: Any) -> list[Any]:
    return [citation["citationPrefix"], citation["citationSuffix"]]


def _uncounted(value: Any) -> Any:
    if isinstance(value, list):
        return [_uncounted(item) for item in value]
    if isinstance(value, dict):
        return {name: _uncounted(item) for name, item in value.items()}
    return _FIGURES.sub("0", value) if isinstance(value, str) else value


def silenced(attributes: Any) -> Any:
    """Give attributes without identifier and counted numbers."""
    _, classes, pairs = attributes
    return ["", classes, [pair for pair in pairs if pair[0] not in SILENT_KEYS]]


def _joined(items: list[Any]) -> list[Any]:
    made: list[Any] = []
    for item in items:
        if made and _is_word(item) and _is_word(made[-1]):
            made[-1] = {"t": "Str", "c": made[-1]["c"] + item["c"]}
        else:
            made.append(item)
    return made


def _is_word(item: Any) -> bool:
    return isinstance(item, dict) and item.get("t") == "Str"


def joined(inlines: list[Inline]) -> list[Inline]:
    """Make words that follow each other one."""
    return _joined(inlines)


def words(value: Any) -> Counter[str]:
    """Weigh the words of a piece of a tree, those of its notes, too, and the images in it."""
    said = _said(value)
    found = _weighed(_WORD.findall(said) or _SIGN.findall(said))
    for node in nodes(value, {"Note", "Image", "RawBlock", "RawInline"}):
        if node["t"] == "Note":
            found.update(words(node["c"]))
        elif node["t"] == "Image":
            found[f"image {node['c'][2][0]}"] += 3
        else:
            found.update(_weighed(_WORD.findall(node["c"][1])))
    return found


def _said(value: Any) -> str:
    """Give the words, terms and lines of verse apart from what follows them."""
    return stringify(rewrite([value], _apart, {"DefinitionList", "LineBlock"}))


def _apart(node: Node) -> list[Node]:
    if node["t"] == "LineBlock":
        return [plain(line) for line in node["c"]]
    made: list[Node] = []
    for term, definitions in node["c"]:
        made += [plain(term), *(one for definition in definitions for one in definition)]
    return made


def _weighed(words: Sequence[str]) -> Counter[str]:
    found = Counter(words)
    return Counter({w: n * (_LONG_COUNTS if len(w) > _SHORT else 1) for w, n in found.items()})


def count(value: Any) -> int:
    """Count the words, as a reader would."""
    found = len([word for word in _said(value).split() if any(map(str.isalnum, word))])
    return found + sum(count(note["c"]) for note in nodes(value, {"Note"}))


def share(old: Counter[str], new: Counter[str]) -> float:
    """Give how much two counts of words share, from 0 to 1."""
    total = old.total() + new.total()
    return 2 * (old & new).total() / total if total else 1.0


def _held(old: Counter[str], new: Counter[str]) -> float:
    """Give how surely one of two is the other and more: a paragraph to which a lot was added."""
    less = min(old.total(), new.total())
    return _ADDED * (old & new).total() / less if less >= _ENOUGH else 0.0


class Weights:
    """Weighs pairs of pieces of trees, whose words are counted once.

    The pieces live as long as this: their identities are kept.
    """

    def __init__(self) -> None:
        self._words: dict[int, Counter[str]] = {}

    def words(self, piece: Any) -> Counter[str]:
        """Count the words of a piece."""
        if id(piece) not in self._words:
            self._words[id(piece)] = words(piece)
        return self._words[id(piece)]

    def weigh(self, old: Any, new: Any, least: float) -> float:
        """Give how much it is worth to take two pieces for one; 0 if they share less than `least`.

        Of what is long it is worth more, so that what is short is said to have moved.
        """
        before, after = self.words(old), self.words(new)
        shared = max(share(before, after), _held(before, after))
        return shared * (1 + before.total() + after.total()) ** 0.5 if shared >= least else 0.0
