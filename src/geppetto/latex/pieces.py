r"""The pieces of an author's own LaTeX in a document: raw LaTeX and mathematics.

Whatever TeX stops at stands in one of them (or is Geppetto's fault). They are
numbered in reading order, from 1; `\atpiece{N}` before a piece tells TeX's log
which was the last that TeX came to. Notes and arguments are no hindrance, as
TeX expands the mark when it sets what follows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geppetto import ast
from geppetto.ast import RAW, SPACES, TEX_FORMATS, Block, Node, raw_inline, rewrite

MARK = "\\atpiece"
KINDS = frozenset({"Math", "RawInline", "RawBlock"})
LEAVES = ast.LEAVES | {"Image"}  # an image's words are set as plain text
# Letters, figures and signs that stand for themselves: no formula of these alone can fail.
_HARMLESS = re.compile(r"[\w\s.,;:!?'()\[\]+*/=<>|-]*", re.ASCII)
_NO_SIGN = re.compile(r"_|''")
_WORDS = re.compile(r"\w+")
_WORD = re.compile(r"\\([A-Za-z@]+)")
_ENVIRONMENT = re.compile(r"\\(?:begin|end)\{([A-Za-z]+)\*?\}")
# Commands of raw LaTeX that say nothing to another chapter: those that define, count or set
# anything but the page's own are not among them. (A label goes by way of the auxiliary files.)
_PRIVATE = frozenset(
    _WORDS.findall(
        "begin end emph textbf textit textsc textsf texttt textrm textup textnormal textsuperscript "
        "textsubscript underline bfseries itshape scshape upshape normalfont rmfamily sffamily "
        "ttfamily tiny scriptsize footnotesize small normalsize large Large LARGE huge Huge centering "
        "raggedright raggedleft noindent indent par vspace hspace vskip hskip smallskip medskip "
        "bigskip vfill hfill hfil vfil quad qquad enspace thinspace linebreak newline pagebreak "
        "nopagebreak newpage clearpage cleardoublepage enlargethispage strut phantom hphantom "
        "vphantom mbox parbox hbox vbox makebox fbox framebox raisebox rule hrule vrule hrulefill "
        "dotfill item footnote footnotemark footnotetext label ref href url LaTeX TeX LuaLaTeX ldots "
        "dots textellipsis textendash textemdash textbar textbackslash textasciitilde slash dag ddag "
        "S P copyright pounds ss ae AE oe OE aa AA o O l L i j c k v u H d b r t includegraphics "
        "caption multicolumn multirow hline cline toprule midrule bottomrule cmidrule linewidth "
        "textwidth columnwidth textheight baselineskip parindent em ex today color textcolor relax "
        "protect ignorespaces unskip nobreak allowbreak discretionary"
    )
)
_PRIVATE_ENVIRONMENTS = frozenset(
    _WORDS.findall(
        "center flushleft flushright quote quotation verse tabular tabularx array itemize enumerate "
        "description minipage figure table longtable verbatim small footnotesize"
    )
)
# What a formula can say to the rest of the book.
_PUBLIC = re.compile(
    r"\\(?:global|[gex]?def|let|newcommand|renewcommand|providecommand|Declare\w+|New\w+|\w*counter|"
    r"\w*length|directlua|latelua|write|immediate|openout|catcode|usepackage|makeat\w+)(?![A-Za-z])"
)


@dataclass(frozen=True)
class Piece:
    """One piece: its text, what it is, and the index of the document's block that it stands in.

    `entry` is the identifier of the bibliography's entry that it belongs to, if it does.
    """

    text: str
    is_math: bool
    is_block: bool
    block: int
    entry: str = ""


def listed(blocks: Sequence[Block]) -> tuple[Piece, ...]:
    """Give the pieces of a document; the first has number 1."""
    return tuple(
        Piece(node["c"][1], node["t"] == "Math", node["t"] == "RawBlock", index, entry)
        for index, block in enumerate(blocks)
        if _holds_any(block)
        for node, entry in _pieces(_bare(block), "")
    )


def keeps_to_itself(blocks: Sequence[Block]) -> bool:
    """Tell whether the author's LaTeX in a document says nothing to the LaTeX of another."""
    return all(map(_is_private, listed(blocks)))


def _is_private(piece: Piece) -> bool:
    if piece.is_math:
        return not _PUBLIC.search(piece.text)
    words, environments = _WORD.findall(piece.text), _ENVIRONMENT.findall(piece.text)
    return _PRIVATE.issuperset(words) and _PRIVATE_ENVIRONMENTS.issuperset(environments)


def marked(blocks: Sequence[Block]) -> list[Block]:
    """Put its mark before each piece that could fail."""
    return _Marker().blocks(blocks)


def replaced(blocks: Sequence[Block], by: Mapping[int, Node]) -> list[Block]:
    """Put other nodes in the place of some pieces, by their number."""
    return _Replacer(by).blocks(blocks)


def is_mark(node: Node) -> bool:
    """Tell whether a node is the mark before a piece."""
    return bool(node["t"] == "RawInline" and str(node["c"][1]).startswith(MARK))


def _bare(value: Any) -> Any:
    """Take citations for their words, which is all of them that is set."""
    return rewrite(value, lambda node: list(node["c"][1]), {"Cite"})


def _is_piece(value: Any) -> bool:
    kind = value.get("t") if isinstance(value, dict) else None
    return kind == "Math" or (kind in RAW and value["c"][0] in TEX_FORMATS)


def _holds_any(block: Block) -> bool:
    return any(_is_piece(node) for node in ast.nodes(block, KINDS))


def _pieces(value: Any, entry: str) -> Iterator[tuple[Node, str]]:
    if _is_piece(value):
        yield value, entry
    elif isinstance(value, list):
        for item in value:
            yield from _pieces(item, entry)
    elif isinstance(value, dict) and value.get("t") not in LEAVES:
        if value.get("t") == "Div" and "csl-entry" in value["c"][0][1]:
            entry = value["c"][0][0]
        for item in value.values():
            yield from _pieces(item, entry)


class _Walk:
    """Rebuilds blocks, counting their pieces."""

    def __init__(self) -> None:
        self.number = 0

    def blocks(self, blocks: Sequence[Block]) -> list[Block]:
        """Rebuild those that hold a piece."""
        made: list[Block] = []
        for block in blocks:
            made += self.items([_bare(block)]) if _holds_any(block) else [block]
        return made

    def value(self, value: Any) -> Any:
        if isinstance(value, list):
            return self.items(value)
        if isinstance(value, dict) and value.get("t") not in LEAVES:
            return {key: self.value(item) for key, item in value.items()}
        return value

    def items(self, items: list[Any]) -> list[Any]:
        made: list[Any] = []
        in_run = False
        for item in items:
            if _is_piece(item):
                self.number += 1
                made += self.piece(item, in_run=in_run)
                in_run = item["t"] == "RawInline" and not item["c"][1].rstrip().endswith("}")
            else:
                made.append(self.value(item))
                blank = isinstance(item, dict) and item.get("t") in SPACES
                in_run = in_run and blank
        return made

    def piece(self, node: Node, *, in_run: bool) -> list[Node]:
        raise NotImplementedError


class _Marker(_Walk):
    def piece(self, node: Node, *, in_run: bool) -> list[Node]:
        r"""Mark a piece, but where it may be the argument of the one before (`\textbf \emph{x}`)."""
        kind, content = node["t"], node["c"][1]
        mark = f"{MARK}{{{self.number}}}"
        if kind == "RawBlock":
            return [{"t": kind, "c": [node["c"][0], f"{mark}%\n{content}"]}]
        argument = kind == "RawInline" and content.startswith(("{", "["))
        if in_run or argument or (kind == "Math" and _is_harmless(content)):
            return [node]
        return [raw_inline("latex", mark), node]


class _Replacer(_Walk):
    def __init__(self, by: Mapping[int, Node]) -> None:
        super().__init__()
        self.by = by

    def piece(self, node: Node, *, in_run: bool) -> list[Node]:
        del in_run
        return [self.by.get(self.number, node)]


def _is_harmless(mathematics: str) -> bool:
    return bool(_HARMLESS.fullmatch(mathematics)) and not _NO_SIGN.search(mathematics)
