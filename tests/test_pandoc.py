"""The door to Pandoc."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from geppetto import pandoc, tools
from geppetto.ast import para, stringify, text
from geppetto.diagnostics import ExitCode, GeppettoError
from geppetto.pandoc import batch

BOOK = "@book{k, author={Key, A.}, title={T}, year={2000}}\n"
pytestmark = pytest.mark.tools


def cite(key):
    part = pandoc._nocite(key)["c"][0][0]
    return {"t": "Cite", "c": [[part], text("?")]}


def test_many_chapters_in_one_process(monkeypatch):
    calls = []
    start = tools.start
    monkeypatch.setattr(tools, "start", lambda *a, **k: calls.append(a) or start(*a, **k))
    blocks, diagnostics = pandoc.read({"a.md": "# Ä\n", "b.md": "x[^1]\n\n[^1]: y\n", "c.md": ""})
    assert (len(calls), diagnostics) == (1, [])
    assert list(blocks) == ["a.md", "b.md", "c.md"]
    assert (stringify(blocks["a.md"]), blocks["c.md"]) == ("Ä", [])


def test_much_goes_through_several_processes(monkeypatch):
    """Each chapter comes once, with its own words, in the order of the book."""
    monkeypatch.setattr(batch, "WORTH", 40)
    monkeypatch.setattr(batch.os, "cpu_count", lambda: 3)
    calls = []
    start = tools.start
    monkeypatch.setattr(tools, "start", lambda *a, **k: calls.append(a) or start(*a, **k))
    texts = {f"{n}.md": f"Words of {n}, *and* [@more" + "]" * (n != 4) for n in range(9)}
    blocks, diagnostics = pandoc.read(texts)
    assert (len(calls), diagnostics) == (3, [])
    assert list(blocks) == list(texts)
    assert all(f"Words of {n}," in stringify(blocks[f"{n}.md"]) for n in range(9))


def test_one_of_several_processes_that_fails_stops_the_others(monkeypatch):
    monkeypatch.setattr(batch, "WORTH", 40)
    monkeypatch.setattr(batch, "LIMITS", tools.Limits(seconds=2))
    monkeypatch.setattr(batch.os, "cpu_count", lambda: 2)
    with pytest.raises(GeppettoError) as raised:
        pandoc.read({"a.md": "[" * 40, "b.md": "y" * 60})
    assert str(raised.value.diagnostics[0].location) == "a.md"
    assert not tools._RUNNING


def test_programs_are_stopped_when_what_is_done_meanwhile_fails():
    with pytest.raises(ZeroDivisionError), pandoc.Reading({"a.md": "[" * 40}):
        raise ZeroDivisionError
    assert not tools._RUNNING


def test_metadata_never_steers_the_book():
    """Blocks that Pandoc would read as metadata are text to it here."""
    text = "% T\n\n---\nbibliography: /etc/passwd\n---\n"
    blocks, _ = pandoc.read({"a.md": text})
    assert "bibliography: /etc/passwd" in stringify(blocks["a.md"])


def test_a_failure_names_the_chapter(monkeypatch):
    """The others are read; a piece of a YAML block is named by its chapter."""
    monkeypatch.setattr(pandoc, "MARKDOWN", "no-such-format")
    blocks, diagnostics = pandoc.read({"a.md": "x", "b.md#title": "y"})
    assert blocks == {}
    assert [(str(d.location), d.code) for d in diagnostics] == [
        ("a.md", "pandoc-failed"),
        ("b.md", "pandoc-failed"),
    ]
    assert diagnostics[0].detail


def test_a_process_that_fails_is_the_machinerys_fault(monkeypatch):
    failed = tools.Result(returncode=2, stdout=b"", stderr=b"boom", timed_out=False)
    monkeypatch.setattr(tools, "start", lambda *_, **__: SimpleNamespace(wait=lambda: failed))
    with pytest.raises(GeppettoError) as raised:
        pandoc.read({"a.md": "x"})
    assert raised.value.exit_code is ExitCode.MACHINERY
    assert raised.value.diagnostics[0].detail == "boom"


def test_citing():
    cited, diagnostics = pandoc.cite({"a": [para([cite("k")])]}, pandoc.Citing(BOOK))
    assert diagnostics == []
    assert stringify(cited["a"]) == "Key (2000) Key, A. 2000. T."


def test_a_broken_style(tmp_path):
    csl = tmp_path / "x.csl"
    csl.write_text("<style>")
    cited, (diagnostic,) = pandoc.cite({"a": [para([cite("k")])]}, pandoc.Citing(BOOK, csl))
    assert (cited, diagnostic.code) == ({}, "csl-broken")


def test_unreadable_entries():
    assert list(pandoc.unreadable({"k": BOOK, "b": "@book{b, title={x} year=1}"})) == ["b"]


def test_writing():
    blocks = {"a": [para(text("a & b"))], "b": []}
    assert dict(pandoc.write(blocks, "latex")) == {"a": "a \\& b", "b": ""}
    assert dict(pandoc.write(blocks, "html")) == {"a": "<p>a &amp; b</p>", "b": ""}
    assert "\\newenvironment{Shaded}" in pandoc.highlighting_macros()


def test_a_macro_without_end():
    """Its definition is named: Pandoc expands macros."""
    _, (diagnostic,) = pandoc.read({"a.md": "Text\n\n\\newcommand{\\x}{\\x} \\x and\n"})
    assert (str(diagnostic.location), diagnostic.code) == ("a.md:3:1", "pandoc-failed")
    assert "\\x calls itself" in diagnostic.message


def test_a_div_that_is_not_closed():
    """The place is where it opens."""
    _, (diagnostic,) = pandoc.read({"a.md": "Text\n\n::: a\n\nText\n"})
    assert (str(diagnostic.location), diagnostic.code) == ("a.md:3:1", "pandoc-warning")
