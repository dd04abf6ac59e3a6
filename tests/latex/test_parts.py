"""The LaTeX of a book: every construct of the resolved tree, and the templates around them."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geppetto import pandoc, stores
from geppetto.ast import attr, nodes, para, plain, rewrite, stringify, text
from geppetto.fonts import FontPlan
from geppetto.latex import code, graphics, lists, page, tables
from geppetto.latex.faces import faces
from geppetto.latex.language import language
from geppetto.latex.parts import tail, tree, write_parts
from geppetto.latex.rewriting import label
from geppetto.latex.running import ROOM, running_head, width
from geppetto.latex.setting import make_setting
from geppetto.model.book import Book, Document, Resolved, Role
from geppetto.model.settings import PdfSettings, Settings

GOLDEN = Path(__file__).parent / "golden"
FONTS = FontPlan("Test Serif", "Test Mono", "Test Math")
MARKDOWN = (Path(__file__).parent / "constructs.md").read_text(encoding="utf-8")


def _resolved(root, blocks, **settings):
    book = Book(root, Settings.model_validate({"title": "A Book", "lang": "en-GB", **settings}), ())
    head = {"t": "Header", "c": [1, attr("one", number="1"), text("The First")]}
    main = Document("one", Role.MAIN, "The First", (head, *blocks), number="1")
    return Resolved(book, (main,))


def _numbered(blocks):
    """Give every captioned figure and table the keys that the resolved tree has."""

    def change(node):
        if node["t"] in {"Figure", "Table"} and node["c"][1][1]:
            attributes, *rest = node["c"]
            keys = [["label", node["t"]], ["number", "1.1"]]
            return {**node, "c": [[attributes[0], attributes[1], keys], *rest]}
        return None

    return rewrite(blocks, change)


def _words(root, blocks, **settings):
    """Give the raw LaTeX that a document's tree holds, without Pandoc."""
    resolved = _resolved(root, blocks, **settings)
    made = tree(resolved.documents[0], make_setting(resolved, FONTS))
    return "\n".join(n["c"][1] for n in nodes(made) if n["t"] in {"RawBlock", "RawInline"})


@pytest.mark.tools
def test_every_construct(golden, tmp_path):
    """Each construct of the dialect becomes the LaTeX that the golden file shows."""
    blocks, heard = pandoc.read({"one.md": MARKDOWN})
    assert not heard
    resolved = _resolved(tmp_path, _numbered(blocks["one.md"]))
    setting = make_setting(resolved, FONTS, {"figure.svg": "images/figure.pdf"}, 200)
    made = write_parts(resolved, setting)
    patterns = {f"patterns/{name}.txt" for name in ("en-GB", "de-DE", "fr")}
    assert set(made.files) == {"book.tex", "places.lua", "parts/one.tex", *patterns}
    golden(GOLDEN / "constructs.tex", made.files["parts/one.tex"])


@pytest.mark.tools
def test_whole_book(golden, tmp_path):
    """The templates give a whole document; the digest alone tells of its contents."""
    resolved = _resolved(
        tmp_path,
        [],
        author=["A. B.", {"name": "C. D.", "role": "editor"}],
        subtitle="Of 100 %",
        rights="© 2026",
        publisher="P & Co",
        date="2026-11-23",
        identifier={"isbn-13": "978-3-16-148410-0"},
    )
    made = write_parts(resolved, make_setting(resolved, FONTS, pages=200))
    whole = made.files["book.tex"].replace(pandoc.highlighting_macros(), "% (highlighting)\n")
    golden(GOLDEN / "book.tex", whole)
    again = write_parts(resolved, make_setting(resolved, FONTS, pages=200))
    assert again == made


@pytest.mark.tools
def test_page_without_author_or_date(tmp_path):
    """A title page without an author has no empty line in the author's place."""
    resolved = _resolved(tmp_path, [])
    made = write_parts(resolved, make_setting(resolved, FONTS)).files["book.tex"]
    assert "{\\Large \\par}" not in made
    assert "ISBN" not in made.replace("ISBN~", "ISBN")


def test_each_block_has_its_index(tmp_path):
    """A comment with the block's index stands before it, for LaTeX's messages to lead home by."""
    words = _words(tmp_path, [para(text("a")), para(text("b"))])
    assert [w for w in words.splitlines() if w.startswith("%@block")] == [
        "%@block 0",
        "%@block 1",
        "%@block 2",
    ]


def test_notes_of_what_floats_are_held(tmp_path):
    """The notes of a caption go before the figure, in order; a caption's alt text has none."""
    note = {"t": "Note", "c": [para(text("n"))]}
    image = {"t": "Image", "c": [attr(), [*text("alt"), note], ["a.png", ""]]}
    caption = [None, [plain([*text("one"), note, *text("two"), note])]]
    figure = {"t": "Figure", "c": [attr("fig:x"), caption, [plain([image])]]}
    words = _words(tmp_path, [figure])
    assert words.count("\\heldnote{") == words.count("\\heldmark{") == 2
    assert (
        words.index("\\holdnotes{2}") < words.index("\\heldnote{1}") < words.index("\\heldnote{0}")
    )
    assert words.index("\\heldnote{0}") < words.index("\\begin{bookfigure}")
    assert "alt={alt}" in words


def test_raw_html_is_left_out(tmp_path):
    """Raw HTML has no place in the PDF; raw LaTeX has."""
    raw = [{"t": "RawBlock", "c": [form, f"<{form}>"]} for form in ("html", "latex", "tex")]
    words = _words(tmp_path, raw)
    assert "<html>" not in words
    assert "<latex>" in words
    assert "<tex>" in words


def test_deep_nesting_stays_whole(tmp_path):
    """Thirty lists in one another are thirty lists."""
    blocks = [plain(text("deepest"))]
    for _ in range(30):
        blocks = [{"t": "BulletList", "c": [blocks]}]
    assert _words(tmp_path, blocks).count("\\begin{bulletlist}") == 30


def test_nothing_floats_in_a_list(tmp_path):
    """A figure in a list stays in its place."""
    image = {"t": "Image", "c": [attr(), [], ["a.png", ""]]}
    figure = {"t": "Figure", "c": [attr(), [None, []], [plain([image])]]}
    words = _words(tmp_path, [{"t": "BulletList", "c": [[figure]]}])
    assert "\\begin{placedfigure}" in words
    assert "bookfigure" not in words


@given(st.text(min_size=1))
def test_label_is_safe(identifier):
    """A destination's name holds nothing special to TeX."""
    assert all(c.isascii() and (c.isalnum() or c in "-+=:;.") for c in label(identifier))


@given(st.text(), st.text())
def test_labels_differ(one, other):
    """Two identifiers of letters, digits and hyphens never share a name."""
    names = [
        "".join(c for c in s if c.isascii() and (c.isalnum() or c == "-")) for s in (one, other)
    ]
    assert (label(names[0]) == label(names[1])) == (names[0] == names[1])


@given(st.text())
def test_code_keeps_its_characters(source):
    """Code has balanced braces and no bare special character, whatever it holds."""
    for made in (code.inline(source), code.lines(source)):
        bare = made.replace("\\{", "").replace("\\}", "")
        assert bare.count("{") == bare.count("}")
        for special in "$&#_^~":
            assert special not in bare.replace("\\" + special, "").replace("~", "")


def test_code_breaks_after_punctuation():
    """A long word of code may break after its punctuation, and between its humps; a short one not."""
    assert code.inline("a_b") == r"\code{a\_b}"
    assert code.inline("some/long/path.py").count(code.BREAK) == 3
    assert code.BREAK in code.inline("AVeryLongCamelCaseName")
    assert code.inline("a  b") == r"\code{a\ \ b}"


def test_code_block_cannot_end_early():
    """Code that says how its own environment ends does not end it."""
    assert code.verbatim("\\end{Highlighting}").count("\\end{Highlighting}") == 1


@pytest.mark.parametrize(
    ("keys", "options"),
    [
        ({}, ""),
        ({"width": "50%"}, "width=0.5\\linewidth,keepaspectratio,"),
        ({"width": "96px", "height": "2cm"}, "width=1in,height=2cm,"),
        ({"width": "2,x=\\Z"}, ""),
    ],
)
def test_image_sizes(keys, options):
    """Sizes become TeX's; what is no size does not reach LaTeX."""
    made = graphics.include("a.png", attr("", [], **keys), "A 100% {image}")
    alt = r"alt={A 100\% \{image\}}"
    assert made == f"\\boundedgraphics{{\\includegraphics[{options}{alt}]{{a.png}}}}"


def test_decorative_image_has_no_description():
    """A decorative image is marked as one."""
    assert "[decorative]" in graphics.include("a.png", attr("", ["decorative"]), "x")


def _table(rows, widths=None):
    cells = [
        [attr(), [[attr(), {"t": "AlignDefault"}, 1, 1, [plain(text(c))]] for c in row]]
        for row in rows
    ]
    specs = [
        [{"t": "AlignDefault"}, {"t": "ColWidth", "c": w} if w else {"t": "ColWidthDefault"}]
        for w in widths or [None] * len(rows[0])
    ]
    head = [attr(), cells[:1]]
    content = [attr(), [None, []], specs, head, [[attr(), 0, [], cells[1:]]], [attr(), []]]
    return {"t": "Table", "c": content}


def test_small_table_keeps_its_widths():
    """A table that fits is set at its natural width."""
    assert tables.fit(_table([["a", "b"], ["1", "2"]]), 65) == tables.Fit(
        "small", None, pytest.approx(69.1)
    )


def test_wide_table_fits_the_measure():
    """A table that does not fit gets shares of the measure, more for what is longer."""
    fit = tables.fit(_table([["a", "b"], ["short", "long words " * 30]]), 65)
    assert sum(fit.shares) == pytest.approx(1.0)
    assert fit.shares[1] > 5 * fit.shares[0]


def test_widths_of_the_manuscript_stand_where_words_fit():
    """Given widths are kept, unless a word would not fit into its column."""
    assert tables.fit(_table([["a", "b"], ["1", "2"]], [0.3, 0.5]), 65).shares == (0.3, 0.5)
    narrow = tables.fit(_table([["a", "b"], ["extraordinary", "2"]], [0.05, 0.9]), 65)
    assert narrow.shares[0] > 0.15


def test_long_words_break_in_narrow_columns():
    """A word longer than its column may break, and loses nothing."""
    word = "Donaudampfschifffahrtsgesellschaft" * 2
    table = _table([["a"] * 5, [word] * 5])
    fit = tables.fit(table, 65)
    broken = tables.break_words(tables.set_shares(table, fit.shares), fit)
    assert stringify(broken) == stringify(table)
    assert sum(node["t"] == "RawInline" for node in nodes(broken)) >= 5


def test_short_cells_are_kept_on_one_line():
    """A label of two words is not broken for the sentences beside it."""
    rows = [["Label", "What is said of it"], ["Language models", "many words " * 20]]
    fit = tables.fit(_table(rows), 65)
    assert fit.shares[0] * fit.room >= len("Language models")


def test_equal_dashes_are_no_wish():
    """Pandoc gives equal shares to a table whose author thought of none."""
    rows = [["a", "b"], ["1", "2"]]
    assert tables.fit(_table(rows, [0.5, 0.5]), 65).shares is None
    assert tables.fit(_table(rows, [0.3, 0.7]), 65).shares == (0.3, 0.7)


def test_words_break_before_the_smallest_size():
    """Six columns of long words: broken words in a size that can be read."""
    fit = tables.fit(_table([["responsibility"] * 6] * 2), 65)
    assert fit.size == "scriptsize"


@pytest.mark.parametrize(
    ("rows", "caption", "name"),
    [
        (3, True, "floatingtable"),
        (3, False, "kepttable"),
        (90, True, "booktable"),
        (90, False, "booktable"),
    ],
)
def test_tables_that_fit_a_page_are_not_broken(tmp_path, rows, caption, name):
    table = _table([["a", "b"]] * rows)
    table["c"][1] = [None, [plain(text("Caption"))] if caption else []]
    assert f"\\begin{{{name}}}" in _words(tmp_path, [table])


def test_a_short_callout_asks_for_room_for_all_of_it(tmp_path):
    """One that is longer than part of a page may break after some lines."""
    short = {"t": "Div", "c": [attr("", ["callout"]), [para(text("word " * 20))]]}
    long = {"t": "Div", "c": [attr("", ["callout"]), [para(text("word " * 900))]]}
    assert "\\begin{callout}[4]" in _words(tmp_path, [short])
    assert "\\begin{callout}[6]" in _words(tmp_path, [long])


def test_a_display_that_is_a_paragraph_has_no_empty_line_above(tmp_path):
    display = {"t": "Math", "c": [{"t": "DisplayMath"}, "x"]}
    alone, within = (
        _words(tmp_path, [para([display])]),
        _words(tmp_path, [para([*text("say "), display, *text(" so")])]),
    )
    assert "\\displayopening" in alone
    assert "\\displayclosing" in alone
    assert "display" not in within


def test_long_captions_are_paragraphs(tmp_path):
    """Three lines may stand in the middle, more may not."""

    def figure(words):
        caption = [None, [plain(text(words))]]
        return {"t": "Figure", "c": [attr("f", label="Figure", number="1.1"), caption, []]}

    assert "\\begin{figurecaption}" in _words(tmp_path, [figure("Short")])
    assert "\\begin{longcaption}" in _words(tmp_path, [figure("word " * 50)])


@pytest.mark.parametrize(
    ("lengths", "found"),
    [
        ([500], {1: "\\keeplines{4}"}),
        ([500, 10], {1: "\\keeplines{3}", 2: "\\keepwithlast\\keeplines{4}"}),
        (
            [10, 10, 10, 10, 10, 10],
            {5: "\\keepwithlast\\keeplines{3}", 6: "\\keepwithlast\\keeplines{4}"},
        ),
    ],
)
def test_the_last_page_gets_some_lines(lengths, found):
    """As many paragraphs from the end stay together as make five lines."""
    head = {"t": "Header", "c": [1, attr("a"), text("A")]}
    made = tail([head, *(para(text("x" * n)) for n in lengths)], 65)
    assert made.items() >= found.items()
    assert min(made) == max(1, len(lengths) - 4)


def test_a_chapter_that_ends_with_a_list_keeps_no_lines():
    head = {"t": "Header", "c": [1, attr("a"), text("A")]}
    assert tail([head, para(text("x")), {"t": "BulletList", "c": []}], 65) == {}


def test_addresses_break_in_narrow_columns():
    """After their signs, without a hyphen."""
    word = "https://example.org/a/long/path"
    table = _table([["a"] * 5, [word] * 5])
    fit = tables.fit(table, 65)
    broken = tables.break_words(tables.set_shares(table, fit.shares), fit)
    assert stringify(broken) == stringify(table)
    assert "\\allowbreak{}" in {n["c"][1] for n in nodes(broken, {"RawInline"})}


def test_no_column_is_narrower_than_its_word():
    """Where there is room; where there is none, the widest are cut first."""
    given = tables.fit(_table([["mean", "extraordinary"], ["1", "2"]], [0.1, 0.1]), 65)
    assert given.characters(0) >= len("mean")
    crowded = tables.fit(_table([["x" * 16] * 8 + ["nine"] * 4, ["1"] * 12]), 65)
    assert sum(crowded.shares) == pytest.approx(1.0)
    assert crowded.characters(11) >= len("nine")


def test_a_long_word_breaks_at_its_joints(tmp_path):
    """An address or a path has no blank; a word of a language has no joints."""
    made = _words(tmp_path, [para(text("see docs/reference/very_long_name.md#and-a-place now"))])
    assert "docs/\\allowbreak{}reference/\\allowbreak{}very\\_\\allowbreak{}long" in made
    assert "allowbreak" not in _words(
        tmp_path, [para(text("Donaudampfschifffahrtsgesellschaft a/b"))]
    )


@pytest.mark.tools
def test_a_table_in_a_note_has_its_caption_before_it(tmp_path):
    """No table can break in a note, and no caption be a row of one that cannot."""
    note = "x[^n]\n\n[^n]: Note\n\n    | a |\n    |---|\n    | b |\n\n    : Words {#tbl:t}\n"
    blocks, _ = pandoc.read({"one.md": note})
    resolved = _resolved(tmp_path, _numbered(blocks["one.md"]))
    made = write_parts(resolved, make_setting(resolved, FONTS)).files["parts/one.tex"]
    assert "\\boxedcaption{Table~1.1}{\\atstop{4}Words}" in made
    assert made.index("boxedcaption") < made.index("longtable")
    assert "\\caption" not in made


def test_labels_of_lists():
    """Lists are numbered as Pandoc numbers them, beyond LaTeX's own limits too."""
    alpha = [26, {"t": "LowerAlpha"}, {"t": "TwoParens"}]
    assert lists.labels(alpha, 3) == ["(z)", "(aa)", "(ab)"]
    assert lists.labels([4, {"t": "UpperRoman"}, {"t": "Period"}], 2) == ["IV.", "V."]
    assert lists.labels([1, {"t": "Example"}, {"t": "TwoParens"}], 1) == ["(1)"]


@pytest.mark.parametrize("trim", ["6x9in", "5.5x8.5in", "5x8in", "a5", "a4", "letter", "90x140mm"])
@pytest.mark.parametrize("pages", [None, 100, 400, 900])
def test_page_fills_the_trim(trim, pages):
    """Margins and text make up the trim; the inner margin is what a printer asks, or more."""
    made = page.lay_out(PdfSettings(trim=trim), pages)
    assert made.inner + made.text_width + made.outer == pytest.approx(made.width, abs=0.05)
    assert made.top + made.text_height + made.bottom == pytest.approx(made.height, abs=0.05)
    lines = (made.text_height - made.size) / made.leading
    assert lines == pytest.approx(round(lines), abs=0.02)
    least = stores.inner(pages or 0)
    assert made.inner >= least * 72.27 - 0.01
    assert made.outer >= 0.25 * 72.27 - 0.01


def test_measure_does_not_hang_on_the_page_count():
    """A thicker book moves its text outward and breaks no line anew."""
    thin, thick = (page.lay_out(PdfSettings(), pages) for pages in (100, 800))
    assert thin.text_width == pytest.approx(thick.text_width, abs=0.02)
    assert thin.inner < thick.inner
    assert 60 <= thin.characters <= 70


@pytest.mark.parametrize(
    ("tag", "name", "ini"),
    [
        ("en-GB", "british", "en-GB"),
        ("de-DE", "ngerman", "de"),
        ("pt-br", "brazilian", "pt-BR"),
        ("zh-Hant-TW", "chinese-traditional", "zh-Hant"),
        ("tlh", "xtlh", None),
        ("km", "xkm", "km"),
        ("dv", "xdv", "ar"),
    ],
)
def test_languages(tag, name, ini):
    """A tag finds babel's language; an unknown one gets a name without hyphenation rules."""
    found = language(tag)
    assert (found.name, found.ini) == (name, ini)


def test_setting_knows_languages_and_mathematics(tmp_path):
    """Languages in the text are loaded, the main one first; mathematics is asked for where it is."""
    span = {"t": "Span", "c": [attr("", [], lang="he"), text("x")]}
    plain_book = make_setting(_resolved(tmp_path, [para([span])]), FONTS)
    assert [one.name for one in plain_book.every_language] == ["british", "hebrew"]
    assert plain_book.right_to_left
    assert not plain_book.has_math
    math = {"t": "Math", "c": [{"t": "InlineMath"}, "x"]}
    assert make_setting(_resolved(tmp_path, [para([math])]), FONTS).has_math


@given(st.text(min_size=1).filter(str.strip))
def test_running_heads_fit(title):
    """A running head is never longer than the page's head, nor empty."""
    head = running_head(title)
    assert head
    assert width(head) <= ROOM
    assert head == title or width(title) > ROOM


def test_faces_are_named_by_file():
    """Fonts are loaded by file, with their fallbacks in upright and bold."""
    plan = replace(FONTS, renderer="Node", fallbacks=("a",), bold_fallbacks=("b",))
    roman = faces(plan)["roman"]
    assert roman.file == "Test Serif"
    assert "Renderer=Node" in roman.options
    assert "BoldFeatures={RawFeature={fallback=bookbold}}" in roman.options


@pytest.mark.tools
def test_stress_book_compiles_without_overfull_lines(tmp_path):
    """Every construct compiles with the real templates, and no line is wider than the measure."""
    blocks, _ = pandoc.read({"one.md": MARKDOWN.replace("![", "\\![")})
    resolved = _resolved(tmp_path, _numbered(blocks["one.md"]))
    fonts = FontPlan("Latin Modern Roman", "DejaVu Sans Mono", "Latin Modern Math")
    made = write_parts(resolved, make_setting(resolved, fonts))
    for name, content in made.files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    for _ in range(2):
        ran = subprocess.run(
            ["lualatex", "-interaction=nonstopmode", "-no-shell-escape", "book.tex"],
            cwd=tmp_path,
            capture_output=True,
            check=False,
        )
    log = (tmp_path / "book.log").read_text(encoding="utf-8", errors="replace")
    assert ran.returncode == 0, log[-3000:]
    assert "Overfull \\hbox" not in log
    assert "has been referenced but does not exist" not in log
