"""How Pandoc's tree names a style of the DOCX: the key `custom-style` of a Div or Span."""

from __future__ import annotations

from geppetto.ast import Attr

STYLE = "custom-style"


def styled(attributes: Attr, style: str | None) -> Attr:
    """Give attributes with a style, in the place of another."""
    identifier, classes, pairs = attributes
    kept = [pair for pair in pairs if pair[0] != STYLE]
    return [identifier, classes, [*kept, [STYLE, style]] if style else kept]
