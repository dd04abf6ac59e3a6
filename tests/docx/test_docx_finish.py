"""What is finished in what Pandoc wrote: bookmarks, runs, lists, tables, pictures, quotations."""

from __future__ import annotations

import itertools

import pytest
from docx_soundness import W
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from geppetto.docx import (
    bookmarks,
    code,
    columns,
    lists,
    look,
    marks,
    page,
    pictures,
    quotations,
    runs,
    sections,
    tables,
)
from geppetto.model.settings import PdfSettings

OPENING = (
    '<w:body xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
)
PAGE = page.lay_out(PdfSettings())


def _body(content):
    return etree.fromstring(f"{OPENING}{content}</w:body>")


def _text(element):
    return "".join(t.text or "" for t in element.iter(f"{W}t"))


def _run(words, properties=""):
    return f'<w:r>{properties}<w:t xml:space="preserve">{words}</w:t></w:r>'


def test_a_stop_is_a_bookmark_to_the_end_of_its_paragraph():
    body = _body(f"<w:p>{_run('a')}<?geppetto stop 2 5?>{_run('b')}</w:p>")
    bookmarks.place_stops(body)
    bookmarks.number([body])
    start, end = body.find(f".//{W}bookmarkStart"), body.find(f".//{W}bookmarkEnd")
    assert start.get(f"{W}name") == "src_2_5"
    assert start.get(f"{W}id") == end.get(f"{W}id") == "1"
    assert _text(start.getnext()) == "b"
    assert end.getnext() is None


def test_a_stop_between_paragraphs_goes_into_the_next():
    """Behind its properties, which come first."""
    body = _body(f"<?geppetto stop 1 2?><w:p><w:pPr/>{_run('code')}</w:p>")
    bookmarks.place_stops(body)
    assert [child.tag for child in body[0]][:2] == [f"{W}pPr", f"{W}bookmarkStart"]


def test_bookmarks_are_numbered_through_all_parts_and_none_has_anothers_name():
    one = '<w:bookmarkStart w:id="7" w:name="A"/><w:bookmarkEnd w:id="7"/>'
    two = one.replace('"A"', '"a"').replace("7", "8")
    three = one.replace('"A"', '"b"')
    first, second = _body(one + two), _body(three)
    bookmarks.number([first, second])
    assert [*bookmarks.named(first), *bookmarks.named(second)] == ["A", "b"]
    ids = [e.get(f"{W}id") for root in (first, second) for e in root]
    assert ids == ["1", "1", "2", "2"]


ITALIC = "<w:rPr><w:i/></w:rPr>"
RUNS = st.lists(st.tuples(st.sampled_from(["a", " ", "b c", "שלום"]), st.booleans()), max_size=8)


@given(RUNS)
def test_runs_of_one_look_become_one(described):
    """The words stay, and how each of them looks; no two runs in a row look alike."""
    made = [_run(words, ITALIC if italic else "") for words, italic in described]
    body = _body(f"<w:p>{''.join(made)}</w:p>")
    runs.tidy(body)
    shown = [(_text(r), r.find(f"{W}rPr/{W}i") is not None) for r in body.iter(f"{W}r")]
    letters = [(c, italic) for words, italic in described for c in words]
    assert [(c, italic) for words, italic in shown for c in words] == letters
    assert all(one[1] != other[1] for one, other in itertools.pairwise(shown))


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en-GB", "en-GB"), ("el-polyton", "el"), ("zh-Hans", "zh-CN"), ("zh-Hant-HK", "zh-HK"),
     ("sr-Latn-RS", "sr-RS"), ("es-419", "es-419"), ("de", "de")],
)  # fmt: skip
def test_a_language_is_spelled_for_word(lang, said):
    assert look.tag(lang) == said


@pytest.mark.parametrize(
    ("words", "leftward"),
    [("שלום עולם", True), ("(السلام)", True), ("שלום a", False), ("words", False), ("12", False)],
)
def test_a_run_of_letters_from_right_to_left_says_so(words, leftward):
    body = _body(f"<w:p>{_run(words)}</w:p>")
    runs.tidy(body)
    assert (body.find(f".//{W}rtl") is not None) is leftward


def test_a_language_is_said_for_its_kind_of_script():
    run = _run("x", '<w:rPr><w:lang w:val="ja"/></w:rPr>')
    body = _body(f"<w:p>{run}</w:p>")
    runs.tidy(body)
    assert body.find(f".//{W}lang").get(f"{W}eastAsia") == "ja"


def test_a_list_is_no_deeper_than_word_can():
    item = "<w:p><w:pPr><w:numPr><w:ilvl w:val='{}'/><w:numId w:val='1'/></w:numPr></w:pPr></w:p>"
    body = _body("".join(item.format(n) for n in (0, 8, 9, 25)))
    lists.tidy(body)
    assert [e.get(f"{W}val") for e in body.iter(f"{W}ilvl")] == ["0", "8", "8", "8"]
    assert {e.get(f"{W}val") for e in body.iter(f"{W}pStyle")} == {"ListParagraph"}


def test_a_list_in_a_callout_is_indented_once_more():
    item = "<w:p><w:pPr><w:numPr><w:ilvl w:val='0'/><w:numId w:val='1'/></w:numPr></w:pPr></w:p>"
    styled = "<w:p><w:pPr><w:pStyle w:val='{}'/></w:pPr></w:p>"
    body = _body(styled.format("CalloutTitle") + item + styled.format("CalloutEnd") + item)
    lists.tidy(body)
    assert [p.find(f"{W}pPr/{W}ind") is not None for p in body] == [False, True, False, False]


def _quoted(depth, words="q"):
    opening = f"<?{marks.TARGET} {marks.OPEN}?>" * depth
    closing = f"<?{marks.TARGET} {marks.CLOSE}?>" * depth
    styled = f'<w:p><w:pPr><w:pStyle w:val="BlockText"/></w:pPr>{_run(words)}</w:p>'
    return f"{opening}{styled}{closing}"


def test_a_quotation_within_one_is_indented_once_more():
    body = _body(_quoted(1) + _quoted(2) + _quoted(3) + _quoted(60))
    quotations.indent(body)
    found = [p.find(f"{W}pPr/{W}ind") for p in body.iter(f"{W}p")]
    widths = [0 if e is None else int(e.get(f"{W}left")) for e in found]
    assert widths[0] == 0
    assert widths[0] < widths[1] < widths[2] < widths[3] == quotations.MOST
    assert not list(body.iter(etree.ProcessingInstruction))


CELL = "<w:tc><w:p><w:pPr><w:pStyle w:val='Compact'/></w:pPr></w:p></w:tc>"
GRID = "<w:tblGrid><w:gridCol w:w='1980'/><w:gridCol w:w='5940'/></w:tblGrid>"
TABLE = f"<w:tbl><w:tblPr/>{GRID}<w:tr>{CELL}{CELL}</w:tr></w:tbl>"


def test_tables_fit_the_measure_and_two_in_a_row_stay_two():
    body = _body(TABLE + TABLE)
    tables.tidy(body, PAGE, 19)
    assert [child.tag for child in body] == [f"{W}tbl", f"{W}p"] * 2
    widths = [int(e.get(f"{W}w")) for e in body[0].iter(f"{W}gridCol")]
    assert sum(widths) <= PAGE.measure
    assert {e.get(f"{W}val") for e in body.iter(f"{W}pStyle")} == {"TableText", "TableEnd"}


@pytest.mark.parametrize(("count", "style"), [(3, "TableText"), (12, "TableTextSmall")])
def test_a_table_of_many_columns_is_set_small(count, style):
    cell = f"<w:tc><w:p><w:pPr><w:pStyle w:val='Compact'/></w:pPr>{_run('columns')}</w:p></w:tc>"
    grid = "<w:tblGrid>" + "<w:gridCol w:w='660'/>" * count + "</w:tblGrid>"
    body = _body(f"<w:tbl><w:tblPr/>{grid}<w:tr>{cell * count}</w:tr></w:tbl>")
    tables.tidy(body, PAGE, 19)
    assert {e.get(f"{W}val") for e in body[0].iter(f"{W}pStyle")} == {style}
    assert sum(int(e.get(f"{W}w")) for e in body.iter(f"{W}gridCol")) <= PAGE.measure + count


def test_a_table_from_right_to_left_begins_on_the_right():
    cell = "<w:tc><w:p><w:pPr><w:bidi/></w:pPr></w:p></w:tc>"
    body = _body(f"<w:tbl><w:tblPr/>{GRID}<w:tr>{cell}{cell}</w:tr></w:tbl>" + TABLE)
    tables.tidy(body, PAGE, 19)
    one, other = body.iter(f"{W}tblPr")
    assert one.find(f"{W}bidiVisual") is not None
    assert other.find(f"{W}bidiVisual") is None


CODE = "<w:p><w:pPr><w:pStyle w:val='SourceCode'/></w:pPr><w:r>{}</w:r></w:p>"


def test_two_pieces_of_code_in_a_row_stay_two():
    body = _body(CODE.format("") + CODE.format("<w:br/>" * 30))
    code.tidy(body)
    assert [e.get(f"{W}val") for e in body.iter(f"{W}pStyle")] == [
        "SourceCode", "TableEnd", "SourceCode",
    ]  # fmt: skip
    assert [e.get(f"{W}val") for e in body[2].iter(f"{W}keepLines")] == ["0"]
    assert body[0].find(f".//{W}keepLines") is None


WORDS = st.text("ab c", max_size=60)


@given(st.lists(st.lists(WORDS, min_size=3, max_size=3), min_size=1, max_size=5))
def test_columns_fit_the_room_and_hold_their_words(rows):
    """Whatever stands in them; a word is kept whole where there is room for the longest of all."""
    cells = [[f"<w:tc><w:p>{_run(words)}</w:p></w:tc>" for words in row] for row in rows]
    grid = "<w:tblGrid>" + "<w:gridCol w:w='2640'/>" * 3 + "</w:tblGrid>"
    made = "".join(f"<w:tr>{''.join(row)}</w:tr>" for row in cells)
    body = _body(f"<w:tbl><w:tblPr/>{grid}{made}</w:tbl>")
    columns.fit(body[0], PAGE.measure, 19)
    widths = [int(e.get(f"{W}w")) for e in body.iter(f"{W}gridCol")]
    assert all(width > 0 for width in widths)
    assert sum(widths) <= PAGE.measure + len(widths)
    longest = [max((len(w) for row in rows for w in row[n].split()), default=0) for n in range(3)]
    if sum(min(n, 9) for n in longest) < 30:
        assert all(w >= 95 * min(n, 9) for w, n in zip(widths, longest, strict=True))


def test_an_equation_stands_beside_its_number():
    styled = "<w:p><w:pPr><w:pStyle w:val='{}'/></w:pPr></w:p>"
    body = _body(styled.format("Equation") + styled.format("EquationNumber"))
    tables.tidy(body, PAGE, 19)
    [table] = body.iter(f"{W}tbl")
    cells = [c.find(f"{W}p/{W}pPr/{W}pStyle").get(f"{W}val") for c in table.iter(f"{W}tc")]
    assert cells == ["Equation", "Equation", "EquationNumber"]
    assert sum(int(e.get(f"{W}w")) for e in table.iter(f"{W}gridCol")) == PAGE.measure


def _picture(width, height, title=""):
    return (
        f"<w:p><w:r><w:drawing><wp:inline><wp:extent cx='{width}' cy='{height}'/>"
        f"<wp:docPr id='9' name='Picture' descr='said' title='{title}'/><a:xfrm>"
        f"<a:ext cx='{width}' cy='{height}'/></a:xfrm></wp:inline></w:drawing></w:r></w:p>"
    )


def test_a_picture_higher_than_the_page_is_made_smaller():
    body = _body(_picture(1_000_000, 20_000_000) + _picture(1000, 1000))
    pictures.tidy([body], PAGE)
    large, small = body.iter("{*}extent")
    assert int(large.get("cy")) <= PAGE.depth * page.EMU
    assert int(large.get("cy")) == pytest.approx(20 * int(large.get("cx")), rel=0.01)
    assert (small.get("cx"), small.get("cy")) == ("1000", "1000")
    assert [e.get("id") for e in body.iter("{*}docPr")] == ["1", "2"]


def test_a_decorative_picture_says_so_to_word():
    body = _body(_picture(9, 9, marks.DECORATIVE))
    pictures.tidy([body], PAGE)
    shown = body.find(".//{*}docPr")
    assert (shown.get("descr"), shown.get("title")) == ("", None)
    assert shown.find(".//{*}decorative").get("val") == "1"


def test_each_section_ends_with_its_last_paragraph_or_behind_its_table():
    mark = "<?geppetto section {}?>"
    paragraph = f"<w:p>{_run('a')}</w:p>"
    body = _body(f"{paragraph}{mark.format(0)}{TABLE}{mark.format(1)}{paragraph}<w:sectPr/>")
    listed = [sections.Section("A", start=1), sections.Section("B"), sections.Section("C")]
    sections.close(body, listed, PAGE, ["header1", "header2", "header3"])
    kinds = [child.tag.removeprefix(W) for child in body]
    assert kinds == ["p", "tbl", "p", "p", "sectPr"]
    heads = [
        e.get("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id")
        for e in body.iter(f"{W}headerReference")
        if e.get(f"{W}type") == "default"
    ]
    assert heads == ["header1", "header2", "header3"]


@given(st.text(st.characters(categories=["L", "Zs"]), min_size=1, max_size=200))
def test_a_running_head_fits(title):
    head = sections.running_head(title)
    assert len(head) <= sections.ROOM + 1
    assert head == title or head.endswith("…")
