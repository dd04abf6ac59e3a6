"""What of a chapter is prose."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geppetto.sourcemap import mask

# Markdown's own characters far more often than chance would bring them.
MARKS = [
    "`",
    "```",
    "~~~",
    "$",
    "$$",
    "\\",
    "<!--",
    "-->",
    "<pre>",
    "</pre>",
    "@key",
    "@{",
    "}",
    "[^n]",
    ":",
    "[",
    "](",
    ")",
    "{#id}",
    "![",
    "\\text{",
    "\\begin{x}",
    "\\end{x}",
    "é",
]
SPACED = ("\n", "\n\n", "    ", "- ", "> ", "word ", "1. ", "# ", "\t", "\r", "\u2028", "<b a='")
MARKDOWN = st.lists(st.sampled_from([*MARKS, *SPACED]), max_size=60).map("".join)


@given(st.one_of(st.text(), MARKDOWN))
@settings(max_examples=400, deadline=None)
def test_keeps_length_and_line_ends(text):
    """A place in the mask is the same place in the text, whatever the text."""
    for keep_math in (False, True):
        masked = mask(text, keep_math=keep_math)
        assert len(masked) == len(text)
        for before, after in zip(text, masked, strict=True):
            assert after in (before, " ")
            assert (before in "\r\n") <= (after == before)


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("a `x` b", "`x`"),
        ("a ``x ` y`` b", "``x ` y``"),
        ("a `x\ny` b", "`x y`"),
        ("a\n\n```\nx\n```\n\nb", "``` x ```"),
        ("a\n\n~~~~ python\n~~~\nx\n~~~~~\n\nb", "~~~~ python ~~~ x ~~~~~"),
        ("- a\n\n  ```\n  x\n  ```\n", "``` x ```"),
        ("- ```\n  x\n  ```\n", "``` x ```"),
        ("> ```\n> x\n> ```\n\nb", "``` > x > ```"),
        ("```{=latex}\n\\x @k\n```\n{=latex}", "``` \\x @k ```"),
        ("a\n\n    x\n\n    y\n\nb", "x y"),
        ("a <!-- x\n\n``` --> b", "<!-- x ``` -->"),
        ("a $x$ b $$y\nz$$ c", "$x$ $$y z$$"),
        ("a \\@k \\[ b", "\\@ \\["),
        ("a <b class='@k'>c</b>", "<b class='@k'> </b>"),
        ("a\n\n\\begin{x}\n@k\n\\end{x}\n", "\\begin{x} @k \\end{x}"),
        ("a \\emph{@k} b", "\\emph{@k}"),
        ("<pre>\n@k\n</pre>\n\nb", "<pre> @k </pre>"),
    ],
)
def test_hides(text, hidden):
    """Code, comments, mathematics, raw TeX and HTML, and escapes are blanked."""
    masked = mask(text)
    lost = "".join(b if a != b else " " for a, b in zip(masked, text, strict=True))
    assert [w for w in lost.split() if w != ">"] == [w for w in hidden.split() if w != ">"]


@pytest.mark.parametrize(
    "text",
    [
        "a ` b",
        "a ` b\n\nc ` d",
        "```\nnever closed",
        "it costs $5 and $6",
        "$ x $",
        "<!-- never closed",
        "- item\n\n    more of the item",
        "[^1]: note\n\n    more of the note",
        "a paragraph\n    that goes on",
        "# A ` heading\n` text",
        "a < b",
        "<https://example.org/@x>",
    ],
)
def test_leaves_prose(text):
    """What Pandoc reads as text stays."""
    assert mask(text) == text


def test_attributes_of_code_stay():
    """Identifiers of listings are still to be found."""
    assert mask('```{#lst:x .python caption="A"}\nx\n```\n').split("\n") == [
        '   {#lst:x .python caption="A"}',
        " ",
        "   ",
        "",
    ]


def test_mathematics_may_stay():
    assert mask("a $x$ `b`", keep_math=True) == "a $x$    "


BAITS = {
    "backticks": "`" * 10**6,
    "runs of every length": "".join("`" * i + "a" for i in range(1, 1400)),
    "fences of every length": "".join("`" * i + "\n" for i in range(1400, 3, -1)),
    "dollars": "$a " * 300_000,
    "display": "$$a" * 300_000,
    "comments": "<!--" * 250_000,
    "environments": "\\begin{a}" * 110_000,
    "macros": "\\a{" * 300_000,
    "quoted fences": "> ```\n" * 160_000,
    "tags": "<a " * 300_000,
    "empty lines": "\n" * 10**6,
    "backslashes": "\\" * 10**6,
    "blanks": " " * 10**6,
    "verbatim": "<pre>" * 200_000,
    "list markers": "- " * 500_000,
    "indented": "    a\n\n" * 150_000,
    "prose": "Some words, *emphasis*, `code` and [@key, p. 3].\nAnother line.\n\n" * 15_000,
}


@pytest.mark.parametrize("bait", BAITS)
def test_time_is_linear(bait):
    """A megabyte of anything takes a moment, where a quadratic scanner would take minutes."""
    text = BAITS[bait]
    started = time.process_time()
    mask(text)
    assert time.process_time() - started < 5
