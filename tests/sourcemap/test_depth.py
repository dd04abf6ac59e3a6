"""How deeply things stand in each other: found before Pandoc is given them."""

from __future__ import annotations

import pytest

from geppetto.sourcemap import deepest, tangled


@pytest.mark.parametrize(
    "text",
    [
        "One [link](a.md), one [^note], [two] [three] [four] [five] [six] [seven] [eight] [nine].",
        "[" * 8 + "x" + "]" * 8,
        "[0,1) and " * 14,
        "`" + "[" * 40 + "`",
        "    " + "[" * 40,
        "```\n" + "[" * 40 + "\n```\n",
        "$" + "[" * 40 + "$",
        "\\[" * 40,
        "\n\n".join("[ x" for _ in range(40)),
        "> [ x\n>\n" * 40,
    ],
    ids=[
        "usual",
        "eight",
        "intervals",
        "code",
        "indented",
        "fenced",
        "formula",
        "escaped",
        "apart",
        "quoted",
    ],
)
def test_what_pandoc_reads_quickly(text):
    assert tangled(f"# One\n\n{text}\n") is None


def test_too_many_within_each_other_are_found_at_the_outermost_that_is_too_much():
    assert tangled("# One\n\nIt " + "[" * 9 + "x" + "]{.a}" * 9 + "\n") == (3, 4)


def test_too_many_that_are_not_closed_are_found_at_the_first_too_many():
    assert tangled("One.\n\n" + "[0,1) " * 20) == (3, 14 * 6 + 1)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a\n\n> b\n\n> > > c\n", (5, 7)),
        ("- a\n  - b\n    - c\n", (3, 5)),
        ("::: a\n:::: b\nx\n::::\n:::\n", (2, 1)),
        ("plain\n", None),
    ],
)
def test_the_deepest_line(text, place):
    assert deepest(text) == place
