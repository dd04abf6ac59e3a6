"""`geppetto check`: every code on its line in one book, and nothing in one that is right."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from geppetto.diagnostics import CHECKED, GeppettoError, Severity
from geppetto.pipeline import checking, cleaning, kept

pytestmark = pytest.mark.tools

ONE = """# One

It is is doubled, “curly” and "straight" and “curly”.

### A jump

[](https://example.org/empty) and TODO here, a\u202eb and c\u200bd.

![Coarse](f.png){width=100% alt="x"}

::: author-note
Mine.
:::

With\ta tab, @smiht2020 and [@smith2020; @one; @two; @bad].
"""
BIB = """@book{smith2020, author = {Smith, Ann}, title = {A Book}, year = {2020}, doi = {10.1000/1}}
@book{one, author = {Smith, Ann}, title = {Another Book}, year = {2020}, doi = {10.1000/1}}
@article{two, author = {Smith, Ann}, title = {Third}, year = {2020}}
@book{bad, author = {Smith, Ann}, title = {The little thing of Freud that he wrote},
  isbn = {123}, url = {example}, date = {1.1.2020},
  file = {/home/me/x.pdf}}
@book{unused, author = {Smith, Ann}, title = {Fourth}, year = {2020}}
"""
EXPECTED = {
    ("word-doubled", "chapters/1.md", 3), ("quotes-mixed", "chapters/1.md", 3),
    ("heading-jump", "chapters/1.md", 5), ("link-empty", "chapters/1.md", 7),
    ("mark-unfinished", "chapters/1.md", 7), ("control-bidi", "chapters/1.md", 7),
    ("control-invisible", "chapters/1.md", 7), ("image-coarse", "chapters/1.md", 9),
    ("author-note", "chapters/1.md", 11), ("file-tab", "chapters/1.md", 15),
    ("citation-unknown", "chapters/1.md", 15),
    ("file-bom", "chapters/2.md", 1), ("file-crlf", "chapters/2.md", 1),
    ("bib-twin", "refs.bib", 2), ("bib-field-missing", "refs.bib", 3),
    ("bib-capitals", "refs.bib", 4), ("bib-identifier", "refs.bib", 5),
    ("bib-url", "refs.bib", 5), ("bib-date", "refs.bib", 5), ("bib-file-path", "refs.bib", 6),
    ("bib-unused", "refs.bib", 7),
}  # fmt: skip


def _png(width):
    data = io.BytesIO()
    Image.new("L", (width, 9)).save(data, "PNG")
    return data.getvalue()


@pytest.fixture
def book(make_book):
    return make_book(
        {
            "chapters/1.md": ONE,
            "chapters/2.md": b"\xef\xbb\xbf# Two\r\n\r\nText.\r\n",
            "chapters/f.png": _png(400),
            "refs.bib": BIB,
        }
    )


def _check(root, *files, **named):
    return checking.check(root, files, lambda _: None, **named)


def _places(found):
    return {(d.code, d.location.path, d.location.line) for d in found.diagnostics}


def test_every_check_finds_its_fault_on_its_line(book):
    """All codes of `geppetto check`, and what a build would find, each once."""
    found = _check(book)
    assert _places(found) == EXPECTED
    assert len(found.diagnostics) == len(EXPECTED)
    assert {code for code, _, _ in EXPECTED} >= CHECKED
    assert not (book / "build" / "latex").exists()


def test_a_book_that_is_right_gives_nothing(make_book):
    root = make_book(
        {
            "chapters/1.md": "# One\n\nText [@a].\n\n![A](f.png){width=1in alt='x'}\n\n## Two\n\n### Three\n",
            "chapters/f.png": _png(300),
            "refs.bib": "@book{a, author = {A, B}, title = {C}, year = {2020}}\n",
        }
    )
    assert _check(root).diagnostics == ()


def test_book_yaml_turns_checks_off_and_makes_them_errors(book):
    (book / "book.yaml").write_text(
        "title: T\nchecks: {word-doubled: off, bib-unused: error, author-note: warning}\n"
    )
    by_code = {d.code: d.severity for d in _check(book).diagnostics}
    assert "word-doubled" not in by_code
    assert by_code["bib-unused"] is Severity.ERROR
    assert by_code["author-note"] is Severity.WARNING


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("word-dubled: off", "word-doubled"),
        ("citation-unknown: off", "alone finds"),
        ("x: 1", None),
    ],
)
def test_a_check_that_is_none_is_an_error_with_its_place(book, written, hint):
    (book / "book.yaml").write_text(f"title: T\nchecks:\n  {written}\n")
    with pytest.raises(GeppettoError) as stopped:
        _check(book)
    assert {str(d.location) for d in stopped.value.diagnostics} <= {
        "book.yaml:3:3",
        "book.yaml:3:6",
    }
    assert hint is None or any(hint in (d.hint or "") for d in stopped.value.diagnostics)


def test_files_that_are_named_are_checked_alone(book):
    assert {p for _, p, _ in _places(_check(book, book / "refs.bib"))} == {"refs.bib"}


def test_strict_takes_warnings_for_errors(book):
    assert not any(d.severity is Severity.WARNING for d in _check(book, strict=True).diagnostics)


def test_a_second_check_gives_the_same_from_what_was_kept(book):
    first = _check(book)
    second = _check(book)
    assert (first.known, second.known) == (False, True)
    assert first.diagnostics == second.diagnostics


@pytest.mark.parametrize(
    ("name", "content"),
    [("chapters/1.md", "# One\n\nAll right.\n"), ("refs.bib", ""), ("book.yaml", "title: Other\n"),
     ("chapters/3.md", "# Three\n\nIt it is.\n"), ("more.bib", "@book{x, title={}}\n"),
     ("chapters/f.png", None)],
)  # fmt: skip
def test_whatever_changes_is_looked_at_again(book, name, content):
    """A chapter, the bibliography, the configuration, a new file of each kind, an image."""
    _check(book)
    if content is None:
        (book / name).write_bytes(_png(4000))
    else:
        (book / name).write_text(content)
    again = _check(book)
    assert not again.known
    (book / "build" / kept.FILE).unlink()
    assert again.diagnostics == _check(book).diagnostics


def test_a_file_that_was_missing_is_found_once_it_is_there(make_book):
    """In any folder: the record of a book that lacks a file is not kept."""
    root = make_book({"chapters/1.md": "# One\n\n![A](img/a.png){alt='x'}\n"})
    assert [d.code for d in _check(root).diagnostics] == ["image-missing"]
    (root / "chapters" / "img").mkdir()
    (root / "chapters" / "img" / "a.png").write_bytes(_png(1400))
    assert _check(root).diagnostics == ()


@pytest.mark.parametrize("damaged", ["", "{", "[]", '{"version": 1}', "\ud800"])
def test_a_record_that_cannot_be_read_is_thrown_away(book, damaged):
    first = _check(book)
    (book / "build" / kept.FILE).write_bytes(damaged.encode("utf-8", "surrogatepass"))
    again = _check(book)
    assert not again.known
    assert again.diagnostics == first.diagnostics


def test_clean_removes_what_was_kept(book):
    _check(book)
    cleaning.clean(book)
    assert not (book / "build" / kept.FILE).exists()


def test_the_command_line_checks(book):
    program = Path(sys.executable).parent / "geppetto"
    ended = subprocess.run(
        [str(program), "-C", str(book), "check", "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    records = [json.loads(line) for line in ended.stdout.splitlines()]
    assert {(r["code"], r["path"], r["line"]) for r in records} == EXPECTED
    assert ended.returncode == 1
