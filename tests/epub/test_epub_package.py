"""Metadata, contents, cover lettering and the archive."""

from __future__ import annotations

import io
import re
import zipfile

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from geppetto.epub import access, archive, metadata, navigation, package
from geppetto.epub.package import Resource
from geppetto.epub.pages import Frame
from geppetto.installed import template_root
from geppetto.model.book import Document, Heading, Role
from geppetto.model.settings import Settings
from geppetto.templates import xml, xml_environment

DC = "{http://purl.org/dc/elements/1.1/}"
COVER = Resource("cover.jpg", b"", "image/jpeg", "cover-image")
WORDS = st.text(min_size=1, max_size=60).filter(lambda text: xml(text).strip())


def _opf(tmp_path, **settings):
    frame = Frame(xml_environment(tmp_path), Settings.model_validate(settings), ("s.css",), "1")
    said = access.describe(frame.settings, access.Matter([]))
    return etree.fromstring(package.opf(frame, [], [COVER], epoch=0, access=said))


@given(title=WORDS, author=WORDS)
def test_any_title_and_author_read_back_the_same(tmp_path_factory, title, author):
    """The package is well formed whatever the words are, and holds them."""
    root = tmp_path_factory.getbasetemp()
    book = Settings.model_validate({"title": title, "author": [{"name": author}]})
    tree = _opf(root, title=title, author=[{"name": author}])
    for name, words in (("title", book.title), ("creator", book.author[0].name)):
        assert tree.findtext(f".//{DC}{name}") == re.sub(r"[ \t\n\r]+", " ", xml(words)).strip(" ")


def test_book_without_an_author_names_none(tmp_path):
    """A book whose author is not known has no creator."""
    assert _opf(tmp_path, title="A").find(f".//{DC}creator") is None


def test_identifier_is_derived_from_title_and_authors():
    """The same book has the same identifier; another author another one."""
    one = metadata.identifier(Settings(title="A"))
    assert one == metadata.identifier(Settings(title="A", lang="de"))
    assert one != metadata.identifier(Settings.model_validate({"title": "A", "author": "B"}))
    assert one.startswith("urn:uuid:")


def test_isbn_of_the_epub_is_its_identifier():
    """Only the EPUB's own ISBN identifies it, not the printed book's."""
    given_ids = {"isbn-epub": "978-0-306-40615-7"}
    settings = Settings.model_validate({"title": "A", "identifier": given_ids})
    assert metadata.identifier(settings) == "urn:isbn:9780306406157"


def _document(slug, role=Role.MAIN, part=None, headings=()):
    return Document(slug, role, slug.title(), (), part=part, headings=headings)


def test_contents_nest_chapters_in_parts_and_close_them():
    """A part ends at the next part, the appendices or the back matter."""
    documents = [
        _document("a"),
        _document("b", part="One"),
        _document("c"),
        _document("d", part="Two"),
        _document("e", Role.APPENDIX),
    ]
    files = {d.slug: f"text/{d.slug}.xhtml" for d in documents}
    files |= {"part b": "part-1.xhtml", "part d": "part-2.xhtml"}
    entries = navigation.contents(documents, {}, 2, files)
    shape = [(e.text, [c.text for c in e.children]) for e in entries]
    assert shape == [("A", []), ("One", ["B", "C"]), ("Two", ["D"]), ("E", [])]


def test_contents_stop_at_their_depth_and_bridge_gaps():
    """A level left out hangs from the one above it."""
    headings = tuple(Heading(level, f"h{level}", f"H{level}", None) for level in (1, 3, 2, 3, 4))
    [chapter] = navigation.contents(
        [_document("a", headings=headings)], {"h2": "x"}, 3, {"a": "a.xhtml"}
    )
    assert [(c.text, [g.text for g in c.children]) for c in chapter.children] == [
        ("H3", []),
        ("H2", ["H3"]),
    ]
    assert chapter.children[1].href == "a.xhtml#x"


def test_archive_begins_with_the_stored_mimetype_and_is_reproducible():
    """The same parts in another order are the same bytes."""
    one = archive.pack({"b": b"2" * 99, "a.jpg": b"1"}, 0)
    assert one == archive.pack({"a.jpg": b"1", "b": b"2" * 99}, 0)
    entries = zipfile.ZipFile(io.BytesIO(one)).infolist()
    assert [(e.filename, e.compress_type) for e in entries] == [
        ("mimetype", zipfile.ZIP_STORED),
        ("a.jpg", zipfile.ZIP_STORED),
        ("b", zipfile.ZIP_DEFLATED),
    ]
    assert one[30:58] == b"mimetypeapplication/epub+zip"
    assert {e.date_time for e in entries} == {(1980, 1, 1, 0, 0, 0)}


def test_code_can_be_read_by_day_and_by_night():
    """Colours have a contrast of 4.5 on white and on black (WCAG 2.2, 1.4.3)."""
    style = (template_root() / "epub" / "style.css").read_text()
    day = style.partition("@media (prefers-color-scheme: dark)")[0]
    colours = re.findall(r"\.sourceCode [^{]*\{ color: (#[0-9a-f]{6})", day)
    assert len(colours) >= 7
    for colour in colours:
        light = _luminance(colour)
        assert min(1.05 / (light + 0.05), (light + 0.05) / 0.05) >= 4.5, colour


def _luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
