"""A new book is right at once: in every edition, in a language other than that of its samples."""

from __future__ import annotations

import html
import re
import zipfile

import pytest

from geppetto import starting
from geppetto.cli import main
from geppetto.starting import Answers

pytestmark = pytest.mark.tools

TITLE = 'L\'«Été»: "vrai" & #1, 100 % {x} \\y'
MACHINES_OWN = ("hyphenation-plain", "hyphenation-missing")


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    folder = tmp_path_factory.mktemp("new") / "livre"
    starting.start(folder, Answers(TITLE, ("Zoé d'Aix", "B. & C."), "fr"))
    return folder


@pytest.fixture
def geppetto(book, monkeypatch, capfd):
    """Run a command over the book; give its exit code and what it said."""

    def run(*arguments):
        monkeypatch.setattr("sys.argv", ["geppetto", "-C", str(book), *arguments])
        code = 0
        try:
            main()
        except SystemExit as ended:
            code = int(ended.code or 0)
        said = capfd.readouterr()
        return code, said.out + said.err

    return run


def problems(said):
    return set(re.findall(r"\w+\[([\w-]+)\]: ", said)) - set(MACHINES_OWN)


def test_it_is_checked_and_built_strictly_and_nothing_is_lost(book, geppetto):
    """Nothing is said of it but that it holds an author's note."""
    for command, said_of_it in (
        (("check", "--strict"), {"author-note"}),
        (("all", "--strict"), {"author-notes-left-out"}),
        (("verify",), set()),
    ):
        code, said = geppetto(*command)
        assert (code, problems(said)) == (0, said_of_it), said
    made = sorted(path.suffix for path in (book / "build").iterdir() if path.is_file())
    assert {".docx", ".epub", ".pdf"} <= set(made)


def test_words_and_marks_are_those_of_the_language(book, geppetto):
    """Labels and the book's own quotation in French; the samples in English."""
    assert geppetto("epub", "--quiet")[0] == 0
    (epub,) = (book / "build").glob("*.epub")
    with zipfile.ZipFile(epub) as archive:
        pages = {name: archive.read(name).decode() for name in archive.namelist()
                 if name.endswith((".xhtml", ".opf"))}  # fmt: skip
    text = "".join(pages.values())
    assert "<dc:language>fr</dc:language>" in pages["EPUB/content.opf"]
    assert f"{TITLE}</dc:title>" in html.unescape(pages["EPUB/content.opf"])
    for words in ("Table des matières", "Bibliographie", "figure\u00a02.1", "« … “…” … »"):
        assert words in text.replace("\u202f", " ").replace("Figure\u00a0", "figure\u00a0"), words
    assert "“Begin at the beginning,” the King said gravely" in text


def test_a_fault_is_annotated_at_its_line(book, geppetto):
    """As GitHub's workflows read it."""
    chapter = book / "chapters/02-things-to-look-at.md"
    text = chapter.read_text("utf-8")
    try:
        chapter.write_text(text.replace("@sec:first-words", "@sec:first-word"), "utf-8")
        code, said = geppetto("check", "--strict", "--format", "github", "--quiet")
    finally:
        chapter.write_text(text, "utf-8")
    line = text[: text.index("@sec:first-words")].count("\n") + 1
    place = rf"file=\S*chapters/02-things-to-look-at\.md,line={line},col=\d+,"
    assert code == 1
    assert re.search(rf"^::error {place}title=crossref-unknown::", said, re.M), said
