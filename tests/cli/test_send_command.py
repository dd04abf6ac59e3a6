"""`geppetto send`: what it prints, and how it ends."""

from __future__ import annotations

import json

import pytest

from geppetto.cli import main
from kept import keep

REVIEWERS = "- {name: Ann, email: ann@example.com}\n- {name: Bo, email: bo@example.com}\n"
COPIES = [("ann", "Ann", "pdf", b"%PDF"), ("bo", "Bo", "pdf", b"%PDF"), ("bo", "Bo", "epub", b"PK")]


@pytest.fixture
def book(make_book):
    """A book with a draft for two reviewers."""
    root = make_book({"reviewers.yaml": REVIEWERS})
    keep(root, copies=COPIES)
    return root


@pytest.fixture
def geppetto(book, monkeypatch, capsys):
    """Run `geppetto send`; give the exit code, standard output and standard error."""

    def run(*arguments):
        monkeypatch.chdir(book)
        monkeypatch.setattr("sys.argv", ["geppetto", "send", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return run


def test_each_letter_has_a_line(geppetto, book):
    """The file, to whom, what is in it, how large."""
    code, out, err = geppetto()
    assert code == 0
    first, second = out.splitlines()
    assert first.startswith("build/drafts/d1/ann.eml  Ann <ann@example.com>  a-book-ann.pdf  ")
    assert "a-book-bo.pdf, a-book-bo.epub" in second
    assert "· writing to Ann" in err
    assert (book / "build/drafts/d1/bo.eml").is_file()


def test_a_dry_run_shows_the_letters(geppetto, book):
    """Indented below their line; nothing is written."""
    code, out, _ = geppetto("--dry-run", "--to", "Bo")
    lines = out.splitlines()
    assert code == 0
    assert lines[0].startswith("would go out  Bo <bo@example.com>")
    assert lines[1] == "    Subject: A Small Book: the draft of 1 November 2026, for your review"
    assert "    Dear Bo," in lines
    assert not (book / "build/drafts/d1/bo.eml").exists()


def test_json_leaves_standard_output_to_problems(geppetto):
    """One record a line."""
    code, out, _ = geppetto("--to", "Anne", "--json")
    assert code == 2
    assert json.loads(out)["code"] == "reviewer-unknown"
    assert geppetto("--json")[:2] == (0, "")


def test_again_is_of_mail_alone(geppetto):
    """A file is written as often as one likes."""
    code, _, err = geppetto("--again", "Ann")
    assert code == 2
    assert "--again belongs to --smtp" in err


def test_a_failure_shows_in_the_exit_code(geppetto, book):
    """The others are written."""
    (book / "book.yaml").write_text("title: A Small Book\nreview: {limit: 1kB}\n")
    code, out, err = geppetto()
    assert (code, out) == (4, "")
    assert err.count("error[mail-large]") == 2
