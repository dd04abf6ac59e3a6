"""The customs of several tools, brought to one form."""

from __future__ import annotations

import pytest

from geppetto.ast import stringify

pytestmark = pytest.mark.tools


def test_equations(solve):
    """A label after display mathematics, with and without a blank, two in a paragraph."""
    trial = solve("# A\n\nA $$a$$ {#eq:x}, and $$b$${#eq-y}.\nBare $$c$$ so.\n")
    spans = [n["c"] for n in trial.all("Span")]
    assert [(a[0], dict(a[2])["number"]) for a, _ in spans] == [("eq:x", "1.1"), ("eq-y", "1.2")]
    assert [inlines[0]["c"][1] for _, inlines in spans] == ["a", "b"]
    assert trial.text() == "A a, and b. Bare c so."


@pytest.mark.parametrize(
    "written",
    [
        '```{#lst:l .python caption="Cap"}\nx\n```',
        '```{.python lst-label="lst:l" lst-cap="Cap"}\nx\n```',
        "::: {#lst:l}\nCap\n\n```python\nx\n```\n:::",
        "::: {#lst:l .listing}\n```python\nx\n```\n\nCap\n:::",
    ],
)
def test_listings(solve, written):
    trial = solve(f"# A\n\n{written}\n\n@lst:l\n")
    outer, caption = trial.all("Div")
    assert outer["c"][0] == ["lst:l", ["listing"], [["label", "Listing"], ["number", "1.1"]]]
    assert (caption["c"][0][1], stringify(caption)) == (["caption"], "Cap")
    assert trial.all("CodeBlock")[0]["c"] == [["", ["python"], []], "x"]
    assert trial.text().endswith("Listing 1.1")


@pytest.mark.parametrize(
    "written",
    [
        "::: {#tbl-t}\n| a |\n|---|\n| b |\n\nCap\n:::",
        "::: {#tbl-t}\n\n| a |\n|---|\n| b |\n\n: Cap\n:::",
        "| a |\n|---|\n| b |\n\n: Cap {#tbl-t}",
    ],
)
def test_tables(solve, written):
    trial = solve(f"# A\n\n{written}\n\n@tbl-t\n")
    (table,) = trial.all("Table")
    assert table["c"][0][0] == "tbl-t"
    assert stringify(table["c"][1]) == "Cap"
    assert trial.text().endswith("Table 1.1")


def test_callouts(solve):
    """Those of Quarto and GitHub; the title is the author's, or the word for its kind."""
    trial = solve(
        "# A\n\n::: {.callout-tip}\n## Mine\n\nx\n:::\n\n> [!WARNING]\n> y\n", settings="lang: de"
    )
    callouts = [n["c"] for n in trial.all("Div") if "callout" in n["c"][0][1]]
    assert [(a[1][1], stringify(b[0])) for a, b in callouts] == [
        ("callout-tip", "Mine"),
        ("callout-warning", "Warnung"),
    ]


def test_two_images_are_no_caption(solve):
    """A Quarto figure that ends with an image has no caption, and loses nothing."""
    trial = solve("# A\n\n::: {#fig-q}\n![](a.png){alt=x}\n\n![](a.png){alt=y}\n:::\n\n@fig-q\n")
    assert len(trial.all("Image")) == 2
    assert trial.text().endswith("Figure 1.1")


def test_authors_notes_are_left_out_and_counted(solve):
    trial = solve("# A\n\nx [secret]{.author-note}\n\n::: {.author-note}\nhidden\n:::\n")
    assert trial.text() == "x"
    assert "2 author’s notes are left out" in trial.said()[0]
