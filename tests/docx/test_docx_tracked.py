"""Tracked changes made whole: paragraphs' ends and rows, and numbers that stand once."""

from __future__ import annotations

import pytest

from geppetto.docx import archive, tracked
from geppetto.docx.package import DOCUMENT, FOOTNOTES
from geppetto.docx.xml import W, parse, q

HAND = 'w:id="7" w:author="Ann" w:date="2026-01-02T00:00:00Z"'
RUN = "<w:r><w:t>words</w:t></w:r>"
INS, DEL = (f"<w:{kind} {HAND}>{RUN}</w:{kind}>" for kind in ("ins", "del"))
EMPTY = f'<w:footnotes xmlns:w="{W}"/>'


def whole(body, notes=EMPTY):
    document = f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    parts = {DOCUMENT: document.encode(), FOOTNOTES: notes.encode()}
    done = archive.unpack(tracked.whole(archive.pack(parts, 0), 0))
    return parse(done[DOCUMENT]), parse(done[FOOTNOTES])


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        (INS, "ins"),
        (DEL + DEL, "del"),
        (f"<w:bookmarkStart w:id='1' w:name='a'/>{INS}", "ins"),
        (INS + DEL, None),
        (INS + RUN, None),
        ("", None),
    ],
)
def test_the_end_of_a_paragraph(held, expected):
    """It came or went if all of the paragraph did; by the same hand."""
    root, _ = whole(f"<w:p><w:pPr><w:jc w:val='left'/><w:sectPr/></w:pPr>{held}</w:p>")
    properties = root.find(f".//{q('w:pPr')}")
    names = [one.tag.partition("}")[2] for one in properties]
    assert names == (["jc", "rPr", "sectPr"] if expected else ["jc", "sectPr"])
    if expected:
        (end,) = properties.find(q("w:rPr"))
        assert end.tag == q(f"w:{expected}")
        assert end.get(q("w:author")) == "Ann"


def test_a_row_and_the_paragraphs_of_its_cells():
    """The row goes whole; a cell has to keep its last paragraph."""
    cell = f"<w:tc><w:p>{DEL}</w:p></w:tc>"
    mixed = f"<w:tr>{cell}<w:tc><w:p>{RUN}</w:p></w:tc></w:tr>"
    root, _ = whole(f"<w:tbl><w:tr>{cell}{cell}</w:tr>{mixed}</w:tbl>")
    rows = [row.find(f"{q('w:trPr')}/{q('w:del')}") is not None for row in root.iter(q("w:tr"))]
    assert rows == [True, False]
    assert root.find(f".//{q('w:pPr')}") is None


def test_each_change_has_a_number_of_its_own():
    """In the text and in the notes; a note keeps its paragraph."""
    notes = f'<w:footnotes xmlns:w="{W}"><w:footnote><w:p>{INS}</w:p></w:footnote></w:footnotes>'
    made = whole(f"<w:p>{INS}</w:p><w:p>{DEL}{INS}</w:p>", notes)
    found = [one.get(q("w:id")) for root in made for one in root.iter(q("w:ins"), q("w:del"))]
    assert found == ["1", "2", "3", "4", "5"]
    assert made[1].find(f".//{q('w:pPr')}") is None
