"""Incremental updates of a PDF: what is replaced is read anew, all else as it was."""

from __future__ import annotations

import io

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Dictionary, Pdf, String

from geppetto.latex.finish import save
from geppetto.latex.increment import stream, updated


def base(pages=3):
    """Give a PDF as Geppetto writes it, with an Info."""
    document = Pdf.new()
    for number in range(pages):
        page = document.add_blank_page(page_size=(200, 300))
        page.Contents = document.make_stream(f"% page {number}".encode())
    document.docinfo["/Title"] = String("Before")
    out = io.BytesIO()
    save(document, out)
    return out.getvalue()


def replaced(data, contents, title):
    """Give the PDF with the contents of its pages and its title replaced."""
    with Pdf.open(io.BytesIO(data)) as read:
        numbers = [page.Contents.objgen[0] for page in read.pages]
        info, root = read.trailer.Info.objgen[0], read.Root.objgen[0]
    objects = {n: stream(b"<< >>", c) for n, c in zip(numbers, contents, strict=False)}
    objects[info] = Dictionary(Title=String(title)).unparse()
    return updated(data, objects, {"Root": f"{root} 0 R", "Info": f"{info} 0 R"})


@given(st.lists(st.binary(max_size=200), min_size=1, max_size=3), st.text(max_size=40))
def test_what_is_replaced_is_read_anew(contents, title):
    """Contents and title are the new ones, the other pages and all boxes the old."""
    data = base()
    made = replaced(data, contents, title)
    assert made.startswith(data)
    with Pdf.open(io.BytesIO(made)) as read:
        given_ = [page.Contents.read_bytes() for page in read.pages]
        assert given_[: len(contents)] == contents
        assert given_[len(contents) :] == [f"% page {n}".encode() for n in range(len(contents), 3)]
        assert str(read.docinfo["/Title"]) == title
        assert [float(side) for side in read.pages[2].mediabox] == [0, 0, 200, 300]


def test_an_update_of_an_update():
    """The newest is read."""
    made = replaced(replaced(base(), [b"% one"], "One"), [b"% two"], "Two")
    with Pdf.open(io.BytesIO(made)) as read:
        assert read.check_pdf_syntax() == []
        assert read.pages[0].Contents.read_bytes() == b"% two"
        assert str(read.docinfo["/Title"]) == "Two"


def test_each_has_an_identifier_of_its_own():
    """Other content, another identifier; the same, the same bytes."""
    data = base()
    one, two = replaced(data, [b"one"], "x"), replaced(data, [b"two"], "x")
    with Pdf.open(io.BytesIO(one)) as first, Pdf.open(io.BytesIO(two)) as second:
        assert bytes(first.trailer.ID[0]) != bytes(second.trailer.ID[0])
    assert one == replaced(data, [b"one"], "x")


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"x\nstartxref\n0\n%%EOF\n"])
def test_what_is_no_pdf(data):
    """It cannot be updated."""
    with pytest.raises(ValueError, match="cross-reference"):
        updated(data, {}, {})


def test_a_pdf_whose_objects_stand_in_no_streams_is_refused():
    """Its cross-reference table is of the old kind, and has no place for this."""
    document = Pdf.new()
    document.add_blank_page()
    out = io.BytesIO()
    document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    with pytest.raises(ValueError, match="cross-reference"):
        updated(out.getvalue(), {}, {})
