"""The line at fault, and the caret below its column."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from geppetto.cli.excerpt import _cut, excerpt
from geppetto.cli.report import Report
from geppetto.diagnostics import Diagnostic, Location


@pytest.fixture
def book(tmp_path):
    lines = [
        "# One",
        "",
        "As [@smiht] says.",
        "日本語 [@x] end",
        "\tcode\u202e \x1b[31m",
        "w " * 300,
    ]
    (tmp_path / "a.md").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path


def test_the_caret_stands_below_the_column(book):
    assert excerpt(book, Location("a.md", 3, 5), 80) == [
        "3 | As [@smiht] says.",
        "  |     ^",
    ]


def test_wide_characters_count_twice(book):
    """The caret is placed by what a terminal shows, not by characters."""
    shown, caret = excerpt(book, Location("a.md", 4, 5), 80)
    assert cell_len(shown[: shown.index("[")]) == caret.index("^")


def test_a_line_without_a_column_has_no_caret(book):
    assert excerpt(book, Location("a.md", 3), 80) == ["3 | As [@smiht] says."]


def test_nothing_that_steers_a_terminal_is_printed(book):
    (shown, _) = excerpt(book, Location("a.md", 5, 1), 80)
    assert "\x1b" not in shown
    assert "\u202e" not in shown


@pytest.mark.parametrize(
    "location", [("a.md", 99, 1), ("b.md", 1, 1), ("a.md", None), ("a.md", 2, 1)]
)
def test_what_is_not_there_is_not_shown(book, location):
    """A line past the end, a file that is gone, no line known, an empty line."""
    assert excerpt(book, Location(*location), 80) == []


@given(
    st.text(st.characters(exclude_categories=["C", "Z", "M"]), min_size=1, max_size=300),
    st.integers(1, 301),
    st.integers(20, 90),
)
def test_a_long_line_is_cut_around_its_column(line, column, width):
    """It fits, and the character of the column is in it."""
    column = min(column, len(line))
    shown, before = _cut(line, column, width)
    assert cell_len(shown) <= width
    assert shown.startswith(before)
    assert shown[len(before)] == line[column - 1]


def test_a_terminal_is_shown_the_line_and_nothing_else_is(book):
    """On a terminal the excerpt stands between message and hint."""
    fault = Diagnostic("citation-unknown", "Unknown.", Location("a.md", 3, 5), "Did you mean it?")
    for terminal in (True, False):
        report = Report(book)
        report.err = Console(
            file=io.StringIO(), force_terminal=terminal, width=80, no_color=True, soft_wrap=True
        )
        report.diagnostics([fault])
        assert ("3 | As [@smiht] says." in report.err.file.getvalue()) is terminal
