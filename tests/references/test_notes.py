"""Footnotes, scoped to their chapter, and their faults."""

from __future__ import annotations

import pytest

from geppetto.ast import stringify

pytestmark = pytest.mark.tools


def notes(trial, index=0):
    return [stringify(node["c"]) for node in trial.all("Note", index)]


def test_each_chapter_keeps_its_own(solve):
    trial = solve("# A\n\nx[^1]\n\n[^1]: One.\n", "# B\n\ny[^1]\n\n[^1]: Two.\n")
    assert (notes(trial), notes(trial, 1)) == (["One."], ["Two."])
    assert trial.diagnostics == ()


def test_faults(solve):
    """Undefined, doubled and unused notes are named with their place, and marked."""
    trial = solve("# A\n\nx[^a].[^b] [^n_o] [^d]\n\n[^d]: D1\n[^d]: D2\n\n[^u]: U\n\n[^nno]: N\n")
    assert trial.codes() == [
        ("chapters/01.md:3:2", "note-undefined"),
        ("chapters/01.md:3:7", "note-undefined"),
        ("chapters/01.md:3:12", "note-undefined"),
        ("chapters/01.md:6:1", "note-duplicate"),
        ("chapters/01.md:8:1", "note-unused"),
        ("chapters/01.md:10:1", "note-unused"),
    ]
    assert trial.diagnostics[2].hint == "Did you mean [^nno]?"
    assert trial.text().startswith("x[footnote ^a is undefined].[footnote ^b is undefined]")
    assert "[^d is defined twice]" in trial.faults()


def test_a_mark_leaves_a_table_in_shape(solve):
    """A simple table goes by columns; an undefined note in a cell does not move them."""
    trial = solve("# A\n\n  a       b\n------  -----\nx[^un]  y\n")
    cells = [stringify(row) for row in trial.all("Table")[0]["c"][4][0][3][0][1]]
    assert cells == ["x[footnote ^un is undefined]", "y"]
