"""Joined words are written as they are written one by one, by both writers."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from geppetto import ast, pandoc
from geppetto.ast import para, text
from geppetto.pandoc.joined import joined

SIGNS = "ab é—–-'’“”\"`~^\\{}[]()<>&%$#_|*+=:;.,!?/@\u00a0\u202f☐☒…«»ß中א\ufe0e🙂↔"
WORDS = st.text(SIGNS.replace(" ", ""), max_size=4).map(lambda word: {"t": "Str", "c": word})
BLANKS = st.sampled_from([{"t": "Space"}, {"t": "SoftBreak"}, {"t": "LineBreak"}])
SIMPLE = st.one_of(WORDS, WORDS, BLANKS, BLANKS)
OTHERS = st.one_of(
    st.lists(SIMPLE, max_size=4).map(lambda within: {"t": "Emph", "c": within}),
    st.lists(SIMPLE, max_size=4).map(
        lambda within: {"t": "Quoted", "c": [{"t": "DoubleQuote"}, within]}
    ),
    st.lists(SIMPLE, max_size=4).map(lambda within: {"t": "Note", "c": [para(within)]}),
    st.lists(SIMPLE, max_size=4).map(lambda within: ast.link(within, "#here")),
    st.text(SIGNS, max_size=4).map(lambda code: {"t": "Code", "c": [ast.attr(), code]}),
    st.text("xy", max_size=2).map(lambda raw: ast.raw_inline("latex", f"\\{raw}{{}}")),
    st.just({"t": "Math", "c": [{"t": "InlineMath"}, "a b"]}),
)
INLINES = st.lists(st.one_of(SIMPLE, SIMPLE, SIMPLE, OTHERS), max_size=12)
TASK = {"t": "BulletList", "c": [[ast.plain(text("☐ to do"))], [ast.plain(text("☒ a b"))]]}


def blocks(inlines):
    return st.one_of(
        inlines.map(para),
        inlines.map(ast.plain),
        inlines.map(lambda one: {"t": "Header", "c": [2, ast.attr("h"), one]}),
        inlines.map(lambda one: {"t": "BulletList", "c": [[ast.plain(one)], [para(one)]]}),
        inlines.map(lambda one: {"t": "BlockQuote", "c": [para(one)]}),
        st.lists(inlines, min_size=1, max_size=3).map(lambda many: {"t": "LineBlock", "c": many}),
    )


@pytest.mark.tools
@pytest.mark.parametrize("form", ["latex", "html"])
@settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(documents=st.lists(st.lists(blocks(INLINES), max_size=6), min_size=20, max_size=60))
def test_joined_words_are_written_alike(form, documents):
    named = {str(number): [*many, TASK] for number, many in enumerate(documents)}
    alike = {name: joined(many) for name, many in named.items()}
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
