"""`geppetto publish` on a small book: what it writes, what it refuses, what it finds later."""

from __future__ import annotations

import json
import subprocess

import pytest

from geppetto.diagnostics import GeppettoError
from geppetto.pipeline import gating
from geppetto.pipeline.publishing import Order, publish
from geppetto.pipeline.releasing import Release
from geppetto.pipeline.repeating import look
from geppetto.pipeline.versions import version_of
from geppetto.publish import folder as kept
from geppetto.publish.gates import State

BOOK = """title: A Small Book
author: Ann Author
description: What it is about.
subject: [Puppets]
date: 2026-01-02
publish: {stores: [kdp, kobo]}
"""
CHAPTER = """# The first chapter

Words, and a formula: $\\frac{a_1}{b^2}$.

::: author-note
Ask Anna whether this is still true of puppets.
:::
"""
FILES = 9
WORDS = "Another paragraph of words, so that there are some pages to print. " * 30


def git(root, *arguments):
    own = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", root, *own, *arguments], check=True, capture_output=True)


def ignore(_):
    pass


def book(root):
    """Write a small book of some 30 pages, in git, with the tag v1.0."""
    (root / "chapters").mkdir(parents=True)
    (root / "book.yaml").write_text(BOOK)
    (root / "chapters/1.md").write_text(CHAPTER)
    for number in range(2, 8):
        text = f"# Chapter {number}\n\n" + f"{WORDS}\n\n" * 5
        (root / f"chapters/{number}.md").write_text(text)
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "The book")
    git(root, "tag", "v1.0")
    return root


@pytest.mark.tools
def test_a_book_is_published_and_looked_at_again(tmp_path):
    """In one test, since it makes everything three times."""
    root = book(tmp_path / "book")
    made = publish(Order(root, allow_missing=True), ignore)
    _every_gate_is_asked_and_told(made)
    _the_folder_holds_what_stores_take(root, made)
    looked = look(root, made.folder, ignore)
    assert looked.diagnostics == ()
    assert looked.whole == looked.again == FILES
    (root / "chapters/2.md").write_text("# Another chapter\n")
    looked = look(root, made.folder, ignore)
    assert [d.code for d in looked.diagnostics] == ["release-sources"]
    assert "chapters/2.md" in looked.diagnostics[0].message
    assert (looked.whole, looked.again) == (FILES, 0)


def _every_gate_is_asked_and_told(made):
    """Each holds, or says that its program is not there."""
    states = {gate.name: gate.state for gate in made.gates}
    assert list(states) == list(gating.EVERY)
    bad = [(gate.name, gate.evidence, gate.diagnostics) for gate in made.gates
           if gate.state is State.FAILED]  # fmt: skip
    assert bad == []
    assert made.holds
    held = {name for name, state in states.items() if state is State.PASSED}
    assert {"check", "build", "verify", "notes", "fonts", "print", "metadata", "bytes"} <= held
    assert all(gate.evidence for gate in made.gates)


def _the_folder_holds_what_stores_take(root, made):
    """Version by git's tag; sums, facts and a page for people; nothing else."""
    assert made.folder == root / "build/release/1.0"
    names = {path.name for path in made.folder.iterdir()}
    assert names == {
        *("a-small-book.epub", "a-small-book-kindle.epub", "a-small-book.pdf", "a-small-book.docx"),
        *("a-small-book-print-kdp.pdf", "a-small-book-cover-kdp.pdf"),
        *("a-small-book-cover-kdp-proof.pdf", "a-small-book-cover.jpg", "a-small-book-onix.xml"),
        *(kept.SUMS, kept.METADATA, kept.BUILD),
    }
    assert kept.damage(made.folder) == []
    told = json.loads((made.folder / kept.METADATA).read_text("utf-8"))
    assert told["version"] == "1.0"
    assert told["book"]["title"] == "A Small Book"
    assert told["pages"]["a-small-book-print-kdp.pdf"] % 2 == 0
    assert {"book.yaml", "chapters/1.md"} <= told["sources"].keys()
    story = (made.folder / kept.BUILD).read_text("utf-8")
    assert all(f"| {gate.name} | {gate.state} | {gate.evidence} |" in story for gate in made.gates)
    assert f"git checkout {told['revision']}" in story


@pytest.mark.tools
def test_a_fault_refuses_the_release_and_every_gate_says_so(tmp_path):
    """Nothing is written; what can be asked without the book's files is asked."""
    root = book(tmp_path / "book")
    (root / "chapters/2.md").write_text("# Two\n\nA wrong key [@nobody].\n")
    made = publish(Order(root, allow_missing=True, only=("check", "build", "metadata")), ignore)
    assert {gate.name: gate.state for gate in made.gates} == {
        "check": State.FAILED, "build": State.FAILED, "metadata": State.PASSED,
    }  # fmt: skip
    assert not made.holds
    assert not (root / "build/release").exists()
    assert [d.code for d in made.diagnostics].count("citation-unknown") == 1


@pytest.mark.tools
def test_what_is_only_marked_on_the_page_is_not_published(make_book, tmp_path):
    text = "# One\n\nA wrong key [@nobody].\n"
    root = make_book({"book.yaml": "title: T\nerrors: mark\npublish: {stores: [kobo]}\n",
                      "chapters/1.md": text})  # fmt: skip
    gate = gating.run("build", Release(root, tmp_path / "files", ignore))
    assert gate.state is State.FAILED
    assert [d.code for d in gate.diagnostics if d.is_error] == ["citation-unknown"]


def test_versions_come_from_git_or_else_from_the_day(make_book):
    root = make_book({"book.yaml": "title: T\ndate: 2026-01-02\n", "chapters/1.md": "# One\n"})
    assert version_of(root) == "2026-01-02"
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "x")
    assert version_of(root).startswith("0-")
    git(root, "tag", "v2.1")
    assert version_of(root) == "2.1"
    (root / "chapters/1.md").write_text("# Two\n")
    assert version_of(root) == "2.1+"
    git(root, "commit", "-q", "-am", "y")
    assert version_of(root).startswith("2.1-1-g")


def test_another_folder_is_no_release(make_book):
    root = make_book({"chapters/1.md": "# One\n"})
    with pytest.raises(GeppettoError) as caught:
        look(root, root / "chapters", ignore)
    assert caught.value.diagnostics[0].code == "release-damaged"
