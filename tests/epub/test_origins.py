"""What EPUBCheck finds in a page leads back to the line of the chapter."""

from __future__ import annotations

import re
import zipfile

import pytest

from geppetto.diagnostics import Location, Severity
from geppetto.epub import check, origins
from geppetto.epub.check import meaning
from geppetto.epub.origins import Aligned
from geppetto.pipeline import building, verifying
from geppetto.pipeline.edition import Request

SOURCE = """# One

Some words here and there
go on, with <span>raw</span> text.

- An *item* of a list[^1]

[^1]: The note.

<p><ruby>x</ruby></p>

| Left | Right |
|------|-------|
| one  | two   |

The end.
"""
PAGE = """<html><head><title>One</title></head><body>
<h1>One</h1>
<p>Some words here and there go on, with <span>raw</span> text.</p>
<ul><li>An <em>item</em> of a list<a>1</a></li></ul>
<p><ruby>x</ruby></p>
<table><tr><td>Left</td><td>Right</td></tr><tr><td>one</td><td>two</td></tr></table>
<p>The end.</p>
<aside>The note.</aside>
</body></html>
"""


@pytest.fixture
def aligned():
    return Aligned(PAGE, SOURCE)


def _found(aligned, tag, shift=0):
    """What is found for the place just after a tag of the page."""
    offset = PAGE.index(tag) + len(tag) + shift
    line = PAGE.count("\n", 0, offset) + 1
    return aligned.find(line, offset - PAGE.rfind("\n", 0, offset))


@pytest.mark.parametrize(
    ("tag", "line"),
    [("<h1>", 1), ("<p>", 3), ("<em>", 6), ("<td>", 12), ("<td>one</td><td>", 14)],
)
def test_an_element_leads_to_the_line_of_its_text(aligned, tag, line):
    assert _found(aligned, tag)[0] == line


@pytest.mark.parametrize(("tag", "place"), [("<span>", (4, 13)), ("<ruby>", (10, 4))])
def test_a_tag_of_the_authors_own_leads_to_itself(aligned, tag, place):
    assert _found(aligned, tag) == place


def test_every_word_leads_to_its_line(aligned):
    """Each word of the page, but for those that have moved to its end."""
    body = PAGE[: PAGE.index("<aside>")]
    for word in re.finditer(r"\b[a-z]{3,}(?=[^<>]*<)", body[body.index("<body>") :]):
        at = word.start() + body.index("<body>")
        line = body.count("\n", 0, at) + 1
        written = SOURCE.count("\n", 0, SOURCE.index(word[0])) + 1
        assert aligned.find(line, at - body.rfind("\n", 0, at))[0] == written, word[0]


def test_a_page_without_a_word_of_the_chapter_leads_nowhere():
    assert Aligned("<p>other</p>", "words").find(1, 4) is None


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ('Error while parsing file: element "ruby" incomplete; expected (a, b) (RSC-005)',
         "The HTML element <ruby> lacks what must stand in it."),
        ('Error while parsing file: attribute "x" not allowed here; expected y (RSC-005)',
         "The HTML attribute x may not stand here."),
        ("CSS selector specifies fixed position. (CSS-006)",
         "EPUBCheck says: CSS selector specifies fixed position. (CSS-006)"),
    ],
)  # fmt: skip
def test_what_epubcheck_says_is_said_in_the_authors_words(said, means):
    assert meaning(said) == means


BOOK = {
    "book.yaml": "title: Small\nlang: en\nepub: {css: own.css}\n",
    "own.css": "p { color: red }\n\np { color: ; @@ }\n",
    "chapters/a.svg": "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>",
    "chapters/1.md": "---\nlang: en\n---\n\n" + SOURCE + '\n![Fig](a.svg){alt="A"}\n',
}


@pytest.fixture
def verified(make_book):
    if not check.available():
        pytest.skip("no Java or no EPUBCheck")
    root = make_book(BOOK)
    outcome = building.build(Request(root, ("epub",)), lambda _: None)
    return root, outcome.artifacts[0].path


@pytest.mark.tools
def test_verify_says_what_epubcheck_finds_on_the_authors_lines(verified):
    """The chapter's own HTML and the book's stylesheet: file, line, column."""
    root, file = verified
    said = verifying.verify(root, [file], lambda _: None).diagnostics
    assert {(d.code, d.severity, str(d.location)) for d in said} == {
        ("epub-invalid", Severity.ERROR, "chapters/1.md:14:4"),
        ("epub-invalid", Severity.ERROR, "own.css:3"),
    }
    assert all("EPUB/" in (d.detail or "") for d in said)


@pytest.mark.tools
def test_what_is_planted_in_the_package_leads_home(verified, tmp_path):
    """An attribute that HTML has not, in a heading, a list, a table; and a broken package."""
    root, file = verified
    planted = tmp_path / "planted.epub"
    places = {"<h1": 5, "<em": 10, "<td": 18, "The end": 20}
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(planted, "w") as new:
        for item in old.infolist():
            data = old.read(item)
            if item.filename.endswith("/ch1.xhtml"):
                text = data.decode()
                for tag in ("<h1", "<em", "<td"):
                    text = text.replace(tag, f'{tag} bogus="1"', 1)
                data = text.replace("<p>The end", '<p bogus="1">The end').encode()
            new.writestr(item, data)
    read, _, _ = verifying.reading.read(root)
    resolved, _ = verifying.resolve(read, None, lambda _: None)
    found = check.check(planted, origins.of(resolved, planted).find)
    lines = {d.location.line for d in found if "bogus" in d.message}
    assert lines == set(places.values())


@pytest.mark.tools
def test_files_of_the_package_lead_to_the_books(verified):
    """Pictures, stylesheets, pages; what no file of the author's is has book.yaml's place."""
    root, file = verified
    read, _, _ = verifying.reading.read(root)
    resolved, _ = verifying.resolve(read, None, lambda _: None)
    made = origins.of(resolved, file)
    names = zipfile.ZipFile(file).namelist()
    picture = next(n for n in names if re.search(r"/a-\w+\.svg$", n))
    assert made.find(picture, 1, 2) == Location("chapters/a.svg")
    assert made.find("EPUB/css/book.css", 3, 1) == Location("own.css", 3)
    assert made.find("EPUB/text/ch1.xhtml") == Location("chapters/1.md")
    assert made.find("EPUB/content.opf", 3, 1) == Location("book.yaml")


@pytest.mark.tools
def test_verify_says_when_epubcheck_is_not_there(make_book, monkeypatch):
    """A note, not silence."""
    monkeypatch.setattr(check, "available", lambda: False)
    root = make_book({"chapters/1.md": "# One\n\nText.\n"})
    building.build(Request(root, ("epub",)), lambda _: None)
    (said,) = verifying.verify(root, [], lambda _: None).diagnostics
    assert said.code == "epub-unchecked"
