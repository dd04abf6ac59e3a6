"""Citations and the bibliography."""

from __future__ import annotations

import pytest

from geppetto.ast import nodes, stringify
from geppetto.model.book import Role
from geppetto.references import identifiers

pytestmark = pytest.mark.tools

NOTE_STYLE = """<?xml version="1.0" encoding="utf-8"?>
<style xmlns="http://purl.org/net/xbiblio/csl" class="note" version="1.0">
  <info><title>Small</title><id>small</id><updated>2020-01-01T00:00:00+00:00</updated></info>
  <citation><layout suffix="."><choose>
    <if position="ibid"><text value="Ibid"/></if>
    <else-if position="subsequent">
      <names variable="author"><name form="short"/></names>
      <text variable="first-reference-note-number" prefix=", note "/>
    </else-if>
    <else><names variable="author"/><text variable="title" prefix=", "/></else>
  </choose></layout></citation>
  <bibliography><layout><text variable="title"/></layout></bibliography>
</style>
"""


def entries(trial, index=-1):
    found = nodes(list(trial.resolved.documents[index].blocks), {"Div"})
    return [n["c"][0][0] for n in found if "csl-entry" in n["c"][0][1]]


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("@smith2000 says", "Smith (2000) says"),
        ("@smith2000 [p. 4]", "Smith (2000, 4)"),
        ("[see @smith2000, pp. 3-4; @doe1999]", "(see Smith 2000, 3–4; Doe 1999)"),
        ("[-@doe1999]", "(1999)"),
        ("-@doe1999", "(1999)"),
        ("[@part]", "(Part 1990)"),
        ("a@b.org `@code` \\@x <c@d.org>", "a@b.org @code @x c@d.org"),
    ],
)
def test_a_citation_prints(solve, written, printed):
    trial = solve(f"# A\n\n{written}\n")
    assert trial.diagnostics == ()
    assert trial.text() == printed


def test_the_bibliography_is_the_last_document(solve):
    """With the entries that are cited, links from the citations, and `nocite`."""
    trial = solve("# A\n\n@smith2000\n", settings='nocite: "@doe1999"')
    last = trial.resolved.documents[-1]
    assert (last.role, last.title, entries(trial)) == (
        Role.BACK, "Bibliography", ["ref-doe1999", "ref-smith2000"],
    )  # fmt: skip
    assert trial.all("Link")[0]["c"][2][0] == "#ref-smith2000"


def test_nocite_of_everything(solve):
    assert len(entries(solve("# A\n\nx\n", settings='nocite: "@*"'))) == 5


def test_no_bibliography_without_citations(solve):
    trial = solve("# A\n\nx\n", bib=None)
    assert (len(trial.resolved.documents), trial.diagnostics) == (1, ())


def test_the_author_places_it(solve):
    trial = solve("# A\n\n@smith2000\n", "# Works\n\n::: {#refs}\n:::\n\nEnd.\n")
    assert len(trial.resolved.documents) == 2
    assert entries(trial) == ["ref-smith2000"]
    assert trial.text(1).endswith("End.")


def test_one_for_each_chapter(solve):
    """Each with a heading and identifiers of its own, unless the author has placed it."""
    trial = solve(
        "# A\n\n@smith2000\n",
        "# B\n\n@smith2000\n\n## Mine\n\n::: {#refs}\n:::\n",
        "# C\n\nNo citation.\n",
        settings="bibliography-per: chapter",
    )
    assert trial.diagnostics == ()
    assert [d.slug for d in trial.resolved.documents] == ["ch01", "ch02", "ch03"]
    assert [[h.text for h in d.headings] for d in trial.resolved.documents] == [
        ["A", "Bibliography"], ["B", "Mine"], ["C"],
    ]  # fmt: skip
    assert entries(trial, 0) == ["ch01-ref-smith2000"]
    assert trial.all("Link", 1)[0]["c"][2][0] == "#ch02-ref-smith2000"
    every = [n for d in trial.resolved.documents for n in identifiers.every(d.blocks)]
    assert len(every) == len(set(every))


def test_a_note_style_counts_through_the_book(solve):
    """Ibid. and "note 1" mean what they would in one document; notes are left whole."""
    trial = solve(
        "# A\n\nx [@smith2000]. y [@smith2000] z^[Own @doe1999.]\n",
        "# B\n\n[@smith2000]\n",
        settings="csl: small.csl",
        files={"small.csl": NOTE_STYLE},
    )
    assert trial.diagnostics == ()
    notes = [
        stringify(n["c"]) for d in trial.resolved.documents for n in nodes(list(d.blocks), {"Note"})
    ]
    assert notes == ["Jane Smith, A book.", "Ibid.", "Own John Doe, Other.", "Smith, note 1."]


def test_an_unknown_key(solve):
    """Is an error at each place with the nearest key, and a mark; the others stay citations."""
    trial = solve(
        "---\nepigraph: '[@nowhere]'\n---\n# A\n\n[see @smith200, 3; @doe1999; @zz] and @smith200\n"
    )
    assert trial.codes() == [
        ("chapters/01.md:2:13", "citation-unknown"),
        ("chapters/01.md:6:6", "citation-unknown"),
        ("chapters/01.md:6:30", "citation-unknown"),
        ("chapters/01.md:6:39", "citation-unknown"),
    ]
    assert trial.diagnostics[1].hint == "Did you mean @smith2000?"
    assert trial.text() == "[@nowhere?] (Doe 1999) see [@smith200?], 3 [@zz?] and [@smith200?]"


def test_an_unknown_key_in_nocite(solve):
    trial = solve("# A\n\nx\n", settings='nocite: ["@doe1999", "@smit2000"]')
    assert trial.codes() == [("book.yaml:2:22", "citation-unknown")]
    assert trial.faults() == ["[@smit2000?]"]


def test_an_undefined_example_is_an_unknown_key(solve):
    trial = solve("# A\n\n(@x) Ex\n\nAs (@x), (@y).\n")
    assert trial.text().endswith("As (1), ([@y?]).")
    assert trial.codes() == [("chapters/01.md:5:11", "citation-unknown")]
