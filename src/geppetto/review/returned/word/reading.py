"""A returned DOCX to remarks with their places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from geppetto.review import answers
from geppetto.review.answers import Echo
from geppetto.review.drafts import Copy, Kept
from geppetto.review.remarks import Certainty, Kind, Remark
from geppetto.review.returned.names import named
from geppetto.review.returned.places.searching import Placed
from geppetto.review.returned.word import comments, echoing, story
from geppetto.review.returned.word.comments import Comment
from geppetto.review.returned.word.package import Package
from geppetto.review.returned.word.placing import Marked, paths, sources
from geppetto.review.returned.word.story import ADDED, Change, Done, Story
from geppetto.review.returned.word.unmarked import Unmarked, UnmarkedNote


class _Places(Protocol):
    def place(self, start: int, end: int) -> Placed: ...


@dataclass(frozen=True)
class Read:
    """What a returned DOCX says: remarks that are new, and what is new of remarks it was sent with."""

    remarks: tuple[Remark, ...]
    echoes: tuple[Echo, ...] = ()


def read(package: Package, kept: Kept, copy: Copy) -> Read:
    """Read a returned copy: its remarks by story, each in the order of its text.

    Raises:
        Broken: a part of it cannot be read.
        GeppettoError: the draft's block map, its record or a text is missing.
    """
    sent = answers.of(kept)
    told = story.stories(package, sent.hands if sent else ())
    places = _placers(told, kept)
    ranges = {key: extent for one in told for key, extent in one.ranges.items()}
    said = comments.comments(package, ranges, echoing.openers(sent))
    known, said = echoing.parted(said, sent)
    found: list[tuple[int, int, Remark]] = []
    for number, one in enumerate(told):
        made = [*_comments(one, said, places[number]), *_changes(one, places[number])]
        found += [(number, start, remark) for start, remark in made]
    found.sort(key=lambda each: each[:2])
    homeless = [one for one in said if one.key not in ranges]
    lost = [_commented(one, Placed("", None, Certainty.LOST)) for one in homeless]
    ordered = [*(remark for _, _, remark in found), *lost]
    return Read(tuple(named(ordered, kept.draft.id, copy.name)), known)


def _placers(told: Sequence[Story], kept: Kept) -> list[_Places]:
    documents = kept.documents()
    known = sources(kept, told)
    marked = [Marked(one, documents, known) for one in told]
    if any(marked):
        return list(marked)
    chapters = paths(documents)
    notes = [UnmarkedNote(one, known) for one in told[1:]]
    return [Unmarked(told[0], chapters, known), *notes]


def _comments(one: Story, said: Sequence[Comment], places: _Places) -> Iterator[tuple[int, Remark]]:
    for comment in said:
        if comment.key in one.ranges:
            start, end = _trimmed(one.text, *one.ranges[comment.key])
            yield start, _commented(comment, places.place(start, end))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out the blanks at both ends of a range; Word takes the one after a word along."""
    words = text[start:end].strip()
    if not words:
        return start, start
    start = text.index(words, start)
    return start, start + len(words)


def _commented(comment: Comment, placed: Placed) -> Remark:
    """Make a remark of a comment; its `id` is what tells it from others."""
    name = comment.name or f"{comment.author} {comment.date} {comment.text}"
    return Remark(
        f"comment {name}",
        "",
        "",
        Kind.COMMENT,
        comment.author,
        comment.date,
        comment.text,
        placed.quote,
        None,
        comment.replies,
        comment.resolved,
        None,
        placed.span,
        placed.certainty,
    )


def _changes(one: Story, places: _Places) -> Iterator[tuple[int, Remark]]:
    for group in story.joined(one.changes):
        change = story.whole(group)
        yield change.start, _changed(_kind(group), change, places)


def _kind(group: Sequence[Change]) -> Kind:
    done = {one.done for one in group}
    if done & {Done.MOVED_AWAY, Done.MOVED_HERE}:
        return Kind.MOVE
    if done == {Done.PUT_IN, Done.TAKEN_OUT}:
        return Kind.REPLACEMENT
    return Kind.INSERTION if done <= ADDED else Kind.DELETION


def _changed(kind: Kind, change: Change, places: _Places) -> Remark:
    placed = places.place(change.start, change.end)
    words = (kind, change.author, change.date, placed.quote, change.words)
    return Remark(
        " ".join(words),
        "",
        "",
        kind,
        change.author,
        change.date,
        "",
        placed.quote,
        change.words,
        place=placed.span,
        certainty=placed.certainty,
    )
