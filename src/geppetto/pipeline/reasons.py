"""Why parts of a book were set again: which file has changed, or which entry of the bibliography."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path

from geppetto import store
from geppetto.model.book import Document, Resolved

FILE = "reasons.json"
Known = Mapping[str, str]
"""The digests of chapters by their paths, of entries by `@` and their keys."""


def say(resolved: Resolved, reasons: Mapping[str, str], folder: Path) -> tuple[str, ...]:
    """Say why each part was set again, and keep what is known of the book for the next time.

    `reasons` are the typesetter's own, by the name of the part.
    """
    before, now = _read(folder / FILE), _known(resolved)
    store.write_text(folder / FILE, json.dumps(now) + "\n")
    by_slug = {document.slug: document for document in resolved.documents}
    said = []
    for part, reason in reasons.items():
        document = by_slug.get(Path(part).name)
        why = reason or (_why(document, before, now) if document else "")
        name = part and (document.slug if document else part)
        said.append(f"{name or 'the whole book'}: {why}" if why else "")
    return tuple(filter(None, said))


def _why(document: Document, before: Known, now: Known) -> str:
    chapter = document.chapter
    if chapter is not None and before.get(chapter.path) != now[chapter.path]:
        return f"{chapter.path} has changed"
    keys = [f"@{key}" for key in _cited(document)]
    changed = [name for name in keys if before.get(name) != now.get(name)]
    if changed:
        return f"the entry {changed[0].removeprefix('@')} has changed"
    return "what it refers to has changed"


def _cited(document: Document) -> list[str]:
    """Give the keys that a document may cite: the bibliography, all that it holds."""
    if document.chapter is not None:
        return re.findall(r"@\{?([\w:.#$%&+?<>~/-]*\w)", document.chapter.markdown)
    return [block["c"][0][0].removeprefix("ref-") for block in _entries(document)]


def _entries(document: Document) -> list[dict[str, list[list[str]]]]:
    listed = [block for block in document.blocks if block["t"] == "Div"]
    return [one for div in listed for one in div["c"][1] if one["t"] == "Div"]


def _known(resolved: Resolved) -> dict[str, str]:
    book = resolved.book
    found = {chapter.path: _digest(repr(chapter)) for chapter in book.chapters}
    entries = book.bibliography.references.values()
    return found | {f"@{entry.key}": _digest(entry.raw) for entry in entries}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _read(path: Path) -> Known:
    try:
        return {str(name): str(value) for name, value in json.loads(path.read_text()).items()}
    except (OSError, ValueError, AttributeError):
        return {}
