"""Nothing is lost: a finished edition compared with the chapters that it was made from.

The losses are planted the other way round: a book is built, then something is
added to its chapters, which the editions lack.
"""

from __future__ import annotations

import shutil

import pytest

from geppetto.diagnostics import GeppettoError
from geppetto.pipeline import building, verifying
from geppetto.pipeline.edition import Request

pytestmark = pytest.mark.tools

BOOK = {
    "book.yaml": "title: Whole\nlang: en\n",
    "refs.bib": "@book{shelley1818, author={Mary Shelley}, title={Frankenstein}, year=1818}\n"
    "@book{collodi1883, author={Carlo Collodi}, title={Pinocchio}, year=1883}\n",
    "chapters/a.svg": "<svg xmlns='http://www.w3.org/2000/svg' width='90' height='60'>"
    "<rect width='80' height='50'/></svg>",
    "chapters/1.md": """---
epigraph: {text: "Nothing is lost [@collodi1883].", source: An old saying}
---

# The first chapter {#sec:one}

A paragraph with a footnote[^1] whose words go on, an office with “fluffy” ligatures, a
hyphenated-compound, *emphasis* and **weight**, `inline_code(x)`, H~2~O and 10^th^ of May.
As Shelley wrote [@shelley1818, p. 12], and [@collodi1883] as well, $E = mc^2$ is known.

[^1]: This is the first footnote, with several words of its own.

## A section heading

$$ \\int_0^1 f(x)\\,dx = \\frac{a}{b} $$ {#eq:one}

See @eq:one, @fig:a and @tbl:t, and then [the second](2.md). ✨ 👩‍🚀 1️⃣

![A caption of the first figure.](a.svg){#fig:a alt="Alt"}

: A table of small things {#tbl:t}

| Left | Right |
|------|------:|
| one apple | 17 |
| two pears | 4242 |

- an item of a list
- another item, longer than the first
    1. nested and numbered

Term
: The definition of the term goes here.

| The line of a poem
|   another line, indented

> A quotation of some length, which is set apart from the text around it.

```python
def function(argument):
    return argument + 1
```

::: {.callout-note}
## Mind this
The text of a callout.
:::

::: {.author-note}
Not to be printed.
:::
""",
    "chapters/2.md": """# Das zweite Kapitel

λόγος καὶ ἀρχή. Русский текст. 身体と心の問題。 [שלום עולם]{lang=he} and [السلام عليكم]{lang=ar} end.

Another note here.^[An inline note, quite short.] A sentence that stands here once and for all.

"""
    + "".join(
        f"Paragraph {n} has words enough to fill a line or two, and a note.^[Note {n}, with "
        "words that go to the foot of the page.] What follows the note runs on to the end of "
        f"the paragraph, so that pages end anywhere within sentence {n} or the next one.\n\n"
        for n in range(60)
    ),
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A book with everything in it, built."""
    root = tmp_path_factory.mktemp("whole")
    for name, content in BOOK.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content, "utf-8")
    outcome = building.build(Request(root, ["pdf", "epub"]), lambda _: None)
    assert [d for d in outcome.diagnostics if d.is_error] == []
    return root


def _verified(root, files=()):
    return verifying.verify(root, files, lambda _: None).diagnostics


def test_nothing_of_everything_is_lost(whole):
    """Notes, figures, tables, formulas, citations, code, scripts both ways: no false alarm."""
    assert _verified(whole) == ()


# What, where, how it reads in the editions, how it reads afterwards: what is lost is between < and >.
PLANTED = [
    ("1.md", "Nothing is lost", "Nothing is <ever> lost", "lost-words"),
    ("1.md", "whose words go", "whose words <never> go", "lost-words"),
    ("1.md", "10^th^", "<11^th^>", "lost-words"),
    ("1.md", "[@collodi1883] as", "<[@collodi1883, ch. 4]> as", "lost-citation"),
    ("1.md", "$E = mc^2$", "$<E = mc^2 k>$", "lost-equation"),
    ("1.md", "of its own.", "of its own <and more>.", "lost-words"),
    ("1.md", "![A caption", "<![](a.svg){alt=new}>\n\n![A caption", "lost-figure"),
    ("1.md", "two pears", "two <plums>", "lost-words"),
    ("1.md", "- an item", "| <a | b |\n|--|--|\n| 7 | 2> |\n\n- an item", "lost-table"),
    ("1.md", "another item", "another <lost> item", "lost-words"),
    ("1.md", "of the term goes", "of the <good> term goes", "lost-words"),
    ("1.md", "another line,", "another <long> line,", "lost-words"),
    ("1.md", "some length", "some <great> length", "lost-words"),
    ("1.md", "return argument", "return <otherwise>", "lost-words"),
    ("1.md", "Mind this", "Mind this <well>", "lost-words"),
    ("1.md", "of a callout.\n", "of a callout.^[<A planted note.>]\n", "lost-note"),
    ("2.md", "Das zweite", "Das <neue> zweite", "lost-words"),
    ("2.md", "心の問題", "<魂>の問題", "lost-words"),
    ("2.md", "שלום עולם", "שלום <גדול> עולם", "lost-words"),
    ("2.md", "once and for all.", "once and for all. <A sentence that stands here once and for all.>",
     "lost-words"),
    ("2.md", "sentence 57", "sentence <fifty> 57", "lost-words"),
]  # fmt: skip


def _plant(root):
    """Write the chapters with all that is planted; give each one's code, file and line."""
    texts = {name: (root / "chapters" / name).read_text("utf-8") for name in ("1.md", "2.md")}
    for name, old, new, _ in PLANTED:
        assert old in texts[name], old
        texts[name] = texts[name].replace(old, new, 1)
    expected = set()
    for name, _, new, code in PLANTED:
        line = texts[name].count("\n", 0, texts[name].index(new) + new.index("<")) + 1
        expected.add((code, f"chapters/{name}", line))
    for name, text in texts.items():
        bare = text.replace("\n>", "\0").replace("<", "").replace(">", "").replace("\0", "\n>")
        (root / "chapters" / name).write_text(bare, "utf-8")
    return expected


def test_what_an_edition_lacks_is_found(whole, tmp_path):
    """One of each kind, each in the PDF and in the EPUB, each on its line, and nothing else."""
    root = tmp_path / "book"
    shutil.copytree(whole, root)
    expected = _plant(root)
    for edition in ("pdf", "epub"):
        found = _verified(root, [root / "build" / f"whole.{edition}"])
        missed = expected - {(d.code, d.location.path, d.location.line) for d in found}
        # A PDF has no tables to count, and does not tell which of two neighbouring pictures it lacks.
        vague = {"lost-table", "lost-figure"} if edition == "pdf" else set()
        assert {one for one in missed if one[0] not in vague} == set()
        assert len(found) == len(PLANTED) - (edition == "pdf")


def test_what_stands_twice_is_found(whole, tmp_path):
    """A paragraph that an edition repeats."""
    root = tmp_path / "book"
    shutil.copytree(whole, root)
    chapter = root / "chapters" / "1.md"
    said = "> A quotation of some length, which is set apart from the text around it.\n"
    text = chapter.read_text("utf-8")
    chapter.write_text(text.replace(said, said * 2 + "\n" + said), "utf-8")
    outcome = building.build(Request(root, ["pdf", "epub"]), lambda _: None)
    assert not [d for d in outcome.diagnostics if d.is_error]
    chapter.write_text(text, "utf-8")
    found = _verified(root)
    assert {d.code for d in found} == {"doubled-words"}
    assert {d.location.line for d in found} == {38}


def test_files_that_are_no_editions(whole, tmp_path):
    """Nothing built, a broken file, a file of another kind: said, with exit code 2."""
    broken = tmp_path / "x.pdf"
    broken.write_text("no PDF")
    other = tmp_path / "x.txt"
    other.write_text("no edition")
    for file in (broken, other):
        with pytest.raises(GeppettoError, match=r"x\.(pdf|txt)") as raised:
            _verified(whole, [file])
        assert raised.value.exit_code == 2
    root = tmp_path / "unbuilt"
    shutil.copytree(whole, root, ignore=shutil.ignore_patterns("build"))
    with pytest.raises(GeppettoError, match=r"no whole\.pdf"):
        _verified(root)
