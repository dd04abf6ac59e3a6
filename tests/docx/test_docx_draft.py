from __future__ import annotations

import pytest
from docx_books import build
from docx_soundness import faults, parts
from lxml import etree

from geppetto import docx
from geppetto.docx import draft
from geppetto.review import drafts

pytestmark = pytest.mark.tools
LINE = "Draft a1b2c3 · 2026-11-30 · for Ada Lovelace"


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Give a small book's DOCX, with a part and front matter."""
    root = tmp_path_factory.mktemp("small")
    (root / "book.yaml").write_text(
        "title: T\nlang: de\nchapters:\n- part: P\n  chapters: [1.md]\n"
    )
    (root / "1.md").write_text("# One\n\nText.\n")
    return build(root).data


def _texts(data, kind):
    return [
        "".join(etree.fromstring(content).itertext())
        for name, content in sorted(parts(data).items())
        if name.startswith(f"word/{kind}")
    ]


def test_a_copy_says_whose_it_is_on_every_page(small):
    """At the foot of the pages without a folio, too."""
    made = docx.stamp(small, LINE, "a1b2c3/ada-lovelace")
    assert faults(made) == []
    feet = _texts(made, "footer")
    assert len(feet) == 2
    assert all(LINE in foot for foot in feet)
    properties = etree.fromstring(parts(made)["docProps/custom.xml"])
    assert properties[0].get("name") == draft.PROPERTY == "GeppettoDraft"
    assert properties[0][0].text == "a1b2c3/ada-lovelace"


def test_the_word_stands_across_every_page_in_the_books_language(small):
    made = docx.stamp(small, LINE, "x/y")
    heads = [n for n in parts(made) if n.startswith("word/header")]
    for name in heads:
        shape = etree.fromstring(parts(made)[name]).find(".//{urn:schemas-microsoft-com:vml}shape")
        assert shape.get("id").startswith("PowerPlusWaterMarkObject")
        assert shape[-1].get("string") == "Entwurf"
    assert len(heads) == 4


def test_nothing_else_is_changed(small):
    made = docx.stamp(small, LINE, "x/y")
    changed = {n for n, content in parts(made).items() if content != parts(small)[n]}
    assert {n.rstrip("0123456789.xml") for n in changed} == {
        "word/footerNone", "word/footerFolio", "word/headerNone", "word/headerEven",
        "word/header", "docProps/custo",
    }  # fmt: skip


def test_the_same_copy_has_the_same_bytes(small):
    assert docx.stamp(small, LINE, "x/y") == docx.stamp(small, LINE, "x/y")
    assert docx.stamp(small, LINE, "x/y") != docx.stamp(small, LINE, "x/z")


@pytest.mark.parametrize("name", ["]]>&<a>\"'", "\x00\x1b\ufffe", "עדה", "x" * 5000, ""])
def test_any_name_can_stand_at_the_foot(small, name):
    made = docx.stamp(small, f"for {name}", name)
    assert faults(made) == []
    assert "for" in _texts(made, "footer")[0]


def test_the_property_is_the_one_that_a_returned_file_is_known_by():
    assert draft.PROPERTY == drafts.INFO


def test_a_language_without_a_word_of_its_own_has_the_english_one():
    core = b'<c xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:language>la</dc:language></c>'
    assert draft._word(core) == "Draft"
