"""What carries which number."""

from __future__ import annotations

import pytest

from geppetto.ast import attr_of, keyvals, nodes

FIGURE = "![Cap](a.png)\n\n"
pytestmark = pytest.mark.tools


def headings(trial):
    return [[h.number for h in d.headings] for d in trial.resolved.documents]


def floats(trial, kind="Figure"):
    found = [
        n for d in trial.resolved.documents for n in nodes(list(d.blocks), {kind}) if attr_of(n)
    ]
    return [keyvals(attr_of(n)).get("number") for n in found]


def test_chapters_parts_appendices_and_front_matter(solve):
    """Front matter carries no number, appendices letters; parts do not count anew."""
    trial = solve(
        f"# Preface\n\n{FIGURE}## S\n",
        f"# A\n\n{FIGURE}{FIGURE}## S\n\n### T\n\n## U {{-}}\n",
        f"# B {{-}}\n\n{FIGURE}## S\n",
        f"# C\n\n{FIGURE}",
        f"# App\n\n{FIGURE}## S\n",
        settings="number-sections: true\nfrontmatter: chapters/01.md\nappendices: chapters/05.md\n"
        "chapters:\n- chapters/02.md\n- part: P\n  chapters: [chapters/03.md, chapters/04.md]\n",
    )
    assert headings(trial) == [
        [None, None],
        ["1", "1.1", "1.1.1", None],
        [None, None],
        ["2"],
        ["A", "A.1"],
    ]
    assert floats(trial) == ["1", "1.1", "1.2", "2", "2.1", "A.1"]
    assert [d.part for d in trial.resolved.documents] == [None, None, "P", None, None]


def test_without_chapter_numbers(solve):
    """Figures count through the book; sections by themselves."""
    trial = solve(
        f"# A\n\n{FIGURE}## S\n",
        f"# B\n\n{FIGURE}## S\n",
        settings="number-chapters: false\nnumber-sections: true",
    )
    assert headings(trial) == [[None, "1"], [None, "1"]]
    assert floats(trial) == ["1", "2"]


def test_skipped_levels_and_nested_headings(solve):
    """A skipped level counts as 0, as Pandoc has it; headings in quotations and divisions count."""
    trial = solve(
        "# A\n\n### Deep\n\n> ## Quoted\n\n::: x\n## Divided\n:::\n\n# B\n\n## S\n",
        settings="number-sections: true",
    )
    assert headings(trial) == [["1", "1.0.1", "1.1", "1.2", "2", "2.1"]]


def test_floats_follow_the_reading_order(solve):
    """Whatever they are nested in: divisions, lists, quotations, notes."""
    trial = solve(
        "# A\n\n::: x\n- ![One](a.png){#fig:1}\n\n  text\n:::\n\n"
        "![Two^[Note\n]](a.png){#fig:2}\n\n> ![Three](a.png){#fig:3}\n\n![](a.png){#fig:4 alt=x}\n\n"
        "![In a line](a.png) here\n\n![Five](a.png)\n"
    )
    found = [(attr_of(n)[0], keyvals(attr_of(n))["number"]) for n in trial.all("Figure")]
    assert found == [
        ("fig:1", "1.1"), ("fig:2", "1.2"), ("fig:3", "1.3"), ("fig:4", "1.4"), ("", "1.5"),
    ]  # fmt: skip


def test_figures_within_a_figure_are_its_parts(solve):
    trial = solve(
        "# A\n\n::: {#fig-q}\n![a](a.png){#fig-qa}\n\n![b](a.png){#fig-qb}\n\nBoth\n:::\n\n"
        f"{FIGURE}@fig-q, @fig-qb.\n"
    )
    assert floats(trial) == ["1.1", "1.1a", "1.1b", "1.2"]
    assert trial.text().endswith("Figure 1.1, Figure 1.1b.")


def test_more_appendices_than_letters(solve):
    files = {f"chapters/{n:02}.md": "# A\n\nx\n" for n in range(2, 30)}
    names = ", ".join(sorted(files))
    trial = solve("# One\n\nx\n", files=files, settings=f"appendices: [{names}]")
    assert headings(trial)[26:] == [["Z"], ["AA"], ["AB"]]
