"""A PDF that came back: its annotations as programs write them, and where each stands."""

from __future__ import annotations

import io

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, String
from returning import (
    HEIGHT,
    LEADING,
    LEFT,
    ORDERS,
    PATH,
    TOP,
    annotated,
    boxes,
    entries,
    keep,
    typeset,
)

from geppetto.diagnostics import GeppettoError
from geppetto.review import drafts, returned
from geppetto.review.remarks import Certainty, Kind, Reply
from geppetto.review.returned.pdf import annotations
from geppetto.review.returned.pdf.annotations import KINDS

TEXT = """# The dream

The *quick* brown fox, who jumps
over the lazy dog, was the most extra&shy;ordinary and
well-known fox[^1] -- the fox of @key2020, p. 4.

- an item with a fox
- another item

| cell one | cell two |
|----------|----------|
| cell 3   | cell two |

[^1]: A note about the quick fox.

The last paragraph goes on over the end of the page
and ends there, with $E = mc^2$ in it.
"""
PAGES = [
    [
        ("The dream", 1),
        ("The quick brown fox, who jumps", 3),
        ("over the lazy dog, was the most extraor-", 4),
        ("dinary and", 4),
        ("well-", 5),
        ("known fox1 – the fox of Key (2020, 4).", 5),
        ("• an item with a fox", 7),
        ("• another item", 8),
        ("cell one", 10),
        ("cell two", 10),
        ("cell 3", 12),
        ("cell two", 12),
        ("The last paragraph goes on over", 16),
        ("1 A note about the quick fox.", 14),
        ("1 A Small Book, draft d1 for Ada Lovelace", 0),
    ],
    [
        ("the end of the page", 16),
        ("and ends there, with E = mc2 in it.", 17),
        ("2 A Small Book, draft d1 for Ada Lovelace", 0),
    ],
]
COPY = typeset(PAGES)


@pytest.fixture
def read(tmp_path):
    """Read a PDF as one that came back of a draft of TEXT."""
    root = keep(tmp_path, {PATH: TEXT}, PAGES)

    def give(data):
        file = tmp_path / "back.pdf"
        file.write_bytes(data)
        return returned.read(file, root)

    return give


def source(remark):
    """Give what stands in the source at a remark's place."""
    lines = TEXT.splitlines(keepends=True)
    span = remark.place
    start = sum(map(len, lines[: span.line - 1])) + span.column - 1
    end = sum(map(len, lines[: span.end_line - 1])) + span.end_column - 1
    return TEXT[start:end]


def over(words, subtype="Highlight", page=0, **more):
    return page, entries(subtype, boxes(COPY, page, words), **more)


def one(found):
    (remark,) = found[0].remarks
    return remark


@pytest.mark.parametrize("order", ORDERS)
def test_words_are_found_whatever_the_order_of_corners(read, order):
    """Programs and the standard contradict each other."""
    remark = one(read(annotated(COPY, [over("brown fox", order=order, Contents="Red?")])))
    assert (remark.kind, remark.text, remark.quote) == (Kind.HIGHLIGHT, "Red?", "brown fox")
    assert (source(remark), remark.certainty) == ("brown fox", Certainty.EXACT)
    assert (remark.page, remark.draft, remark.reviewer) == (1, "d1", "ada")


@pytest.mark.parametrize(
    ("words", "expected", "quote"),
    [
        ("quick brown", "quick* brown", "quick brown"),
        ("jumps\r\nover the", "jumps\nover the", "jumps over the"),
        ("most extraor-dinary", "most extra&shy;ordinary", "most extraordinary"),
        ("well-known", "well-known", "well-known"),
        ("fox1 –", "fox[^1] --", "fox1 –"),
        ("(2020, 4)", "@key2020, p. 4", "(2020, 4)"),
        ("fox, who", "fox, who", "fox, who"),
        ("item with a fox", "item with a fox", "item with a fox"),
        ("The dream", "The dream", "The dream"),
        ("note about the quick", "note about the quick", "note about the quick"),
        (", who", ", who", ", who"),
        ("xtraor-", "xtra&shy;or", "xtraor-"),
    ],
)
def test_words_stand_where_the_manuscript_has_them(read, words, expected, quote):
    """Markup, hyphens, marks of notes and citations do not hinder."""
    remark = one(read(annotated(COPY, [over(words)])))
    assert (source(remark), remark.quote) == (expected, quote)
    assert remark.certainty is Certainty.EXACT


def test_a_formula_is_a_whole(read):
    remark = one(read(annotated(COPY, [over("mc2", page=1)])))
    assert (source(remark), remark.certainty) == ("$E = mc^2$", Certainty.EXACT)


def test_of_words_that_stand_twice_those_that_were_marked_are_meant(read):
    """Two cells hold "cell two", each on a line of its own."""
    low = TOP - LEADING * 11
    box = (LEFT - 1, low - 2, LEFT + 60, low + 9)
    remark = one(read(annotated(COPY, [(0, entries("Highlight", [box]))])))
    assert (source(remark), remark.place.line, remark.certainty) == ("cell two", 12, "exact")


@pytest.mark.parametrize(
    ("subtype", "kind"),
    [("Highlight", "highlight"), ("Underline", "underline"), ("Squiggly", "squiggly"),
     ("StrikeOut", "strikeout")],
)  # fmt: skip
def test_each_mark_over_words_has_its_kind(read, subtype, kind):
    """A strike-out proposes that nothing stand there; the others propose nothing."""
    remark = one(read(annotated(COPY, [over("lazy dog", subtype)])))
    assert (remark.kind, source(remark)) == (kind, "lazy dog")
    assert remark.replacement == ("" if kind == "strikeout" else None)


def test_a_sign_is_found_between_its_letters(read):
    box = boxes(COPY, 0, "fox, who")[0]
    (comma,) = boxes(COPY, 0, ", who jumps")
    data = annotated(
        COPY, [(0, entries("StrikeOut", [(comma[0], box[1], comma[0] + 2.5, box[3])]))]
    )
    remark = one(read(data))
    assert (remark.quote, source(remark), remark.place.line) == (",", ",", 3)


def caret(before, **more):
    """Give a caret as Acrobat draws it: its point at the baseline, after some words."""
    right, low = boxes(COPY, 0, before)[0][2] + 1.2, boxes(COPY, 0, before)[0][1]
    return 0, entries("Caret", [(right - 4, low - 8, right + 4, low + 1)], **more)


def test_acrobats_replacement_is_one_remark(read):
    """A caret with the new words, and a strike-out in its group; pop-ups are none."""
    listed = [
        caret("brown", Contents="red", T="Ada Lovelace", NM="c-1", IT=Name.Replace,
              CreationDate="D:20261201103000+01'00'", M="D:20261201103500+01'00'"),
        over("brown", "StrikeOut", T="Ada Lovelace", NM="c-2", IRT=0, RT=Name.Group,
             IT=Name.StrikeOutTextEdit, CreationDate="D:20261201103000+01'00'"),
        (0, {"/Subtype": Name.Popup, "/Rect": Array([1, 1, 9, 9]), "/Contents": String("red")}),
    ]  # fmt: skip
    remark = one(read(annotated(COPY, listed)))
    assert (remark.kind, remark.quote, remark.replacement) == (Kind.REPLACEMENT, "brown", "red")
    assert (remark.text, source(remark)) == ("", "brown")
    assert (remark.author, remark.date) == ("Ada Lovelace", "2026-12-01T10:30:00+01:00")


def test_a_replacement_whose_strike_out_comes_first_is_one_too(read):
    listed = [
        over("brown", "StrikeOut", Contents="red", NM="a"),
        caret("brown", IRT=0, RT=Name.Group, NM="b"),
    ]
    remark = one(read(annotated(COPY, listed)))
    assert (remark.kind, remark.replacement, source(remark)) == ("replacement", "red", "brown")


@pytest.mark.parametrize(
    ("before", "column"), [("The quick", 12), ("brown", 18), ("fox", 22), ("who", 27)]
)
def test_a_caret_stands_between_two_characters(read, before, column):
    remark = one(read(annotated(COPY, [caret(before, Contents="very")])))
    assert (remark.kind, remark.replacement, remark.certainty) == ("caret", "very", "exact")
    place = remark.place
    assert (place.line, place.end_line, place.end_column - place.column) == (3, 3, 0)
    assert column - 1 <= place.column <= column


@pytest.mark.parametrize(("aside", "column"), [(-0.8, 19), (-2.4, 18)])
def test_a_caret_stands_before_or_after_the_blank_that_it_is_nearer_to(read, aside, column):
    left, low, _, _ = boxes(COPY, 0, "fox, who")[0]
    mark = entries("Caret", [(left + aside - 4, low - 7, left + aside + 4, low + 2)])
    place = one(read(annotated(COPY, [(0, mark)]))).place
    assert (place.line, place.column, place.end_column) == (3, column, column)


def test_a_note_pinned_to_a_page_is_led_to_the_word_beside_it(read):
    left, low, _, high = boxes(COPY, 0, "lazy")[0]
    note = entries("Text", [(left, high - 20, left + 20, high)], Contents="Who says so?")
    remark = one(read(annotated(COPY, [(0, note)])))
    assert (remark.kind, remark.quote, source(remark)) == (Kind.NOTE, "", "lazy")
    assert remark.certainty is Certainty.BLOCK
    assert low < high


def test_a_note_in_the_margin_is_led_to_the_nearest_line(read):
    """Nothing stands there, and that is said."""
    high = TOP - LEADING * 2 + 8
    note = entries("Text", [(8, high - 18, 26, high)], Contents="Here?")
    remark = one(read(annotated(COPY, [(0, note)])))
    assert (remark.place.line, remark.certainty) == (4, Certainty.PAGE)


def test_drawn_marks_and_boxes_of_text_have_their_places(read):
    """A pen's stroke has the width of the pen; a callout's line points to its words."""
    left, low, right, high = boxes(COPY, 0, "lazy dog")[0]
    middle = (low + high) / 2
    stroke = Array([left + 5, middle, right - 5, middle])
    point = boxes(COPY, 0, "cell 3")[0]
    listed = [
        (0, entries("Ink", [(left, low, right, high)], InkList=Array([stroke]),
                    BS=Dictionary(W=10), Contents="ink")),
        (0, entries("Circle", [(left - 2, low - 2, right + 2, high + 2)], Contents="circle")),
        (0, entries("FreeText", [(300, 300, 400, 330)], Contents="callout",
                    CL=Array([point[0] + 2, point[1] + 2, 290, 310]))),
        (0, entries("Stamp", [(left, low, right, high)], Name=Name.Approved)),
        (0, entries("Line", [(left, low, right, low)], L=Array([left, low, right, low]))),
    ]  # fmt: skip
    found = read(annotated(COPY, listed))[0].remarks
    assert [(r.kind, r.text, source(r)) for r in found] == [
        ("ink", "ink", "lazy dog"),
        ("ink", "circle", "lazy dog"),
        ("text", "callout", "cell"),
        ("stamp", "Approved", "lazy"),
        ("ink", "", "lazy dog"),
    ]


def test_links_and_fields_are_no_remarks(read):
    listed = [over("brown", "Link"), over("brown", "Watermark"), over("brown", "Popup")]
    assert read(annotated(COPY, listed))[0].remarks == ()


def test_answers_and_verdicts_belong_to_their_remark(read):
    """Answers to answers, too; a check mark that only its reader sees is none."""
    listed = [
        over("lazy dog", Contents="Which?", NM="a", T="Ada"),
        over("lazy dog", "Text", Contents="That one.", IRT=0, T="Bob", M="D:20261202"),
        over("lazy dog", "Text", Contents="Oh.", IRT=1, T="Ada", M="D:20261203120000Z"),
        over("lazy dog", "Text", Contents="Completed set by Bob", IRT=2, T="Bob",
             State="Completed", StateModel="Review", M="D:20261204", F=30),
        over("lazy dog", "Text", IRT=0, State="Marked", StateModel="Marked"),
    ]  # fmt: skip
    remark = one(read(annotated(COPY, listed)))
    assert remark.replies == (
        Reply("Bob", "2026-12-02", "That one."),
        Reply("Ada", "2026-12-03T12:00:00Z", "Oh."),
        Reply("Bob", "2026-12-04", "", "Completed"),
    )
    assert (remark.text, remark.resolved) == ("Which?", True)


def test_answers_that_go_round_end(read):
    def knot(pdf):
        first, second = pdf.pages[0].obj.Annots
        first.IRT = second

    data = annotated(COPY, [over("lazy", Contents="a"), over("lazy", IRT=0, Contents="b")], knot)
    assert one(read(data)).text == "a"


def test_an_answer_may_name_what_it_answers(read):
    """As forms data do."""
    listed = [
        over("lazy", NM="x", Contents="a"),
        over("lazy", "Text", Contents="b", IRT=String("x")),
    ]
    remark = one(read(annotated(COPY, listed)))
    assert (remark.text, [reply.text for reply in remark.replies]) == ("a", ["b"])


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({"Contents": String("Größe – “so”")}, "Größe – “so”"),
        ({"Contents": String("a\rb\r\nc ")}, "a\nb\nc"),
        ({"Contents": String("日本語 \U0001f600")}, "日本語 \U0001f600"),
        ({"RC": String("<body xmlns='http://www.w3.org/1999/xhtml'><p>one <b>two</b></p>"
                       "<p>three</p></body>")}, "one two\nthree"),
        ({"RC": String("<!DOCTYPE b [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><b>a&x;</b>")}, "a"),
        ({"Contents": Name.NoString}, ""),
    ],
)  # fmt: skip
def test_what_was_said_is_read_in_every_encoding(read, more, text):
    assert one(read(annotated(COPY, [over("lazy", **more)]))).text == text


def test_what_stands_in_the_pop_up_alone_is_said(read):
    """As older versions of Preview write it."""
    remark = one(read(annotated(COPY, [over("lazy", Popup=Dictionary(Contents="Is it?"))])))
    assert remark.text == "Is it?"


def test_words_that_a_program_copies_into_its_note_are_not_said(read):
    """PDF Expert and others put the marked words into Contents."""
    remark = one(read(annotated(COPY, [over("lazy dog", Contents="lazy dog")])))
    assert (remark.text, remark.quote) == ("", "lazy dog")


def test_a_stroke_over_the_end_of_a_page_is_one_remark(read):
    """Programs write two annotations at one moment, the note in the first."""
    moment = {"T": "Ada", "CreationDate": "D:20261201103000Z"}
    listed = [
        over("goes on over", Contents="Long", NM="a", **moment),
        over("the end of", page=1, NM="b", **moment),
    ]
    remark = one(read(annotated(COPY, listed)))
    assert (remark.quote, remark.text, remark.page) == ("goes on over the end of", "Long", 1)
    assert source(remark) == "goes on over the end of"


@pytest.mark.parametrize(
    ("first", "second"),
    [({}, {"CreationDate": "D:20261201103500Z"}), ({"Contents": "a"}, {"Contents": "b"}),
     ({}, {"T": "Bob"})],
)  # fmt: skip
def test_strokes_that_do_not_belong_together_stay_two(read, first, second):
    moment = {"T": "Ada", "CreationDate": "D:20261201103000Z"}
    listed = [
        over("goes on over", **{**moment, **first}),
        over("the end of", page=1, **{**moment, **second}),
    ]
    assert len(read(annotated(COPY, listed))[0].remarks) == 2


def turn(pdf):
    pdf.pages[0].obj.Rotate = 90


def crop(pdf):
    pdf.pages[0].obj.CropBox = Array([30, 40, 400, 620])


def trim(pdf):
    pdf.pages[0].obj.MediaBox = Array([30, 40, 400, 620])


@pytest.mark.parametrize("change", [turn, crop, trim])
def test_a_page_that_was_turned_or_cropped_is_read_as_it_was(read, change):
    remark = one(read(annotated(COPY, [over("lazy dog")], change)))
    assert (source(remark), remark.certainty) == ("lazy dog", Certainty.EXACT)


def put_in_front(pdf):
    pdf.add_blank_page(page_size=(300, 300))
    pdf.pages.insert(0, pdf.pages[-1])
    del pdf.pages[-1]


def take_out(pdf):
    del pdf.pages[0]


@pytest.mark.parametrize("change", [put_in_front, take_out])
def test_pages_put_in_and_taken_out_do_not_hinder(read, change):
    """The page that is said is that of the copy as it was sent."""
    remark = one(read(annotated(COPY, [over("ends there", page=1)], change)))
    assert (source(remark), remark.page) == ("ends there", 2)


def test_a_remark_on_a_page_that_is_none_of_the_drafts_is_lost_and_said(read):
    def add(pdf):
        pdf.add_blank_page(page_size=(300, 300))
        note = Dictionary(entries("Text", [(20, 20, 40, 40)], Contents="On the whole, good."))
        pdf.pages[-1].obj.Annots = Array([pdf.make_indirect(note)])

    found, said = read(annotated(COPY, [], add))
    (remark,) = found.remarks
    assert (remark.place, remark.certainty, remark.page) == (None, Certainty.LOST, None)
    assert [d.code for d in said] == ["remark-lost"]
    assert "On the whole, good." in said[0].message


def test_a_copy_of_some_pages_knows_its_pages(tmp_path):
    copies = (drafts.Copy("ada", "Ada", "pdf", "few.pdf", "z", pages=(2,)),)
    root = keep(tmp_path, {PATH: TEXT}, PAGES, copies=copies)
    few = typeset(PAGES[1:])
    (drafts.folder(root) / "d1" / "few.pdf").write_bytes(few)
    file = tmp_path / "back.pdf"
    file.write_bytes(annotated(few, [(0, entries("Highlight", boxes(few, 0, "ends there")))]))
    remark = returned.read(file, root)[0].remarks[0]
    assert (source(remark), remark.page) == ("ends there", 1)


def test_what_stands_beside_the_text_is_found_by_its_words_if_they_are_known_once(read):
    """A contents page, a running head: no row is there, but the words are the manuscript's."""
    pages = [[*PAGES[0], ("another item", 0)], *PAGES[1:]]
    data = typeset(pages)
    low = TOP - LEADING * 15
    note = entries("Highlight", [(LEFT, low - 2, LEFT + 90, low + 9)], Contents="x")
    remark = one(read(annotated(data, [(0, note)])))
    assert (source(remark), remark.certainty) == ("another item", Certainty.EXACT)
    assert remark.quote == "another item"


@pytest.mark.parametrize("subtype", ["Text", "Highlight"])
def test_what_is_marked_in_the_contents_is_led_to_the_heading(tmp_path, subtype):
    """No line of the sources is on that page, but its words are."""
    pages = [*PAGES, [("1 The dream . . . . . . 12", 0)]]
    root = keep(tmp_path, {PATH: TEXT}, pages)
    data = typeset(pages)
    file = tmp_path / "back.pdf"
    file.write_bytes(annotated(data, [(2, entries(subtype, boxes(data, 2, "dream")))]))
    (remark,) = returned.read(file, root)[0].remarks
    assert remark.place.line == 1
    assert remark.certainty == ("page" if subtype == "Text" else "exact")


def test_a_name_lasts_from_one_return_to_the_next(read):
    """With a name of the program's own, and without; what is added is told apart."""
    first = [over("lazy dog", NM="n-1", Contents="a"), over("brown", T="Ada", Contents="b")]
    then = [over("item", T="Ada"), over("brown", T="Ada", Contents="b, or so"), *first[:1]]
    before = {r.id for r in read(annotated(COPY, first))[0].remarks}
    first[0] = over("lazy dog", NM="n-1", Contents="a")
    then[2] = first[0]
    after = {r.id for r in read(annotated(COPY, then))[0].remarks}
    assert before < after
    assert len(after) == 3


def test_the_same_file_gives_the_same_twice(read):
    data = annotated(COPY, [over("lazy dog"), over("lazy dog"), over("brown")])
    assert read(data) == read(data)
    assert len({r.id for r in read(data)[0].remarks}) == 3


def test_the_copy_as_it_was_sent_has_no_remarks(read):
    found, said = read(COPY)
    assert (found.remarks, found.copy, said) == ((), "ada", [])


def drop_info(pdf):
    del pdf.trailer["/Info"]


def test_without_its_metadata_a_copy_is_known_by_what_is_printed(read):
    """The footer has the draft's id and the reviewer's name."""
    found, said = read(annotated(COPY, [over("lazy dog")], drop_info))
    assert (found.draft, found.copy, said) == ("d1", "ada", [])


@pytest.mark.parametrize(
    "packet",
    [
        '<a xmlns:pdfx="http://ns.adobe.com/pdfx/1.3/"><pdfx:GeppettoDraft>d1/ada</pdfx:GeppettoDraft></a>',
        '<a xmlns:pdfx="http://ns.adobe.com/pdfx/1.3/" pdfx:GeppettoDraft="d1/ada"/>',
    ],
)
def test_a_copy_is_known_by_its_xmp(read, packet):
    def move(pdf):
        drop_info(pdf)
        pdf.Root.Metadata = pdf.make_stream(packet.encode(), Type=Name.Metadata, Subtype=Name.XML)

    bare = typeset([[("Nothing to be known by", 0)], *PAGES[1:]])
    assert read(annotated(bare, [], move))[0].copy == "ada"


def test_a_file_that_names_no_draft_is_refused(read):
    with pytest.raises(GeppettoError) as caught:
        read(typeset([[("Something else", 0)]], info=False))
    assert caught.value.diagnostics[0].code == "returned-nameless"


def test_a_draft_that_is_not_kept_here_is_named(read):
    with pytest.raises(GeppettoError) as caught:
        read(typeset([[("Draft 9f3a2b for Ada", 0)]], info=False))
    assert caught.value.diagnostics[0].message == "There is no draft 9f3a2b."


def test_a_locked_file_is_refused_with_a_remedy(read):
    locked = annotated(COPY, [over("lazy")], encryption=pikepdf.Encryption(owner="a", user="b"))
    with pytest.raises(GeppettoError) as caught:
        read(locked)
    assert caught.value.diagnostics[0].code == "returned-locked"


def test_a_file_that_only_forbids_changes_is_read(read):
    guarded = annotated(COPY, [over("lazy dog")], encryption=pikepdf.Encryption(owner="a", user=""))
    assert source(one(read(guarded))) == "lazy dog"


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7\nbroken", b"", b"words", b"%PDF-1.7\n" + bytes(2000)],
    ids=["no PDF at all", "empty", "of another kind", "zeros"],
)  # fmt: skip
def test_a_broken_file_is_refused(read, data):
    with pytest.raises(GeppettoError) as caught:
        read(data)
    assert caught.value.diagnostics[0].code == "returned-unreadable"


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(GeppettoError) as caught:
        returned.read(tmp_path / "none.pdf", tmp_path)
    assert caught.value.diagnostics[0].code == "returned-unreadable"


def test_odd_annotations_do_no_harm(read):
    """Numbers that are none, quadrilaterals cut short, things that are no annotation at all."""
    odd = {"/Subtype": Name.Highlight, "/QuadPoints": Array([1, 2, Name.x]), "/Rect": Array([1])}
    short = entries("Highlight", boxes(COPY, 0, "lazy dog"))
    short["/QuadPoints"] = Array([1, 2, 3])
    data = annotated(COPY, [(0, odd), (0, short)])
    pdf = pikepdf.open(io.BytesIO(data))
    pdf.pages[0].obj.Annots.append(Name.x)
    pdf.pages[1].obj.Annots = Name.y
    out = io.BytesIO()
    pdf.save(out)
    found = read(out.getvalue())[0].remarks
    assert [r.certainty for r in found] == [Certainty.LOST, Certainty.EXACT]
    assert source(found[1]) == "lazy dog"
    assert HEIGHT > TOP


THINGS = st.recursive(
    st.one_of(
        st.integers(-(10**6), 10**6),
        st.floats(-(10**6), 10**6).map(lambda x: round(x, 2)),
        st.text("ab é\0\n", max_size=8).map(String),
        st.sampled_from(["/Group", "/R", "/Highlight", "/Marked", "/x"]).map(Name),
    ),
    lambda inside: st.one_of(
        st.lists(inside, max_size=9).map(Array),
        st.dictionaries(st.sampled_from(["/W", "/NM", "/Contents"]), inside).map(Dictionary),
    ),
    max_leaves=12,
)
KEYS = ["/Rect", "/QuadPoints", "/InkList", "/L", "/Vertices", "/CL", "/BS", "/T", "/Contents",
        "/RC", "/NM", "/M", "/CreationDate", "/IRT", "/RT", "/State", "/StateModel", "/Popup",
        "/FS", "/Name"]  # fmt: skip


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(KINDS)), st.dictionaries(st.sampled_from(KEYS), THINGS)),
        max_size=6,
    )
)
def test_whatever_stands_in_annotations_is_read(listed):
    """Strangers' files hold anything; what is no answer to another is a mark."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(100, 100)).obj
    page.Annots = Array(
        [pdf.make_indirect(Dictionary({"/Subtype": Name(kind), **each})) for kind, each in listed]
    )
    found = annotations.marks(pdf)
    assert len(found) <= len(listed)
    assert bool(found) == bool(listed)
    for mark in found:
        assert all(left <= right and low <= high for left, low, right, high in mark.boxes)
