"""Books out of all proportion: built, or refused with a clear word, before anything breaks."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from geppetto import pandoc, sourcemap, tools
from geppetto.diagnostics import ExitCode, GeppettoError
from geppetto.pandoc import batch
from geppetto.pipeline import reading
from geppetto.pipeline.building import build
from geppetto.pipeline.edition import Request
from geppetto.pipeline.resolving import resolve

pytestmark = pytest.mark.tools
DIVS = 500


def made(root, *editions):
    return build(Request(root, editions), lambda _: None)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("> " * 3000 + "deep", "chapters/1.md:3:6001"),
        ("> " * 300 + "deep", "chapters/1.md:3:601"),
        ("".join("    " * n + f"- item {n}\n\n" for n in range(90)), "chapters/1.md:181:357"),
        (
            "".join(":::" + ":" * (DIVS - n) + " x\n" for n in range(DIVS)) + "\ndeep\n",
            f"chapters/1.md:{DIVS + 2}:1",
        ),
        ("[" * 5000, "chapters/1.md:3:15"),
        ("[" * 30 + "x" + "]" * 30, "chapters/1.md:3:22"),
    ],
    ids=[
        "3000 quotations",
        "300 quotations",
        "90 lists",
        "500 divs",
        "brackets",
        "closed brackets",
    ],
)
def test_too_deep_is_said_where_it_is_deepest(make_book, text, place):
    """No walk of the tree breaks, whatever is nested how deep; the other chapters are read."""
    root = make_book({"chapters/1.md": f"# One\n\n{text}\n", "chapters/2.md": "# Two\n\n@nobody\n"})
    outcome = made(root, "epub")
    assert [(d.code, str(d.location)) for d in outcome.diagnostics if d.code == "nesting-deep"] == [
        ("nesting-deep", place)
    ]
    assert outcome.artifacts == ()


def test_thirty_lists_in_each_other_are_set(make_book):
    lists = "".join("  " * n + f"- item {n}\n" for n in range(30))
    root = make_book({"chapters/1.md": f"# One\n\n{lists}"})
    outcome = made(root, "pdf", "epub")
    assert not any(d.is_error for d in outcome.diagnostics)
    assert len(outcome.artifacts) == 2


def test_a_table_of_two_thousand_rows_is_set(make_book):
    rows = "".join(f"| row {n} | words | {n} |\n" for n in range(2000))
    root = make_book({"chapters/1.md": f"# One\n\n| a | b | c |\n|---|---|---|\n{rows}"})
    outcome = made(root, "pdf")
    assert outcome.diagnostics == ()
    assert outcome.artifacts[0].count > 40


def test_a_thousand_chapters_are_resolved(make_book):
    files = {
        f"chapters/{n:04}.md": f"# Chapter {n}\n\nWords, see [it](#chapter-{999 - n}).\n"
        for n in range(1000)
    }
    book, csl, diagnostics = reading.read(make_book(files))
    resolved, more = resolve(book, csl, lambda _: None)
    assert [*diagnostics, *more] == []
    assert [d.number for d in resolved.documents] == [str(n) for n in range(1, 1001)]


def test_a_chapter_of_ten_megabytes_is_read(make_book):
    """What looks at a chapter's text before Pandoc does takes seconds, not minutes."""
    paragraph = 'Words [in](#x) *it* `code` $x$ and "more", [@k] over and over.\n\n' * 8
    text = "# One\n\n" + paragraph * (10_000_000 // len(paragraph))
    book, _, diagnostics = reading.read(make_book({"chapters/1.md": text}))
    assert diagnostics == []
    assert book.chapters[0].text == text
    assert sourcemap.tangled(text) is None


def test_pandoc_past_its_time_names_the_chapter(monkeypatch):
    monkeypatch.setattr(batch, "LIMITS", tools.Limits(seconds=2))
    with pytest.raises(GeppettoError) as caught:
        pandoc.read({"a.md": "x", "b.md#title": "[" * 40, "c.md": "y"})
    [found] = caught.value.diagnostics
    assert (found.code, str(found.location)) == ("tool-timeout", "b.md")
    assert caught.value.exit_code is ExitCode.MACHINERY


def test_pandoc_past_its_memory_names_the_chapter(monkeypatch):
    """GHC's runtime ends with 251 then; the first chapter has its result already."""

    def ended(*_arguments, cwd, **_options):
        (cwd / "0.out").write_text('{"blocks": []}')
        result = tools.Result(251, b"", b"pandoc: out of memory")
        return SimpleNamespace(wait=lambda: result)

    monkeypatch.setattr(tools, "start", ended)
    with pytest.raises(GeppettoError) as caught:
        pandoc.read({"a.md": "x", "b.md": "y"})
    [found] = caught.value.diagnostics
    assert (found.code, str(found.location)) == ("tool-failed", "b.md")
    assert "memory" in found.message


def test_pandoc_has_no_more_memory_than_it_may(monkeypatch):
    monkeypatch.setattr(batch, "LIMITS", tools.Limits(seconds=60, memory=128 * tools.MIB))
    with pytest.raises(GeppettoError) as caught:
        pandoc.read({"a.md": "| a |\n|---|\n" + "| *words* of it |\n" * 20_000})
    assert caught.value.diagnostics[0].code == "tool-failed"
