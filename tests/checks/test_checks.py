"""Each check finds what it is for, and leaves alone what only looks like it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geppetto import checks
from geppetto.checks import (
    Manuscript,
    Page,
    Pixels,
    identifiers,
    images,
    marks,
    prose,
    signs,
    titles,
)
from geppetto.diagnostics import CHECKED, Location
from geppetto.model.book import Bibliography, Book, Chapter, Reference, Role
from geppetto.model.settings import Settings


def _manuscript(tmp_path, text="", lang="en", data=b"", entries=()):
    chapter = Chapter("a.md", "a", Role.MAIN, text)
    settings = Settings.model_validate({"title": "T", "lang": lang})
    references = {r.key: r for r in entries}
    book = Book(tmp_path, settings, (chapter,), Bibliography(references))
    return Manuscript(book, (Page(chapter, [], data),))


def _said(found):
    return [(d.code, d.location.line, d.location.column) for d in found]


def _entry(key="k", kind="book", **fields):
    raw = f"@{kind}{{{key},\n" + "".join(f"  {n} = {{{v}}},\n" for n, v in fields.items()) + "}"
    return Reference(key, kind, fields, raw, Location("r.bib", 10, 1))


def test_the_table_gives_every_code_that_is_checked():
    """What is checked alone is what can be turned off in book.yaml."""
    assert frozenset().union(*(codes for codes, _ in checks.CHECKS)) == CHECKED


@pytest.mark.parametrize(
    ("text", "lang", "at"),
    [
        ("It is is so.", "en", (1, 7)),
        ("The the cat.", "en", (1, 5)),
        ("Over the end of\nof a line.", "en", (2, 1)),
        ("> Quoted of\n> of two lines.", "en", (2, 3)),
        ("Saw a a dog.", "en", (1, 7)),
        ("Das ist ist so.", "de", (1, 9)),
        ("He had had it, and that that was so.", "en", None),
        ("Duran Duran and New York, York is.", "en", None),
        ("One paragraph ends with end\n\nend begins another.", "en", None),
        ("A `code code` and $x x$ and <b>b</b>.", "en", None),
        ("Row row row your boat.", "en", None),
        ("| yes | yes |", "en", None),
        ("yes  yes in columns", "en", None),
        ("*very* very, very-very", "en", None),
        ("See [it](it it.md){alt=\"x x\"} and https://x x.", "en", None),
        ("# A heading at its end\nend", "en", None),
        ("on it\n- it is", "en", None),
        ("nous nous levons", "fr", None),
        ("det är är så", "sv", None),
        ("a term\nTerm begins", "en", None),
    ],
)  # fmt: skip
def test_words_that_stand_twice(tmp_path, text, lang, at):
    """A slip is found over the end of a line; sayings, names, tables and code are none."""
    found = _said(prose.doubled_words(_manuscript(tmp_path, text, lang)))
    assert found == ([("word-doubled", *at)] if at else [])


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ('“One” and "two" and “three”.', [(1, 11)]),
        ("Don’t, don't, don’t.", [(1, 11)]),
        ('“Curly” alone, and `"code"`.', []),
        ('"Straight" alone.', []),
        ('“Curly” and [x](y "title"){k="v"}.', []),
    ],
)
def test_quotation_marks_of_two_kinds(tmp_path, text, at):
    found = _said(prose.mixed_quotes(_manuscript(tmp_path, text)))
    assert found == [("quotes-mixed", *one) for one in at]


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("A TODO here.", [(1, 3)]),
        ("A figure of TK words.", [(1, 13)]),
        ("Text.\n\n<!-- FIXME: say more -->", [(3, 6)]),
        ("`TODO` in code, TODOs, a/TODO, [x](TODO), todo.", []),
    ],
)
def test_marks_of_what_is_left_to_do(tmp_path, text, at):
    found = _said(marks.unfinished(_manuscript(tmp_path, text)))
    assert found == [("mark-unfinished", *one) for one in at]


def test_authors_notes_are_found_where_they_begin(tmp_path):
    text = "One.\n\n::: {.author-note}\nx\n:::\n\n  ::: author-note\n  y\n  :::\n\n```\n::: author-note\n```\n"
    assert _said(marks.author_notes(_manuscript(tmp_path, text))) == [
        ("author-note", 3, 1),
        ("author-note", 7, 3),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a\u202eb", [("control-bidi", 1, 2)]),
        ("a\u200bb", [("control-invisible", 1, 2)]),
        ("`a\u2066`", [("control-bidi", 1, 3)]),
        ("a\u200db", [("control-invisible", 1, 2)]),
        ("\U0001f469\u200d\U0001f680 and \u0645\u06cc\u200c\u062e", []),
        ("\u05e9\u05dc\u05d5\u05dd\u200f.", []),
        ("end\u200f.", [("control-invisible", 1, 4)]),
        ("\U0001f3f4\U000e0067\U000e0062", []),
        ("soft\u00adhyphen, no\u2060break", []),
    ],
)
def test_characters_that_are_not_seen(tmp_path, text, found):
    """Joiners in emoji and Persian, marks beside Hebrew and the tags of a flag do their work."""
    assert _said(signs.controls(_manuscript(tmp_path, text))) == found


def test_how_a_file_is_written_is_said(tmp_path):
    data = b"\xef\xbb\xbf# A\n\nb\r\n"
    text = "# A\n\nb\n\n\ta code block\n\nwith\ta tab\n"
    assert _said(signs.encoding(_manuscript(tmp_path, text, data=data))) == [
        ("file-bom", 1, 1),
        ("file-crlf", 3, None),
        ("file-tab", 7, 5),
    ]


ISBN = "978-0-306-40615-7"


@pytest.mark.parametrize(
    ("name", "value", "is_wrong"),
    [
        ("doi", "10.1038/35057062", False), ("doi", "https://doi.org/10.1000/182", False),
        ("doi", "10.1002/(SICI)1097-4571(199806)49:8<693::AID-ASI4>3.0.CO;2-O", False),
        ("doi", r"10.1007/978-3-319-00000-0\_12", False),
        ("doi", "10.1038", True), ("doi", "doi.org/35057062", True), ("doi", "10.1038/x y", True),
        ("isbn", ISBN, False), ("isbn", "0306406152", False), ("isbn", "0-8044-2957-X", False),
        ("isbn", f"{ISBN}, 0306406152", False), ("isbn", "978 0 306 40615 7", False),
        ("isbn", f"{ISBN} (pbk.), 0306406152 (hbk.)", False), ("isbn", "none", True),
        ("isbn", "978-0-306-40615-8", True), ("isbn", "12345", True),
        ("issn", "0378-5955", False), ("issn", "0378-5954", True),
        ("arxivid", "2412.14093", False), ("arxivid", "hep-th/9901001v2", False),
        ("arxivid", "math.AG/0601001", False), ("arxivid", "arXiv:2412.14093v2", False),
        ("arxivid", "2413.14093", True), ("arxivid", "2412.140", True),
        ("arxivid", "2412.1409", True), ("arxivid", "1412.14093", True),
        ("arxivid", "1412.1409", False), ("arxivid", "0703.1234", True),
        ("arxivid", "0704.0001", False),
        ("eprint", "not-arxiv", False),
    ],
)  # fmt: skip
def test_identifiers(tmp_path, name, value, is_wrong):
    found = _said(identifiers.numbers(_manuscript(tmp_path, entries=[_entry(**{name: value})])))
    assert found == ([("bib-identifier", 11, 3)] if is_wrong else [])


def test_an_eprint_is_arxivs_if_it_says_so(tmp_path):
    wrong = _entry(eprint="x", eprinttype="arxiv")
    assert len(list(identifiers.numbers(_manuscript(tmp_path, entries=[wrong])))) == 1


@pytest.mark.parametrize(
    ("size", "pixels", "density"),
    [
        ({}, Pixels(400, 200), 93), ({}, Pixels(400, 200, 300), None), ({}, Pixels(1300, 900), None),
        ({}, Pixels(200, 900, 150), 150), ({}, Pixels(400, 4000), None), ({}, Pixels(200, 200), 72),
        ({"width": "1in"}, Pixels(299, 9), None), ({"width": "2in"}, Pixels(299, 9), 150),
        ({"width": "50%"}, Pixels(400, 9), 186), ({"width": "9in"}, Pixels(400, 9), 93),
        ({"height": "1in"}, Pixels(400, 200), 200), ({"height": "10%"}, Pixels(900, 600), None),
        ({"width": "1in", "height": "2in"}, Pixels(200, 200), 200),
        ({"width": "wide"}, Pixels(200, 200), 72), ({"width": "0"}, Pixels(200, 200), 72),
    ],
)  # fmt: skip
def test_images_are_judged_at_their_printed_size(tmp_path, size, pixels, density):
    """On a text of 4.3 by 7 inches, which no image leaves; one without a size has its own."""
    manuscript = _manuscript(tmp_path, "![x](f.png)")
    image = {"t": "Image", "c": [["", [], list(map(list, size.items()))], [], ["f.png", ""]]}
    page = replace(manuscript.pages[0], blocks=[{"t": "Para", "c": [image]}])
    found = list(images.coarse(replace(manuscript, pages=(page,), pixels={"f.png": pixels})))
    assert [d.message.split()[4] for d in found] == ([] if density is None else [str(density)])


@given(st.sampled_from(["978", "979"]), st.text(alphabet="0123456789", min_size=9, max_size=9))
def test_every_check_digit_of_a_new_isbn_but_one_is_wrong(prefix, nine):
    """Modulo 10 with the weights 1 and 3 (ISO 2108)."""
    twelve = prefix + nine
    total = sum(int(c) * (3 if i % 2 else 1) for i, c in enumerate(twelve))
    for digit in range(10):
        assert identifiers.is_isbn(f"{twelve}{digit}") is ((total + digit) % 10 == 0)


@given(st.integers(1991, 2030), st.integers(1, 12), st.integers(1, 999))
def test_arxivs_identifiers_of_every_year(year, month, number):
    """The form changed with April 2007, the number of figures with January 2015."""
    stamp = f"{year % 100:02}{month:02}"
    forms = {
        "old": f"hep-th/{stamp}{number:03}",
        "four": f"{stamp}.{number:04}",
        "five": f"{stamp}.{number:05}",
    }
    right = "old" if (year, month) < (2007, 4) else "four" if year < 2015 else "five"
    for form in forms.keys() - {"old"} | {right}:
        wrong = identifiers._arxiv(forms[form], _entry()) is not None
        assert wrong is (form != right)


def _with_check_digit(nine):
    total = sum((10 - i) * n for i, n in enumerate(nine))
    return "".join(map(str, nine)) + "0123456789X"[-total % 11]


@given(st.lists(st.integers(0, 9), min_size=9, max_size=9), st.integers(0, 8), st.integers(1, 9))
def test_an_isbn_with_one_wrong_figure_is_found(nine, at, more):
    """The check digit of ISBN-10 finds every single wrong figure."""
    right = _with_check_digit(nine)
    assert identifiers.is_isbn(right)
    wrong = list(right)
    wrong[at] = str((int(wrong[at]) + more) % 10)
    assert not identifiers.is_isbn("".join(wrong))


@given(st.lists(st.integers(0, 9), min_size=7, max_size=7), st.integers(0, 6), st.integers(1, 9))
def test_an_issn_with_one_wrong_figure_is_found(seven, at, more):
    total = sum((8 - i) * n for i, n in enumerate(seven))
    right = "".join(map(str, seven)) + "0123456789X"[-total % 11]
    assert identifiers.is_issn(f"{right[:4]}-{right[4:]}")
    wrong = list(right)
    wrong[at] = str((int(wrong[at]) + more) % 10)
    assert not identifiers.is_issn("".join(wrong))


@given(st.dates())
def test_every_day_is_a_date(day):
    assert identifiers.is_date(day.isoformat())
    assert identifiers.is_date(f"{day.isoformat()}/..")


@pytest.mark.parametrize(
    ("value", "is_right"),
    [("1818", True), ("1818-01", True), ("1818-21", True), ("-0044-03-15", True), ("1818~", True),
     ("181X", True), ("1818/1831", True), ("../1818", True), ("2026-02-29", False),
     ("2024-02-29", True), ("1818-13", False), ("1818-25", False), ("11.1.1818", False),
     ("January 1818", False), ("", False), ("..", False), ("1818/19/20", False)],
)  # fmt: skip
def test_dates(value, is_right):
    """EDTF, as BibLaTeX reads it."""
    assert identifiers.is_date(value) is is_right


@pytest.mark.parametrize(
    ("fields", "is_wrong"),
    [({"year": "1818"}, False), ({"year": "c. 1818"}, False), ({"year": "forthcoming"}, False),
     ({"year": "18"}, True), ({"date": "1818-31-01"}, True), ({"month": "jan"}, False),
     ({"month": "13"}, True), ({"month": "12"}, False), ({"month": "foo"}, True),
     ({"month": "Fall"}, False), ({"month": "falling"}, True),
     ({"urldate": "2026-01-32"}, True)],
)  # fmt: skip
def test_dates_of_entries(tmp_path, fields, is_wrong):
    found = _said(identifiers.dates(_manuscript(tmp_path, entries=[_entry(**fields)])))
    assert found == ([("bib-date", 11, 3)] if is_wrong else [])


@pytest.mark.parametrize(
    ("value", "is_right"),
    [("https://example.org/a?b=c#d", True), (r"https://example.org/a\_b", True),
     (r"\url{https://example.org}", True), ("http://[::1]/", True), ("https://müller.de/ä", True),
     ("example.org", False), ("https://", False), ("https://exa mple.org", False),
     ("htps://example.org", False), ("https://example", False)],
)  # fmt: skip
def test_addresses(tmp_path, value, is_right):
    found = list(identifiers.addresses(_manuscript(tmp_path, entries=[_entry(url=value)])))
    assert bool(found) is not is_right


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"title": "The interpretation of Freud in small words"}, "Freud"),
        ({"title": "The interpretation of {Freud} in small words"}, None),
        ({"title": "The Interpretation of Dreams"}, None),
        ({"title": "On small things: Another beginning here"}, None),
        ({"title": "Why GPT and iPhone are left alone here"}, None),
        ({"title": "Die kleine Sache von Freud und anderen Leuten", "langid": "german"}, None),
    ],
)
def test_capitals_of_titles(tmp_path, fields, words):
    """Names in a title that is otherwise small; a title in title case tells nothing."""
    found = list(titles.unprotected(_manuscript(tmp_path, entries=[_entry(**fields)])))
    assert [words in d.message for d in found] == ([True] if words else [])
