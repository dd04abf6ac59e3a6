"""Reads a file of remarks, faults and an author's own text and all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from geppetto.diagnostics import Diagnostic, Location
from geppetto.review.kept.quoting import read, unquoted
from geppetto.review.kept.sheets import (
    FIELDS,
    HEAD,
    INSTEAD,
    NO_PLACE,
    SAID,
    STATES,
    UNDATED,
    WORDS,
    Entry,
    Part,
    Piece,
    Sheet,
)  # fmt: skip
from geppetto.review.remarks import Certainty, Kind, Remark, Reply, Span
from geppetto.suggest import nearest

TITLE = re.compile(r"## (?P<id>\S+) · (?P<kind>[^·]+?) · (?P<place>.+?)[ \t]*")
_HEADING = re.compile(r"^## .*$", re.MULTILINE)
_PLACE = re.compile(r"(?P<path>.+):(?P<line>\d{1,9}):(?P<column>\d{1,9})")
_POINT = re.compile(r"(\d{1,9}):(\d{1,9})")
_FIELD = re.compile(r"- (?P<name>[a-z]+): *(?P<value>.*)")
_LABEL = re.compile(
    rf"(?P<label>{WORDS}|{SAID}|{INSTEAD}|Reply by (?P<author>.*), (?P<date>[^,()]*?)"
    r"(?: \((?P<state>[^()]*)\))?):[ \t]*"
)


def parse(path: str, text: str) -> tuple[Sheet, list[Diagnostic]]:
    """Read a file of remarks; faults are said with their lines, and what has them stays."""
    reader = _Reader(path, text)
    return reader.sheet(), reader.faults


@dataclass
class _Reader:
    """Reads one file."""

    path: str
    text: str
    faults: list[Diagnostic] = field(default_factory=list)

    def sheet(self) -> Sheet:
        """Give what the file holds."""
        titles = [m for m in _HEADING.finditer(self.text) if self._is_entry(m)]
        bounds = [m.start() for m in titles] + [len(self.text)]
        named = {p.name: p.value for p in self._fields(0, bounds[0], HEAD)}
        for name in ("draft", "reviewer"):
            if name not in named:
                self._fault(0, f"The file does not say its {name}.", f"Write it: `- {name}: …`.")
        parts: dict[str, Part] = {}
        for title, end in zip(titles, bounds[1:], strict=True):
            part = self._part(title, end)
            if part is not None and part.entry.remark.id in parts:
                says = f"The remark {part.entry.remark.id} stands here a second time."
                self._fault(title.start(), says, "Take one of the two away.")
            elif part is not None:
                part = _of(part, named.get("draft", ""), named.get("reviewer", ""))
                parts[part.entry.remark.id] = part
        found = tuple(parts.values())
        return Sheet(self.path, named.get("draft", ""), named.get("reviewer", ""), found)

    def _fault(self, at: int, message: str, hint: str) -> None:
        place = Location(self.path, self.text.count("\n", 0, at) + 1)
        self.faults.append(Diagnostic("review-fault", message, place, hint))

    def _is_entry(self, heading: re.Match[str]) -> bool:
        """Tell the heading of a remark from an author's own."""
        if TITLE.fullmatch(heading[0]):
            return True
        following = self.text[heading.end() : heading.end() + 200].lstrip("\n")
        known = _FIELD.match(following)
        if known is None or known["name"] not in FIELDS:
            return False
        says = "This heading of a remark cannot be read, nor the remark."
        hint = (
            "It should be like `## 3f2a9c · comment · chapters/01.md:12:5`: see the file's history."
        )
        self._fault(heading.start(), says, hint)
        return True

    def _part(self, title: re.Match[str], end: int) -> Part | None:
        match = TITLE.fullmatch(title[0])
        kind = match and self._one_of(match["kind"], Kind, title.start(), "kind")
        if not match or not kind:
            return None
        fields = tuple(self._fields(title.end(), end, FIELDS))
        rest = fields[-1].end if fields else title.end()
        sections = tuple(self._sections(rest, end))
        remark = self._remark(title, Kind(kind), fields, sections)
        values = {piece.name: piece.value for piece in fields}
        at = next((p.start for p in fields if p.name == "state"), title.start())
        state = self._one_of(values.get("state", STATES[0]), STATES, at, "state") or STATES[0]
        answer = self._rest([*fields, *sections], title.end(), end)
        entry = Entry(remark, state, values.get("assigned", ""), answer)
        return Part(entry, title.start(), end, fields, sections)

    def _one_of(
        self, value: str, known: type[Kind | Certainty] | tuple[str, ...], at: int, what: str
    ) -> str:
        """Give a value if it is one of those there are."""
        names = [str(one) for one in known]
        if value in names:
            return value
        near = nearest(value, names)
        hint = f"Did you mean '{near}'?" if near else f"It is one of {', '.join(names)}."
        self._fault(at, f"There is no {what} '{value}'.", hint)
        return ""

    def _fields(self, start: int, end: int, known: tuple[str, ...]) -> Iterator[Piece]:
        """Give the fields of the list below a heading."""
        begun = False
        for at, line in self._lines(start, end):
            match = _FIELD.fullmatch(line)
            if match is None:
                if begun or (line.strip() and not line.startswith("#")):
                    return
                continue
            begun = True
            if match["name"] in known:
                value = read(match["value"].rstrip(" \t"))
                yield Piece(match["name"], at, at + len(line) + 1, value)
            else:
                near = nearest(match["name"], known)
                hint = f"Did you mean '{near}'?" if near else "It is kept, and means nothing here."
                self._fault(at, f"There is no field '{match['name']}'.", hint)

    def _lines(self, start: int, end: int) -> Iterator[tuple[int, str]]:
        for line in self.text[start:end].split("\n"):
            yield start, line
            start += len(line) + 1

    def _sections(self, start: int, end: int) -> Iterator[Piece]:
        """Give the labels and their quotations; a label that comes again is the author's."""
        lines = list(self._lines(start, end))
        seen: set[str] = set()
        number = 0
        while number < len(lines):
            at, line = lines[number]
            number += 1
            label = _LABEL.fullmatch(line)
            if label is None or label["label"] in seen:
                continue
            first = next((n for n in range(number, len(lines)) if lines[n][1].strip()), len(lines))
            last = first
            while last < len(lines) and lines[last][1].startswith(">"):
                last += 1
            if first == last:
                says = f"Nothing is quoted below '{label['label']}:'."
                self._fault(at, says, "Quote it: begin its lines with '>'.")
                continue
            words = unquoted([text for _, text in lines[first:last]])
            number = last
            ended = lines[last][0] if last < len(lines) else end
            yield self._section(label, at, ended, words)
            if label["author"] is None:
                seen.add(label["label"])

    def _section(self, label: re.Match[str], start: int, end: int, words: str) -> Piece:
        if label["author"] is None:
            return Piece(label["label"], start, end, words)
        date = "" if label["date"] == UNDATED else read(label["date"])
        reply = Reply(read(label["author"]), date, words, read(label["state"] or ""))
        return Piece("Reply", start, end, words, reply)

    def _remark(
        self,
        heading: re.Match[str],
        kind: Kind,
        fields: tuple[Piece, ...],
        sections: tuple[Piece, ...],
    ) -> Remark:
        values = {piece.name: piece for piece in fields}
        text = {piece.name: piece.value for piece in fields}
        said = {piece.name: piece.value for piece in sections if piece.reply is None}
        title = TITLE.fullmatch(heading[0])
        return Remark(
            id=read(title["id"]) if title else "",
            draft="",
            reviewer="",
            kind=kind,
            author=text.get("by", ""),
            date=text.get("date", ""),
            text=said.get(SAID, ""),
            quote=said.get(WORDS, ""),
            replacement=said.get(INSTEAD),
            replies=tuple(piece.reply for piece in sections if piece.reply),
            resolved=text.get("returned") == "resolved",
            page=self._page(values.get("page")),
            place=self._place(heading, title["place"] if title else NO_PLACE, values.get("to")),
            certainty=self._certainty(values.get("found")),
        )

    def _page(self, page: Piece | None) -> int | None:
        if page is None:
            return None
        if re.fullmatch(r"[0-9]{1,9}", page.value):
            return int(page.value)
        self._fault(
            page.start, f"'{page.value}' is no page.", "Write its number, as in `- page: 12`."
        )
        return None

    def _certainty(self, found: Piece | None) -> Certainty:
        if found is None:
            return Certainty.LOST
        known = self._one_of(found.value, Certainty, found.start, "certainty")
        return Certainty(known or Certainty.LOST)

    def _place(self, heading: re.Match[str], written: str, to: Piece | None) -> Span | None:
        if written == NO_PLACE:
            return None
        place = _PLACE.fullmatch(written)
        if place is None:
            says = f"'{written}' is no place."
            hint = "Write it as in chapters/01.md:12:5, or `no place`."
            self._fault(heading.start(), says, hint)
            return None
        line, column = int(place["line"]), int(place["column"])
        end = _POINT.fullmatch(to.value) if to else None
        if to and end is None:
            says = f"'{to.value}' is no place of a line and a column."
            self._fault(to.start, says, "Write it as in `- to: 12:9`.")
        ended = (int(end[1]), int(end[2])) if end else (line, column)
        return Span(read(place["path"]), line, column, *max(ended, (line, column)))

    def _rest(self, pieces: list[Piece], start: int, end: int) -> str:
        """Give what else stands below a heading."""
        kept, position = [], start
        for piece in pieces:
            kept.append(self.text[position : piece.start])
            position = piece.end
        kept.append(self.text[min(position, end) : end])
        return "\n\n".join(part for text in kept if (part := text.strip("\n")).strip())


def _of(part: Part, draft: str, reviewer: str) -> Part:
    remark = replace(part.entry.remark, draft=draft, reviewer=reviewer)
    return replace(part, entry=replace(part.entry, remark=remark))
