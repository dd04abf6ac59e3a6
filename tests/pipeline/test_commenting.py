"""Remarks through the command line: kept, listed, settled, inserted, applied; and the book built."""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import asdict, replace

import pytest

from geppetto.cli import main
from geppetto.pipeline import commenting
from geppetto.pipeline.building import build
from geppetto.pipeline.checking import check
from geppetto.pipeline.edition import Request
from geppetto.review import drafts, returned
from geppetto.review.drafts import Draft
from geppetto.review.kept import keeping
from geppetto.review.kept.offsets import span
from geppetto.review.remarks import Certainty, Kind, Remark
from geppetto.review.returned import Returned

ONE = """---
title: The Dream
---

A piece of wood, not an *expensive* piece. It lay `there` one day.

It was found [in the shop](http://example.org) by an old man.
"""
TWO = "# The Shop\n\nHe was called Master Cherry -- for the tip of his nose.\n"
SOURCES = {"chapters/1.md": ONE, "chapters/2.md": TWO}
DRAFT = "2026-11-30-book"


@pytest.fixture
def book(make_book):
    """Give a book a draft of which is kept, as it was before the second chapter was edited."""
    root = make_book(SOURCES)
    folder = drafts.folder(root) / DRAFT
    for path, text in SOURCES.items():
        (folder / "sources" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "sources" / path).write_text(text, "utf-8")
    digests = {path: hashlib.sha256(text.encode()).hexdigest() for path, text in SOURCES.items()}
    draft = Draft(DRAFT, "2026-11-30", "abc1234", "book", digests)
    (folder / drafts.RECORD).write_text(drafts.record(draft), "utf-8")
    return root


def _remark(name, words, path="chapters/1.md", **said):
    text = SOURCES[path]
    start = text.index(words)
    place = span(path, text, start, start + len(words))
    made = Remark(
        name, DRAFT, "ann", Kind.HIGHLIGHT, "Ann", "2026-12-01", "why?", words,
        place=place, certainty=Certainty.EXACT,
    )  # fmt: skip
    return replace(made, **said)


REMARKS = (
    _remark("aaaa1", "tip of his nose", "chapters/2.md", text="Which tip?"),
    _remark("bbbb2", "*expensive*", kind=Kind.REPLACEMENT, replacement="costly_", text=""),
    _remark("cccc3", "piece of wood", reviewer="bob", author="Bob", text="A block?"),
    _remark("dddd4", "one day", kind=Kind.DELETION, replacement="", text=""),
    _remark("eeee5", "there", text="Where?"),
    _remark("ffff6", "old man", certainty=Certainty.AMBIGUOUS, replacement="carpenter", text=""),
    _remark("gggg7", "old", place=None, certainty=Certainty.LOST, text="The end is good."),
)


@pytest.fixture
def kept(book):
    """Give the book with remarks of two reviewers."""
    for reviewer in ("ann", "bob"):
        files, _ = keeping.read(book)
        keeping.add(files, book, [r for r in REMARKS if r.reviewer == reviewer])
    return book


def _run(root, *words, capsys):
    """Run a command; give its exit code, what it printed, and its problems."""
    arguments, sys.argv = sys.argv, ["geppetto", "-C", str(root), "comments", *words]
    try:
        main()
        code = 0
    except SystemExit as ended:
        code = int(ended.code or 0)
    finally:
        sys.argv = arguments
    said = capsys.readouterr()
    return code, said.out, said.err


def _text(root, path="chapters/1.md"):
    return (root / path).read_bytes().decode()


def _states(root):
    return {p.entry.remark.id: p.entry.state for f in keeping.read(root)[0] for p in f.sheet.parts}


def test_returned_files_are_taken_in_once(book, tmp_path, capsys, monkeypatch):
    """Twice the same file adds nothing twice; a broken one does not keep the others from it."""
    found = Returned(DRAFT, "ann", "pdf", "0" * 64, REMARKS[:2])

    def read(file, _):
        if file.name == "broken.pdf":
            raise keeping.GeppettoError(keeping.Diagnostic("draft-unknown", "No draft."), 2)
        return found, []

    monkeypatch.setattr(returned, "read", read)
    for name in ("broken.pdf", "back.pdf"):
        (tmp_path / name).write_bytes(b"x")
    files = (str(tmp_path / "broken.pdf"), str(tmp_path / "back.pdf"))
    code, out, err = _run(book, *files, capsys=capsys)
    assert code == 2
    assert "draft-unknown" in err
    assert f"2 remarks of ann on {DRAFT}, 2 new, 0 changed" in out
    ledger = (book / "reviews" / "ledger.yaml").read_bytes()
    assert ledger.count(b'"returned"') == 1
    before = (book / "reviews" / f"ann-{DRAFT}.md").read_bytes()
    assert b"- revision: abc1234\n" in before
    code, out, _ = _run(book, files[1], "--json", capsys=capsys)
    assert (code, json.loads(out)["new"]) == (0, 0)
    assert (book / "reviews" / f"ann-{DRAFT}.md").read_bytes() == before
    assert (book / "reviews" / "ledger.yaml").read_bytes() == ledger


def test_remarks_are_listed_in_the_books_order_where_they_stand_today(kept, capsys):
    """Of two reviewers, after an edit; those on one sentence stand together."""
    (kept / "chapters/1.md").write_text(ONE.replace("\nA piece", "\nOnce: a\npiece"), "utf-8")
    code, out, _ = _run(kept, "list", "--lines", capsys=capsys)
    assert code == 0
    assert out.splitlines() == [
        "chapters/1.md:6:1: note[highlight]: Bob: “piece of wood”: A block?",
        "chapters/1.md:6:23: note[replacement]: Ann: “*expensive*” → “costly_”",
        "chapters/1.md:6:50: note[highlight]: Ann: “there”: Where?",
        "chapters/1.md:6:57: note[deletion]: Ann: “one day” → nothing",
        "chapters/1.md:8:54: note[highlight]: Ann: “old man” → “carpenter”",
        "chapters/2.md:3:40: note[highlight]: Ann: “tip of his nose”: Which tip?",
        f"reviews/ann-{DRAFT}.md:86: note[highlight]: Ann: “old”: The end is good.",
    ]
    _, out, _ = _run(kept, "list", "--json", capsys=capsys)
    groups = [json.loads(line)["group"] for line in out.splitlines()]
    assert groups == [1, 1, 2, 2, 3, 4, 5]
    _, out, _ = _run(kept, "list", capsys=capsys)
    assert "bbbb" in out
    assert "costly_" in out
    assert "place not known" in " ".join(out.split())


@pytest.mark.parametrize(
    ("options", "names"),
    [
        (["--reviewer", "bob"], ["cccc3"]),
        (["--reviewer", "Ann", "--chapter", "2"], ["aaaa1"]),
        (["--chapter", "chapters/2.md"], ["aaaa1"]),
        (["--draft", "other"], []),
        (["--all", "--chapter", "2.md"], ["aaaa1", "zzzz0"]),
    ],
)
def test_some_of_the_remarks_are_listed(kept, capsys, options, names):
    files, _ = keeping.read(kept)
    settled = _remark("zzzz0", "nose", "chapters/2.md", resolved=True)
    keeping.add(files, kept, [settled])
    _, out, _ = _run(kept, "list", "--json", *options, capsys=capsys)
    assert [json.loads(line)["id"] for line in out.splitlines()] == names


def test_what_became_of_a_passage_is_said(kept, capsys):
    text = ONE.replace("of wood", "of old wood").replace(" It lay `there` one day.", "")
    (kept / "chapters/1.md").write_text(text, "utf-8")
    _, out, _ = _run(kept, "list", "--json", capsys=capsys)
    fates = {r["id"]: r["fate"] for r in map(json.loads, out.splitlines())}
    assert (fates["cccc3"], fates["dddd4"], fates["gggg7"]) == ("changed", "gone", None)


def test_a_strangers_words_give_a_terminal_no_orders(kept, capsys):
    files, _ = keeping.read(kept)
    keeping.add(files, kept, [_remark("zzzz0", "nose", "chapters/2.md", text="\x1b]0;x\x07\x9b")])
    for how in ([], ["--lines"], ["--json"]):
        _, out, _ = _run(kept, "list", *how, capsys=capsys)
        assert "0;x" in out
        assert not any((ord(c) < 32 and c != "\n") or 0x7F <= ord(c) < 0xA0 for c in out)


def test_without_the_kept_draft_remarks_are_listed_all_the_same(kept, capsys):
    (drafts.folder(kept) / DRAFT / "draft.json").unlink()
    code, out, err = _run(kept, "list", "--lines", capsys=capsys)
    assert code == 0
    assert len(out.splitlines()) == len(REMARKS)
    assert err.count("remark-unplaced") == 1


def test_remarks_are_settled_opened_again_and_given_to_somebody(kept, capsys):
    code, out, _ = _run(kept, "resolve", "aa", "cccc3", "--message", "Done.", capsys=capsys)
    assert (code, out) == (0, "2 remarks changed\n")
    assert (_states(kept)["aaaa1"], _states(kept)["bbbb2"]) == ("resolved", "open")
    _run(kept, "reopen", "aaaa1", capsys=capsys)
    _run(kept, "assign", "aaaa1", "Carl", capsys=capsys)
    _run(kept, "resolve", "bbbb", "--rejected", capsys=capsys)
    assert (_states(kept)["aaaa1"], _states(kept)["bbbb2"]) == ("open", "rejected")
    text = (kept / "reviews" / f"ann-{DRAFT}.md").read_text("utf-8")
    assert "- assigned: Carl\n" in text
    assert "\n> Which tip?\n\nDone.\n" in text
    code, _, err = _run(kept, "resolve", "aaab", capsys=capsys)
    assert code == 2
    assert "remark-unknown" in err
    assert "Did you mean aaaa1?" in err


def test_remarks_go_into_the_chapters_and_come_out_again(kept, capsys):
    """Byte for byte, though the author has edited elsewhere meanwhile, and line ends are odd."""
    first = ONE.replace("\n", "\r\n").encode()
    (kept / "chapters/1.md").write_bytes(first)
    code, out, err = _run(kept, "insert", capsys=capsys)
    assert code == 0
    assert out == "chapters/1.md: 5 remarks put in\nchapters/2.md: 1 remark put in\n"
    assert "gggg7" in err
    text = _text(kept)
    assert "A {==piece of wood==}{>>Bob (remark cccc3): A block?<<}, not" in text
    assert r"{~~*expensive*~>costly\_~~}{>>Ann (remark bbbb2)<<}" in text
    assert (
        "`there`{>>Ann (remark eeee5): “there”: Where?<<} {--one day--}{>>Ann (remark dddd4)<<}."
        in text
    )
    assert _run(kept, "insert", capsys=capsys)[1] == ""
    _, listed, _ = _run(kept, "list", "--lines", capsys=capsys)
    assert "chapters/1.md:5:6: note[highlight]: Bob" in listed
    edited = text.replace("by an", "by a very").encode()
    (kept / "chapters/1.md").write_bytes(edited)
    _run(kept, "insert", "--remove", "bbbb", capsys=capsys)
    assert "not an *expensive* piece" in _text(kept)
    assert "(remark cccc3)" in _text(kept)
    _run(kept, "insert", "--remove", capsys=capsys)
    assert (kept / "chapters/1.md").read_bytes() == first.replace(b"by an", b"by a very")
    assert _text(kept, "chapters/2.md") == TWO


def test_a_remark_on_somewhere_in_a_paragraph_or_on_changed_words_only_says_so(kept, capsys):
    """Nothing is proposed for words that nobody saw."""
    files, _ = keeping.read(kept)
    block = _remark(
        "hhhh8",
        TWO.split("\n\n")[1].strip(),
        "chapters/2.md",
        certainty=Certainty.BLOCK,
        quote="tip",
    )
    keeping.add(files, kept, [block])
    (kept / "chapters/1.md").write_text(ONE.replace("*expensive*", "*dear* expensive"), "utf-8")
    _run(kept, "insert", "hhhh", "bbbb", capsys=capsys)
    assert "nose.{>>Ann (remark hhhh8): “tip” / why?<<}\n" in _text(kept, "chapters/2.md")
    assert "{>>Ann (remark bbbb2): “*expensive*” → “costly_”<<}" in _text(kept)
    _, out, _ = _run(kept, "list", "--reviewer", "ann", capsys=capsys)
    assert "[somewhere in this paragraph]" in " ".join(out.split())
    assert "[words changed]" in " ".join(out.split())


def test_a_draft_may_have_been_made_of_chapters_with_remarks_in_them(kept, capsys):
    """Places are counted in the file as it was, marks and all; today it has others, or none."""
    _run(kept, "insert", "aaaa1", capsys=capsys)
    marked = _text(kept, "chapters/2.md")
    start = marked.index("Master")
    remark = replace(
        _remark("zzzz0", "Master Cherry", "chapters/2.md", draft="later"),
        place=span("chapters/2.md", marked, start, marked.index("nose=") + 4),
    )
    folder = drafts.folder(kept) / "later"
    (folder / "sources" / "chapters").mkdir(parents=True)
    (folder / "sources" / "chapters" / "2.md").write_text(marked, "utf-8")
    draft = Draft("later", "2026-12-05", "", "book", {"chapters/2.md": ""})
    (folder / drafts.RECORD).write_text(drafts.record(draft), "utf-8")
    keeping.add(keeping.read(kept)[0], kept, [remark])
    _run(kept, "insert", "--remove", capsys=capsys)
    for fate, text in (("same", TWO), ("moved", TWO.replace("\nHe", "\nOh! He"))):
        (kept / "chapters/2.md").write_text(text, "utf-8")
        _, out, _ = _run(kept, "list", "--json", "--draft", "later", capsys=capsys)
        found = json.loads(out)
        assert found["fate"] == fate
        at = text.index("Master")
        expected = span("chapters/2.md", text, at, text.index("nose.") + 4)
        assert found["today"] == asdict(expected)


def test_only_the_remarks_that_are_named_are_put_in(kept, capsys):
    _run(kept, "insert", "aaaa", capsys=capsys)
    assert _text(kept) == ONE
    assert "(remark aaaa1)" in _text(kept, "chapters/2.md")


@pytest.mark.tools
def test_changes_are_applied_and_their_remarks_settled(kept, capsys):
    """Only the words change; what cannot be done is said, and nothing is changed for it."""
    _run(kept, "insert", "bbbb2", "cccc3", capsys=capsys)
    code, out, err = _run(kept, "apply", "bbbb2", "dddd4", "cccc3", "ffff6", "gggg7", capsys=capsys)
    assert code == 1
    assert "bbbb2 applied" in out
    assert "dddd4 applied" in out
    assert err.count("remark-unapplied") == 3
    marked = "{==piece of wood==}{>>Bob (remark cccc3): A block?<<}"
    expected = ONE.replace("*expensive*", r"costly\_").replace(" one day", "")
    assert _text(kept) == expected.replace("piece of wood", marked)
    states = _states(kept)
    assert {n for n, s in states.items() if s == "resolved"} == {"bbbb2", "dddd4"}
    code, _, _ = _run(kept, "apply", "ffff6", "--ambiguous", capsys=capsys)
    assert code == 0
    assert "by an carpenter." in _text(kept)


@pytest.mark.tools
def test_a_change_of_a_passage_that_was_edited_is_not_made(kept, capsys):
    (kept / "chapters/1.md").write_text(ONE.replace("*expensive*", "*very expensive*"), "utf-8")
    code, _, err = _run(kept, "apply", "bbbb2", capsys=capsys)
    assert code == 1
    assert "the passage has changed since; it reads “*very expensive*” now." in err
    assert _states(kept)["bbbb2"] == "open"


def _built(root):
    outcome = build(Request(root, ("pdf", "epub"), whole=True), lambda _: None)
    assert len(outcome.artifacts) == 2, outcome.diagnostics
    return [a.path.read_bytes() for a in outcome.artifacts], outcome.diagnostics


@pytest.mark.tools
def test_a_book_with_remarks_in_it_is_built_as_without_them(kept, capsys, monkeypatch):
    """The PDF and the EPUB are the same to the byte, and problems lead to their columns in the file."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    before, none = _built(kept)
    _run(kept, "insert", capsys=capsys)
    assert "{>>" in _text(kept)
    after, said = _built(kept)
    assert after == before
    assert said == none
    text = _text(kept).replace("piece. It lay", "piece. @nobody It lay")
    (kept / "chapters/1.md").write_text(text, "utf-8")
    faults = check(kept, [], lambda _: None).diagnostics
    fault = next(f for f in faults if f.code == "citation-unknown")
    line = text.split("\n")[fault.location.line - 1]
    assert line[fault.location.column - 1 :].startswith("@nobody")


def test_a_chapter_that_is_saved_meanwhile_is_left_as_it_is(kept):
    """What an editor has just saved is not overwritten."""
    text = commenting.Text(ONE)
    (kept / "chapters/1.md").write_text(ONE + "More.\n", "utf-8")
    with pytest.raises(keeping.GeppettoError) as caught:
        commenting.write(kept / "chapters/1.md", text, b"new")
    assert caught.value.diagnostics[0].code == "input-changed"
    assert _text(kept) == ONE + "More.\n"
