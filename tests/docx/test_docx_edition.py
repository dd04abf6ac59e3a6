"""Whole DOCXs, written by Pandoc: every construct, twice the same, and nothing that bites."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections import Counter
from pathlib import Path

import pypandoc
import pytest
from docx_books import build
from docx_soundness import W, parts
from lxml import etree

from geppetto import ast, pandoc, sourcemap
from geppetto.docx.whole import Order
from geppetto.pipeline import verifying
from geppetto.review import drafts
from geppetto.verification import edition as finished
from geppetto.verification.ink import words

pytestmark = pytest.mark.tools
UNLIKE = Path(__file__).parents[1] / "books" / "unlike"
PNG = (UNLIKE / "chapters" / "f.png").read_bytes()

CONSTRUCTS = """---
author: Chapter Author
epigraph: {text: "An *epigraph*.", source: Its source}
short-title: Short
---

# Everything {#sec:one}

See @fig:a, @fig:pair, @tbl:t, @eq:e, @lst:l and @sec:two; [@alpha, p. 3] says.[^1]

[^1]: A note with `code`.

    A second paragraph, and a list:

    - an item

![A caption](a.png){#fig:a alt="What it shows"}

::: {#fig:pair}
![Left](a.png){#fig:left}

![Right](a.png){#fig:right}

A pair
:::

![](a.png){.decorative}

| Head | Right |
|------|------:|
| cell | 1     |

: A table {#tbl:t}

Before $$E = mc^2$$ {#eq:e} after.

``` {.python #lst:l caption="A listing"}
def f(): return 1
```

::: {.callout-warning}
## Mind
A callout.

- with a list
:::

> A quotation.
>
> > Within it.

| A line
|   of verse

***

Term
:   Definition.

1. one
2. two

[שלום]{lang=he} and [日本]{lang=ja}. ^up^ ~down~ ~~out~~ [caps]{.smallcaps} [u]{.underline}

```{=latex}
\\only{the PDF}
```

```{=html}
<p>only the EPUB</p>
```

## Section {#sec:two}

End.
"""
BIB = "@book{alpha, author={Ann Alpha}, title={Alpha}, year=2001}\n"
FILES = {
    "book.yaml": "title: All of It\nsubtitle: Every construct\nauthor: Ann\nlang: en-GB\n"
    "number-sections: true\ndate: 2026-01-02\nappendices: [z.md]\nfrontmatter: [p.md]\n"
    "chapters:\n- part: The Part\n  chapters: [chapters/1.md]\n",
    "chapters/1.md": CONSTRUCTS,
    "chapters/a.png": PNG,
    "z.md": "# Last {#sec:z}\n\nBack to @sec:one.^[A note.]\n",
    "p.md": "# Preface\n\nBefore.^[First.]\n",
    "r.bib": BIB,
}


@pytest.fixture(scope="module")
def everything(tmp_path_factory):
    """Give a book with every construct, its stops marked."""
    root = tmp_path_factory.mktemp("everything")
    for name, content in FILES.items():
        path = root / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return build(root, Order(stops=True))


@pytest.mark.parametrize(
    ("style", "said"),
    [
        ("Title", ["All of It"]),
        ("Subtitle", ["Every construct"]),
        ("TOCHeading", ["Contents"]),
        ("PartTitle", ["The Part"]),
        ("Heading1", ["Preface", "1 Everything", "Appendix A Last", "Bibliography"]),
        ("Heading2", ["1.1 Section"]),
        ("ChapterAuthor", ["Chapter Author"]),
        ("Epigraph", ["An epigraph."]),
        ("EpigraphSource", ["Its source"]),
        ("TableCaption", ["Table 1.1 A table"]),
        ("ListingCaption", ["Listing 1.1 A listing"]),
        ("EquationNumber", ["(1.1)"]),
        ("CalloutTitle", ["Mind"]),
        ("Callout", ["A callout."]),
        ("CalloutEnd", [""]),
        ("BlockText", ["A quotation.", "Within it."]),
        ("SourceCode", ["def f(): return 1"]),
        ("DefinitionTerm", ["Term"]),
        ("Definition", ["Definition."]),
        ("SceneBreak", ["* * *"]),
        ("Verse", ["A line  of verse"]),
        ("Bibliography", ["Alpha, Ann. 2001. Alpha."]),
    ],
)
def test_what_stands_in_a_style(everything, style, said):
    """With the numbers that every edition has."""
    plain = re.compile("[\u00a0\u2002\u2003]")
    assert [plain.sub(" ", one) for one in everything.paragraphs(style)] == said


def test_figures_and_their_numbers(everything):
    captions = [one.replace("\u00a0", " ") for one in everything.paragraphs("ImageCaption")]
    assert captions == ["Figure 1.1 A caption", "1.2a Left", "1.2b Right", "Figure 1.2 A pair"]


def test_cross_references_are_links_with_their_final_text(everything):
    links = {
        "".join(t.text for t in link.iter(f"{W}t")).replace("\u00a0", " "): link.get(f"{W}anchor")
        for link in everything.document.iter(f"{W}hyperlink")
        if link.find(f".//{W}fldChar") is None
    }
    assert links["Figure 1.1"] == "fig_a"
    assert links["Table 1.1"] == "tbl_t"
    assert links["Equation 1.1"] == "eq_e"
    assert links["Chapter 1"] == "sec_one"
    assert links["Alpha 2001, 3"] == "ref_alpha"


def test_notes_are_footnotes_and_begin_anew_in_each_chapter(everything):
    notes = [n for n in everything.part("word/footnotes.xml") if n.get(f"{W}type") is None]
    assert ["".join(n.itertext()).strip()[:6] for n in notes] == ["First.", "A note", "A note"]
    [restart] = everything.part("word/settings.xml").iter(f"{W}numRestart")
    assert restart.get(f"{W}val") == "eachSect"
    assert len(list(everything.document.iter(f"{W}sectPr"))) == 7


def test_pictures_have_their_alternative_texts(everything):
    said = [e.get("descr") for e in everything.document.iter("{*}docPr")]
    assert said == ["What it shows", "Left", "Right", ""]
    assert len(list(everything.document.iter("{*}decorative"))) == 1


def test_the_heads_of_tables_are_marked(everything):
    [row] = [e.getparent().getparent() for e in everything.document.iter(f"{W}tblHeader")]
    assert "".join(t.text for t in row.iter(f"{W}t")) == "HeadRight"


def test_raw_text_of_other_formats_is_not_there(everything):
    assert b"only" not in parts(everything.data)["word/document.xml"].replace(b"readonly", b"")


def test_the_contents_are_a_field_that_is_filled(everything):
    part = everything.document.find(f".//{W}sdt")
    assert next(t.text for t in part.iter(f"{W}instrText")).split()[0] == "TOC"
    lines = ["".join(t.text or "" for t in p.iter(f"{W}t")) for p in part.iter(f"{W}p")]
    assert [one.replace("\u2002", " ") for one in lines] == [
        "Contents", "Preface", "The Part", "1 Everything", "1.1 Section", "Appendix A Last",
        "Bibliography",
    ]  # fmt: skip
    kinds = [e.get(f"{W}fldCharType") for e in part.iter(f"{W}fldChar")]
    assert Counter(kinds) == dict.fromkeys(("begin", "separate", "end"), 7)


def test_the_page_is_that_of_the_book_and_the_folios_are_two(everything):
    sizes = {(e.get(f"{W}w"), e.get(f"{W}h")) for e in everything.document.iter(f"{W}pgSz")}
    assert sizes == {("8640", "12960")}
    folios = [
        (e.get(f"{W}fmt"), e.get(f"{W}start")) for e in everything.document.iter(f"{W}pgNumType")
    ]
    roman, arabic = "lowerRoman", "decimal"
    assert folios == [
        (roman, "1"), (roman, None), (roman, None), (arabic, "1"), *[(arabic, None)] * 3,
    ]  # fmt: skip


def test_running_heads_are_the_short_titles(everything):
    heads = {
        "".join(etree.fromstring(content).itertext())
        for name, content in parts(everything.data).items()
        if name.startswith("word/header")
    }
    assert {"All of It", "Short", "Last", "Preface", "Bibliography", ""} <= heads


def test_what_the_file_says_of_itself(everything):
    core = everything.part("docProps/core.xml")
    said = {etree.QName(e).localname: e.text for e in core}
    assert (said["title"], said["creator"], said["language"]) == ("All of It", "Ann", "en-GB")
    assert said["created"] == said["modified"] == "2026-01-02T00:00:00Z"


def test_languages_and_directions(everything):
    run = next(r for r in everything.document.iter(f"{W}r") if "שלום" in "".join(r.itertext()))
    assert run.find(f"{W}rPr/{W}rtl") is not None
    assert run.find(f"{W}rPr/{W}lang").get(f"{W}bidi") == "he"
    styles = everything.part("word/styles.xml")
    assert styles.find(f".//{W}rPrDefault//{W}lang").get(f"{W}val") == "en-GB"


def test_every_stop_has_its_bookmark(everything):
    """But those of what stands in no DOCX; it begins where its block does."""
    names = {
        e.get(f"{W}name"): e
        for name in ("word/document.xml", "word/footnotes.xml")
        for e in everything.part(name).iter(f"{W}bookmarkStart")
        if e.get(f"{W}name").startswith(f"{drafts.BOOKMARK}_")
    }
    expected = [
        f"{drafts.BOOKMARK}_{document}_{number}"
        for document, one in enumerate(everything.resolved.documents, 1)
        for number, _ in enumerate(sourcemap.stops(one.blocks), 1)
    ]
    missing = [name for name in expected if name not in names]
    assert set(names) <= set(expected)
    assert len(missing) == 2  # of the LaTeX and the HTML
    assert next(names["src_2_1"].itersiblings()).find(f"{W}t").text == "1"


def _said(blocks):
    """Give the words of blocks and of their notes; formulas and pictures are none."""
    gone = {"Math", "Image", "RawBlock", "RawInline"}
    bare = ast.rewrite(list(blocks), lambda _: [], gone)
    bare = ast.rewrite(bare, lambda node: _parted(node["c"]), {"DefinitionList"})
    notes = [note["c"] for note in ast.nodes(bare, {"Note"})]
    return " ".join(map(ast.stringify, [*bare, *notes]))


def _parted(items):
    return [one for t, held in items for one in (ast.para(t), *(b for d in held for b in d))]


def test_the_words_of_the_book_are_those_of_the_docx(everything, tmp_path):
    """Read back by Pandoc: what it finds in the file has all the words of the resolved book."""
    path = tmp_path / "all.docx"
    path.write_bytes(everything.data)
    text = subprocess.run(
        [pypandoc.get_pandoc_path(), "--from=docx", "--to=plain", "--wrap=none", str(path)],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    source = " ".join(_said(one.blocks) for one in everything.resolved.documents)
    assert len(words(source)) > 80
    lacking = Counter(words(source.casefold())) - Counter(words(text.casefold()))
    assert not lacking


def test_the_same_book_has_the_same_bytes_in_two_folders(tmp_path):
    """And on another day: no clock, no path, no chance is in them."""
    made = []
    for name in ("one", "two"):
        root = Path(shutil.copytree(UNLIKE, tmp_path / name / "folder"))
        made.append(build(root, Order(stops=True)).data)
    assert made[0] == made[1]


def test_a_book_unlike_the_others_is_whole(tmp_path):
    """Lists 29 deep, tables of every kind: the words, notes, pictures and tables are there."""
    root = Path(shutil.copytree(UNLIKE, tmp_path / "unlike"))
    made = build(root)
    path = root / "made.docx"
    path.write_bytes(made.data)
    assert verifying.verify(root, [path], lambda _: None).diagnostics == ()
    read = finished.read(path)
    assert read.notes == 13
    assert len(read.tables or ()) > 15


@pytest.mark.parametrize(
    ("lost", "code"),
    [
        ("Quite another paragraph, which stands in no file that was made.", "lost-words"),
        ("![Not there](a.png)", "lost-figure"),
        ("| x | y |\n|---|---|\n| unheard | unseen |", "lost-table"),
        ("And.^[A note that was written later than all.]", "lost-note"),
        ("$$\\int q^w dz$$", "lost-equation"),
    ],
)
def test_what_is_lost_is_found(make_book, lost, code):
    """The chapter says more than the DOCX."""
    root = make_book({"chapters/1.md": "# One\n\nText.\n", "chapters/a.png": PNG})
    path = root / "made.docx"
    path.write_bytes(build(root).data)
    (root / "chapters/1.md").write_text(f"# One\n\nText.\n\n{lost}\n")
    found = verifying.verify(root, [path], lambda _: None).diagnostics
    assert code in {one.code for one in found}


BOMB = "<!DOCTYPE a [<!ENTITY b 'c'><!ENTITY d '&b;&b;'>]><w:document xmlns:w='{}'>&d;</w:document>"


@pytest.mark.parametrize(
    "part", [None, b"no xml", BOMB.format(W.strip("{}")).encode(), b" " * (finished.MOST + 1)]
)
def test_a_broken_file_is_refused_or_read_as_it_is(tmp_path, part):
    """No entity is spelled out, and no part is read that is larger than a book."""
    path = tmp_path / "a.docx"
    notes = f"<w:footnotes xmlns:w='{W.strip('{}')}'/>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        if part is not None:
            archive.writestr("word/document.xml", part)
        archive.writestr("word/footnotes.xml", notes)
    if part is not None and b"ENTITY" in part:
        assert finished.read(path).text.strip() == ""
    else:
        with pytest.raises(ValueError, match=r"a\.docx cannot be read"):
            finished.read(path)


def test_a_part_of_the_book_keeps_the_numbers_of_the_whole(make_book):
    """Links to what is left out are plain text."""
    root = make_book(
        {
            "chapters/1.md": "# One {#sec:one}\n\nText.\n",
            "chapters/2.md": "# Two {#sec:two}\n\nAfter @sec:one; see @sec:two.[@alpha]\n",
            "r.bib": BIB,
        }
    )
    slug = build(root).resolved.documents[1].slug
    made = build(root, Order(included={slug}, stops=True))
    assert made.paragraphs("Heading1") == ["2\u2002Two"]
    assert "After Chapter\u00a01; see Chapter\u00a02." in made.paragraphs("FirstParagraph")[0]
    anchors = [e.get(f"{W}anchor") for e in made.document.iter(f"{W}hyperlink")]
    assert set(anchors) == {"sec_two"}
    names = [e.get(f"{W}name") for e in made.document.iter(f"{W}bookmarkStart")]
    assert "src_2_1" in names


HOSTILE = "]]> <w:p> & &amp; <?geppetto stop 9 9?> <!-- --> %s " + "a" * 300


@pytest.mark.parametrize("place", ["text", "code", "alt", "title", "note", "link"])
def test_text_that_looks_like_xml_is_text(make_docx, place):
    """Brackets, entities, instructions and comments come out as they were written."""
    quoted = "'" + HOSTILE.replace("'", "''") + "'"
    escaped = re.sub(r"([\]<>&!?-])", r"\\\1", HOSTILE)
    made = make_docx(
        {
            "text": escaped,
            "code": f"    {HOSTILE}",
            "alt": f'![x](a.png){{alt="{HOSTILE}"}}',
            "title": "Text.",
            "note": f"Text.^[{escaped}]",
            "link": f"[{escaped}](https://example.org/?a=]]&b=<c>)",
        }[place],
        **{"chapters/a.png": PNG, "book.yaml": f"title: {quoted if place == 'title' else 'T'}\n"},
    )
    held = "".join(
        "".join([*e.itertext(), *(v for x in e.iter("{*}docPr") for v in x.attrib.values())])
        for e in (made.document, made.part("word/footnotes.xml"))
    )
    expected = HOSTILE.replace("&amp;", "&") if place == "alt" else HOSTILE  # read by Pandoc
    assert expected.partition(" <!")[0] in " ".join(held.split())
    assert b"src_9_9" not in parts(made.data)["word/document.xml"]


def test_characters_that_xml_cannot_hold_break_nothing(make_docx):
    made = make_docx(
        'A\x0bB `c\x07d` ![e](a.png){alt="f\x1bg"}\n\n    h\x02i', **{"chapters/a.png": PNG}
    )
    said = "".join(made.document.itertext())
    assert "A B cd" in said
    assert "hi" in said


def test_a_table_of_thousands_of_cells(make_docx):
    rows = "".join(f"| {n} | {n * n} | {n**3} |\n" for n in range(2000))
    made = make_docx(f"| n | square | cube |\n|---|---|---|\n{rows}")
    assert len(list(made.document.iter(f"{W}tc"))) == 6003


def test_a_formula_that_word_cannot_show_is_said_and_stands_as_tex(make_docx):
    made = make_docx(r"So $\unheardof{x}^2$ is.")
    [said] = [d for d in made.diagnostics if d.code == "pandoc-warning"]
    assert (said.location.line, said.location.column) == (3, 4)
    assert r"$\unheardof{x}^2$" in "".join(made.document.itertext())


def test_a_link_that_word_may_not_follow_is_said(make_docx):
    made = make_docx("A [file](ftp://example.org/x).")
    [said] = [d for d in made.diagnostics if d.code == "docx-link"]
    assert said.location.line == 3
    assert "A file." in "".join(made.document.itertext())


def test_drawings_become_pictures_that_every_word_shows(make_docx):
    svg = "<svg xmlns='http://www.w3.org/2000/svg' width='96' height='48'><rect width='9' height='9'/></svg>"
    made = make_docx("![D](d.svg)", **{"chapters/d.svg": svg})
    [name] = [n for n in parts(made.data) if n.startswith("word/media/")]
    assert parts(made.data)[name].startswith(b"\x89PNG")
    extent = made.document.find(".//{*}extent")
    assert int(extent.get("cx")) == pytest.approx(914400, rel=0.01)  # an inch


LEFTWARD = """שלום עולם `code(x)`.

| ראשון | שני |
|-------|-----|
| א     | ב   |

``` python
x = 1
```

::: {lang=en dir=ltr}
English.
:::
"""


def test_a_book_from_right_to_left(make_docx):
    """But its code and what says otherwise."""
    made = make_docx(LEFTWARD, **{"book.yaml": "title: ספר\nlang: he\n"})
    styles = made.part("word/styles.xml")
    assert styles.find(f".//{W}style[@{W}styleId='Normal']/{W}pPr/{W}bidi") is not None
    assert styles.find(f".//{W}rPrDefault//{W}lang").get(f"{W}bidi") == "he"
    ways = {}
    for paragraph in made.document.iter(f"{W}p"):
        bidi = paragraph.find(f"{W}pPr/{W}bidi")
        words = "".join(t.text or "" for t in paragraph.iter(f"{W}t"))
        ways[words] = None if bidi is None else bidi.get(f"{W}val", "1")
    assert ways["שלום עולם code(x)."] == "1"
    assert ways["English."] == ways["x = 1"] == "0"
    assert ways["ספר"] is None  # as its style
    code = [r for r in made.document.iter(f"{W}r") if "code(x)" in "".join(r.itertext())]
    assert code[0].find(f"{W}rPr/{W}rtl") is None
    assert made.document.find(f".//{W}bidiVisual") is not None


def test_lines_of_code_are_numbered(make_docx):
    """From the number that the manuscript gives; others are not."""
    made = make_docx(
        "``` {.python .numberLines startFrom=99}\na = 1\nb = 2\n```\n\n```\nc\n```\n",
        order=Order(stops=True),
    )
    shown = [one.replace("\u00a0", " ") for one in made.paragraphs("SourceCode")]
    assert shown == [" 99  a = 1100  b = 2", "c"]
    [first, _] = [
        p for p in made.document.iter(f"{W}p")
        if (s := p.find(f"{W}pPr/{W}pStyle")) is not None and s.get(f"{W}val") == "SourceCode"
    ]  # fmt: skip
    assert first.find(f"{W}bookmarkStart").get(f"{W}name") == "src_1_2"


NUMERIC = """<?xml version="1.0" encoding="utf-8"?>
<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0">
<info><title>n</title><id>n</id><updated>2020-01-01T00:00:00+00:00</updated></info>
<citation><layout prefix="[" suffix="]"><text variable="citation-number"/></layout></citation>
<bibliography second-field-align="flush"><layout>
<text variable="citation-number" prefix="[" suffix="]"/><text variable="title"/>
</layout></bibliography></style>"""


def test_the_number_of_a_reference_stands_in_the_margin(make_docx):
    """Before a tab, of which there is one: the entry hangs from it."""
    settings = "title: T\ncsl: n.csl\nbibliography-per: chapter\n"
    made = make_docx("[@alpha].", **{"book.yaml": settings, "n.csl": NUMERIC, "r.bib": BIB})
    assert made.paragraphs("Bibliography") == ["[1]Alpha"]
    [entry] = [p for p in made.document.iter(f"{W}p") if "[1]Alpha" in "".join(p.itertext())]
    assert len(list(entry.iter(f"{W}tab"))) == 1


FAULTY = "See @sec:nope and [@nope].\n\n![Gone](gone.png)\n"


def test_faults_are_marked_in_their_places(make_docx):
    """As in every edition, where a build goes on past them."""
    made = make_docx(FAULTY, **{"book.yaml": "title: T\nerrors: mark\n", "r.bib": BIB})
    marked = [
        "".join(run.itertext())
        for run in made.document.iter(f"{W}r")
        if (s := run.find(f"{W}rPr/{W}rStyle")) is not None and s.get(f"{W}val") == "FaultMark"
    ]
    assert len(marked) == 3
    assert "sec:nope" in marked[0]
    assert "gone.png" in marked[2]


def test_a_books_own_template_is_taken(make_docx):
    own = (
        '<w:hdr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        "<w:p><w:r><w:t>Mine</w:t></w:r></w:p></w:hdr>"
    )
    made = make_docx("Text.", **{"templates/docx/header.xml": own})
    assert "Mine" in "".join(made.part("word/header1.xml").itertext())


def test_words_in_a_row_are_written_as_one_and_come_out_alike(tmp_path, monkeypatch):
    """`pandoc.joined` saves nodes and changes nothing: the DOCX is the same without it."""
    root = Path(shutil.copytree(UNLIKE, tmp_path / "unlike"))
    joined = build(root)
    monkeypatch.setattr(pandoc, "joined", lambda tree: tree)
    apart = build(root)
    for name in ("word/document.xml", "word/footnotes.xml"):
        assert etree.tostring(joined.part(name), method="c14n") == etree.tostring(
            apart.part(name), method="c14n"
        )
