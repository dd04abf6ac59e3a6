"""What the oldest Python that is supported (3.11.0; Debian 12 has 3.11.2) gets wrong."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "geppetto"
POSSESSIVE_GROUP = re.compile(r"(?<!\\)\)(?:[*+?]|\{\d*,?\d*\})\+")


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda p: p.stem)
def test_no_group_has_a_possessive_quantifier(path):
    """Before 3.11.5 `(?:…)*+` can match what it should not (cpython gh-106052): write `(?>(?:…)*)`."""
    assert POSSESSIVE_GROUP.findall(path.read_text("utf-8")) == []
