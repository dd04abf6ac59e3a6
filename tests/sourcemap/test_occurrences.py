"""Where raw LaTeX and formulas stand in Markdown."""

from __future__ import annotations

import pytest

from geppetto import sourcemap


@pytest.mark.parametrize(
    ("text", "piece", "is_math", "points"),
    [
        ("a \\x b \\x", "\\x ", False, [(1, 3), (1, 8)]),
        ("a \\xy \\x", "\\x", False, [(1, 7)]),
        ("a \\\\x \\x", "\\x", False, [(1, 7)]),
        ("`\\x` <!-- \\x --> \\x", "\\x", False, [(1, 18)]),
        ("`\\x`{=latex}", "\\x", False, [(1, 2)]),
        ("```\n\\x\n```\n\n```{=latex}\n\\x\n```\n", "\\x", False, [(6, 1)]),
        ("    \\x\n\ntext \\x", "\\x", False, [(3, 6)]),
        ("> \\x{a\n> b}", "\\x{a\nb}", False, [(1, 3)]),
        ("a $x^2$ and x^2", "x^2", True, [(1, 3)]),
        ("$$\n  a\n  b\n$$ and $$a b$$", "\na\nb\n", True, [(1, 1), (4, 8)]),
        ("nothing", "  ", False, []),
    ],
)
def test_occurrences(text, piece, is_math, points):
    """Whole commands only, in what is read as LaTeX, over the margins of quotations."""
    found = sourcemap.occurrences(text, piece, is_math=is_math)
    assert points == [sourcemap.point(text, start) for start, _ in found]
