"""Pages as pictures: their size, their colours, which are kept, from many threads."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor

import pikepdf
import pytest
from PIL import Image
from proofs import HEIGHT, WIDTH, pdf

from geppetto.preview import pages as module
from geppetto.preview.pages import LARGEST, NARROWEST, WIDEST, Pages


@pytest.fixture
def pages():
    shown = Pages()
    yield shown
    shown.close()


def image(data):
    return Image.open(io.BytesIO(data))


def test_what_is_known_of_a_pdf(pages):
    contents = pages.open("a", pdf())
    assert contents.title == "A Small Book"
    assert contents.sizes == ((WIDTH, HEIGHT),) * 4
    assert contents.labels == ("i", "ii", "1", "2")


@pytest.mark.parametrize("width", [NARROWEST, 17, 299, 300, 1000, 1601, WIDEST])
def test_a_picture_is_as_wide_as_asked(pages, width):
    pages.open("a", pdf())
    made = image(pages.picture("a", 1, width))
    assert made.width == width
    assert abs(made.height - width * HEIGHT / WIDTH) <= 1


def test_the_page_is_what_stands_on_it(pages):
    """Black where the bar is, white elsewhere; in greys alone, for it has no colour."""
    pages.open("a", pdf())
    made = image(pages.picture("a", 1, WIDTH))
    assert made.mode == "L"
    assert (made.getpixel((100, 90)), made.getpixel((100, 300))) == (0, 255)


def test_colours_stay(pages):
    pages.open("a", pdf(colour="1 0 0"))
    assert image(pages.picture("a", 1, WIDTH)).getpixel((100, 90)) == (255, 0, 0)


def test_a_very_high_page_is_made_narrower(pages):
    made = pikepdf.new()
    made.add_blank_page(page_size=(10, 14000))
    out = io.BytesIO()
    made.save(out)
    pages.open("a", out.getvalue())
    picture = image(pages.picture("a", 1, WIDEST))
    assert picture.width * picture.height <= LARGEST * 1.01


@pytest.mark.parametrize(("name", "page"), [("b", 1), ("a", 0), ("a", 5), ("", 1)])
def test_what_is_not_shown_has_no_picture(pages, name, page):
    pages.open("a", pdf())
    assert pages.picture(name, page, 100) is None


def test_a_new_pdf_takes_the_place_of_the_old_one(pages):
    pages.open("a", pdf())
    before = pages.picture("a", 1, 100)
    pages.open("b", pdf(colour="0.5 0.5 0.5"))
    assert pages.picture("a", 1, 100) is None
    assert pages.picture("b", 1, 100) != before


def test_what_is_no_pdf_leaves_the_last_one_open(pages):
    pages.open("a", pdf())
    with pytest.raises(ValueError, match=r"\w"):
        pages.open("b", b"no PDF")
    assert pages.picture("a", 1, 100)


def test_nothing_is_shown_after_the_end(pages):
    pages.open("a", pdf())
    pages.close()
    assert pages.picture("a", 1, 100) is None


def test_a_picture_is_made_once_as_long_as_there_is_room(pages, monkeypatch):
    pages.open("a", pdf())
    first = pages.picture("a", 1, 100)
    assert pages.picture("a", 1, 100) is first
    monkeypatch.setattr(module, "KEPT", 2 * len(first))
    for page in (2, 3, 4):
        pages.picture("a", page, 100)
    again = pages.picture("a", 1, 100)
    assert again == first
    assert again is not first


def test_many_threads_may_ask_while_pdfs_change(pages):
    """Each picture is that of the PDF that was named, or there is none."""
    files = {"a": pdf(), "b": pdf(colour="0.5 0.5 0.5")}
    colours = {"a": 0, "b": 128}

    def look(number):
        name = "ab"[number % 2]
        if number % 10 == 0:
            pages.open(name, files[name])
        data = pages.picture(name, number % 4 + 1, WIDTH)
        return data is None or abs(image(data).getpixel((100, 90)) - colours[name]) <= 1

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(look, range(200)))
