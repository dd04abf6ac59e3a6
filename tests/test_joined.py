"""Joined words are written as they are written one by one, by both writers."""

from __future__ import annotations

import random

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from geppetto import ast, pandoc
from geppetto.ast import para, text
from geppetto.pandoc.joined import joined

SIGNS = "ab é—–-'’“”\"`~^\\{}[]()<>&%$#_|*+=:;.,!?/@\u00a0\u202f☐☒…«»ß中א\ufe0e🙂↔"
BLANKS = ("Space", "SoftBreak", "LineBreak")
TASK = {"t": "BulletList", "c": [[ast.plain(text("☐ to do"))], [ast.plain(text("☒ a b"))]]}


class _Author:
    """Writes trees at random."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - texts, not secrets

    def word(self) -> str:
        return "".join(self.chance.choices(SIGNS, k=self.chance.randrange(5)))

    def simple(self) -> ast.Inline:
        if self.chance.random() < 0.5:
            return {"t": "Str", "c": self.word().replace(" ", "")}
        return {"t": self.chance.choice(BLANKS)}

    def row(self, most: int) -> list[ast.Inline]:
        """Write words, mostly with one blank between them, as Pandoc reads them."""
        if self.chance.random() < 0.5:
            return [self.simple() for _ in range(self.chance.randrange(most))]
        words = [{"t": "Str", "c": self.word().replace(" ", "") or "x"} for _ in range(most)]
        blanks = [{"t": self.chance.choice(BLANKS)} for _ in words]
        return [one for pair in zip(words, blanks, strict=True) for one in pair]

    def other(self) -> ast.Inline:
        return self.chance.choice(
            [
                {"t": "Emph", "c": self.row(4)},
                {"t": "Quoted", "c": [{"t": "DoubleQuote"}, self.row(4)]},
                {"t": "Note", "c": [para(self.row(4))]},
                ast.link(self.row(4), "#here"),
                {"t": "Code", "c": [ast.attr(), self.word()]},
                ast.raw_inline("latex", "\\x{}"),
                {"t": "Math", "c": [{"t": "InlineMath"}, "a b"]},
            ]
        )

    def inlines(self) -> list[ast.Inline]:
        made = self.row(8)
        for _ in range(self.chance.randrange(3)):
            made += [self.other(), *self.row(6)]
        return made

    def block(self) -> ast.Block:
        row = self.inlines()
        return self.chance.choice(
            [
                para(row),
                ast.plain(row),
                {"t": "Header", "c": [2, ast.attr("h"), row]},
                {"t": "BulletList", "c": [[ast.plain(row)], [para(row)]]},
                {"t": "BlockQuote", "c": [para(row)]},
                {"t": "LineBlock", "c": [row, self.inlines()]},
            ]
        )


@pytest.mark.tools
@pytest.mark.parametrize("form", ["latex", "html"])
@settings(max_examples=8, phases=[Phase.generate])
@given(seed=st.integers(0, 2**32))
def test_joined_words_are_written_alike(form, seed):
    author = _Author(seed)
    named = {str(n): [*(author.block() for _ in range(6)), TASK] for n in range(60)}
    alike = {name: joined(many) for name, many in named.items()}
    assert alike != named
    sources = [{n: pandoc._json(d, {}) for n, d in one.items()} for one in (named, alike)]
    job = pandoc.Job("write", target=pandoc.FORMATS[form], options=pandoc.WRITER[form])
    before, after = ({n: out for n, (out, _) in pandoc.run(job, s).items()} for s in sources)
    for name, out in before.items():
        assert after[name] == out, named[name]


def test_words_in_a_row_are_one():
    row = [
        *text("one two"),
        {"t": "SoftBreak"},
        *text("three"),
        {"t": "LineBreak"},
        *text("four five"),
    ]
    assert joined([para(row)]) == [
        para(
            [
                {"t": "Str", "c": "one two\nthree"},
                {"t": "LineBreak"},
                {"t": "Str", "c": "four five"},
            ]
        )
    ]


@pytest.mark.parametrize("words", ["☐ to do now", " a", "a  b", " a b "])
def test_what_stands_at_an_edge_or_twice_stays(words):
    before = text(words)
    made = joined(before)
    assert made == before or made == [before[0], {"t": "Str", "c": "a b"}, before[-1]]


def test_a_tree_is_not_changed():
    tree = ast.indexed([para([*text("a b c"), {"t": "Emph", "c": text("d e f")}])], 20)
    before = repr(tree)
    made = joined(tree)
    assert repr(tree) == before
    assert made[0]["c"] == [
        {"t": "Str", "c": "a b c"},
        {"t": "Emph", "c": [{"t": "Str", "c": "d e f"}]},
    ]
