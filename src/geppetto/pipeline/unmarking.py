"""Reviewers' remarks that stand in chapters as marks: Pandoc sees none, and no place is lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from geppetto.diagnostics import Diagnostic, Location
from geppetto.model.book import Book, Chapter

SIGN = "(remark "


def may_have_marks(chapter: Chapter) -> bool:
    """Tell whether a chapter may have remarks in it, without a look at where."""
    return SIGN in chapter.text


def without_marks(chapter: Chapter) -> Chapter:
    """Give a chapter without the remarks in it; no line moves."""
    if not may_have_marks(chapter):
        return chapter
    from geppetto.review.kept.critic import plain  # noqa: PLC0415 - most chapters have no remark
    from geppetto.review.kept.offsets import place  # noqa: PLC0415

    read = plain(chapter.text)
    marks, gone = [], 0
    for start, end in read.cuts:
        marks.append((*place(read.text, start - gone), end - start))
        gone += end - start
    return replace(chapter, text=read.text, marks=tuple(marks))


def at_home(diagnostics: Iterable[Diagnostic], book: Book) -> list[Diagnostic]:
    """Lead what was found in the text without remarks to its places in the files."""
    chapters = {chapter.path: chapter for chapter in book.chapters if chapter.marks}
    return [
        replace(d, location=_home(d.location, chapters[d.location.path]))
        if d.location and d.location.path in chapters
        else d
        for d in diagnostics
    ]


def _home(place: Location, chapter: Chapter) -> Location:
    if place.line is None or place.column is None:
        return place
    before = (n for line, at, n in chapter.marks if line == place.line and at <= place.column)
    return Location(place.path, place.line, place.column + sum(before))
