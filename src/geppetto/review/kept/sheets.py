"""A reviewer's remarks on a draft as a Markdown file, which its author may write in.

Each remark has a heading with its id, its kind and its place in the draft; a list
of what else is known of it; then, as block quotations, the words it is on, what
was said, what is to stand instead, the replies. Whatever else stands below a
heading is the author's, and stays where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from geppetto.review.kept.quoting import in_line, quoted
from geppetto.review.remarks import Remark, Reply

STATES = ("open", "resolved", "rejected")
FIELDS = ("to", "found", "by", "date", "page", "returned", "state", "assigned")
WORDS, SAID, INSTEAD = "Words", "Said", "Instead"
HEAD = ("draft", "reviewer", "revision")
NO_PLACE, UNDATED = "no place", "undated"


@dataclass(frozen=True)
class Entry:
    """A remark, and what became of it: its state, who sees to it, what the author wrote below."""

    remark: Remark
    state: str = STATES[0]
    assigned: str = ""
    answer: str = ""


@dataclass(frozen=True)
class Piece:
    """Some lines of an entry that are understood: a field, or a label with its quotation.

    `start` and `end` are offsets in the file's text.
    """

    name: str
    start: int
    end: int
    value: str
    reply: Reply | None = None


@dataclass(frozen=True)
class Part:
    """An entry, and where it and its pieces stand in the file's text."""

    entry: Entry
    start: int
    end: int
    fields: tuple[Piece, ...]
    sections: tuple[Piece, ...]

    def piece(self, name: str) -> Piece | None:
        """Give a field or a section."""
        return next((p for p in (*self.fields, *self.sections) if p.name == name), None)


@dataclass(frozen=True)
class Sheet:
    """A file of remarks as it is read."""

    path: str
    draft: str
    reviewer: str
    parts: tuple[Part, ...] = ()


def head(draft: str, reviewer: str, revision: str = "") -> str:
    """Give the beginning of a file of remarks."""
    lines = [
        f"# Remarks of {in_line(reviewer)} on draft {in_line(draft)}\n",
        f"- draft: {in_line(draft)}",
        f"- reviewer: {in_line(reviewer)}",
        *([f"- revision: {in_line(revision)}"] if revision else []),
    ]
    return "\n".join(lines) + "\n"


def written(entry: Entry) -> str:
    """Give a remark as it stands in a file, an empty line before it."""
    remark = entry.remark
    listed = "".join(field_line(name, value) for name, value in _fields(entry) if value)
    sections = [section(name, words) for name, words in spoken(remark)]
    sections += [reply_section(reply) for reply in remark.replies]
    answer = [entry.answer.strip("\n") + "\n"] if entry.answer.strip("\n") else []
    return "\n" + "\n".join([title(remark) + "\n", listed, *sections, *answer])


def title(remark: Remark) -> str:
    """Give the heading of a remark."""
    place = remark.place
    where = f"{in_line(place.path)}:{place.line}:{place.column}" if place else NO_PLACE
    name = re.sub(r"\s", lambda blank: f"&#{ord(blank[0])};", in_line(remark.id))
    return f"## {name} · {remark.kind.value} · {where}"


def _fields(entry: Entry) -> Iterator[tuple[str, str]]:
    remark = entry.remark
    if remark.place:
        yield "to", f"{remark.place.end_line}:{remark.place.end_column}"
    yield "found", remark.certainty.value
    yield "by", remark.author
    yield "date", remark.date
    yield "page", "" if remark.page is None else str(remark.page)
    yield "returned", "resolved" if remark.resolved else ""
    yield "state", entry.state
    yield "assigned", entry.assigned


def spoken(remark: Remark) -> Iterator[tuple[str, str]]:
    """Give the texts of a remark that there are, by their labels."""
    if remark.quote:
        yield WORDS, remark.quote
    if remark.text:
        yield SAID, remark.text
    if remark.replacement is not None:
        yield INSTEAD, remark.replacement


def field_line(name: str, value: str) -> str:
    """Give the line of a field."""
    return f"- {name}: {in_line(value)}\n"


def section(name: str, words: str) -> str:
    """Give a label and its quotation."""
    return f"{name}:\n\n{quoted(words)}"


def reply_section(reply: Reply) -> str:
    """Give a reply."""
    date = _apart(reply.date, ",()") or UNDATED
    state = _apart(reply.state, "()")
    ending = f" ({state})" if state else ""
    return section(f"Reply by {in_line(reply.author)}, {date}{ending}", reply.text)


def _apart(words: str, signs: str) -> str:
    """Give words in one line, in which some signs do not stand as themselves."""

    def sign(found: re.Match[str]) -> str:
        one = found[1] or found[0]
        return f"&#{ord(one)};" if one in signs else found[0]

    return re.sub(rf"\\(.)|[{re.escape(signs)}]", sign, in_line(words))
