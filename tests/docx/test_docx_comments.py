"""Comments put into a DOCX's text: wherever they stand, its words stay as they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from geppetto.docx import comments
from geppetto.docx.comments import Comment, Range
from geppetto.docx.xml import W

NAMES = {"w": W}
PARAGRAPH = (
    f'<w:p xmlns:w="{W}"><w:r><w:rPr><w:b/></w:rPr><w:t>One two</w:t><w:tab/><w:t>three</w:t></w:r>'
    '<w:hyperlink w:anchor="x"><w:r><w:t>four five</w:t></w:r></w:hyperlink>'
    '<w:ins w:id="1" w:author="A"><w:r><w:t>six</w:t></w:r></w:ins><w:r><w:t>seven</w:t></w:r></w:p>'
)


def said(root):
    """Give the words, with the marks of ranges in them."""
    found = []
    for one in root.iter():
        name, key = etree.QName(one).localname, one.get(f"{{{W}}}id")
        marks = {"commentRangeStart": f"[{key} ", "commentRangeEnd": f" {key}]", "tab": "\t"}
        found.append((one.text or "") if name == "t" else marks.get(name, ""))
    return "".join(found)


def put(*ranges):
    """Put comments on ranges of the paragraph: numbers of elements, and of letters in them."""
    root = etree.fromstring(PARAGRAPH)
    every = root.findall(".//w:t", NAMES)
    comment = Comment("Ann", "", "3f2a", ("Why?",))
    placed = [(Range(every[a], m, every[b], n), comment) for a, m, b, n in ranges]
    return root, comments.put(placed)


@pytest.mark.parametrize(
    ("ranges", "words"),
    [
        ([(0, 0, 0, 3)], "[0 One 0] two\tthreefour fivesixseven"),
        ([(0, 4, 1, 5)], "One [0 two\tthree 0]four fivesixseven"),
        ([(2, 0, 2, 4)], "One two\tthree[0 four 0] fivesixseven"),
        ([(2, 5, 3, 2)], "One two\tthreefour [0 fivesi 0]xseven"),
        ([(0, 0, 0, 3), (0, 0, 0, 3)], "[0 [1 One 0] 1] two\tthreefour fivesixseven"),
        ([(0, 0, 0, 3), (0, 3, 0, 7)], "[0 One 0][1  two 1]\tthreefour fivesixseven"),
        ([(4, 5, 4, 5)], "One two\tthreefour fivesixseven[0  0]"),
    ],
    ids=["a word", "over a tab", "in a link", "from a link into a change", "twice the same",
         "one after the other", "a point at the end"],
)  # fmt: skip
def test_where_a_comment_stands(ranges, words):
    """Around the letters that are meant, and no others."""
    root, _ = put(*ranges)
    assert said(root) == words


places = st.tuples(st.integers(0, 4), st.integers(0, 9), st.integers(0, 4), st.integers(0, 9))


@given(st.lists(places, max_size=5))
def test_no_letter_is_lost(wanted):
    """Every comment has its three marks, the references outside of links and changes."""
    lengths = (7, 5, 9, 3, 5)
    ranges = []
    for a, m, b, n in wanted:
        start, end = sorted([(a, min(m, lengths[a])), (b, min(n, lengths[b]))])
        ranges.append((*start, *end))
    root, listed = put(*ranges)
    assert len(listed) == len(ranges)
    assert "".join(root.itertext()) == "One twothreefour fivesixseven"
    for number in range(len(ranges)):
        for kind in ("commentRangeStart", "commentRangeEnd", "r/w:commentReference"):
            assert len(root.findall(f".//w:{kind}[@w:id='{number}']", NAMES)) == 1
    for one in root.iter(f"{{{W}}}commentReference"):
        assert one.getparent().getparent() is root
    for run in root.findall(".//w:r[w:t]", NAMES):
        is_bold = run.find("w:t", NAMES).text in "One two three"
        assert run.find("w:rPr", NAMES) is None or is_bold


@pytest.mark.parametrize(
    ("date", "written"),
    [
        ("2026-01-02", "2026-01-02T00:00:00Z"),
        ("2026-01-02T10:11:12Z", "2026-01-02T10:11:12Z"),
        ("2026-01-02T10:11", "2026-01-02T10:11:00"),
        ("2026-01-02T10:11+01:00", "2026-01-02T10:11:00+01:00"),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates(date, written):
    """A date is one of XML Schema's, or is left out."""
    listed = [("0", "", Comment("Ann\x00", date, "3f2a", ("One\nline", "and two")))]
    held = {"word/_rels/document.xml.rels": b"<a/>", "[Content_Types].xml": b"<a/>"}
    (one,) = etree.fromstring(comments.parts(held, listed)[comments.COMMENTS])
    assert one.get(f"{{{W}}}date") == written
    assert len(one.findall("w:p", NAMES)) == 2


def test_without_comments_a_package_is_as_it_was():
    """No empty part is added."""
    assert comments.parts({"a": b"b"}, []) == {"a": b"b"}
