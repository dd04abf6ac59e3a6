"""`geppetto draft`: what stands on the copies, and what is kept of a draft."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pytest

from geppetto.diagnostics import ExitCode, GeppettoError
from geppetto.epub import check
from geppetto.latex.margins import TALLER, WIDER
from geppetto.latex.page import lay_out
from geppetto.model.settings import PdfSettings
from geppetto.pipeline import building, drafting, placing
from geppetto.pipeline.cleaning import clean
from geppetto.pipeline.commission import Order
from geppetto.pipeline.edition import Request
from geppetto.review import drafts, ledger

pytestmark = pytest.mark.tools
HERE = Path(__file__).parents[2]

ONE = """# One {#sec:one}

A paragraph on the third line, which says *what it
says* on the fourth.[^n]

[^n]: A note on line 6.

::: {.author-note}
Ask Ann whether q77 is right.

And once more.
:::

- An item

    - A deeper one

| A cell  | of a table |
|---------|------------|
| another | and one    |

: A caption. {#tbl:t}

```
code = 1
```

## A heading

<!-- TODO: q88 is to be said. --> As @sec:two says, [a word that q99 is noted of]{.author-note} here.
"""
TWO = "# Two {#sec:two}\n\nThe second chapter leads to @sec:one, and cites [@smith2020].\n"
FRONT = "# Before {.unnumbered}\n\nA preface.\n"
BIB = "@book{smith2020,\n  author = {Smith, Ann}, title = {A Work}, publisher = {P}, year = {2020}\n}\n"
HARD = "Ann_$&%#{}~^ “Ø”"
NOTE = r"A \textbf{note} -- with <signs> & \undefined $x_1$ #1"
REVIEWERS = f"""- name: '{HARD}'
  email: ann@example.org
  note: '{NOTE}'
- name: Bob
  email: bob@example.org
  lang: de
  chapters: [2]
- name: Cyd
  email: cyd@example.org
  formats: [pdf, epub, docx]
  spacing: double
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    """A book of two chapters and a preface, with three reviewers, under git."""
    folder = tmp_path_factory.mktemp("drafted")
    files = {
        "book.yaml": "title: A Small Book\nlang: en-GB\nfrontmatter: [preface.md]\n",
        "chapters/01.md": ONE,
        "chapters/02.md": TWO,
        "preface.md": FRONT,
        "references.bib": BIB,
        "reviewers.yaml": REVIEWERS,
        ".gitignore": "build/\n",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "one"]):
        identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
        subprocess.run(["git", *identity, *command], cwd=folder, check=True)
    return folder


@pytest.fixture(scope="module")
def made(root) -> drafting.Drafted:
    """A draft for all three."""
    return drafting.draft(Order(root, "2026-11-30", ("all",)), lambda _: None)


@pytest.fixture(scope="module")
def kept(root, made) -> drafts.Kept:
    """What is kept of it."""
    return drafts.find(root, made.draft.id)


def copy_of(kept, name, kind="pdf"):
    """Give the file of a reviewer's copy."""
    return kept.folder / kept.copy(name, kind).file


def texts(file, box=None):
    """Give the text of each page, or of a part of it: left, bottom, right, top."""
    with pdfium.PdfDocument(file) as document:
        return [
            page.get_textpage()
            .get_text_bounded(*(box or page.get_mediabox()))
            .replace("\r\n", "\n")
            for page in document
        ]


def test_a_copy_for_each(made, kept):
    """Every reviewer has what they are to have, and nothing is said of author's notes."""
    names = [(one.name, one.kind, one.spacing) for one in kept.draft.copies]
    assert sorted(names) == [
        ("ann-o", "pdf", "single"),
        ("bob", "pdf", "single"),
        ("cyd", "docx", "double"),
        ("cyd", "epub", "double"),
        ("cyd", "pdf", "double"),
    ]
    assert [d.code for d in made.diagnostics] == []
    assert all((kept.folder / one.file).is_file() for one in kept.draft.copies)


def test_the_text_is_that_of_the_book(root, kept):
    """Within the trim each page says what the book's page says, and breaks its lines there."""
    book, copy = root / "build" / "a-small-book.pdf", copy_of(kept, "ann-o")
    outer = lay_out(PdfSettings(), len(texts(book))).outer * 72 / 72.27 - 5
    recto, verso = texts(copy, (0, 0, 432 - outer, 648)), texts(copy, (outer, 0, 432, 648))
    inside = [(verso, recto)[n % 2][n] for n in range(1, len(recto))]
    assert inside == texts(book)
    assert len(texts(book)) > 6


def test_pages_are_larger_outside_and_at_the_foot(kept):
    """The paper is larger at the outer edge and at the foot; the sheet comes first."""
    with pikepdf.open(copy_of(kept, "ann-o")) as document:
        boxes = [[float(side) for side in page.mediabox] for page in document.pages]
    assert boxes[1] == pytest.approx([0, -TALLER, 432 + WIDER, 648])
    assert boxes[2] == pytest.approx([-WIDER, -TALLER, 432, 648])
    assert boxes[0] == pytest.approx([0, 0, 432 + WIDER, 648 + TALLER])


def test_every_block_has_its_line_beside_it(kept):
    """In the margin stands the line of each block: notes, items, cells, captions and headings too."""
    text = "\n".join(texts(copy_of(kept, "ann-o")))
    found = set(re.findall(r"(?<!\S)(?:\d|[a-z]+):\d+(?!\S)", text))
    begins = {
        f"{drafts.label(one)}:{stop.line}"
        for one in kept.documents()
        for stop in one.stops
        if stop is not None and stop.begins and one.path is not None
    }
    expected = {1, 3, 6, 14, 16, 18, 20, 22, 24, 28, 30}
    assert {f"1:{line}" for line in expected} <= begins
    assert begins <= found
    assert "bib:1" in found


def test_a_number_stands_at_the_height_of_its_line(kept):
    """Beside 1:3 the paragraph of line 3 begins."""
    with pdfium.PdfDocument(copy_of(kept, "ann-o")) as document:
        pages = [page.get_textpage() for page in document]
        page = next(p for p in pages if "1:3" in p.get_text_range().split())
        index, _ = page.search("1:3", match_whole_word=True).get_next()
        start, _ = page.search("A paragraph on the third").get_next()
        number, words = page.get_charbox(index), page.get_charbox(start)
    assert number[1] == pytest.approx(words[1], abs=2)


def test_notes_of_the_author_stand_in_the_margin(kept):
    """Whole notes, noted words, and what is left to do; not within the text."""
    copy = copy_of(kept, "ann-o")
    everything, inside = "".join(texts(copy)), "".join(texts(copy, (0, 0, 432, 648))[1:])
    for word in ("q77", "once more", "q88", "q99"):
        assert word in everything
    assert "q77" not in inside
    assert "q88" not in inside


def test_the_foot_says_whose_copy_it_is(kept):
    """Date, revision, draft and name stand at the foot of each page, whatever signs are in them."""
    name = kept.draft.id
    for page in texts(copy_of(kept, "ann-o"))[1:]:
        assert f"Draft {name} · 2026-11-30 · {kept.draft.revision} · for {HARD}" in page
    assert f"Entwurf {name}" in texts(copy_of(kept, "bob"))[1]
    assert NOTE in " ".join(texts(copy_of(kept, "ann-o"))[0].split())
    assert re.fullmatch(r"[0-9a-f]{7}", kept.draft.revision)


def test_a_change_that_is_not_committed_shows(root, kept, tmp_path):
    """A `+` follows the revision of a tree that differs from it; the ledger is no such change."""
    other = tmp_path / "other"
    shutil.copytree(root, other, ignore=shutil.ignore_patterns("build"))
    chapter = other / "chapters" / "02.md"
    chapter.write_text(chapter.read_text("utf-8") + "\nMore.\n", encoding="utf-8")
    made = drafting.draft(Order(other, "2026-11-30"), lambda _: None)
    assert made.draft.revision == f"{kept.draft.revision}+"
    assert made.draft.id != kept.draft.id
    assert [one.name for one in made.draft.copies] == ["draft"]


def test_the_watermark_is_no_text(kept):
    """The word across the pages is drawn: it can neither be selected nor found."""
    copy = copy_of(kept, "ann-o")
    assert "DRAFT" not in "".join(texts(copy))
    with pikepdf.open(copy) as document:
        form = document.pages[3].Resources.XObject["/GeppettoMark"]
        assert b" f Q" in form.read_bytes()
        assert b"Tj" not in form.read_bytes()
        assert document.pages[3].Contents[0].read_bytes().startswith(b"/Artifact BMC")


def test_chapters_alone_keep_their_numbers(kept):
    """A copy of chapter 2 has its folios and references, and links only to what it has."""
    copy = kept.copy("bob", "pdf")
    with pikepdf.open(kept.folder / copy.file) as document:
        assert copy.pages[0] == 0
        assert len(document.pages) == len(copy.pages) < len(kept.copy("ann-o", "pdf").pages)
        labels = [page.label for page in document.pages]
    text = "".join(texts(kept.folder / copy.file))
    assert labels[0] == "Draft"
    assert labels[1] == "3"
    assert "leads to Chapter 1" in text
    assert "A paragraph on the third line" not in text
    assert "Smith, Ann" in text
    assert "Kapitel 2" in texts(kept.folder / copy.file)[0]


def test_the_page_map_is_the_books(kept):
    """Where it says that a line stands, the line's words stand on a copy: a page grows around them."""
    copy = kept.copy("ann-o", "pdf")
    made = kept.page_map("single")
    for path, line, words in (
        ("chapters/01.md", 3, "A paragraph on the third line"),
        ("preface.md", 3, "A preface."),
        ("references.bib", 1, "Smith, Ann."),
    ):
        row = made.of(path, line)[0]
        left, base = row.x / 100, (made.pages[row.page - 1][1] - row.y) / 100
        box = (left - 1, base - 4, left + row.width / 100 + 1, base + 9)
        page = texts(kept.folder / copy.file, box)[copy.pages.index(row.page)]
        assert page.startswith(words)


def test_a_place_in_the_margin_is_a_place_in_a_file(root, made):
    """`geppetto where 2:3` is the third line of chapter 2, `preface:3` that of the preface."""
    assert made.draft is not None
    for place, path in (("2:3", "chapters/02.md"), ("preface:3", "preface.md")):
        spots = placing.in_pdf(place, root).spots
        assert [(spot.path, spot.line) for spot in spots] == [(path, 3)]
        assert spots == placing.in_pdf(f"{path}:3", root).spots


def test_double_spacing(kept):
    """Lines stand farther apart, and the numbers stay."""
    single, double = (texts(copy_of(kept, name)) for name in ("ann-o", "cyd"))
    assert len(kept.copy("cyd", "pdf").pages) >= len(kept.copy("ann-o", "pdf").pages)
    assert "1:30" in "".join(double)
    assert "1:30" in "".join(single)
    rows = {s: kept.page_map(s).of("chapters/01.md", 3) for s in ("single", "double")}
    assert rows["double"][0].page >= rows["single"][0].page
    assert rows["double"][0].y != rows["single"][0].y


def test_the_same_draft_is_the_same_bytes(root, made, kept):
    """Made once more, every file is what it was, and the ledger says nothing twice."""
    files = {path.name: path.read_bytes() for path in kept.folder.iterdir() if path.is_file()}
    before = (root / ledger.PATH).read_text("utf-8")
    again = drafting.draft(Order(root, "2026-11-30", ("all",)), lambda _: None)
    assert again.draft == made.draft
    assert {p.name: p.read_bytes() for p in kept.folder.iterdir() if p.is_file()} == files
    assert (root / ledger.PATH).read_text("utf-8") == before
    assert before.count('"event": "drafted"') == 3


def test_what_may_have_been_sent_is_not_written_again(root, made, kept):
    """A PDF that was put together from an earlier build has other bytes: the copy stays as it is."""
    chapter = root / "chapters" / "02.md"
    text = chapter.read_text("utf-8")
    before = copy_of(kept, "ann-o").read_bytes()
    try:
        chapter.write_text(text.replace("second", "third"), encoding="utf-8")
        building.build(Request(root, ("pdf",)), lambda _: None)
    finally:
        chapter.write_text(text, encoding="utf-8")
    again = drafting.draft(Order(root, "2026-11-30", ("all",)), lambda _: None)
    assert again.draft == made.draft
    assert copy_of(kept, "ann-o").read_bytes() == before


def test_another_note_to_a_reviewer_makes_another_copy(root, made, kept):
    """What the sheet says is part of the copy, and the record says which it is."""
    listed = root / "reviewers.yaml"
    text = listed.read_text("utf-8")
    before = copy_of(kept, "bob").read_bytes()
    try:
        listed.write_text(text.replace("lang: de", "lang: de\n  note: Danke!"), encoding="utf-8")
        again = drafting.draft(Order(root, "2026-11-30", ("Bob",)), lambda _: None)
        assert again.draft.id == made.draft.id
        assert copy_of(kept, "bob").read_bytes() != before
        assert "Danke!" in texts(copy_of(kept, "bob"))[0]
    finally:
        listed.write_text(text, encoding="utf-8")
        drafting.draft(Order(root, "2026-11-30", ("all",)), lambda _: None)
    assert "Danke!" not in texts(copy_of(kept, "bob"))[0]


def test_a_copy_more_leaves_the_others_in_the_record(root, made):
    """A copy of the same text on the same day is one more of the same draft."""
    again = drafting.draft(Order(root, "2026-11-30"), lambda _: None)
    assert again.draft.id == made.draft.id
    assert {one.name for one in again.draft.copies} == {"ann-o", "bob", "cyd", "draft"}
    assert [one.path.name for one in again.artifacts] == [f"a-small-book-{made.draft.id}-draft.pdf"]


def test_the_same_text_on_other_pages_is_another_draft(make_book):
    """Remarks on the one would be led astray by the map of the other."""
    root = make_book({"chapters/01.md": "# One\n\nWords.\n\nMore words.\n"})
    first = drafting.draft(Order(root, "2026-11-30"), lambda _: None)
    own = root / "templates" / "latex" / "notes.tex"
    own.parent.mkdir(parents=True)
    own.write_text((HERE / "templates/latex/notes.tex").read_text("utf-8") + "\\parskip=40pt\n")
    second = drafting.draft(Order(root, "2026-11-30"), lambda _: None)
    assert first.draft.sources == second.draft.sources
    assert first.draft.id != second.draft.id
    rows = [drafts.find(root, d.draft.id).page_map("single").rows for d in (first, second)]
    assert rows[0] != rows[1]


def test_the_newest_is_what_was_made_last(root, made):
    """Of two drafts of one day the one made last is the newest, though it was made before, too."""
    other = drafting.draft(Order(root, "2026-11-30", ("Cyd",), lenient=True), lambda _: None)
    assert other.draft.id == made.draft.id
    chapter = root / "chapters" / "02.md"
    text = chapter.read_text("utf-8")
    try:
        chapter.write_text(f"{text}\nMore.\n", encoding="utf-8")
        other = drafting.draft(Order(root, "2026-11-30"), lambda _: None)
    finally:
        chapter.write_text(text, encoding="utf-8")
    assert drafts.listed(root)[-1] == other.draft.id != made.draft.id
    drafting.draft(Order(root, "2026-11-30", ("all",)), lambda _: None)
    assert drafts.listed(root)[-1] == made.draft.id


def test_what_is_kept_is_the_text_as_it_was(root, kept):
    """The sources are there, byte for byte, and every stop leads to a line of one."""
    assert set(kept.draft.sources) == {
        "book.yaml", "chapters/01.md", "chapters/02.md", "preface.md", "references.bib",
    }  # fmt: skip
    for path in kept.draft.sources:
        assert (kept.folder / drafts.SOURCES / path).read_bytes() == (root / path).read_bytes()
    for one in kept.documents():
        for stop in one.stops:
            assert stop is None or 0 < stop.line <= kept.source(stop.path).count("\n")


def test_the_epub(kept):
    """It says whose it is, has the lines of its blocks and the author's notes, and passes EPUBCheck."""
    file = copy_of(kept, "cyd", "epub")
    with zipfile.ZipFile(file) as archive:
        held = {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}
    chapter = next(text for name, text in held.items() if "/ch" in name and "the third" in text)
    for line in (1, 3, 6, 14, 16, 18, 20, 24, 28, 30):
        assert f">1:{line}<" in chapter
    assert "q77" in chapter
    assert 'class="author-note"' in chapter
    assert "for Cyd" in held["EPUB/draft.xhtml"]
    assert "A Small Book – Draft" in held["EPUB/content.opf"]
    assert check.check(file) == []


def test_the_docx(kept):
    """It says whose it is, has the lines of its blocks, the author's notes, and a bookmark a block."""
    with zipfile.ZipFile(copy_of(kept, "cyd", "docx")) as archive:
        held = {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}
    body = held["word/document.xml"] + held["word/footnotes.xml"]
    words = re.sub(r"<[^>]+>", "", body)
    for line in (1, 3, 6, 14, 16, 18, 20, 24, 28, 30):
        assert f">1:{line}<" in body
    assert "q77" in words
    assert words.index("for Cyd") < words.index("A Small Book", words.index("for Cyd"))
    feet = [text for name, text in held.items() if name.startswith("word/footer")]
    assert feet
    assert all(f"Draft {kept.draft.id} · 2026-11-30" in text for text in feet)
    assert f">{kept.draft.id}/cyd<" in held["docProps/custom.xml"]
    for number, one in enumerate(kept.documents(), 1):
        begins = [n for n, stop in enumerate(one.stops, 1) if stop is not None and stop.begins]
        assert begins
        there = [n for n in begins if f'w:name="src_{number}_{n}"' in body]
        lines = {one.stops[n - 1].line for n in there}  # a comment is a block that sets nothing
        assert lines == {one.stops[n - 1].line for n in begins}


def test_links_out_of_a_choice_of_chapters_are_plain_text(root):
    """In an EPUB of chapter 2 the reference to chapter 1 is there, and leads nowhere."""
    made = drafting.draft(Order(root, "2026-11-30", ("Bob",), formats=("epub",)), lambda _: None)
    with zipfile.ZipFile(made.artifacts[0].path) as archive:
        names = archive.namelist()
        text = "".join(archive.read(n).decode() for n in names if n.endswith(".xhtml"))
    assert "Chapter\u00a01" in text
    assert "#sec" not in text
    assert sum("/ch" in name for name in names) == 1


@pytest.mark.parametrize(
    ("order", "code", "hint"),
    [
        ({"called": ("Bobb",)}, "reviewer-unknown", "Did you mean 'Bob'?"),
        ({"chapters": ("3",)}, "place-unknown", "its number as printed"),
        ({"chapters": ("chapters/01.mb",)}, "place-unknown", "Did you mean chapters/01.md?"),
    ],
    ids=["reviewer", "number", "file"],
)
def test_what_is_not_there_is_said(root, order, code, hint):
    """An unknown reviewer or chapter is an error of usage, with the name that was meant."""
    with pytest.raises(GeppettoError) as fault:
        drafting.draft(Order(root, "2026-11-30", **order), lambda _: None)
    assert [d.code for d in fault.value.diagnostics] == [code]
    assert hint in fault.value.diagnostics[0].hint
    assert fault.value.exit_code == ExitCode.USAGE


def test_a_faulty_book_makes_no_draft(make_book):
    """Where the book has errors there is no draft, and nothing is kept."""
    root = make_book({"chapters/01.md": "# One\n\nAs [@nobody] says.\n"})
    made = drafting.draft(Order(root, "2026-11-30"), lambda _: None)
    assert made.draft is None
    assert [d.code for d in made.diagnostics] == ["citation-unknown"]
    assert not drafts.listed(root)
    lenient = drafting.draft(Order(root, "2026-11-30", lenient=True), lambda _: None)
    assert lenient.draft.revision == ""
    assert not (root / ledger.PATH).exists()


def test_clean_leaves_what_was_sent(make_book):
    """What remarks are placed by is no output that can be made again."""
    root = make_book({"chapters/01.md": "# One\n\nWords.\n"})
    made = drafting.draft(Order(root, "2026-11-30", spacing="double"), lambda _: None)
    clean(root)
    kept = drafts.find(root, made.draft.id)
    assert kept.page_map("double").rows
    assert [path.name for path in (root / "build").iterdir()] == ["drafts"]
    assert [path.name for path in (root / "build" / "drafts").iterdir()] == [made.draft.id]


def read_all(root):
    """Read all that is kept of the draft `abc`."""
    kept = drafts.find(root, "abc")
    return kept.documents(), kept.page_map("single")


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("draft.json", b"{"),
        ("draft.json", b'{"format": 99}'),
        ("draft.json", b"[]"),
        ("blocks.json", b'{"documents": [[1]]}'),
        ("single.pagemap", b"nothing"),
    ],
)
def test_a_damaged_draft_is_said(root, made, file, content, tmp_path):
    """A record or a map that cannot be read is an error that says where help is."""
    place = tmp_path / "build" / "drafts" / "abc"
    place.mkdir(parents=True)
    kept = drafts.find(root, made.draft.id)
    for name in ("draft.json", "blocks.json", "single.pagemap"):
        (place / name).write_bytes((kept.folder / name).read_bytes())
    (place / file).write_bytes(content)
    with pytest.raises(GeppettoError) as fault:
        read_all(tmp_path)
    assert [d.code for d in fault.value.diagnostics] == ["draft-damaged"]


def test_an_unknown_draft_is_said(root, made):
    """A name that leads out of the folder is none, either."""
    for name in ("zzzzzz", "", "../drafts", f"{made.draft.id}/.."):
        with pytest.raises(GeppettoError) as fault:
            drafts.find(root, name)
        assert fault.value.diagnostics[0].code == "draft-unknown"
        assert made.draft.id in fault.value.diagnostics[0].hint
    assert json.loads((drafts.folder(root) / made.draft.id / "draft.json").read_text())["format"]
