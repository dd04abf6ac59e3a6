"""The characters that a book needs of its fonts."""

from __future__ import annotations

from geppetto.ast import attr, plain, text
from geppetto.latex import traits
from geppetto.model.book import Book, Document, Resolved, Role
from geppetto.model.settings import Settings
from geppetto.pipeline import glyphs


def _used(tmp_path, *blocks):
    head = {"t": "Header", "c": [1, attr("a"), text("A")]}
    document = Document("a", Role.MAIN, "A", (head, *blocks))
    resolved = Resolved(Book(tmp_path, Settings(title="T"), ()), (document,))
    return glyphs.used(resolved, traits.book(resolved)).text


def test_what_the_templates_set_before_items_is_used(tmp_path):
    """A face that lacks the bullet gets it from another."""
    assert not _used(tmp_path, plain(text("x"))) & {"•"}
    assert _used(tmp_path, {"t": "BulletList", "c": [[plain(text("x"))]]}) >= {"•", "–", "·"}
