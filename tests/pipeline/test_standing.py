"""An edition is made again if something that it depends on has changed, and only then."""

from __future__ import annotations

import io
import os
import subprocess
from dataclasses import replace

import pikepdf
import pytest
from PIL import Image

from geppetto import tools
from geppetto.pipeline import records, standing
from geppetto.pipeline.building import build
from geppetto.pipeline.edition import Request


def png(colour: str) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (300, 300), colour).save(data, "PNG")
    return data.getvalue()


PIXEL, OTHER = png("red"), png("blue")
FILES = {
    "book.yaml": "title: A Small Book\ndate: 2026-01-02\nepub:\n  css: extra.css\n  cover: cover.png\n",
    "chapters/1.md": "# One\n\nWords, a claim [@a].\n\n![A dot.](dot.png){width=1in}\n\n"
    '<p><img src="raw.png" alt="Another."></p>\n',
    "references.bib": "@book{a, title = {A Book}, author = {One, A.}, year = 2001}\n",
    "chapters/dot.png": PIXEL,
    "chapters/raw.png": PIXEL,
    "cover.png": PIXEL,
    "extra.css": 'p { background: url("ground.png") }\n',
    "ground.png": PIXEL,
    "templates/epub/style.css": "p { margin: 0 }\n",
    "notes.txt": "Of the author alone.\n",
}


@pytest.fixture
def book(make_book):
    return make_book(FILES)


def made(root, *editions, **options):
    return build(Request(root, editions or ("epub",), **options), lambda _: None)


def test_nothing_changed_starts_no_program_and_says_the_same(book, monkeypatch):
    first = made(book)
    assert [a.kind for a in first.artifacts] == ["epub"]
    assert first.reasons == ("epub: it has not been built",)
    os.utime(book / "chapters/1.md", (1, 1))
    (book / "notes.txt").write_text("Other thoughts.\n")
    monkeypatch.setattr(tools, "start", lambda *_, **__: pytest.fail("a program was started"))
    steps = []
    again = build(Request(book, ("epub",)), steps.append)
    assert [step.name for step in steps] == ["nothing has changed"]
    assert again.reasons == ()
    assert again.diagnostics == first.diagnostics
    assert [replace(a, seconds=0) for a in again.artifacts] == [
        replace(a, seconds=0) for a in first.artifacts
    ]


CHANGES = {
    "chapters/1.md": "# One\n\nOther words [@a].\n",
    "references.bib": FILES["references.bib"].replace("2001", "2002"),
    "book.yaml": FILES["book.yaml"].replace("Small", "Large"),
    "chapters/dot.png": OTHER,
    "chapters/raw.png": OTHER,
    "cover.png": OTHER,
    "extra.css": "p { color: red }\n",
    "ground.png": OTHER,
    "templates/epub/style.css": "p { margin: 1em }\n",
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_was_read_and_has_changed_is_said(book, name):
    made(book)
    content = CHANGES[name]
    (book / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    found, reasons = standing.find(book, "epub", Request(book, ("epub",)).options)
    assert found is None
    assert reasons == [f"{name} has changed"]
    assert made(book).reasons == (f"epub: {name} has changed",)
    assert made(book).reasons == ()


def test_a_file_that_is_added_may_be_one_that_was_looked_for(book):
    made(book)
    (book / "more.bib").write_text("@book{b, title = {B}}\n")
    assert "epub: the list of the book's files changed" in made(book).reasons


def test_an_output_that_was_changed_or_taken_away_is_made_again(book):
    [output] = made(book).artifacts
    good = output.path.read_bytes()
    output.path.write_bytes(b"spoilt")
    reason = f"epub: build/{output.path.name} is missing, or was changed"
    assert made(book).reasons == (reason,)
    assert output.path.read_bytes() == good
    output.path.unlink()
    assert made(book).reasons == (reason,)
    assert output.path.read_bytes() == good


def test_another_place_other_options_another_date_another_version(book, tmp_path, monkeypatch):
    made(book)
    assert made(book, lenient=True).reasons == ("epub: the options of the build changed",)
    other = tmp_path / "elsewhere.epub"
    assert made(book, output=other).reasons == ("epub: the options of the build changed",)
    assert other.is_file()
    made(book)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1500000000")
    assert made(book).reasons == ("epub: the environment changed",)
    monkeypatch.setattr(records, "version", lambda: "another")
    assert made(book).reasons == ("epub: Geppetto itself changed",)


def test_a_font_or_a_program_that_is_installed_may_change_an_edition(book, tmp_path, monkeypatch):
    fonts = tmp_path / "fonts"
    fonts.mkdir()
    monkeypatch.setattr(tools, "FONT_FOLDERS", (str(fonts),))
    made(book)
    assert made(book).reasons == ()
    (fonts / "new").mkdir()
    assert f"epub: {fonts / 'new'} has changed" in made(book).reasons
    program = tmp_path / "bin" / "geppettos-program"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setattr(standing, "PROGRAMS", (*standing.PROGRAMS, str(program)))
    assert made(book).reasons == (f"epub: {program} has changed",)
    assert made(book).reasons == ()


def test_an_output_in_the_books_folder_is_no_new_file(book):
    target = book / "out" / "small.epub"
    made(book, output=target)
    assert made(book, output=target).reasons == ()


def test_a_commit_dates_a_book_that_has_no_date(book):
    (book / "book.yaml").write_text("title: A Small Book\n")
    run = ["git", "-c", "user.name=A", "-c", "user.email=a@b", "-C", str(book)]
    subprocess.run(["git", "init", "-q", str(book)], check=True)
    subprocess.run([*run, "add", "."], check=True)
    subprocess.run([*run, "commit", "-qm", "one"], check=True)
    made(book)
    assert made(book).reasons == ()
    subprocess.run([*run, "commit", "-qm", "two", "--allow-empty"], check=True)
    assert len(made(book).reasons) == 1


def test_what_changes_during_the_build_is_looked_at_again(book):
    def saving(step):
        if step.name == "setting citations":
            (book / "extra.css").write_text("p { color: green }\n")

    build(Request(book, ("epub",)), saving)
    assert made(book).reasons != ()
    assert made(book).reasons == ()


def test_a_record_that_cannot_be_read_is_no_obstacle(book):
    made(book)
    for content in ("", "[]", '{"format": 1}', '{"format": 1, "inputs": 3}'):
        (book / "build/epub.json").write_text(content)
        assert len(made(book).reasons) == 1


def test_a_build_that_fails_keeps_nothing(book):
    made(book)
    (book / "chapters/1.md").write_text("# One\n\nUnknown [@b].\n")
    assert made(book).artifacts == ()
    assert made(book).artifacts == ()
    (book / "chapters/1.md").write_text(FILES["chapters/1.md"])
    assert len(made(book).artifacts) == 1


@pytest.mark.tools
def test_editions_stand_by_themselves_and_tex_says_what_it_read(make_book):
    text = "# One\n\n\\input{../../held.tex}\n\n<p>Of the EPUB alone.</p>\n"
    root = make_book({"chapters/1.md": text, "held.tex": "Words from a file.\n"})
    first = made(root, "pdf", "epub")
    assert [a.kind for a in first.artifacts] == ["pdf", "epub"]
    again = made(root, "pdf", "epub")
    assert (again.reasons, [a.count for a in again.artifacts]) == (
        (),
        [a.count for a in first.artifacts],
    )
    (root / "held.tex").write_text("Other words from a file.\n")
    edited = made(root, "pdf", "epub")
    assert edited.reasons == (
        "pdf: held.tex has changed",
        "pdf: the whole book: no last build stands that parts could be joined to",
    )
    assert [a.kind for a in edited.artifacts] == ["pdf", "epub"]
    assert made(root, "pdf").reasons == ()


@pytest.mark.tools
def test_a_book_that_is_not_set_again_has_the_same_bytes(book):
    """Another version of the tool looks at everything again, and finds the pages as they were."""
    made(book, "pdf")
    pdf = book / "build/a-small-book.pdf"
    first = pdf.read_bytes()
    for _ in range(2):
        (book / "build/pdf.json").unlink()
        steps = []
        assert build(Request(book, ("pdf",)), steps.append).artifacts
        assert not any(step.name.startswith("typesetting") for step in steps)
        assert pdf.read_bytes() == first


@pytest.mark.tools
def test_what_a_pdf_says_of_itself_changes_without_a_pass(book):
    made(book, "pdf")
    settings = book / "book.yaml"
    settings.write_text(settings.read_text() + "description: Of words.\n")
    steps = []
    build(Request(book, ("pdf",)), steps.append)
    assert not any(step.name.startswith("typesetting") for step in steps)
    with pikepdf.open(book / "build/a-small-book.pdf") as pdf:
        assert str(pdf.docinfo["/Subject"]) == "Of words."
