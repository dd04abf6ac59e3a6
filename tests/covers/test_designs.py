"""What the designs give their templates: everything within its place, in legible colours."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from covering_books import BOOKS, SEED, order
from hypothesis import given
from hypothesis import strategies as st

from geppetto.covers import front, geometry, palette, panel, plate, strings
from geppetto.covers.geometry import Demands
from geppetto.covers.texts import capitals, of
from geppetto.installed import template_root
from geppetto.model.settings import Settings

SIZES = {"5x8": (360, 576), "6x9": (432, 648), "letter": (612, 792), "square": (612, 612)}
TEXTS = ("title", "subtitle", "author", "publisher")


def panels():
    """Give the front of an e-book, and of printed ones."""
    yield "ebook", panel.of_ebook()
    for name, trim in SIZES.items():
        sheet = geometry.lay_out(trim, Demands(0.125, 0.5, 0.25, 0.0625), leftward=False)
        yield name, panel.of_sheet(sheet)


def spans(design, values):
    """Give the name, the top and the bottom of each text on a front."""
    if design != "strings":
        for name in TEXTS:
            if values[name]:
                yield name, values[name].top, values[name].bottom
        return
    height, margin, title = values["height"], values["margin"], values["title"]
    yield "title", values["top"], values["top"] + title.height
    foot = height - margin
    if values["subtitle"]:
        top = values["top"] + title.height + 30 + title.size * 0.14
        yield "subtitle", top, top + values["subtitle"].height
    if values["publisher"]:
        yield "publisher", foot - values["publisher"].height, foot
        foot -= values["publisher"].height + 60
    if values["author"]:
        yield "author", foot - values["author"].height, foot


@pytest.mark.parametrize("name", BOOKS)
@pytest.mark.parametrize("design", front.DESIGNS)
def test_texts_stand_within_the_front_and_apart(design, name):
    for shape, where in panels():
        drawn = front.draw(order(BOOKS[name], design), where)
        placed = sorted(spans(design, drawn.values), key=lambda span: span[1])
        assert placed[0][1] >= 0, shape
        assert placed[-1][2] <= where.height, shape
        for (one, _, end), (other, start, _) in pairwise(placed):
            assert end <= start + 1, (shape, one, other)
        assert {n for n, _, _ in placed} == {n for n in TEXTS if getattr(BOOKS[name], n)}


@pytest.mark.parametrize("name", BOOKS)
def test_the_plate_holds_its_texts(name):
    for _, where in panels():
        values = front.draw(order(BOOKS[name], "plate"), where).values
        label = values["label"]
        placed = list(spans("plate", values))
        assert min(top for _, top, _ in placed) > label.y + 39
        assert max(end for _, _, end in placed) < label.bottom - 39
        assert label.right < panel.WIDTH - 100
        assert label.bottom < where.height


@pytest.mark.parametrize("name", BOOKS)
def test_the_disc_leaves_the_words_alone(name):
    for shape, where in panels():
        values = front.draw(order(BOOKS[name], "field"), where).values
        disc, horizon = values["disc"], values["horizon"]
        ends = {n: (top, end) for n, top, end in spans("field", values)}
        above = max(ends[n][1] for n in ("title", "subtitle") if n in ends)
        assert above < horizon - disc.radius, shape
        if "author" in ends:
            assert ends["author"][0] > horizon + disc.radius, shape
        assert disc.radius > 0.1 * panel.WIDTH * where.tall


@given(st.binary(min_size=32, max_size=32), st.booleans())
def test_a_cover_has_one_string_that_hangs_free(seed, printed):
    """It ends above the title, and no other comes near its end."""
    sheet = geometry.lay_out((432, 648), Demands(0.125, 0.5, 0.25, 0.0625), leftward=False)
    where = panel.of_sheet(sheet) if printed else panel.of_ebook()
    hung = strings.strings(seed, where)
    (chosen,) = (s for s in hung if s.chosen)
    assert len(hung) == strings.STRINGS
    assert all(0 < s.y < strings.TITLE_TOP * where.tall for s in hung)
    beside = [s for s in hung if 0 < abs(s.x - chosen.x) <= 2 * panel.WIDTH / strings.STRINGS]
    assert all(s.y < chosen.y for s in beside)


def test_no_string_hangs_at_the_fold():
    """On a sheet the strings of back and front keep away from the spine, which may wander."""
    sheet = geometry.lay_out((432, 648), Demands(0.125, 0.5, 0.25, 0.0625), leftward=False)
    where = panel.of_sheet(sheet)
    xs = [s.x for s in (*strings.strings(SEED, where), *strings.behind(SEED, where))]
    assert not [x for x in xs if -where.spine - 20 < x < 20]
    assert max(xs) > panel.WIDTH
    assert min(xs) < where.edges.left + 80


@given(st.binary(min_size=32, max_size=32))
def test_the_same_book_has_the_same_cover_and_the_disc_stays_on_it(seed):
    one = front.draw(order(BOOKS["plain"], "field", seed), panel.of_ebook())
    assert one.values == front.draw(order(BOOKS["plain"], "field", seed), panel.of_ebook()).values
    disc = one.values["disc"]
    for middle in (disc.above, disc.below):
        assert middle - disc.radius >= panel.MARGIN - 1
        assert middle + disc.radius <= panel.WIDTH - panel.MARGIN + 1


def test_the_pattern_reaches_every_edge():
    sheet = geometry.lay_out((432, 648), Demands(0.125, 0.5, 0.25, 0.0625), leftward=False)
    edges = panel.of_sheet(sheet).edges
    laid = list(plate.tiles(panel.of_sheet(sheet)))
    assert min(t.x for t in laid) < edges.left
    assert max(t.x for t in laid) > edges.right
    assert min(t.y for t in laid) < edges.top
    assert max(t.y for t in laid) > edges.bottom


@pytest.mark.parametrize("colours", palette.PALETTES)
def test_the_words_can_be_read_in_all_colours(colours):
    """WCAG 2.2, 1.4.3: 4.5 for text, 3 for large text."""
    assert palette.contrast(colours.ground, colours.text) >= 4.5
    assert palette.contrast(colours.ground, colours.quiet) >= 3
    assert palette.contrast(colours.accent, colours.on_accent) >= 4.5
    assert palette.contrast(colours.paper, colours.ink) >= 7
    assert palette.contrast(colours.paper, colours.cloth) >= 7


def test_colours_are_mixed_between():
    assert palette.mixed("#000000", "#ffffff", 0.5) == "#808080"
    assert palette.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert palette.legible("#777777", ("#808080",)) not in {"#808080"}
    assert palette.contrast("#777777", palette.legible("#777777", ("#808080",))) >= 4.5


def test_nothing_on_a_cover_lets_anything_through():
    """Printers want flat files: no opacity, gradient, filter, mask or pattern in the templates."""
    found = re.compile(r"opacity|Gradient|<filter|<mask|<pattern|mix-blend|rgba\(")
    for file in (template_root() / "cover").glob("*.svg"):
        assert not found.search(file.read_text("utf-8")), file.name


def test_the_words_come_from_book_yaml():
    settings = Settings.model_validate(
        {
            "title": " A\nReal  Boy ",
            "author": ["Ann Author", {"name": "Ed Itor", "role": "editor"}, "Bo Other"],
            "description": "Short.",
            "cover": {"blurb": "One\nline.\n\nTwo."},
            "identifier": {"isbn-13": "978-3-16-148410-0"},
        }
    )
    made = of(settings)
    assert made.title == "A Real Boy"
    assert made.author == "Ann\u00a0Author, Bo\u00a0Other"
    assert made.blurb == ("One line.", "Two.")
    assert made.isbn == "978-3-16-148410-0"
    edited = Settings.model_validate(
        {"title": "x", "author": [{"name": "Ed Itor", "role": "editor"}], "description": "Short."}
    )
    assert (of(edited).author, of(edited).blurb) == ("Ed Itor", ("Short.",))


def test_capitals_are_taken_only_where_they_are_sure():
    assert capitals("Max Groß", "de") == "MAX GROẞ"
    assert capitals("Фёдор", "ru") == "ФЁДОР"
    assert capitals("İpek Işık", "tr") == "İpek Işık"
    assert capitals("Γιώργος", "el") == "Γιώργος"
    assert capitals("王小明", "zh") == "王小明"


def test_a_right_to_left_book_is_mirrored():
    drawn = front.draw(order(BOOKS["hebrew"], "plate"), panel.of_ebook(leftward=True))
    assert drawn.values["cloth"] == (panel.WIDTH - plate.CLOTH, panel.WIDTH + plate.CLOTH)
    assert drawn.values["middle"] < panel.WIDTH / 2
    assert BOOKS["hebrew"].leftward


@pytest.mark.parametrize(
    ("name", "slanted"),
    [("plain", "italic"), ("cyrillic", "italic"), ("chinese", "normal"), ("arabic", "normal")],
)
def test_a_script_without_italics_is_not_slanted(name, slanted):
    drawn = front.draw(order(BOOKS[name], "plate"), panel.of_ebook())
    assert drawn.values["slanted"] == slanted
    assert drawn.values["subtitle"].face.style == slanted
