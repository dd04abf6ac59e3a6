"""Keeps drafts as `geppetto draft` does, for tests that need one and build none."""

from __future__ import annotations

import hashlib

from geppetto.review import drafts
from geppetto.review.drafts import Copy, Document, Draft, Stop

WHALE = "# The Whale\n\nCall me Ishmael. Some years ago, never mind how long.\n"
SEA = "# The Sea\n\nThere is now your insular city of the Manhattoes.\n"


def digest(content):
    return hashlib.sha256(content).hexdigest()


def keep(root, name="d1", date="2026-11-01", texts=None, copies=None):
    """Keep a draft; `copies` are of a slug, a name, a format and its content."""
    texts = {"chapters/1.md": WHALE, "chapters/2.md": SEA} if texts is None else texts
    copies = [("ann", "Ann", "pdf", b"%PDF-1.7 one")] if copies is None else copies
    folder = drafts.folder(root) / name
    folder.mkdir(parents=True)
    made = []
    for slug, reviewer, kind, content in copies:
        file = f"a-book-{slug}.{kind}"
        (folder / file).write_bytes(content)
        made.append(Copy(slug, reviewer, kind, file, digest(content)))
    for path, text in texts.items():
        (folder / drafts.SOURCES / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / drafts.SOURCES / path).write_text(text, "utf-8")
    sources = {path: digest(text.encode()) for path, text in texts.items()}
    documents = [
        Document(f"c{n}", path, str(n), (Stop(path, 1, True),))
        for n, path in enumerate(texts, start=1)
    ]
    draft = Draft(name, date, "abc1234", "a-book", sources, tuple(made))
    (folder / drafts.RECORD).write_text(drafts.record(draft), "utf-8")
    (folder / drafts.BLOCKS).write_text(drafts.blocks(documents), "utf-8")
    return folder
