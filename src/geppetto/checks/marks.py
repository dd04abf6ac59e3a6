"""What the author has left to do: marks in the text and in comments, author's notes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from geppetto.checks.manuscript import Manuscript
from geppetto.diagnostics import Diagnostic

_MARKS = ("TODO", "FIXME", "XXX", "TBD", "TK", "TKK", "TKKK")
_MARK = re.compile(rf"(?<![\w/.#-])(?P<mark>{'|'.join(_MARKS)})(?![\w/-])")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_NOTE = re.compile(r"^[ \t>]*:{3,}[ \t]*(?:author-note\b|\{[^}\n]*\.author-note\b)", re.MULTILINE)


def unfinished(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Find TODO, TK, FIXME and their like, in the text and in comments."""
    for page in manuscript.pages:
        text = page.chapter.text
        if not any(mark in text for mark in _MARKS):
            continue
        hidden = [range(*m.span()) for m in _COMMENT.finditer(text)] if "<!--" in text else []
        for found in _MARK.finditer(text):
            at = found.start()
            if page.prose[at : found.end()] == found["mark"] or any(at in one for one in hidden):
                says = f"{found['mark']}: something is left to do here."
                yield Diagnostic(
                    "mark-unfinished", says, page.at(at), "Do it, and take the mark away."
                )


def author_notes(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Find the author's notes, which no finished edition prints."""
    for page in manuscript.pages:
        for found in _NOTE.finditer(page.masked):
            at = page.at(found.end() - len(found[0].lstrip(" \t>")))
            hint = "Finished editions leave it out."
            yield Diagnostic("author-note", "An author's note stands here.", at, hint)
