"""Remarks as comments of an answer: what they say, where they stand in its DOCX."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from geppetto import store
from geppetto.diagnostics import GeppettoError
from geppetto.docx.comments import Comment, Range, outside
from geppetto.docx.xml import Element
from geppetto.pipeline.carried import MARKDOWN, Shown, Today
from geppetto.review import answers, drafts
from geppetto.review.kept import quoting
from geppetto.review.kept.applying import proposed
from geppetto.review.kept.carrying import Fate
from geppetto.review.remarks import Certainty, Kind, Remark, Reply, Span
from geppetto.review.returned.word.spotting import Spot, Spots
from geppetto.review.returned.word.story import Story

FARTHEST = 200
"""Lines beside a passage that is gone in which a block is looked for that is still there."""
LONGEST = 100
"""Characters of a passage that are quoted."""
_SURE = frozenset((Certainty.EXACT, Certainty.AMBIGUOUS))
_PUT_IN = frozenset((Kind.INSERTION, Kind.CARET))
_MADE = {
    Kind.HIGHLIGHT: "Highlighted",
    Kind.UNDERLINE: "Underlined",
    Kind.SQUIGGLY: "Underlined with a wavy line",
    Kind.STRIKEOUT: "Struck out",
    Kind.CARET: "Something is to be put in here",
    Kind.NOTE: "A note on the page",
    Kind.TEXT: "Written on the page",
    Kind.INK: "Marked by hand",
    Kind.STAMP: "A stamp",
    Kind.INSERTION: "Something is to be put in here",
    Kind.DELETION: "To be taken out",
    Kind.REPLACEMENT: "To be replaced",
    Kind.MOVE: "To be moved",
}


@dataclass(frozen=True)
class Placed:
    """A remark as a comment, where it stands, and how it is known when it comes back."""

    range: Range
    comment: Comment
    sent: answers.Said


@dataclass(frozen=True)
class Desk:
    """What every comment needs: the chapters as they are, their places in the DOCX, who answers.

    `names` are the beginnings of remarks' ids that tell one from another; `title` is
    the story on whose first words stands what has no place, `document` its root.
    """

    today: Today
    spots: Spots
    title: Story
    document: Element
    names: Mapping[str, str]
    author: str

    def placed(self, shown: Sequence[Shown]) -> list[Placed]:
        """Give remarks as comments, on the words that they speak of today."""
        return [one for each in shown if (one := self._placed(each)) is not None]

    def _placed(self, one: Shown) -> Placed | None:
        remark = one.entry.remark
        passage, why = _passage(one, self.today)
        spot = self.spots.of(passage) if passage is not None else None
        if spot is None:
            why = f"There is no place for this remark in the book as it is now.{_quoted(remark)}"
        elif one.passage is None or remark.certainty not in _SURE:
            spot = spot.whole()
        extent = _range(spot) or _titled(self.title)
        if extent is None:
            return None
        if spot is not None and spot.story is not self.title:
            why = f"In the note: “{_short(spot.text)}”. {why}"
        comment = said(one, self.names[remark.id], why, self.author)
        return Placed(outside(extent, self.document), comment, _sent(remark.id, comment))


def _passage(one: Shown, today: Today) -> tuple[Span | None, str]:
    """Give where a remark stands, and what is to be said of that."""
    remark, place = one.entry.remark, one.entry.remark.place
    if one.passage is not None:
        why = f"The words have changed since.{_quoted(remark)}"
        return one.passage.span, why if one.fate is Fate.CHANGED else ""
    if place is None:
        return None, ""
    if not place.path.endswith(MARKDOWN):
        return (place if _is_unchanged(place.path, remark, today) else None), ""
    return _near(remark, place, today), f"The passage is gone; it stood near here.{_quoted(remark)}"


def _is_unchanged(path: str, remark: Remark, today: Today) -> bool:
    """Tell whether a file that is no chapter is as it was in the draft."""
    try:
        known = drafts.find(today.root, remark.draft).draft.sources.get(path)
        return known is not None and store.digest(today.root / path) == known
    except (GeppettoError, OSError):
        return False


def _near(remark: Remark, place: Span, today: Today) -> Span | None:
    """Give the nearest line of the draft, above or below, that still stands somewhere."""
    then = today.read_then(replace(remark, place=Span(place.path, 1, 1, 1 << 30, 1)))
    count = 0 if then is None else then.count("\n") + 1
    for far in range(1, FARTHEST + 1):
        for line in (place.line - far, place.end_line + far):
            if 1 <= line <= count:
                whole = Span(place.path, line, 1, line, 1 << 30)
                passage, _ = today.stands(replace(remark, place=whole))
                if passage is not None and passage.start < passage.end:
                    return passage.span
    return None


def said(one: Shown, name: str, why: str, author: str) -> Comment:
    """Give a remark as a comment; the author's answer to it is the last of its replies."""
    remark = one.entry.remark
    replies = [_reply(reply, name) for reply in remark.replies]
    if one.entry.answer.strip():
        replies.append(Comment(author, "", name, _paragraphs([quoting.read(one.entry.answer)])))
    words = _paragraphs([_kind(remark), remark.text, why])
    who = remark.author or remark.reviewer or "Somebody"
    return Comment(who, remark.date, name, words, tuple(replies))


def _kind(remark: Remark) -> str:
    """Say how a remark was made, and what it proposes."""
    new, how, quote = proposed(remark), _MADE.get(remark.kind, ""), _short(remark.quote)
    if new and remark.kind in _PUT_IN:
        return f"To be put in here: “{new}”."
    if new and remark.kind is not Kind.MOVE:
        return f"Instead of “{quote}”: “{new}”." if quote else f"Proposed: “{new}”."
    how = "To be taken out" if new == "" and remark.kind is Kind.STRIKEOUT else how
    if how:
        return f"{how}: “{quote}”." if quote else f"{how}."
    return ""


def _reply(reply: Reply, name: str) -> Comment:
    verdict = f"Marked as: {reply.state}." if reply.state else ""
    words = _paragraphs([reply.text, verdict])
    return Comment(reply.author or "Somebody", reply.date, name, words)


def _paragraphs(said: Sequence[str]) -> tuple[str, ...]:
    lines = (line.strip() for words in said for line in words.split("\n"))
    return tuple(line for line in lines if line) or ("–",)


def _quoted(remark: Remark) -> str:
    quote = _short(remark.quote)
    return f" It was on “{quote}”." if quote else ""


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1].rstrip()}…"


def _sent(name: str, comment: Comment) -> answers.Said:
    replies = tuple((one.author, "\n".join(one.paragraphs)) for one in comment.replies)
    words = "\n".join(comment.paragraphs)
    return answers.Said(comment.initials, name, comment.author, words, replies)


def _range(spot: Spot | None) -> Range | None:
    ends = spot.ends() if spot else None
    return None if ends is None else Range(*ends[0], *ends[1])


def _titled(story: Story) -> Range | None:
    """Give the first paragraph of the book in which something is said: its title."""
    at = story.pieces[0][0] if story.pieces else 0
    return _range(Spot(story, at, at, is_exact=False).whole())
