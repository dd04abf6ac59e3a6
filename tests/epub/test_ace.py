"""DAISY Ace: its reports read, and the program itself where it is installed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from geppetto.diagnostics import Location, Severity
from geppetto.epub import ace
from geppetto.epub.ace import Found

REPORT = json.loads((Path(__file__).parent / "fixtures" / "ace-report.json").read_text("utf-8"))


def test_a_report_is_read():
    """What failed, with its rule, its weight, its page and its element."""
    found = list(ace.read(REPORT))
    assert [(one.rule, one.impact) for one in found] == [
        ("color-contrast", "serious"),
        ("heading-order", "moderate"),
        ("link-name", "serious"),
        ("valid-lang", "serious"),
    ]
    assert {one.page for one in found} == {"EPUB/text/ch1.xhtml"}
    assert found[1] == Found(
        "heading-order",
        "moderate",
        "Heading order invalid",
        "EPUB/text/ch1.xhtml",
        '<h3 xmlns="http://www.w3.org/1999/xhtml" class="unnumbered" id="jumped">Jumped</h3>',
    )


def test_findings_lead_to_the_tag_of_their_element():
    """Line and column are those of the tag's end, as EPUBCheck counts."""
    page = '<body>\n<p>x</p><h3 class="unnumbered" id="jumped">Jumped</h3>'
    said = ace.diagnostics(REPORT, {"EPUB/text/ch1.xhtml": page})
    column = page.index("Jumped<") - page.index("\n")
    assert said[1].location == Location("EPUB/text/ch1.xhtml", 2, column)
    assert said[0].location == Location("EPUB/text/ch1.xhtml")
    grave = [d.severity for d in said]
    assert grave == [Severity.ERROR, Severity.WARNING, Severity.ERROR, Severity.ERROR]


def test_a_report_without_findings_says_nothing():
    passed = {"assertions": [{"earl:testSubject": {"url": "nav.xhtml"}, "assertions": []}]}
    assert ace.diagnostics(passed, {}) == []


@pytest.mark.tools
def test_ace_is_run_and_finds_what_was_planted(tmp_path, make_document, make_resolved, markdown):
    """A faint paragraph, and nothing else: the pages that Geppetto writes have no fault."""
    if not ace.available():
        pytest.skip("no DAISY Ace (setup/ace.sh), no Node or no Chromium")
    assert ace.version()
    text = '# One\n\nWords.\n\n```{=html}\n<p style="color: #ccc">Faint.</p>\n```\n'
    book = make_resolved(tmp_path, [make_document("one", markdown(text))], lang="en")
    from geppetto.epub import edition  # noqa: PLC0415 - only here
    from geppetto.pipeline.epub import draw  # noqa: PLC0415 - only here

    data, _ = edition.build(book, epoch=0, front=draw(book.book, tmp_path / "work"))
    path = tmp_path / "a.epub"
    path.write_bytes(data)
    [found] = ace.check(path)
    assert found.message.startswith("A reader may be kept out (color-contrast): ")
    assert str(found.location).startswith("EPUB/text/one.xhtml:")
