"""The comments of a DOCX, with the answers to them.

Word keeps apart which answers which, and what is resolved (`commentsExtended`);
Google Docs and older LibreOffice leave that out, and write an answer as one more
comment on the same words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from geppetto.review.remarks import Reply
from geppetto.review.returned.word.package import Package, local, value

RESOLVED, REOPENED = "_Marked as resolved_", "_Re-opened_"
"""What Google Docs writes as an answer when a comment's state changes."""


@dataclass(frozen=True)
class Comment:
    """A comment: its id in the document, a name that lasts if it has one, and its answers.

    `initials` are its author's, or what else the file has for them.
    """

    key: str
    name: str
    author: str
    date: str
    text: str
    replies: tuple[Reply, ...] = ()
    resolved: bool = False
    initials: str = ""


@dataclass(frozen=True)
class _Thread:
    """What a comment answers, by the paragraph that it ends with, and whether it is resolved."""

    answers: str
    resolved: bool


def comments(
    package: Package,
    ranges: Mapping[str, tuple[int, int]],
    is_first: Callable[[Comment], bool] = lambda _: False,
) -> list[Comment]:
    """Give the comments of a DOCX that answer none, each with the answers to it.

    `ranges` are the places of the comments by their ids; `is_first` tells of which it
    is known that they answer none.
    """
    root = package.beside("comments")
    elements = [] if root is None else [one for one in root if local(one) == "comment"]
    names = _lasting(package)
    found = [_comment(one, names) for one in elements]
    extended = package.beside("commentsExtended")
    if extended is None:
        parents = _by_place(found, ranges, is_first)
        done: set[str] = set()
    else:
        parents, done = _by_record(elements, extended)
    return _threads(found, parents, done)


def _comment(element: Any, names: Mapping[str, str]) -> Comment:
    paragraphs = [one for one in element.iter() if local(one) == "p"]
    text = "\n".join(map(_words, paragraphs)).strip()
    ends = [value(one, "paraId") for one in paragraphs]
    name = names.get(ends[-1], "") if ends else ""
    author, date = value(element, "author"), value(element, "date")
    initials = value(element, "initials")
    return Comment(value(element, "id"), name, author, date, text, initials=initials)


def _words(paragraph: Any) -> str:
    blanks = {"tab": "\t", "br": "\n", "cr": "\n"}
    return "".join(
        (one.text or "") if local(one) == "t" else blanks.get(local(one), "")
        for one in paragraph.iter()
    )


def _lasting(package: Package) -> dict[str, str]:
    """Give the names that Word keeps from one save to the next, by the last paragraphs."""
    root = package.beside("commentsIds")
    listed = [] if root is None else root
    return {value(one, "paraId"): value(one, "durableId") for one in listed}


def _by_record(elements: Sequence[Any], extended: Any) -> tuple[dict[str, str], set[str]]:
    """Give what answers what, and what is resolved, as Word keeps it: by ids of comments."""
    ends: dict[str, str] = {}
    for element in elements:
        for one in element.iter():
            if local(one) == "p" and value(one, "paraId"):
                ends[value(one, "paraId")] = value(element, "id")
    threads = {
        ends[value(one, "paraId")]: _Thread(
            ends.get(value(one, "paraIdParent"), ""), value(one, "done") in ("1", "true", "on")
        )
        for one in extended
        if value(one, "paraId") in ends
    }
    parents = {key: one.answers for key, one in threads.items() if one.answers}
    return parents, {key for key, one in threads.items() if one.resolved}


def _by_place(
    found: Sequence[Comment],
    ranges: Mapping[str, tuple[int, int]],
    is_first: Callable[[Comment], bool],
) -> dict[str, str]:
    """Take comments on the same words for answers to the first of them."""
    first: dict[tuple[int, int], str] = {}
    parents: dict[str, str] = {}
    for one in found:
        place = ranges.get(one.key)
        if place is None or place[0] == place[1]:
            continue
        if is_first(one):
            first[place] = one.key
        if first.setdefault(place, one.key) != one.key:
            parents[one.key] = first[place]
    return parents


def _threads(found: Sequence[Comment], parents: Mapping[str, str], done: set[str]) -> list[Comment]:
    answers: dict[str, list[Comment]] = {}
    for one in found:
        root = _root(one.key, parents)
        if root != one.key:
            answers.setdefault(root, []).append(one)
    firsts = [one for one in found if _root(one.key, parents) == one.key]
    return [_whole(one, answers.get(one.key, []), one.key in done) for one in firsts]


def _root(key: str, parents: Mapping[str, str]) -> str:
    seen = {key}
    while (parent := parents.get(key)) is not None and parent not in seen:
        seen.add(parent)
        key = parent
    return key if parent is None else min(seen)


def _whole(first: Comment, answers: Sequence[Comment], is_done: bool) -> Comment:
    said = sorted(answers, key=lambda one: one.date)
    states = [one.text for one in said if one.text in (RESOLVED, REOPENED)]
    replies = tuple(
        Reply(one.author, one.date, one.text)
        for one in said
        if one.text not in (RESOLVED, REOPENED)
    )
    resolved = is_done or (bool(states) and states[-1] == RESOLVED)
    return replace(first, replies=replies, resolved=resolved)
