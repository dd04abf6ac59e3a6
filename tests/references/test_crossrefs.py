"""Cross-references in both customs."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.tools

PLACES = """
![Cap a](a.png){#fig:a}

![Cap b](a.png){#fig-b}

: Cap {#tbl:t}

| a | b |
|---|---|
| 1 | 2 |

In the $$a$$ {#eq:x} middle and $$b$${#eq-y}, so.

```{#lst:l .python caption="Code"}
x = "@nobody"
```

## Deep {#sec:deep}

## Deeper {#sec-deeper}
"""


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("@fig:a", "Figure 1.1"),
        ("@Fig:a", "Figure 1.1"),
        ("@fig-b", "Figure 1.2"),
        ("[@fig:a]", "Figure 1.1"),
        ("-@fig:a", "1.1"),
        ("[-@fig-b]", "1.2"),
        ("[@fig:a; @fig-b]", "Figures 1.1 and 1.2"),
        ("[see @fig:a; @fig-b]", "see Figures 1.1 and 1.2"),
        ("[-@fig:a; -@fig-b]", "1.1 and 1.2"),
        ("[@fig:a; see @fig-b]", "Figure 1.1, see 1.2"),
        ("[@fig:a; @tbl:t]", "Figure 1.1, Table 1.1"),
        ("[see @fig:a, left]", "see Figure 1.1, left"),
        ("[@fig:a left]", "Figure 1.1 left"),
        ("@fig:a [left]", "Figure 1.1 [left]"),
        ("[Fig. @fig-b]", "Fig. 1.2"),
        ("@tbl:t", "Table 1.1"),
        ("[@eq:x; @eq-y]", "Equations 1.1 and 1.2"),
        ("@lst:l", "Listing 1.1"),
        ("@sec:one", "Chapter 1"),
        ("@sec:deep", "Section 1.1"),
        ("@Sec-deeper", "Section 1.2"),
        ("[@sec:deep; @sec-deeper]", "Sections 1.1 and 1.2"),
        ("*@fig:a*^[At @tbl:t.]", "Figure 1.1"),
    ],
)
def test_a_reference_prints(solve, written, printed):
    """Each form prints its words, and every printed number is a link to its place."""
    trial = solve(f"# One {{#sec:one}}\n\n{written}\n{PLACES}", settings="number-sections: true")
    assert trial.diagnostics == ()
    assert trial.text().startswith(f"{printed} ")


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("[@fig:a; @smith2000]", "(Figure 1.1; Smith 2000)"),
        ("[@fig:a; see @smith2000, 3]", "(Figure 1.1; see Smith 2000, 3)"),
        ("[@smith2000, p. 3; see @fig:a]", "(Smith 2000, 3; see Figure 1.1)"),
        ("@fig:a [@smith2000]", "Figure 1.1 (Smith 2000)"),
        ("@sec:foo says", "Foo (2001) says"),
    ],
)
def test_a_reference_among_citations(solve, written, printed):
    """References and citations in one bracket stay in one bracket; a bibliography's key wins."""
    trial = solve(f"# One\n\n{written}\n{PLACES}")
    assert trial.diagnostics == ()
    assert trial.text().startswith(printed)


def test_references_stand_everywhere(solve):
    """In headings, captions, cells and notes, and across chapters."""
    trial = solve(
        "# One\n\n## On @fig:a\n\n![As @tbl:t](a.png){#fig:a}\n\n: Cap, @fig:a {#tbl:t}\n\n"
        "| @fig:a |\n|--|\n| x^[@fig:a] |\n",
        "# Two\n\nSee @fig:a.",
    )
    assert trial.diagnostics == ()
    assert trial.resolved.documents[0].headings[1].text == "On Figure\u00a01.1"
    targets = [n["c"][2][0] for n in trial.all("Link") if "xref" in n["c"][0][1]]
    assert targets.count("#fig:a") == 4
    assert "#tbl:t" in targets
    assert trial.text(1) == "See Figure 1.1."


def test_unnumbered_headings_are_named_by_their_words(solve):
    """A heading without a number is referred to by its words, in the book's quotation marks."""
    trial = solve('# Eins\n\n@sec:x\n\n## Das "Wort" {#sec:x}\n', settings="lang: de")
    assert trial.text().startswith("„Das „Wort““")


def test_words_follow_the_language(solve):
    """French labels are small in the text, capital by `@Fig` and in captions."""
    trial = solve("# Un\n\n@fig:a, @Fig:a.\n\n![L](a.png){#fig:a}\n", settings="lang: fr")
    assert trial.text().startswith("figure 1.1, Figure 1.1.")
    assert ["label", "Figure"] in trial.all("Figure")[0]["c"][0][2]


def test_an_unknown_reference(solve):
    """Is an error at each of its places, with the nearest of its kind, and a mark on the page."""
    trial = solve("# One\n\n@fig:aple and\n@fig:aple [@tbl:zzz]\n\n![A](a.png){#fig:apple}\n")
    assert trial.said() == [
        "chapters/01.md:3:1: crossref-unknown: The cross-reference @fig:aple leads nowhere."
        " Did you mean @fig:apple?",
        "chapters/01.md:4:1: crossref-unknown: The cross-reference @fig:aple leads nowhere."
        " Did you mean @fig:apple?",
        "chapters/01.md:4:12: crossref-unknown: The cross-reference @tbl:zzz leads nowhere."
        " Write {#tbl:zzz} after the element it should lead to.",
    ]
    assert trial.faults() == ["[@fig:aple?]", "[@fig:aple?]", "[@tbl:zzz?]"]


def test_a_reference_to_what_carries_no_number(solve):
    """An image within a line cannot be counted; the message says so."""
    trial = solve("# One\n\nText ![x](a.png){#fig:a} text @fig:a.\n")
    assert "leads to something that carries no number" in trial.said()[0]
