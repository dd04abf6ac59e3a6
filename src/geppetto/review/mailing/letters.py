"""The letter that goes with a draft: in the reviewer's language, as text and as HTML.

A language's words are one template, `templates/review/letter.<tag>.txt`. Its first
line is the subject; paragraphs are parted by empty lines, and lines that begin with
`- ` are a list. The HTML is made of the same words, so that both say the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from geppetto import templates
from geppetto.diagnostics import Diagnostic, ExitCode, GeppettoError, Location
from geppetto.review.mailing.amounts import Change, Kind
from geppetto.sheet import LANGUAGES, day

FOLDER = "review"
FALLBACK = "en"
SUBJECT = "Subject:"
# Chinese as it is written where (CLDR 46, likelySubtags).
WRITTEN = {"zh-tw": "zh-hant", "zh-hk": "zh-hant", "zh-mo": "zh-hant"}


@dataclass(frozen=True)
class Occasion:
    """What a letter is about.

    `date` is the draft's day. `kinds` are the formats of what is enclosed. `chapters`
    are what the reviewer gets, as lines, empty where it is all. `since` is the day of
    the draft that the reviewer had before, empty where there was none.
    """

    title: str
    date: str
    sender: str
    kinds: frozenset[str]
    chapters: tuple[str, ...] = ()
    since: str = ""
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Letter:
    """A letter's subject and words, and the language they are in."""

    subject: str
    text: str
    html: str
    lang: str


@dataclass(frozen=True)
class Line:
    """What a template is told of one chapter's changes: `label` is its number and title."""

    kind: str
    label: str
    before: str
    added: int
    removed: int


@dataclass(frozen=True)
class Block:
    """A paragraph's lines, or the items of a list: one of the two is empty."""

    lines: tuple[str, ...] = ()
    items: tuple[str, ...] = ()


def write(
    root: Path, occasion: Occasion, reviewer: str, lang: str, note: str
) -> tuple[Letter, list[Diagnostic]]:
    """Write to a reviewer; where no template has their language, in English, and say so.

    Raises:
        GeppettoError: a template has a fault (exit code 2).
    """
    environment = templates.text_environment(root, FOLDER)
    name = templates.first_there(environment, map(_file, _tags(lang))) or _file(FALLBACK)
    used = name.removeprefix("letter.").removesuffix(".txt")
    said = [] if _primary(used) == _primary(lang) else [_in_english(reviewer, lang)]
    text = templates.render(
        environment,
        name,
        title=_line(occasion.title),
        date=_day(occasion.date, used),
        reviewer=reviewer,
        sender=_line(occasion.sender),
        note=note.strip(),
        chapters=occasion.chapters,
        since=_day(occasion.since, used),
        changes=[_told(one) for one in occasion.changes],
        **{kind: kind in occasion.kinds for kind in ("pdf", "docx", "epub")},
    )
    subject, words = _parted(name, text)
    blocks = tuple(_blocks(words))
    html = templates.render(
        templates.xml_environment(root),
        f"{FOLDER}/letter.html",
        subject=subject,
        lang=used,
        blocks=blocks,
    )
    return Letter(subject, words, html, used), said


def _day(date: str, lang: str) -> str:
    """Give a day as it is written in a language, where that is known."""
    return day(date, lang) if date and _primary(lang) in LANGUAGES else date


def label(number: str, title: str) -> str:
    """Name a chapter in a line: its number, if it has one, and its title."""
    return f"{number}. {title}" if number else title


def _told(change: Change) -> Line:
    """Name a change; the number of a chapter that is gone would now be another's."""
    name = label("" if change.kind is Kind.REMOVED else change.number, change.title)
    return Line(change.kind.value, name, change.before, change.added, change.removed)


def _file(tag: str) -> str:
    return f"letter.{tag}.txt"


def _primary(tag: str) -> str:
    return tag.lower().partition("-")[0]


def _tags(lang: str) -> Iterator[str]:
    """Give a tag and what it is a kind of, the nearest first (RFC 4647, 3.4)."""
    tag = lang.lower()
    if tag in WRITTEN:
        yield WRITTEN[tag]
    while tag:
        yield tag
        tag = tag.rpartition("-")[0]


def _parted(name: str, text: str) -> tuple[str, str]:
    """Give the subject and the words; empty places of a template leave no gaps."""
    lines = [line.rstrip() for line in text.strip().split("\n")]
    if not lines[0].startswith(SUBJECT):
        says = f"The letter's first line must be its subject: '{SUBJECT} …'."
        place = Location(f"templates/{FOLDER}/{name}", 1)
        raise GeppettoError(Diagnostic("template-error", says, place), ExitCode.USAGE)
    subject = _line(lines[0].removeprefix(SUBJECT))
    words = re.sub(r"\n{3,}", "\n\n", "\n".join(lines[1:])).strip("\n")
    return subject, words + "\n"


def _blocks(words: str) -> Iterator[Block]:
    for part in words.strip("\n").split("\n\n"):
        lines = part.split("\n")
        if all(line.startswith("- ") for line in lines):
            yield Block(items=tuple(line[2:] for line in lines))
        else:
            yield Block(lines=tuple(lines))


def _line(words: str) -> str:
    return " ".join(words.split())


def _in_english(reviewer: str, lang: str) -> Diagnostic:
    return Diagnostic(
        "letter-language",
        f"The letter to {reviewer} is in English: there is none in '{lang}'.",
        hint=f"Write one, templates/{FOLDER}/{_file(_primary(lang))}, beside book.yaml.",
    )
