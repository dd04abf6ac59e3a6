"""Mistakes that authors make, planted one at a time: each is reported in its place.

Over one small book that is right. A mistake replaces a text of one file by
another; what is expected are a code and the line (of that file, unless another
is named) on which the message has to be.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from geppetto.diagnostics import GeppettoError
from geppetto.pipeline import building
from geppetto.pipeline.edition import Request

pytestmark = pytest.mark.tools

SVG = "<svg xmlns='http://www.w3.org/2000/svg' width='90' height='60'><rect width='9' height='9'/></svg>"
BOOK = {
    "book.yaml": """title: The Stock Book
subtitle: For planting mistakes
author:
  - Ann Author
lang: en-GB
date: 2026-01-02
bibliography: references.bib
chapters:
  - chapters/1.md
  - part: The Other Part
    chapters:
      - chapters/2.md
pdf:
  trim: 6x9in
  fontsize: 10.5pt
""",
    "references.bib": """@book{shelley1818,
  author = {Shelley, Mary},
  title = {Frankenstein},
  publisher = {Lackington},
  year = {1818}
}

@book{collodi1883,
  author = {Collodi, Carlo},
  title = {Le avventure di Pinocchio},
  publisher = {Paggi},
  year = {1883}
}
""",
    "chapters/a.svg": SVG,
    "chapters/1.md": """---
short-title: One
epigraph:
  text: Said before [@collodi1883].
---

# The first chapter {#sec:first}

A paragraph that cites [@shelley1818, p. 3] and goes on over
two lines, with a note.[^n]

[^n]: The note cites [@collodi1883] too.

## A section

![The caption.](a.svg){#fig:a alt="A square."}

See @fig:a and @sec:second, or [the other](2.md#sec:second).

- An item with *emphasis* and `code`.
    - A nested item, $a^2 + b^2$.

> A quotation.

| Left | Right |
|------|-------|
| one  | two   |

: The table. {#tbl:t}

$$ E = mc^2 $$ {#eq:e}

As @eq:e and @tbl:t say, raw LaTeX works: \\textbf{bold}.
""",
    "chapters/2.md": """# The second chapter {#sec:second}

The end, as in @sec:first.
""",
    "templates/latex/notes.tex": (
        Path(__file__).parents[1] / "templates" / "latex" / "notes.tex"
    ).read_text("utf-8"),
}


@dataclass(frozen=True)
class Mistake:
    """One text replaced by another in one file, and what is to be said of it, where."""

    what: str
    file: str
    old: str
    new: str
    code: str
    line: int | None
    place: str | None = None

    def __str__(self) -> str:
        return self.what


NOWHERE = -1  # a picture has no lines
ONE, TWO, BIB, YAML = "chapters/1.md", "chapters/2.md", "references.bib", "book.yaml"
MISTAKES = [
    Mistake("unknown citation", ONE, "@shelley1818, p", "@shely1818, p", "citation-unknown", 9),
    Mistake("unknown citation in a note", ONE, "cites [@collodi1883]", "cites [@colodi]",
            "citation-unknown", 12),
    Mistake("unknown citation in an epigraph", ONE, "before [@collodi1883]", "before [@colodi]",
            "citation-unknown", 4),
    Mistake("unknown figure", ONE, "See @fig:a", "See @fig:b", "crossref-unknown", 18),
    Mistake("unknown section", ONE, "@sec:second, or", "@sec:secnd, or", "crossref-unknown", 18),
    Mistake("unknown equation", ONE, "As @eq:e", "As @eq:f", "crossref-unknown", 33),
    Mistake("link to no anchor", ONE, "2.md#sec:second", "2.md#sec:third", "link-unknown", 18),
    Mistake("link to no file", ONE, "(2.md#sec:second)", "(3.md)", "link-unknown", 18),
    Mistake("undefined note", ONE, "note.[^n]", "note.[^m]", "note-undefined", 10),
    Mistake("note twice", TWO, "The end", "The end[^z]\n\n[^z]: A.\n\n[^z]: B.\n\nAnd",
            "note-duplicate", 7),
    Mistake("note unused", TWO, "The end", "[^z]: Unused.\n\nThe end", "note-unused", 3),
    Mistake("identifier twice", TWO, "{#sec:second}", "{#sec:second}\n\n## Again {#sec:first}",
            "id-duplicate", 3),
    Mistake("missing image", ONE, "](a.svg)", "](b.svg)", "image-missing", 16),
    Mistake("image outside", ONE, "](a.svg)", "](/etc/passwd)", "image-outside", 16),
    Mistake("image elsewhere", ONE, "](a.svg)", "](https://example.org/a.svg)", "image-remote", 16),
    Mistake("broken image", "chapters/a.svg", "<svg", "<sv g", "image-broken", NOWHERE),
    Mistake("no alternative text", ONE, ' alt="A square."', ' alt=""', "image-alt-missing", 16),
    Mistake("unknown LaTeX command", ONE, "\\textbf{", "\\textbff{", "latex-error", 33),
    Mistake("unknown command in a formula", ONE, "a^2 +", "\\alfa +", "latex-error", 21),
    Mistake("double superscript", ONE, "mc^2", "mc^2^2", "latex-error", 31),
    Mistake("environment without end", ONE, "\\textbf{bold}.",
            "\n\n```{=latex}\n\\begin{center}\nx\n```\n", "latex-error", 36),
    Mistake("undefined environment", ONE, "\\textbf{bold}.",
            "\n\n\\begin{nosuch}\nx\n\\end{nosuch}\n", "latex-error", 35),
    Mistake("missing LaTeX file", ONE, "\\textbf{bold}", "\\input{nosuch}", "latex-error", 33),
    Mistake("raw text for no edition", ONE, "\\textbf{bold}", "`x`{=openxml}", "raw-ignored", 33),
    Mistake("a glyph that no font has", TWO, "The end", "The \ue123 end", "glyph-missing", 3),
    Mistake("not UTF-8", TWO, "The end", "The \udcff end", "chapter-encoding", 3),
    Mistake("control character", TWO, "The end", "The \x07 end", "chapter-control", 3),
    Mistake("chapter without heading", TWO, "# The second chapter {#sec:second}",
            "Text.\n\n## Sub {#sec:second}", "chapter-untitled", 1),
    Mistake("chapter's YAML broken", ONE, "short-title: One", "short-title: [One", "chapter-yaml", 3),
    Mistake("a key for the book", ONE, "short-title: One", "geometry: wide",
            "chapter-key-ignored", 2),
    Mistake("a wrong value", ONE, "short-title: One", "lang: [en]", "chapter-value", 2),
    Mistake("bibliography: key twice", BIB, "@book{collodi1883", "@book{shelley1818",
            "bib-duplicate-key", 8),
    Mistake("bibliography: field twice", BIB, "  year = {1818}", "  title = {F}", "bib-duplicate-field",
            5),
    Mistake("bibliography: no comma", BIB, "{Lackington},", "{Lackington}", "bib-broken-entry", 4),
    Mistake("bibliography: brace open", BIB, "title = {Frankenstein},", "title = {Frankenstein,",
            "bib-broken-entry", 3),
    Mistake("bibliography: a lost command", BIB, "{Frankenstein}", "{Frank \\fancy{x}}", "bib-command",
            3),
    Mistake("bibliography: unknown abbreviation", BIB, "{Lackington}", "lack", "bib-broken-entry", 4),
    Mistake("configuration: unknown key", YAML, "subtitle:", "subtitel:", "config-unknown-key", 2),
    Mistake("configuration: key twice", YAML, "lang: en-GB", "title: Again", "config-duplicate-key", 5),
    Mistake("configuration: wrong value", YAML, "6x9in", "6by9", "config-value", 14),
    Mistake("configuration: wrong size", YAML, "10.5pt", "105pt", "config-value", 15),
    Mistake("configuration: no YAML", YAML, "  - Ann Author", "  - Ann: [Author", "config-yaml", 5),
    Mistake("configuration: wrong date", YAML, "2026-01-02", "2026-13-02", "config-value", 6),
    Mistake("configuration: missing chapter", YAML, "- chapters/2.md", "- chapters/3.md",
            "chapter-missing", 12),
    Mistake("configuration: chapter twice", YAML, "- chapters/2.md", "- chapters/1.md",
            "chapter-twice", 12),
    Mistake("configuration: missing bibliography", YAML, "references.bib", "refs.bib", "bib-missing",
            7),
    Mistake("configuration: missing font", YAML, "trim: 6x9in", "font: No Such Font", "font-missing",
            14),
    Mistake("configuration: missing style", YAML, "lang: en-GB", "csl: none.csl", "csl-missing", 5),
    Mistake("template: unknown name", "templates/latex/notes.tex", "\\makeatother",
            "\\makeatother\n\\VAR{nosuch}", "template-error", None),
    Mistake("template: unclosed block", "templates/latex/notes.tex", "\\makeatletter",
            "%% if true\n\\makeatletter", "template-error", None),
]  # fmt: skip


@pytest.fixture(scope="module")
def stock(tmp_path_factory):
    """The book without mistakes."""
    root = tmp_path_factory.mktemp("stock")
    for name, content in BOOK.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content, "utf-8")
    return root


def _said(root):
    """Give what a build of every edition says; errors stop it before anything is published."""
    try:
        return building.build(Request(root, ["pdf", "epub"]), lambda _: None).diagnostics
    except GeppettoError as fault:
        return fault.diagnostics


def test_the_stock_book_is_right(stock, tmp_path):
    """Without a mistake nothing is said."""
    root = tmp_path / "book"
    shutil.copytree(stock, root)
    assert _said(root) == ()


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_a_mistake_is_reported_in_its_place(stock, tmp_path, mistake):
    """The code, the file, the line, and a remedy."""
    root = tmp_path / "book"
    shutil.copytree(stock, root)
    target = root / mistake.file
    text = target.read_text("utf-8")
    assert text.count(mistake.old) >= 1
    target.write_bytes(text.replace(mistake.old, mistake.new, 1).encode("utf-8", "surrogateescape"))
    said = _said(root)
    found = [d for d in said if d.code == mistake.code]
    assert found, said
    assert all(d.hint for d in found)
    expected = (
        None
        if mistake.line == NOWHERE
        else mistake.line or text[: text.index(mistake.old)].count("\n") + 2
    )
    places = {(d.location.path, d.location.line) for d in found}
    assert (mistake.place or mistake.file, expected) in places
    others = {d.code for d in said if d.is_error and d.code != mistake.code}
    assert others <= ({"citation-unknown"} if mistake.file == BIB else set())
