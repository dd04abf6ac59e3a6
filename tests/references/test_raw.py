"""Raw text that no edition sets."""

from __future__ import annotations

from geppetto.ast import para
from geppetto.diagnostics import Location
from geppetto.model.book import Chapter, Role
from geppetto.references import raw

TEXT = "One `<w:p/>`{=openxml} and `x`{=latx}.\n\n```{=openxml}\n<w:br/>\n```\n"


def _inline(form):
    return {"t": "RawInline", "c": [form, "x"]}


def test_each_raw_text_is_named_at_its_place():
    """The second of a format has the second place; a misspelt format has a suggestion."""
    block = {"t": "RawBlock", "c": ["openxml", "<w:br/>"]}
    blocks = [para([_inline("openxml"), _inline("latx")]), block]
    found = raw.examine(Chapter("chapters/1.md", "ch1", Role.MAIN, TEXT), blocks)
    assert [(d.code, d.location) for d in found] == [
        ("raw-ignored", Location("chapters/1.md", 1, 13)),
        ("raw-ignored", Location("chapters/1.md", 1, 31)),
        ("raw-ignored", Location("chapters/1.md", 3, 4)),
    ]
    assert found[1].hint == "Did you mean {=latex}?"
    assert "{=html}" in found[0].hint


def test_what_an_edition_sets_is_not_named():
    """Raw LaTeX and raw HTML each have their edition."""
    blocks = [para([_inline(form) for form in ("latex", "tex", "html", "html5", "epub3")])]
    assert raw.examine(Chapter("chapters/1.md", "ch1", Role.MAIN, TEXT), blocks) == []


def test_a_place_that_is_not_in_the_text():
    """Raw text whose mark cannot be found is named with its file."""
    found = raw.examine(Chapter("chapters/1.md", "ch1", Role.MAIN, ""), [para([_inline("rtf")])])
    assert [d.location for d in found] == [Location("chapters/1.md")]
