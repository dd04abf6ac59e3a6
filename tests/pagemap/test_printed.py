"""The words and numbers of printed pages."""

from __future__ import annotations

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geppetto import store
from geppetto.pagemap import PageMap, Row, printed, stored


def _pdf(path, *, labels=True):
    pdf = pikepdf.new()
    for words in (b"Preface words", b"", b"Chapter words"):
        page = pdf.add_blank_page(page_size=(200, 300))
        face = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1)
        face.BaseFont = pikepdf.Name.Helvetica
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=face))
        page.Contents = pdf.make_stream(b"BT /F 12 Tf 20 200 Td (" + words + b") Tj ET")
    if labels:
        roman = pikepdf.Dictionary(S=pikepdf.Name.r)
        arabic = pikepdf.Dictionary(S=pikepdf.Name.D)
        pdf.Root.PageLabels = pikepdf.Dictionary(Nums=[0, roman, 2, arabic])
    pdf.save(path)


def _map(path):
    rows = (Row(3, 0, 0, 1, 1, 0, "1.md", 1),)
    made = PageMap(((1, 1),) * 3, rows, {"1.md": "x"}, store.digest(path))
    path.with_suffix(".pagemap").write_bytes(stored.packed(made))
    return path.with_suffix(".pagemap")


def test_pages_have_their_folios_their_words_and_whether_a_chapter_stands_on_them(tmp_path):
    _pdf(tmp_path / "a.pdf")
    read = printed.read(_map(tmp_path / "a.pdf"))
    assert [(one.folio, one.text.strip(), one.is_body) for one in read] == [
        ("i", "Preface words", False),
        ("ii", "", False),
        ("1", "Chapter words", True),
    ]


def test_a_pdf_without_page_numbers_is_refused(tmp_path):
    _pdf(tmp_path / "a.pdf", labels=False)
    with pytest.raises(ValueError, match="does not say the numbers"):
        printed.read(_map(tmp_path / "a.pdf"))


def test_another_pdf_is_refused(tmp_path):
    _pdf(tmp_path / "a.pdf")
    made = _map(tmp_path / "a.pdf")
    (tmp_path / "a.pdf").write_bytes((tmp_path / "a.pdf").read_bytes() + b"\n")
    with pytest.raises(ValueError, match=r"a\.pdf is not the PDF that a\.pagemap was made of"):
        printed.read(made)


@pytest.mark.parametrize("gone", ["a.pdf", "a.pagemap"])
def test_what_is_missing_is_named(tmp_path, gone):
    _pdf(tmp_path / "a.pdf")
    made = _map(tmp_path / "a.pdf")
    (tmp_path / gone).unlink()
    with pytest.raises(ValueError, match=rf"{gone} cannot be read"):
        printed.read(made)


def test_without_labels_the_numbers_on_the_pages_count():
    """Three pages before the first; a year at the end of a page is none of them."""
    texts = ["A Title", "", "Contents\nOne 1\niii", "One\nwords 1871\n1", "2 A Title\nmore", "3"]
    assert printed.counted(texts) == ["i", "ii", "iii", "1", "2", "3"]


def test_pages_without_numbers_have_none():
    assert printed.counted(["words", "more words", "7"]) is None
    assert printed.counted([]) is None


@given(st.integers(0, 20), st.integers(3, 40))
def test_any_book_is_counted_from_its_first_arabic_page(before, pages):
    texts = ["front matter"] * before + [f"words\n{n}" for n in range(1, max(pages, before) + 1)]
    folios = printed.counted(texts)
    assert folios is not None
    assert folios[before:] == [str(n) for n in range(1, max(pages, before) + 1)]
    assert len(set(folios[:before])) == before


@pytest.mark.parametrize(("number", "letters"), [(4, "iv"), (9, "ix"), (14, "xiv"), (49, "xlix")])
def test_roman_figures(number, letters):
    assert printed.roman(number) == letters
