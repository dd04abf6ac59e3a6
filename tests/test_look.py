"""What a book designer looks for on the finished pages, measured in the PDF."""

from __future__ import annotations

import itertools
import random
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pytest
from lxml import etree

from geppetto.latex.page import lay_out
from geppetto.model.settings import PdfSettings

pytestmark = pytest.mark.tools

WORDS = re.split(
    " ",
    "the of and to in that it was for as with his on by at which from they their there would "
    "when some other time world life people place country letter river morning window answer "
    "government character reason history language particular understanding extraordinary",
)
SETTINGS = """\
title: A History of Everything That Has Ever Been Set in Type, from the Beginning until Now
subtitle: With a subtitle that is so long that hardly anybody would ever read it to its end
author:
- Ann Author
- Bernard Beispiel
- Chrysanthemum Longname-Doublebarrelled
- {name: Ed Itor, role: editor}
- {name: Tr Anslator, role: translator}
publisher: The Imaginary Press
date: 2026-02-03
identifier: {isbn-13: 978-3-16-148410-0}
toc-depth: 1
lang: en-GB
pdf: {trim: 5x8in}
frontmatter: [preface.md]
chapters:
- part: First Part
  chapters: [one.md, two.md, three.md]
appendices: [appendix.md]
"""
BIBLIOGRAPHY = """\
@online{long, author = {Institution, An}, title = {A Page}, year = {2020},
  url = {https://www.example.org/with-many-words/and_more_of_them/until/the-end-of-the-line.html}}
@book{short, author = {One, Olga}, title = {A Book}, publisher = {Press}, year = {1999}}
"""
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="157">'
    '<path d="M0 0H300V157Z"/></svg>'
)
NS = {"h": "http://www.w3.org/1999/xhtml"}


class Prose:
    """Sentences without meaning, the same in every run."""

    def __init__(self, seed):
        self.random = random.Random(seed)  # noqa: S311 - nothing is secret here

    def sentence(self):
        """Give from 6 to 26 words and a full stop."""
        words = [self.random.choice(WORDS) for _ in range(self.random.randint(6, 26))]
        return " ".join(words).capitalize() + "."

    def paragraph(self, sentences=None):
        """Give so many sentences, else from 2 to 8."""
        return " ".join(self.sentence() for _ in range(sentences or self.random.randint(2, 8)))

    def section(self, extra):
        """Give a heading, paragraphs, and among them something else."""
        body = [f"## {self.sentence()[:40]}"] + [self.paragraph() for _ in range(4)]
        return "\n\n".join([*body, extra, self.paragraph(), self.paragraph()])


def _chapter(seed, title, extras):
    prose = Prose(seed)
    return "\n\n".join([f"# {title}", prose.paragraph(6), *map(prose.section, extras), "The end."])


def _table(rows):
    lines = ["| Number | Words |", "|---|---|", *(f"| row{n} | of words |" for n in range(rows))]
    return "\n".join([*lines, "", f": A table of {rows} rows {{#tbl:t{rows}}}"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A book with what disturbs a page: figures, tables, lists, notes, code, displays."""
    root = tmp_path_factory.mktemp("look")
    prose = Prose(0)
    quote = f"> {prose.paragraph(4)}"
    items = "- one\n- two\n    - nested\n- three"
    code = "``` {.python #lst:c caption='Code'}\ndef f(x):\n    return x\n```"
    note = f"{prose.sentence()}[^n]\n\n[^n]: {prose.paragraph(3)}"
    callout = f"::: {{.callout-note}}\n## Mind\n{prose.paragraph(2)}\n:::"
    figure = "![A caption of some words.](f.svg){#fig:f width=60%}"
    display = "$$ \\int_0^\\infty e^{-x^2} dx = \\frac{\\sqrt\\pi}{2} $$"
    chapters = {
        "preface.md": f"# Preface\n\n{prose.paragraph()}\n",
        "one.md": _chapter(1, "A First Chapter", [quote, note, figure, items, note_of(prose)]),
        "two.md": _chapter(2, "A Second", [_table(12), callout, code, _table(9)]),
        "three.md": _chapter(3, "A Third", [quote, display, "See @long and @short.", _table(3)]),
        "appendix.md": _chapter(4, "More", [quote, items]),
    }
    files = {
        "book.yaml": SETTINGS, "b.bib": BIBLIOGRAPHY, "f.svg": DRAWING, **chapters,
    }  # fmt: skip
    for name, text in files.items():
        (root / name).write_text(text, encoding="utf-8")
    program = Path(sys.executable).parent / "geppetto"
    ended = subprocess.run(
        [str(program), "-C", str(root), "pdf", "--strict"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    return root


def note_of(prose):
    """A paragraph with two notes, of which one is of several lines."""
    long, short = prose.paragraph(4), prose.sentence()
    return f"{prose.sentence()}[^a] {prose.sentence()}[^b]\n\n[^a]: {long}\n\n[^b]: {short}"


@dataclass(frozen=True)
class Line:
    """A line of the PDF, in points from the page's upper left corner."""

    base: float
    left: float
    right: float
    height: float
    words: tuple[tuple[float, float, str], ...]

    @property
    def text(self):
        """Its words, with a blank between."""
        return " ".join(word for _, _, word in self.words)


@pytest.fixture(scope="module")
def pages(folder):
    """The lines of each page, from its top."""
    return _pages(next((folder / "build").glob("*.pdf")))


def _pages(pdf):
    boxes = subprocess.run(
        ["pdftotext", "-bbox-layout", str(pdf), "-"], capture_output=True, check=True
    ).stdout
    root = etree.fromstring(boxes)
    return [_lines(page) for page in root.iterfind(".//h:page", NS)]


def _lines(page):
    """Join pieces of one height: Poppler parts a line where there is much space in it."""
    words = sorted(
        (float(w.get("yMax")), float(w.get("xMin")), float(w.get("xMax")), w.text or "",
         float(w.get("yMax")) - float(w.get("yMin")))
        for w in page.iterfind(".//h:word", NS)
    )  # fmt: skip
    groups: list[list] = []
    for word in words:
        if groups and word[0] - groups[-1][-1][0] < 2:
            groups[-1].append(word)
        else:
            groups.append([word])
    return [_line(sorted(group, key=lambda w: w[1])) for group in groups]


def _line(words):
    height = Counter(round(w[4], 1) for w in words).most_common(1)[0][0]
    base = next(w[0] for w in words if round(w[4], 1) == height)
    parts = tuple((left, right, text) for _, left, right, text, _ in words)
    return Line(base, words[0][1], words[-1][2], height, parts)


PAGE = lay_out(PdfSettings(trim="5x8in"), None)
BP = 72 / 72.27
LEADING = PAGE.leading * BP


def _body(page):
    """The lines of running text: of the text's size, without running head and folio."""
    return [line for line in page if abs(line.height - PAGE.size) < 0.15 and len(line.words) > 2]


def _left(page):
    return min(line.left for line in _body(page))


def _indented(line, page):
    return 8 < line.left - _left(page) < 20


def _text_pages(pages):
    """Pages that hold running text, which are not of the front matter's titles."""
    return [page for page in pages[5:] if len(_body(page)) > 3]


def test_lines_stand_at_the_same_heights_on_every_page(pages):
    """After figures, tables, quotations, code and formulas the text is back on the grid."""
    offsets = [round(line.base % LEADING, 1) for page in _text_pages(pages) for line in _body(page)]
    grid = Counter(offsets).most_common(1)[0][0]
    away = [o for o in offsets if min(abs(o - grid), LEADING - abs(o - grid)) > 0.3]
    assert len(offsets) > 400
    assert len(away) / len(offsets) < 0.02


def test_no_page_begins_with_a_last_line_or_ends_with_a_first(pages):
    for page in _text_pages(pages):
        body = _body(page)
        first, second, last = body[0], body[1], body[-1]
        follows = second.base - first.base < 1.2 * LEADING
        continued = not _indented(first, page) and first.height < PAGE.size + 0.2
        assert not (continued and follows and _indented(second, page)), first.text
        full = last.right > max(line.right for line in body) - 6
        assert not (_indented(last, page) and full and last == page[-1]), last.text


def test_a_chapters_last_page_holds_some_lines(pages):
    """The last words, a paragraph of one line, take lines of the paragraph before with them."""
    endings = [page for page in pages if any(line.text == "The end." for line in page)]
    assert len(endings) == 4
    assert all(len(_body(page)) >= 3 for page in endings)


def test_no_more_than_three_hyphens_follow_each_other(pages):
    for page in _text_pages(pages):
        run = 0
        for line in _body(page):
            run = run + 1 if line.text.endswith("-") else 0
            assert run <= 3, line.text


def test_last_lines_are_longer_than_the_indent(pages):
    for page in _text_pages(pages):
        body = _body(page)
        for line, following in itertools.pairwise(body):
            if _indented(following, page) and not _indented(line, page):
                assert line.right - line.left > 1.5 * PAGE.size, line.text


def test_sentences_are_not_set_apart(pages):
    """The space after a full stop is that between words, in English too."""
    ratios = []
    for page in _text_pages(pages):
        for line in _body(page):
            gaps = [(b[0] - a[1], a[2]) for a, b in itertools.pairwise(line.words)]
            after = [gap for gap, word in gaps if word.endswith(".")]
            others = [gap for gap, word in gaps if word[-1].isalpha()]
            if after and others:
                ratios.append(sum(after) / len(after) / (sum(others) / len(others)))
    assert len(ratios) > 50
    assert 0.9 < sum(ratios) / len(ratios) < 1.1


def test_a_table_that_fits_on_a_page_is_not_broken(pages):
    for rows in (3, 9, 12):
        on = [n for n, page in enumerate(pages) if _holds(page, f"A table of {rows} rows")]
        assert len(on) == 1
        assert sum(line.words[0][2].startswith("row") for line in pages[on[0]]) >= rows


def _holds(page, words):
    return any(words in line.text for line in page)


def test_notes_stand_at_the_foot(pages):
    """The last line of notes is as low as the last line of a full page."""
    lowest = max(_body(page)[-1].base for page in _text_pages(pages))
    feet = [_notes(page)[-1].base for page in _text_pages(pages) if _notes(page)]
    assert len(feet) >= 2
    assert all(abs(lowest - foot) < LEADING / 2 for foot in feet)


def _notes(page):
    """The lines of a page's notes, from the first that begins with a number."""
    size, left = PAGE.sizes["footnotesize"][0], _left(page)
    small = [n for n in page[1:] if abs(n.height - size) < 0.2 and n.left - left < 30]
    return list(itertools.dropwhile(lambda n: not re.match(r"\d+\.", n.text), small))


def test_addresses_break_after_a_mark(pages):
    back = pages[-1]
    entry = [line for line in back if "example.org" in line.text or "http" in line.text]
    assert entry
    assert not any(line.text.endswith(("https:", "https:/")) for line in back)
    assert not any(re.search(r"[a-z]{3}$", line.text) for line in entry)


def test_entries_begin_at_the_margin(pages):
    """The first lines of the bibliography's entries stand exactly under each other, unindented."""
    firsts = [line.left for line in pages[-1] if line.text.startswith(("Institution,", "One,"))]
    heads = [line.left for page in pages[8:] for line in _body(page)[:1]]
    assert len(firsts) == 2
    assert min(abs(left - head) for left in firsts for head in heads) < 1


def test_a_long_title_leaves_the_title_page_one_page(pages):
    """Half title, its back, title page, imprint: words that need room are set smaller."""
    assert _holds(pages[0], "A History of Everything")
    assert pages[1] == []
    assert _holds(pages[2], "Edited by Ed Itor")
    assert _holds(pages[2], "Translated by Tr Anslator")
    assert _holds(pages[2], "2026")
    assert _holds(pages[3], "978-3-16-148410-0")
    assert _holds(pages[3], "3 February 2026")


def test_page_labels_and_bookmarks(folder):
    """Roman folios before the first chapter; what follows a part does not belong to it."""
    with pikepdf.open(next((folder / "build").glob("*.pdf"))) as pdf:
        labels = [page.label for page in pdf.pages]
        with pdf.open_outline() as outline:
            tree = {str(item.title): [str(c.title) for c in item.children] for item in outline.root}
    assert labels[:4] == ["i", "ii", "iii", "iv"]
    first = labels.index("1")
    assert labels[first:] == [str(n) for n in range(1, len(labels) - first + 1)]
    assert list(tree) == ["Contents", "Preface", "First Part", "A More", "Bibliography"]
    assert tree["First Part"] == ["1 A First Chapter", "2 A Second", "3 A Third"]


@pytest.mark.parametrize(
    "settings",
    [
        "pdf: {trim: a5, opening: any, links: print}\nlang: de\n",
        "pdf: {trim: 110x178mm, fontsize: 9pt}\nnumber-sections: true\ntoc-depth: 3\n",
        "pdf: {trim: letter}\nlang: fr\n",
    ],
    ids=["a5", "pocket", "letter"],
)
def test_no_line_is_too_wide_on_any_trim(folder, tmp_path, settings):
    """Long titles, tables, code and addresses stay within the measure."""
    for path in folder.iterdir():
        if path.is_file():
            (tmp_path / path.name).write_bytes(path.read_bytes())
    kept = [line for line in SETTINGS.splitlines() if not line.startswith(("lang", "pdf", "toc"))]
    (tmp_path / "book.yaml").write_text("\n".join([*kept, settings]), encoding="utf-8")
    program = Path(sys.executable).parent / "geppetto"
    ended = subprocess.run(
        [str(program), "-C", str(tmp_path), "pdf"], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert "latex-overfull" not in ended.stderr
    log = (tmp_path / "build" / "latex" / "book.log").read_text(errors="replace")
    assert "Overfull \\vbox" not in log
