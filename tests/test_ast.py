"""Walks over Pandoc's tree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geppetto import ast

WORDS = st.builds(lambda w: {"t": "Str", "c": w}, st.text(alphabet="abc", min_size=1, max_size=3))


def _grown(children):
    lists = st.lists(children, max_size=4)
    return st.one_of(
        st.builds(lambda c: {"t": "Emph", "c": c}, lists),
        st.builds(lambda c: ast.span(c, ast.attr("x")), lists),
        st.builds(lambda c: {"t": "Note", "c": [ast.para(c)]}, lists),
        st.builds(lambda c: {"t": "BulletList", "c": [[ast.plain(c)], []]}, lists),
        st.builds(
            lambda c: {"t": "Cite", "c": [[{"citationId": "k", "citationPrefix": c}], c]}, lists
        ),
    )


TREES = st.lists(st.recursive(WORDS, _grown, max_leaves=20), max_size=5)


@given(TREES)
def test_walks_that_change_nothing_share_everything(tree):
    assert ast.rewrite(tree, lambda _: None) is tree
    assert ast.rewrite_down(tree, lambda _: None, {"Emph"}) is tree


@given(TREES)
def test_a_walk_for_some_types_gives_those_in_the_same_order(tree):
    every = [node for node in ast.nodes(tree) if node["t"] in {"Str", "Note"}]
    some = list(ast.nodes(tree, {"Str", "Note"}))
    assert [id(n) for n in every] == [id(n) for n in some]


@given(TREES)
def test_down_visits_in_reading_order(tree):
    """As `nodes` does: parents first, left to right."""
    seen = []
    ast.rewrite_down(tree, lambda node: seen.append(id(node)))
    assert seen == [id(node) for node in ast.nodes(tree)]


@given(TREES)
def test_both_walks_rewrite_every_word(tree):
    """And leave the old tree as it was."""
    before = ast.stringify(tree)

    def louder(node):
        return {"t": "Str", "c": node["c"].upper()} if node["t"] == "Str" else None

    for walk in (ast.rewrite, ast.rewrite_down):
        assert ast.stringify(walk(tree, louder)) == before.upper()
        assert ast.stringify(walk(tree, louder, {"Str"})) == before.upper()
    assert ast.stringify(tree) == before


def test_a_list_is_spliced_and_can_be_empty():
    tree = [ast.para(ast.text("a b c"))]
    words = {"a": [], "b": ast.text("x y")}
    done = ast.rewrite(tree, lambda n: words.get(n["c"]), {"Str"})
    assert done[0]["c"] == [{"t": "Space"}, *ast.text("x y"), {"t": "Space"}, *ast.text("c")]


def test_stringify_keeps_special_spaces_and_leaves_notes_out():
    note = {"t": "Note", "c": [ast.para(ast.text("no"))]}
    inlines = [*ast.text("a\u00a0b  c"), note, {"t": "SoftBreak"}, *ast.text("d")]
    assert ast.stringify([ast.para(inlines), ast.para(ast.text("e"))]) == "a\u00a0b c d e"


def nested(depth):
    value = []
    for _ in range(depth - 1):
        value = [value, "beside"]
    return value


def test_a_tree_nested_too_deeply_is_refused():
    assert ast.indexed(nested(240), 240) == nested(240)
    deep = {}
    for _ in range(100_000):
        deep = {"c": deep}
    for tree in (nested(241), deep):
        with pytest.raises(RecursionError):
            ast.indexed(tree, 240)


SMALL = st.one_of(
    st.just({"t": "Space"}),
    st.builds(lambda word: {"t": "Str", "c": word}, st.text(max_size=3)),
    st.builds(lambda word: {"t": "Math", "c": [{"t": "InlineMath"}, word]}, st.text(max_size=3)),
)
FORESTS = st.recursive(
    st.lists(SMALL, max_size=6),
    lambda inner: st.lists(
        st.one_of(
            SMALL,
            st.builds(lambda c: {"t": "Emph", "c": c}, inner),
            st.builds(lambda c: {"t": "Span", "c": [["", ["x"], []], c]}, inner),
            st.builds(
                lambda c: {"t": "Cite", "c": [[{"citationId": "k", "citationPrefix": c}], []]},
                inner,
            ),
        ),
        max_size=6,
    ),
    max_leaves=30,
)
KINDS = st.one_of(
    st.none(), st.sets(st.sampled_from(["Str", "Space", "Math", "Emph", "Span", "Cite"]))
)


@given(FORESTS, KINDS, st.integers(0, 2))
def test_a_row_is_walked_like_any_list(tree, kinds, copies):
    """What a walk finds and makes is the same, and so is a second walk over what it made."""

    def change(node):
        inner = {"t": "Strong", "c": [node]}
        return [inner] * copies if copies != 1 else None

    rows = ast.indexed(tree, 240)
    assert rows == tree
    assert list(ast.nodes(rows, kinds)) == list(ast.nodes(tree, kinds))
    for walk in (ast.rewrite, ast.rewrite_down):
        new, plain = walk(rows, change, kinds), walk(tree, change, kinds)
        assert new == plain
        assert list(ast.nodes(new, {"Math", "Strong"})) == list(
            ast.nodes(plain, {"Math", "Strong"})
        )
        assert ast.others(new) == [node for node in plain if node["t"] not in ast.WORDS]


def test_a_row_is_never_changed_in_place():
    row = ast.indexed([{"t": "Space"}], 9)
    for change in (lambda: row.append({}), lambda: row.__setitem__(0, {}), row.sort):
        with pytest.raises(TypeError):
            change()
    with pytest.raises(TypeError):
        row += [{}]
    assert row == [{"t": "Space"}]
