"""Books unlike the first one: small, large, of many parts, in many scripts."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from geppetto.epub import check

pytestmark = pytest.mark.tools

TRIMS = {
    "6x9in": (432, 648),
    "5.5x8.5in": (396, 612),
    "A5": (419.528, 595.276),
    "A4": (595.276, 841.89),
    "letter": (612, 792),
    "170x240mm": (481.89, 680.315),
}


def _build(root, edition="all", *options):
    program = Path(sys.executable).parent / "geppetto"
    ended = subprocess.run(
        [str(program), "-C", str(root), edition, *options],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    return ended.stderr


def _pdf(root):
    return next((root / "build").glob("*.pdf"))


def _pdf_text(root, *options):
    return subprocess.run(
        ["pdftotext", *options, str(_pdf(root)), "-"], capture_output=True, text=True, check=True
    ).stdout


def _epub_text(root):
    with zipfile.ZipFile(next((root / "build").glob("*.epub"))) as archive:
        pages = [archive.read(n) for n in sorted(archive.namelist()) if n.endswith(".xhtml")]
    return " ".join(" ".join("".join(etree.fromstring(p).itertext()).split()) for p in pages)


def _is_valid(root):
    return check.check(next((root / "build").glob("*.epub"))) == []


def test_a_folder_with_only_a_title(make_book):
    """Title, one chapter and a .bib are a book; no author, no date, no language needed."""
    bib = "@book{k, author = {Key, Ann}, title = {T}, year = {2020}}\n"
    root = make_book({"chapters/one.md": "# One\n\nAs @k says.\n", "any.bib": bib})
    _build(root)
    assert "As Key (2020) says." in " ".join(_pdf_text(root).split())
    assert _is_valid(root)


def test_a_book_without_a_bibliography(make_book):
    """No .bib at all: no bibliography, no complaint."""
    root = make_book({"chapters/one.md": "# One\n\nText.\n"})
    assert "warning" not in _build(root)
    assert "Bibliography" not in _pdf_text(root)


def test_parts_front_matter_and_appendices(make_book):
    """Numbers, links and order are the same in PDF and EPUB; roman folios come first."""
    settings = (
        "title: Whole\nfrontmatter: [preface.md]\nchapters:\n- a.md\n- part: Part the Second\n"
        "  chapters: [b.md]\nappendices: [z.md]\n"
    )
    root = make_book(
        {
            "book.yaml": settings,
            "preface.md": "# Preface\n\nSee @sec:z and [b](b.md).\n",
            "a.md": "# Alpha {#sec:a}\n\nText.\n",
            "b.md": "# Beta {#sec:b}\n\nAfter @sec:a, before @sec:z.\n",
            "z.md": "# Zeta {#sec:z}\n\nBack to @sec:b.\n",
        }
    )
    _build(root)
    for text in (" ".join(_pdf_text(root).split()), _epub_text(root)):
        plain = text.replace("\u00a0", " ")
        assert "See Appendix A and b." in plain
        assert "After Chapter 1, before Appendix A." in plain
        assert "Back to Chapter 2." in plain
        assert plain.index("Part the Second") >= 0
    assert _is_valid(root)


@pytest.mark.parametrize("trim", TRIMS)
def test_every_trim(make_book, trim):
    """The page is as large as book.yaml says."""
    root = make_book(
        {"book.yaml": f"title: T\npdf: {{trim: {trim}}}\n", "chapters/1.md": "# A\n\nB.\n"}
    )
    _build(root, "pdf")
    said = subprocess.run(["pdfinfo", str(_pdf(root))], capture_output=True, text=True, check=True)
    size = re.search(r"Page size:\s+([\d.]+) x ([\d.]+)", said.stdout)
    assert size is not None
    assert [float(n) for n in size.groups()] == pytest.approx(TRIMS[trim], abs=0.1)


SCRIPTS = {
    "el-polyton": "Ἐν ἀρχῇ ἦν ὁ λόγος",
    "ru": "Все счастливые семьи похожи",
    "zh-Hans": "学而时习之不亦说乎",
    "ja": "吾輩は猫である",
    "he": "בראשית ברא",
}


@pytest.mark.parametrize("lang", SCRIPTS)
def test_a_text_in_any_script_is_set(make_book, lang):
    """Every letter comes out of the PDF again: none is a blank."""
    text = SCRIPTS[lang]
    root = make_book(
        {"book.yaml": f"title: T\nlang: {lang}\n", "chapters/1.md": f"# A\n\n{text}\n"}
    )
    _build(root)
    letters = {c for c in text if not c.isspace()}
    assert letters <= set(_pdf_text(root))
    assert text in _epub_text(root)


def test_a_character_that_no_font_has_is_an_error(make_book):
    """Refused, with the character's name and its place, never a blank."""
    root = make_book({"chapters/1.md": "# A\n\nHere \U000f0000 it is.\n"})
    program = Path(sys.executable).parent / "geppetto"
    ended = subprocess.run(
        [str(program), "-C", str(root), "pdf"], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert "chapters/1.md:3:6: error[glyph-missing]" in ended.stderr
    assert "U+F0000" in ended.stderr


def test_lists_and_quotations_nested_deeper_than_latex_can(make_book):
    """Twelve lists and eight quotations inside each other are set."""
    lists = "".join("    " * i + f"- item {i}\n\n" for i in range(12))
    quotes = "".join("> " * (i + 1) + f"quote {i}\n" + "> " * (i + 1) + "\n" for i in range(8))
    root = make_book({"chapters/1.md": f"# A\n\n{lists}\n\n{quotes}\n"})
    _build(root)
    text = _pdf_text(root)
    assert "item 11" in text
    assert "quote 7" in text


KITCHEN = r"""# Everything {#sec:all}

Inline $x^2$, display $$E = mc^2$$ {#eq:e} and @eq:e. H~2~O, 2^nd^, ~~gone~~, [small]{.smallcaps},
[under]{.underline}, `code_with_underscores`, **bold *both***. https://example.org and
<https://example.org/a/very/long/path/that/goes/on/and/on/and/on/and/on/until/it/must/break>.

Term
:   Definition with a note.^[Inline *note* with `code`.]

| Line block
|   indented

1. one
2. two
    a) sub

(@good) Example. See (@good).

```python
def f(x):  # a comment that is rather long, so that the line has to be broken somewhere or other
    return "é—“”" + '\t'
```

| Pipe | Table |
|:-----|------:|
| a    | 1     |

: Pipe caption {#tbl:pipe}

  Simple     Table
  -------    -----
  b          2

+------+-------------+
| Grid | - list      |
|      | - in cell   |
+======+=============+
| c    | para        |
+------+-------------+

-------------------------------------------------------------
 Multi        Line
------------- -----------------------------------------------
 d            A cell that goes on over
              two lines.
-------------------------------------------------------------

: Multiline caption

See @tbl:pipe and @sec:all. <b>raw & html<br>unclosed <i>tags <!-- a -- comment -->

```{=latex}
\begin{center}Only in the PDF\end{center}
```

```{=html}
<p>Only in the EPUB</p>
```

[deutsch „so“]{lang=de} and ---em--- "quotes" 'single' ellipsis... \$5 & 50% #1 {braces} ~tilde^caret\\back_under
"""


def test_every_construct_of_pandocs_markdown(make_book):
    """Tables of four kinds, notes, code, mathematics, raw text of both kinds: set, and valid."""
    root = make_book({"chapters/1.md": KITCHEN})
    _build(root)
    pdf, epub = " ".join(_pdf_text(root).split()), _epub_text(root)
    for words in ("Pipe caption", "Multiline caption", "Inline note with", "in cell", "sub"):
        assert words in pdf
        assert words in epub
    assert "Only in the PDF" in pdf
    assert "Only in the PDF" not in epub
    assert "Only in the EPUB" in epub
    assert "Only in the EPUB" not in pdf
    assert "$5 & 50% #1 {braces}" in pdf
    assert _is_valid(root)


def test_three_hundred_chapters(make_book):
    """A book of 300 chapters in natural order."""
    chapters = {f"chapters/{n}.md": f"# Chapter number {n}\n\nText {n}.\n" for n in range(1, 301)}
    root = make_book(
        {"book.yaml": "title: Long\npdf: {opening: any}\nnumber-chapters: false\n", **chapters}
    )
    _build(root)
    found = [int(n) for n in re.findall(r"Text (\d+)\.", _pdf_text(root))]
    assert found == list(range(1, 301))


def test_a_bibliography_for_each_chapter(make_book):
    """Each chapter ends with its own references, linked to."""
    bib = "".join(
        f"@book{{k{n}, author={{Au{n}, B}}, title={{T{n}}}, year={{2020}}}}\n" for n in (1, 2)
    )
    root = make_book(
        {
            "book.yaml": "title: T\nbibliography-per: chapter\n",
            "chapters/1.md": "# A\n\n[@k1].\n",
            "chapters/2.md": "# B\n\n[@k1; @k2].\n",
            "r.bib": bib,
        }
    )
    _build(root)
    assert _pdf_text(root).count("Au1, B. 2020") == 2
    assert _is_valid(root)


NASTY = r"""100% & #1 $x$ a_b {c} ~d ^e \f "g" 'h' <i> `j` -- ?` !` ,, << >> '' [k] |l| @m € “n” ‘o’ – é ﬁ"""


def test_special_characters_come_out_as_themselves(make_book):
    """In the title, the author, the rights, a heading, and the metadata of both editions."""
    quoted = "'" + NASTY.replace("'", "''") + "'"
    settings = f"title: {quoted}\nauthor: {quoted}\nrights: {quoted}\n"
    root = make_book({"book.yaml": settings, "chapters/1.md": "# A\n\nB.\n"})
    _build(root)
    pdf = " ".join(_pdf_text(root).split())
    wanted = NASTY.replace("ﬁ", "fi")
    assert pdf.replace("ﬁ", "fi").count(wanted) >= 3
    assert _epub_text(root).count(NASTY) >= 2
    said = subprocess.run(["pdfinfo", str(_pdf(root))], capture_output=True, text=True, check=True)
    assert NASTY in said.stdout
    assert _is_valid(root)


def test_a_partial_of_the_books_own_replaces_the_tools(make_book):
    """A file of the same name in the book's templates/ is taken instead."""
    own = "\\newpage\\thispagestyle{empty}My own title page\\newpage\n"
    root = make_book({"chapters/1.md": "# A\n\nB.\n", "templates/latex/titles.tex": own})
    _build(root, "pdf")
    assert "My own title page" in _pdf_text(root)
