r"""What a stranger's text may not hold (`trust: none`): it is words, and nothing is executed.

Raw LaTeX and HTML are refused. A formula goes to TeX as it is written, so its
control words are of a list (`data/mathwords.txt`), its environments too, and
`^^`, which spells a character by its number, is refused. Attributes and the
schemes of links are of a list. What is refused is taken out in every case: a
lenient build sets a mark in its place. Where each stands, `pipeline` finds.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files

from geppetto.ast import (
    HTML_FORMATS,
    RAW,
    TEX_FORMATS,
    Attr,
    Block,
    Node,
    attr,
    attr_of,
    nodes,
    rewrite,
)
from geppetto.references.faults import mark, mark_block

SCHEMES = frozenset({"http", "https", "mailto", "tel"})
KEYS = frozenset({
    "alt", "caption", "checked", "dir", "filename", "height", "label", "lang", "lst-cap",
    "lst-label", "number", "short-title", "startFrom", "title", "width", "wrapper",
})  # fmt: skip
"""Keys that say something of the text; a key of HTML or TeX could do something."""
ENVIRONMENTS = frozenset({
    "aligned", "alignedat", "array", "Bmatrix", "bmatrix", "bmatrix*", "cases", "dcases", "gathered",
    "matrix", "pmatrix", "rcases", "smallmatrix", "split", "subarray", "Vmatrix", "vmatrix",
})  # fmt: skip
_SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]*):")
_WORD = re.compile(r"\\([A-Za-z@]+)|(\^\^)")
_ENVIRONMENT = re.compile(r"\\(?:begin|end)\s*\{([^{}]*)\}")
_NAMED = re.compile(r"\\(?:begin|end)(?![A-Za-z])")
_COMMENT = re.compile(r"\s*(<!--.*?-->\s*)+", re.DOTALL)
_SIZE = re.compile(r"\s*[\d.]+\s*(px|in|inch|cm|mm|pt|pc|em|ex|%)?\s*")


@dataclass(frozen=True)
class Refusal:
    """Why a node is refused: its type, what it says, and the word in it that is at fault, if it is one.

    `before` is how often the same has been refused above.
    """

    message: str
    hint: str
    said: str
    word: str = ""
    kind: str = ""
    before: int = 0


def refuse(
    blocks: Sequence[Block], *, attributes: bool = True
) -> tuple[list[Block], list[Refusal]]:
    """Take out what a stranger's text may not hold.

    `attributes` is off where Geppetto and citeproc have added theirs already.
    """
    found: list[Refusal] = []
    counted: Counter[tuple[str, str]] = Counter()
    for node in nodes(list(blocks)):
        refused = _examine(node, attributes=attributes)
        if refused is not None:
            key = (refused.word, refused.said)
            found.append(replace(refused, kind=node["t"], before=counted[key]))
            counted[key] += 1
    if not found and not any(True for _ in nodes(list(blocks), RAW)):
        return list(blocks), found
    return rewrite(list(blocks), lambda node: _without(node, attributes=attributes)), found


def _examine(node: Node, *, attributes: bool) -> Refusal | None:
    kind = node["t"]
    if kind in RAW:
        return _raw(*node["c"])
    if kind == "Math":
        return _math(node["c"][1])
    if kind in {"Link", "Image"} and (refused := _address(node["c"][2][0])):
        return refused
    return _attributes(attr_of(node)) if attributes else None


def _raw(form: str, content: str) -> Refusal | None:
    if form in HTML_FORMATS and _COMMENT.fullmatch(content):
        return None
    language = "LaTeX" if form in TEX_FORMATS else "HTML" if form in HTML_FORMATS else form
    shown = " ".join(content.split())
    return Refusal(
        f"Raw {language} is refused: {shown[:60]}{'…' if shown[60:] else ''}",
        "Say it in Markdown. Text that you trust may hold it, under `trust: author` in book.yaml.",
        content,
    )


def _math(content: str) -> Refusal | None:
    environments = _ENVIRONMENT.findall(content)
    unknown = [name for name in environments if name.strip() not in ENVIRONMENTS]
    if unknown or len(environments) != len(_NAMED.findall(content)):
        word = f"\\begin{{{unknown[0]}}}" if unknown else "\\begin"
        return _in_math(content, word)
    for match in _WORD.finditer(content):
        if match[2] or match[1] not in words():
            return _in_math(content, match[0])
    return None


def _in_math(content: str, word: str) -> Refusal:
    return Refusal(
        f"A formula may not say {word} in text that is not trusted.",
        "Use a sign of LaTeX or amsmath; `trust: author` in book.yaml allows everything.",
        content,
        word,
    )


def _address(target: str) -> Refusal | None:
    scheme = _SCHEME.match(target)
    if scheme is None or scheme[1].lower() in SCHEMES:
        return None
    return Refusal(
        f"A link of the kind {scheme[1].lower()}: is refused.",
        f"Link by one of: {', '.join(sorted(SCHEMES))}.",
        target,
    )


def _attributes(attributes: Attr | None) -> Refusal | None:
    for key, value in attributes[2] if attributes else ():
        if key not in KEYS:
            return Refusal(
                f"The attribute {key} is refused.",
                f"Text that is not trusted may have: {', '.join(sorted(KEYS))}.",
                value,
                key,
            )
        if key in {"width", "height"} and not _SIZE.fullmatch(value):
            return Refusal(f"This {key} is no size.", "Write, say, 50% or 8cm.", value, key)
    return None


@lru_cache(maxsize=1)
def words() -> frozenset[str]:
    """Give the control words that a formula may say."""
    text = (files("geppetto") / "data/mathwords.txt").read_text("utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(word for line in lines for word in line.split())


def _without(node: Node, *, attributes: bool) -> list[Node] | Node | None:
    """Put a mark in the place of what is refused; what is said of a node goes, its words stay."""
    refused = _examine(node, attributes=attributes)
    kind = node["t"]
    if refused is None:
        return [] if kind in RAW else None
    if kind == "RawBlock":
        return mark_block(f"[{refused.message}]")
    if kind in {"RawInline", "Math"} or (kind == "Image" and _address(node["c"][2][0])):
        return mark(f"[{refused.message}]")
    if kind == "Link" and _address(node["c"][2][0]):
        return [*node["c"][1], mark(f"[{refused.message}]")]
    return _bare(node)


def _bare(node: Node) -> Node:
    """Take a node's keys and values away."""
    old = attr_of(node)
    bare = attr(*old[:2]) if old else attr()
    position = 1 if node["t"] == "Header" else 0
    return {**node, "c": [*node["c"][:position], bare, *node["c"][position + 1 :]]}
