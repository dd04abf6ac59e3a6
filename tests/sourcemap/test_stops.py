"""Stops: where blocks begin, and where the author began a new line within one."""

from __future__ import annotations

import pytest

from geppetto import pandoc, sourcemap
from geppetto.ast import nodes
from geppetto.sourcemap import AT, STOP

TEXT = """# A heading
A paragraph

A paragraph *with emphasis
that goes on* and
ends[^n] here.

[^n]: A note
    of two lines.

- An item

Term
:   Its meaning
    on two lines.

| A verse
| another

| a | b |
|---|---|
| c | d |

: The caption
over two lines

```
code
```

`\\textbf`{=latex}
`{raw}`{=latex} and
the end.
"""


@pytest.fixture(scope="module")
def blocks():
    return pandoc.read({"a.md": TEXT})[0]["a.md"]


@pytest.mark.tools
def test_each_stop_leads_to_its_line(blocks):
    """Blocks, lines within them, notes, items, terms, verses, cells, captions, code."""
    listed = sourcemap.stops(blocks)
    lines = sourcemap.lines(listed, sourcemap.align(blocks, TEXT))
    assert lines == (
        1, 2,  # the heading, and the paragraph below it
        4, 5, 6,  # the paragraph
        8, 9,  # the note
        11,
        13, 14, 15,  # term and meaning
        17, 18,  # verses
        24, 25,  # the caption, before the cells
        20, 20, 22, 22,
        27,
        31, 32, 33,
    )  # fmt: skip


@pytest.mark.tools
def test_marks_stand_where_the_stops_are(blocks):
    """Every leaf has its number; a new line has a mark, but not beside raw TeX."""
    made = sourcemap.marked(blocks)
    marks = [int(n["c"][1]) for n in nodes(made, {"RawInline"}) if n["c"][0] == STOP]
    # After emphasis that a new line is in, the mark is repeated behind the blank.
    assert marks == [4, 4, 5, 7, 9, 11, 13, 15, 23]
    kinds = {"Para", "Plain", "Header", "CodeBlock", "LineBlock"}
    numbers = [n[AT] for n in nodes(made, kinds)]
    assert numbers == [1, 2, 3, 6, 8, 10, 12, 14, 16, 17, 18, 19, 20, 21]
    assert not any(AT in n for n in nodes(blocks))


def test_a_node_that_stands_twice_has_no_stop_of_its_own():
    """It would name one of its places for both."""
    again = {"t": "SoftBreak"}
    word = {"t": "Str", "c": "x"}
    blocks = [{"t": "Para", "c": [word, again, word]}, {"t": "Para", "c": [word, again, word]}]
    made = sourcemap.marked(blocks)
    assert list(nodes(made, {"RawInline"})) == []
    assert [one[AT] for one in made] == [1, 3]
