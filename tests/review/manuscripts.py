"""Markdown of every kind, drawn at random: what a chapter may hold, whole and in pieces."""

from __future__ import annotations

from hypothesis import strategies as st

PIECES = [
    "A plain sentence of words.",
    "One more, *with* **emphasis** and `code`.",
    "She “said” it -- twice...",
    "Mathematics $a_1 + b$ and $$c$$ here.",
    "A [link](http://example.org/a_(b)) and ![image](a.png){width=50%}.",
    "Cited [see @smith2001, p. 3] and @jones{.x}.[^1]",
    "[^1]: A note of its own.",
    "# A heading {#sec:x}",
    "- an item\n- another item\n  with two lines",
    "1. first\n2. second",
    "> A quotation\n> of two lines",
    "```python\nx = '{==a==}'\n```",
    "~~~\ncode {>>Ann (remark 1): x<<}\n~~~",
    "`{>>Ann (remark 2): in code<<}`",
    "    indented code",
    "<!-- a comment\nof two lines -->",
    "\\begin{center}\nraw\n\\end{center}",
    "\\textbf{raw} text",
    "::: {.note}\nin a division\n:::",
    "| a | b |\n|---|---|\n| c | d |",
    "[ref]: http://example.org/x",
    "Author's own {>>comment<<} and {==light==} {--x--} {~~a~>b~~}.",
    "* * *",
    "Term\n:   its definition",
    "{==", "==}", "`", "$", "<", "{", "\\", "~>", "<<}",
    "Ünïcödé “ — … 木偶 of 木头",
]  # fmt: skip
HEADS = ["", "---\ntitle: The `Dream`\n---\n\n", "---\nlang: it\n...\n"]
NASTY = st.one_of(
    st.text(max_size=60),
    st.text(
        alphabet=st.sampled_from(
            list("ab `#>*_-~=+{}[]()<>\\|$^@!&:;\"'.0123456789\n\r\t\x0b\x85\u2028")
        ),
        max_size=60,
    ),
    st.sampled_from(PIECES),
).filter(lambda text: not any(0xD800 <= ord(c) <= 0xDFFF for c in text))
"""What a stranger may have written."""


@st.composite
def chapters(draw):
    """A chapter: pieces, parted by empty lines, line ends or blanks."""
    parts = draw(st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(["\n\n", "\n", " "]))))
    return draw(st.sampled_from(HEADS)) + "".join(a + b for a, b in parts)
