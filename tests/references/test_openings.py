"""How a chapter begins, and the quotation marks of its language."""

from __future__ import annotations

import pytest

from geppetto.ast import stringify

pytestmark = pytest.mark.tools


def test_everything_that_a_yaml_block_gives(solve):
    trial = solve(
        "---\ntitle: 'The \"*One*\"'\nshort-title: One\nauthor: [A. B., C. D.]\nlang: fr\n"
        "epigraph: {text: 'Be *it*.', source: 'S. @smith2000'}\n---\n\n« x » \"y\"\n"
    )
    document = trial.resolved.documents[0]
    assert document.title == "The «\u202fOne\u202f»"
    head, author, epigraph, body = document.blocks
    assert ["short-title", "One"] in head["c"][1][2]
    assert (author["c"][0][1], stringify(author)) == (["chapter-author"], "A. B., C. D.")
    assert stringify(epigraph["c"][1]) == "Be it. S. Smith (2000)"
    assert epigraph["c"][0][1:] == [["epigraph"], [["lang", "fr"]]]
    assert body["c"][0][2] == [["lang", "fr"]]
    assert stringify(body) == "« x » «\u202fy\u202f»"


def test_a_file_without_a_heading_is_named_by_itself(solve):
    """Text before the first heading stays where it is; the author is told."""
    trial = solve("Text.\n\n# Late\n\nMore.\n", files={"chapters/02-the_end.md": "x\n"})
    assert [d.title for d in trial.resolved.documents] == ["01", "The end"]
    assert trial.text() == "Text. Late More."
    assert trial.codes()[0] == ("chapters/01.md:1", "chapter-untitled")


def test_raw_text_before_the_heading_stays_after_it(solve):
    trial = solve("<!-- c -->\n\n# A {-}\n\n`\\raw{x}`{=latex}\n\n\\newpage\n")
    assert (trial.resolved.documents[0].number, trial.diagnostics) == (None, ())
    assert [n["c"][0] for n in trial.all("RawInline")] == ["latex"]
    assert [n["c"] for n in trial.all("RawBlock")] == [["html", "<!-- c -->"], ["tex", "\\newpage"]]


def test_a_heading_alone(solve):
    trial = solve("# A\n")
    assert trial.codes() == [("chapters/01.md", "chapter-empty")]


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("\"a 'b' c\" isn't '90s", "„a ‚b‘ c“ isn’t ’90s"),
        ("['x']{lang=en} \"y\"", "‘x’ „y“"),
        ('::: {lang=sv}\n"x"\n:::', "”x”"),
        ('[“x”]{lang=en} "*y*"', "“x” „y“"),
    ],
)
def test_quotation_marks(solve, written, printed):
    """Those of the language where they stand; apostrophes and the author's own are let be."""
    assert solve(f"# A\n\n{written}\n", settings="lang: de").text() == printed
