"""Where a chapter's Markdown cites, refers, names, links and shows images.

Every function gives a mapping from the key, label, identifier or target, as
it stands in Pandoc's tree, to its places in reading order: line and column,
both from 1, in characters. All read only what `mask` leaves.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from geppetto.sourcemap.masks import blank, mask

Place = tuple[int, int]
Places = dict[str, list[Place]]

# Pandoc 3's Text.Pandoc.Parsing.Citations: no citation directly after a letter, digit or full
# stop (an ellipsis is one character to it), and punctuation only inside the key. What stands before
# is looked at after the sign itself: a search for a plain character is the quickest there is.
_CITATION = re.compile(
    r"@(?<![^\W_]@)(?:(?<!\.@)|(?<=(?<!\.)\.\.\.@))(?:"
    r"\{(?P<braced>(?>(?:[^\s{}]|\{[^\s{}]*+\})+))\}"
    r"|(?P<plain>[\w*](?>(?:\w|[:.#$%&\-+?<>~/](?=\w)|[:/](?=/))*)))"
)
_EXAMPLE_LINE = re.compile(
    r"^[ \t>]*+(?>(?:\(?@(?P<label>[\w-]+)[.)](?=\s)|(?P<ink>[^\s>]))?)", re.MULTILINE
)
_NOTE_LABEL = r"\[\^(?P<label>[^\s^\[\]]++)\]"
_NOTE = re.compile(_NOTE_LABEL)
_NOTE_LINE = re.compile(
    rf"^[ \t>]*+(?>(?:{_NOTE_LABEL}(?P<colon>:)?|(?P<ink>[^\s>]))?)", re.MULTILINE
)
_ATTRIBUTES = re.compile(r"\{(?<!@\{)(?P<inside>[^{}]{1,2000}+)\}")
_IDENTIFIER = re.compile(r"(?:^|(?<=\s))#(?P<id>[^\s{}#=]+)")
_KEYVALUE = re.compile(r"[#.]\S|[\w-]+=")
# A bracket, or the end of a line before an empty one; it begins with a set, which is quick to find.
_BRACKET = re.compile(r"[\[\]\n](?:(?<!\n)|(?=[ \t>]*+\n))")
_DESTINATION = re.compile(
    r"\([ \t]*+\n?[ \t]*+(?:<(?P<angle>[^<>\n]*+)>|(?P<plain>(?>(?:\\.|[^\s()\\]"
    r"|\((?>(?:\\.|[^()\\\n]|\([^()\n]{0,500}+\)){0,500})\)|[ \t]++(?![\"')\n])){0,4000})))"
    r"(?>(?:[ \t]*+\n?[ \t]*+(?:\"(?>(?:\\.|[^\"\\]){0,2000})\"|'(?>(?:\\.|[^'\\]){0,2000})'))?)"
    r"\s*+\)",
)
_LABEL = re.compile(r"\[(?P<label>[^\[\]]{0,1000}+)\]")
_DEFINITION = re.compile(
    r"^[ \t>]*+\[(?![\^@])(?P<label>(?>(?:[^\[\]\n]|\n(?![ \t]*\n)){1,1000}))\]:[ \t]*+\n?[ \t]*+"
    r"(?:<(?P<angle>[^<>\n]*+)>|(?P<plain>\S++(?>(?:[ \t]++(?![\"'({])\S++)*)))",
    re.MULTILINE,
)
_AUTOLINK = re.compile(
    r"<(?:(?P<uri>[a-zA-Z][a-zA-Z0-9+.\-]{1,31}:[^\s<>]*+)|(?P<mail>[^\s<>@]++@[^\s<>]++))>"
)
_ESCAPED = re.compile(r"\\([^\w\s]|_)")
_ENTITY = re.compile(r"&#?\w+;")
_UNSAFE = re.compile(r"[\s<>|\"{}\[\]^`]")


def citations(text: str) -> Places:
    """Give the places of the `@` of every citation and cross-reference key.

    Keys in attributes, link targets and autolinks are none, nor are the labels
    of example lists. One thing only Pandoc's parse can tell: a key that
    directly follows emphasis (`*a*@key`) is none there, and is listed here.
    """
    masked = mask(text)
    spans = [link.target_span for link in _links(text, masked)]
    spans += [m.span() for m in _ATTRIBUTES.finditer(masked) if _KEYVALUE.search(m["inside"])]
    spans += [m.span() for m in _DEFINITION.finditer(masked)]
    prose = blank(masked, sorted(spans))
    examples = _example_labels(prose)
    found = ((m["braced"] or m["plain"], m.start()) for m in _CITATION.finditer(prose))
    return _places(text, ((key, at) for key, at in found if key not in examples))


def footnote_references(text: str) -> Places:
    """Give the places of every `[^label]` that refers to a footnote."""
    masked = mask(text)
    defined = {start for _, start in _definitions(masked)}
    notes = ((m["label"], m.start()) for m in _NOTE.finditer(masked))
    return _places(text, (note for note in notes if note[1] not in defined))


def footnote_definitions(text: str) -> Places:
    """Give the places of every `[^label]:` that defines a footnote."""
    return _places(text, _definitions(mask(text)))


def identifiers(text: str) -> Places:
    """Give the places of the `#` of every explicit identifier `{#id …}`."""
    masked = mask(text)
    found = (
        (identifier["id"], attributes.start("inside") + identifier.start())
        for attributes in _ATTRIBUTES.finditer(masked)
        for identifier in _IDENTIFIER.finditer(attributes["inside"])
    )
    return _places(text, found)


def images(text: str) -> Places:
    """Give the places of the `!` of every image, by target as Pandoc gives it."""
    return _places(text, ((i.target, i.start) for i in _links(text, mask(text)) if i.is_image))


def links(text: str) -> Places:
    """Give the places of every link, autolinks included, by target as Pandoc gives it."""
    return _places(text, ((i.target, i.start) for i in _links(text, mask(text)) if not i.is_image))


def _places(text: str, found: Iterable[tuple[str, int]]) -> Places:
    """Turn offsets to lines and columns."""
    starts = _line_starts(text)
    places: Places = {}
    for key, offset in found:
        line = bisect_right(starts, offset)
        places.setdefault(key, []).append((line, offset - starts[line - 1] + 1))
    return places


@lru_cache(maxsize=4)
def _line_starts(text: str) -> list[int]:
    return [0, *(m.end() for m in re.finditer("\n", text))]


def _example_labels(prose: str) -> set[str]:
    """Give the labels of example list items; none begins inside an ordinary paragraph."""
    labels: set[str] = set()
    possible, in_item = True, False
    for line in _EXAMPLE_LINE.finditer(prose):
        if line["label"] and possible:
            labels.add(line["label"])
            in_item = True
        elif line["label"] or line["ink"]:
            possible = in_item
        else:
            possible, in_item = True, False
    return labels


@lru_cache(maxsize=4)
def _definitions(masked: str) -> tuple[tuple[str, int], ...]:
    """Give the label and offset of each footnote definition; none begins inside a paragraph."""
    found: list[tuple[str, int]] = []
    possible = True
    for line in _NOTE_LINE.finditer(masked):
        if line["colon"] and possible:
            found.append((line["label"], line.start("label") - 2))
        elif line["label"] or line["ink"]:
            possible = False
        else:
            possible = True
    return tuple(found)


@dataclass(frozen=True)
class _Link:
    """A link or image: where it begins, where it leads, where its target is written."""

    start: int
    target: str
    is_image: bool
    target_span: tuple[int, int]


@lru_cache(maxsize=4)  # a chapter is asked for its links three times in a row
def _links(text: str, masked: str) -> tuple[_Link, ...]:
    """Give every link and image in reading order."""
    definitions = {
        _label(text[slice(*m.span("label"))]): _target(text, m)
        for m in reversed(list(_DEFINITION.finditer(masked)))
    }
    found: list[_Link] = []
    openers: list[int] = []
    position = 0
    while token := _BRACKET.search(masked, position):
        start, position = position, token.end()
        at = token.start()
        if token[0] == "\n":
            openers.clear()
        elif token[0] == "[":
            is_image = at > start and masked[at - 1] == "!"
            note = None if is_image else _NOTE.match(masked, at)
            if note:
                position = note.end()
            else:
                openers.append(at - is_image)
        elif openers:
            link = _close(text, masked, openers.pop(), at, definitions)
            if link:
                _add(found, link)
                position = max(position, link.target_span[1])
    found += (_autolink(text, m) for m in _AUTOLINK.finditer(masked))
    return tuple(sorted(found, key=lambda link: link.start))


def _close(
    text: str, masked: str, opener: int, end: int, definitions: dict[str, str]
) -> _Link | None:
    """Read what follows a closing bracket: a destination, a label, or nothing."""
    is_image = masked[opener] == "!"
    if masked.startswith("(", end + 1):
        destination = _DESTINATION.match(text, end + 1)
        if destination:
            return _Link(opener, _target(text, destination), is_image, destination.span())
    own = _label(text[opener + 1 + is_image : end])
    follows = _LABEL.match(text, end + 1)
    if follows and (label := _label(follows["label"]) or own) in definitions:
        return _Link(opener, definitions[label], is_image, follows.span())
    if own in definitions and not masked.startswith(":", end + 1):
        return _Link(opener, definitions[own], is_image, (end, end))
    return None


def _add(found: list[_Link], link: _Link) -> None:
    """Add a link; there are no links within links, so the inner ones go."""
    if not link.is_image:
        inner: list[_Link] = []
        while found and found[-1].start > link.start:
            inner.append(found.pop())
        found += (i for i in reversed(inner) if i.is_image)
    found.append(link)


def _autolink(text: str, found: re.Match[str]) -> _Link:
    inside = text[found.start() + 1 : found.end() - 1]
    target = _escape(f"mailto:{inside}" if found["mail"] else inside)
    return _Link(found.start(), target, is_image=False, target_span=found.span())


def _label(label: str) -> str:
    return " ".join(label.split()).casefold()


def _target(text: str, found: re.Match[str]) -> str:
    """Give a target as Pandoc does: escapes and entities resolved, blanks encoded."""
    group = "plain" if found["angle"] is None else "angle"
    raw = _ESCAPED.sub(r"\1", text[slice(*found.span(group))])
    raw = _ENTITY.sub(lambda entity: html.unescape(entity[0]), raw)
    return _escape(" ".join(raw.split()))


def _escape(target: str) -> str:
    """Percent-encode as Pandoc's escapeURI does."""
    return _UNSAFE.sub(
        lambda c: "".join(f"%{byte:02X}" for byte in c[0].encode("utf-8", "replace")), target
    )
