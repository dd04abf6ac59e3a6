"""Spine and back of a sheet, and the author's picture."""

from __future__ import annotations

import io
from base64 import b64decode
from dataclasses import replace

import pytest
from covering_books import BOOKS, LONG, Even, order
from PIL import Image

from geppetto.covers import barcode, front, geometry, palette, picture, spine, wrap
from geppetto.covers.faces import choose
from geppetto.covers.geometry import Demands
from geppetto.covers.wrap import Wanted
from geppetto.diagnostics import GeppettoError

FACE = choose(Even(), ("Even",), "x")


def sheet(spine=0.5, trim=(432, 648), *, leftward=False):
    return geometry.lay_out(trim, Demands(0.125, spine, 0.25, 0.0625), leftward=leftward)


def across(word):
    """Give from where to where a word's letters reach across the spine."""
    low, high = word.face.reach(word.text)
    if word.turn == 0:
        return word.x - word.size / 2, word.x + word.size / 2
    side = 1 if word.turn == 90 else -1
    return tuple(sorted((word.x + side * low * word.size, word.x + side * high * word.size)))


def along(word):
    """Give from where to where a word's letters reach along the spine."""
    length = word.face.width(word.text, word.size)
    if word.anchor == "middle":
        low, high = word.face.reach("中")
        return word.y - high * word.size, word.y - low * word.size
    down = (word.turn == 90) == (word.anchor == "start")
    if word.turn == -90 and word.text[0] > "\u0590":  # read from right to left
        down = word.anchor == "start"
    return (word.y, word.y + length) if down else (word.y - length, word.y)


@pytest.mark.parametrize("inches", [0.2, 0.25, 0.5, 1.0, 2.0])
@pytest.mark.parametrize("name", BOOKS)
def test_the_spines_words_keep_to_its_margins(name, inches):
    where = sheet(inches, leftward=BOOKS[name].leftward)
    made = spine.letter(BOOKS[name], where, FACE)
    assert made.words or inches < 0.25
    for word in made.words:
        left, right = across(word)
        assert left >= where.spine.x + where.spine_margin - 0.01
        assert right <= where.spine.right - where.spine_margin + 0.01
        top, bottom = along(word)
        assert top >= where.spine.y + where.safe
        assert bottom <= where.spine.bottom - where.safe


@pytest.mark.parametrize("name", BOOKS)
def test_title_and_author_stand_apart_on_the_spine(name):
    words = spine.letter(BOOKS[name], sheet(0.6, leftward=BOOKS[name].leftward), FACE).words
    title = max(along(word)[1] for word in words if word.role == "title")
    authors = [along(word)[0] for word in words if word.role == "author"]
    assert all(top > title for top in authors)
    assert bool(authors) == bool(BOOKS[name].author)


@pytest.mark.parametrize(
    ("lang", "turn", "anchor"),
    [("en", 90, "start"), ("ru", 90, "start"), ("fr-CH", -90, "end"), ("de", -90, "end")],
)
def test_the_spine_runs_as_its_language_has_it(lang, turn, anchor):
    texts = replace(BOOKS["plain"], lang=lang)
    title, _ = spine.letter(texts, sheet(), FACE).words
    assert (title.turn, title.anchor) == (turn, anchor)


def test_a_book_bound_at_its_right_is_read_from_the_head():
    title, _ = spine.letter(BOOKS["hebrew"], sheet(leftward=True), FACE).words
    assert (title.turn, title.anchor) == (-90, "start")


def test_chinese_signs_stand_upright_below_each_other():
    texts = replace(BOOKS["chinese"], title="《红楼梦》ー", author="")
    words = spine.letter(texts, sheet(), FACE).words
    assert [w.text for w in words] == ["︽", "红", "楼", "梦", "︾", "ー"]
    assert [w.turn for w in words] == [0, 0, 0, 0, 0, 90]
    ys = [w.y for w in words]
    assert ys == sorted(ys)


def test_a_long_title_stands_in_lines_on_a_broad_spine():
    words = spine.letter(BOOKS["long"], sheet(1.0), FACE).words
    title = [w for w in words if w.role == "title"]
    assert len(title) >= 2
    assert " ".join(w.text for w in title) == LONG
    assert [w.x for w in title] == sorted((w.x for w in title), reverse=True)


def test_a_narrow_spine_stays_bare():
    assert spine.letter(BOOKS["plain"], sheet(0.15), FACE).words == ()


@pytest.mark.parametrize("trim", [(360, 576), (432, 648), (612, 792)])
@pytest.mark.parametrize("design", front.DESIGNS)
@pytest.mark.parametrize("name", BOOKS)
@pytest.mark.parametrize("isbn", ["", "978-3-16-148410-0"])
def test_the_backs_words_stand_clear(design, name, isbn, trim):
    """Blurb, name and barcode keep to the safe area and apart; the printer's area is free."""
    texts = replace(BOOKS[name], isbn=isbn)
    where = sheet(trim=trim, leftward=texts.leftward)
    reserved = where.corner(144, 86.4)
    made = wrap.compose(order(texts, design), where, Wanted(True, reserved))
    back = made.values["back"]
    safe = where.back.inset(where.safe)
    kept = back.symbol.box if isbn else reserved
    assert back.reserved is (None if isbn else reserved)
    bottom = safe.y
    for each in back.paragraphs:
        assert each.top >= bottom - 0.01
        bottom = each.bottom
        for line in each.lines:
            assert each.face.width(line, each.size) <= back.right - back.left + 0.01
    assert bottom <= kept.y
    assert safe.x <= back.left < back.right <= safe.right
    if back.publisher:
        assert bottom <= back.publisher.top + 0.01
        below = back.publisher.bottom > kept.y
        end = back.left + back.publisher.face.width(back.publisher.lines[0], back.publisher.size)
        assert not below or end < kept.x
    assert "blurb" not in made.cut


def test_the_barcode_is_a_quarter_of_an_inch_from_spine_and_trim():
    for leftward in (False, True):
        where = sheet(leftward=leftward)
        texts = replace(BOOKS["plain"], isbn="978-3-16-148410-0")
        for design in front.DESIGNS:
            made = wrap.compose(order(texts, design), where, Wanted(True))
            symbol = made.values["back"].symbol
            clear = where.back.inset(18)
            assert clear.x <= symbol.box.x
            assert symbol.box.right <= clear.right
            assert symbol.box.bottom <= clear.bottom
            assert symbol.x >= symbol.box.x
            assert symbol.x + barcode.WIDTH * barcode.MODULE <= symbol.box.right
            assert symbol.y + barcode.HEIGHT * barcode.MODULE <= symbol.box.bottom
            assert symbol.said.top + symbol.said.size < symbol.y + 1


def test_a_blurb_without_end_is_cut_and_said_so():
    texts = replace(BOOKS["plain"], blurb=("A word or two more. " * 900,))
    made = wrap.compose(order(texts, "strings"), sheet(), Wanted(True))
    assert made.cut == ("blurb",)
    assert made.values["back"].paragraphs[-1].lines[-1].endswith("…")


def test_no_text_stands_on_a_spine_that_may_have_none():
    made = wrap.compose(order(BOOKS["plain"], "plate"), sheet(), Wanted(False))
    assert made.bare
    assert made.values["spine_words"] == ()


@pytest.fixture
def photograph(tmp_path):
    """A picture in two colours: what is by the spine, and what is not."""
    image = Image.new("RGB", (1000, 2000), "#20506a")
    image.paste("#e07a3c", (500, 0, 1000, 2000))
    image.save(tmp_path / "front.png")
    return tmp_path


def test_a_picture_is_cut_about_its_middle_to_fill_the_front(photograph):
    cut = picture.cut(photograph, "front.png", photograph, (441, 666), leftward=False)
    with Image.open(io.BytesIO(b64decode(cut.uri.partition(",")[2]))) as image:
        assert image.size == (1000, 1510)
        assert (image.getpixel((2, 2)), image.getpixel((998, 2))) == (
            (0x20, 0x50, 0x6A),
            (0xE0, 0x7A, 0x3C),
        )
    assert cut.ppi == pytest.approx(1000 / 441 * 72, rel=0.001)


def test_the_spine_goes_with_the_picture_beside_it(photograph):
    left = picture.cut(photograph, "front.png", photograph, (441, 666), leftward=False).palette
    right = picture.cut(photograph, "front.png", photograph, (441, 666), leftward=True).palette
    assert left.ground == "#20506a"
    assert palette.contrast(left.ground, left.text) >= 5
    assert right.ground != left.ground
    assert palette.contrast(right.ground, right.text) >= 4.5


def test_the_authors_jpeg_goes_in_as_it_is(tmp_path):
    Image.new("RGB", (441, 666), "navy").save(tmp_path / "a.jpg")
    cut = picture.cut(tmp_path, "a.jpg", tmp_path, (441, 666), leftward=False)
    assert b64decode(cut.uri.partition(",")[2]) == (tmp_path / "a.jpg").read_bytes()


@pytest.mark.parametrize(
    ("name", "code"),
    [("../x.png", "image-outside"), ("no.png", "image-missing"), ("t.png", "image-broken")],
)
def test_a_picture_that_cannot_be_had_is_said(tmp_path, name, code):
    (tmp_path / "t.png").write_text("no picture")
    with pytest.raises(GeppettoError) as caught:
        picture.cut(tmp_path, name, tmp_path, (441, 666), leftward=False)
    assert [d.code for d in caught.value.diagnostics] == [code]
