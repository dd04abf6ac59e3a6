"""What an EPUB says of its own accessibility."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from geppetto import installed, terms
from geppetto.epub import access, contrast, holdings, package, summaries, xhtml
from geppetto.epub.access import CLAIM, Matter
from geppetto.epub.holdings import Holdings
from geppetto.epub.package import Resource
from geppetto.epub.pages import Frame
from geppetto.epub.stylesheets import STYLE
from geppetto.model.settings import Settings
from geppetto.templates import xml_environment

GOOD = Holdings(images=2, formulas=1)


def _settings(**values):
    return Settings.model_validate({"title": "A", "author": "Ann Author", **values})


def _said(*pages, settings=None, **matter):
    listed = [(f"chapters/{number}.md", page) for number, page in enumerate(pages)]
    return access.describe(settings or _settings(), Matter(listed, **matter))


@pytest.mark.parametrize(
    ("page", "feature", "sufficient"),
    [
        (Holdings(), True, ("textual",)),
        (Holdings(images=1), True, ("textual", "textual,visual")),
        (Holdings(images=1, undescribed=1), False, ("textual,visual",)),
    ],
)
def test_it_says_what_the_book_holds(page, feature, sufficient):
    """Alternative text is claimed only where every image has it."""
    said = _said(page)
    assert ("alternativeText" in said.features) is feature
    assert said.sufficient == sufficient
    assert said.hazards == ("none",)


def test_moving_images_are_an_unknown_hazard():
    """An animation may flash; nobody has looked. Nor can it be stopped: nothing is claimed."""
    said = _said(moving=True)
    assert (said.hazards, said.conforms) == (("unknown",), None)


def test_a_good_book_claims_to_conform_and_says_who_vouches():
    said = _said(GOOD)
    assert (said.conforms, said.certifier) == (CLAIM, "Ann Author")


@pytest.mark.parametrize(
    ("values", "certifier"),
    [
        ({"publisher": "P"}, "P"),
        ({"publisher": "P", "accessibility": {"certified-by": "Q"}}, "Q"),
    ],
)
def test_the_publisher_vouches_before_the_author_and_whom_the_book_names_before_both(
    values, certifier
):
    assert _said(GOOD, settings=_settings(**values)).certifier == certifier


def test_without_anybody_to_vouch_nothing_is_claimed():
    said = _said(GOOD, settings=Settings(title="A"))
    assert (said.conforms, said.certifier) == (None, None)


@pytest.mark.parametrize("fault", ["undescribed", "jumps", "wordless", "faint"])
def test_one_fault_on_one_page_and_nothing_is_claimed(fault):
    """The author is told on which page, but for what is told elsewhere."""
    bad = Holdings(images=1, **{fault: 1})
    assert _said(GOOD, bad).conforms is None
    told = access.unclaimed(_settings(), Matter([("a.md", GOOD), ("b.md", bad)]))
    assert [str(d.location) for d in told] == ([] if fault == "undescribed" else ["b.md"])


def test_an_exempt_book_says_so_and_claims_nothing():
    """W3C's note on the European Accessibility Act: `none`, and by which exemption."""
    book = _settings(accessibility={"exemption": "eaa-microenterprise"})
    said = _said(GOOD, settings=book)
    assert (said.conforms, said.certifier, said.exemption) == ("none", None, "eaa-microenterprise")
    assert access.unclaimed(book, Matter([("b.md", Holdings(jumps=1))])) == []


def test_marked_pages_are_a_feature_and_their_edition_is_named():
    said = _said(GOOD, source="urn:isbn:9780306406157")
    assert {"pageBreakMarkers", "pageNavigation"} <= set(said.features)
    assert said.source == "urn:isbn:9780306406157"
    assert not {"pageBreakMarkers", "pageNavigation"} & set(_said(GOOD).features)


def test_the_summary_is_in_the_books_language_or_in_english():
    german = _said(GOOD, settings=_settings(lang="de-AT"))
    assert german.lang == "de-AT"
    assert german.summary.startswith("Der Text passt sich")
    assert _said(GOOD, settings=_settings(lang="fi")).lang == "en"
    own = _said(
        GOOD, settings=_settings(lang="fi", accessibility={"summary": "Kuvat on selitetty."})
    )
    assert (own.lang, own.summary) == ("fi", "Kuvat on selitetty.")


def test_every_language_with_words_has_the_sentences():
    assert set(summaries.LANGUAGES) == set(terms.LANGUAGES)


def test_the_package_holds_what_is_said(tmp_path):
    """Claim, certifier, source: each a `meta` with its property."""
    frame = Frame(xml_environment(tmp_path), _settings(), (), "1")
    cover = Resource("cover.jpg", b"", "image/jpeg", "cover-image")
    said = _said(GOOD, source="A")
    tree = etree.fromstring(package.opf(frame, [], [cover], epoch=0, access=said))
    held = {str(m.get("property")): (m.text, m.get("refines")) for m in tree.iter("{*}meta")}
    assert held["dcterms:conformsTo"] == (CLAIM, None)
    assert held["a11y:certifiedBy"] == ("Ann Author", "#conformance")
    assert held["pageBreakSource"] == ("A", None)
    assert "a11y:exemption" not in held


def _count(markup):
    return holdings.count(xhtml.parse(markup, raw=True)[0])


def test_what_keeps_readers_out_is_counted():
    assert _count("<h1>A</h1><h3>B</h3><h2>C</h2>").jumps == 1
    assert _count("<h2>A</h2>").jumps == 1
    assert _count('<a href="https://x.org"></a><a href="https://x.org">x</a>').wordless == 1
    assert _count('<a href="#x"><img src="a.png" alt="A door."/></a>').wordless == 0
    assert _count('<p style="color: #ccc">x</p><p style="color: #333">y</p>').faint == 1


def test_our_own_stylesheet_can_be_read():
    """Every colour has the contrast of level AA, by day and by night."""
    sheet = installed.template_root() / "epub" / STYLE.rpartition("/")[2]
    assert contrast.faint(sheet.read_text("utf-8")) is None


@pytest.mark.parametrize(
    ("css", "found"),
    [
        ("p { color: #777 }", "p"),
        ("p { color: #767676 }", None),
        ("a, b { color: white; background-color: #000 }", None),
        ("mark { color: #777; background: #777 }", "mark"),
        ("@media (prefers-color-scheme: dark) { p { color: #ccc } }", None),
        ("@media (prefers-color-scheme: dark) { p { color: #333 } }", "p"),
        ("/* p { color: #eee } */ p { border-color: #eee; color: inherit }", None),
        ("p { color: rgba(0, 0, 0, 0.1) }", None),
        ("p { color: lightgrey }", "p"),
    ],
)
def test_faint_colours_are_found(css, found):
    """WCAG 2.2, 1.4.3: #767676 is the lightest grey on white with 4.5 to 1."""
    assert contrast.faint(css) == found


COLOURS = st.tuples(*(st.floats(0, 255) for _ in range(3)))


@given(COLOURS, COLOURS)
def test_contrast_is_the_same_either_way_and_between_1_and_21(one, other):
    found = contrast.ratio(one, other)
    assert found == contrast.ratio(other, one)
    assert 1 <= found <= 21


def test_contrast_of_black_and_white_is_21():
    assert contrast.ratio((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
