"""A tree with marks holds both revisions: accepted it is the new, rejected the old."""

from __future__ import annotations

import os

from changed_trees import Trees
from hypothesis import given, settings
from hypothesis import strategies as st

from geppetto.ast import rewrite
from geppetto.review.changes import blocks, sides
from geppetto.review.changes.likeness import joined

MANY = int(os.environ.get("GEPPETTO_EDITS", "40"))


def _comparable(value):
    """Words that follow each other are one; where a line is broken says nothing."""
    blank = rewrite(value, lambda _: {"t": "Space"}, {"SoftBreak"})

    def merge(item):
        if isinstance(item, list):
            return joined([merge(one) for one in item])
        return {k: merge(v) for k, v in item.items()} if isinstance(item, dict) else item

    return merge(blank)


def _revisions(number):
    trees = Trees(number)
    old = trees.blocks()
    return old, trees.blocks() if number % 5 == 0 else trees.edited(old)


@settings(max_examples=MANY)
@given(st.integers(0, 2**32))
def test_random_edits_can_be_accepted_and_rejected(number):
    """Block for block, with identifiers and numbers."""
    old, new = _revisions(number)
    marked = blocks.compare(old, new)
    assert _comparable(sides.accepted(marked)) == _comparable(new)
    assert _comparable(sides.rejected(marked)) == _comparable(old)
