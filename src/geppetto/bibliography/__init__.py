"""Reads the bibliography: every entry with its place, and everything wrong with it.

The one room that knows bibtexparser. Entries keep their own text, so that what
Pandoc formats is what the author wrote.
"""

from __future__ import annotations

import bisect
import itertools
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bibtexparser.model import ImplicitComment
from bibtexparser.splitter import Splitter

from geppetto import files
from geppetto.bibliography import commands
from geppetto.bibliography.grammar import (
    UNPRINTED,
    VERBATIM,
    Broken,
    EntryText,
    FieldText,
    lost_text,
    read_definition,
    read_entry,
)
from geppetto.diagnostics import Diagnostic, Location, Severity
from geppetto.markedyaml import Marks
from geppetto.model.book import Bibliography, Reference
from geppetto.model.settings import Settings
from geppetto.suggest import nearest

BIB = files.Kind("bibliography", missing="bib-missing", encoding="bib-encoding")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
PARENTS = ("crossref", "xdata")

# What is left behind an entry that was closed too early, and of one that has lost its @.
LEFT_OVER = re.compile(r"\s*+,?\s*+[A-Za-z][\w+-]*+\s*+=\s*+[{\"\w]")
NO_AT = re.compile(
    r"^[ \t]*+(article|book|incollection|inproceedings|misc|online|phdthesis|techreport|thesis)"
    r"\s*+\{\s*+[^\s,{}]++\s*+,",
    re.IGNORECASE | re.MULTILINE,
)

ENTRY = re.compile(r"@\w++\s*+[{(]\s*+(?P<key>[^\s,{}()]++)\s*+,")

# What bibtexparser does not take for an entry: a kind that is not letters, a brace on the next line.
STRAY = re.compile(r"^[ \t]*+@[^\s{(%]*+\s*+[{(]", re.MULTILINE)

# bibtexparser logs what this module reports, with less to say.
logging.getLogger("bibtexparser").addHandler(logging.NullHandler())
logging.getLogger("bibtexparser").propagate = False


def read(
    root: Path, settings: Settings, marks: Marks | None = None
) -> tuple[Bibliography, list[Diagnostic]]:
    """Read the .bib files that book.yaml names, or every one beside it.

    Entries that can be read stand in the result whatever else is wrong.
    Keys differ by case, as they do for Pandoc.
    """
    reader = _Reader()
    for found in _files(root, settings, marks or Marks(), reader.diagnostics):
        text, faults = files.read(found, BIB)
        reader.diagnostics += faults
        reader.add(found.relative, text)
    reader.check_names()
    return reader.bibliography(), reader.diagnostics


def parse(text: str, path: str = "references.bib") -> tuple[Bibliography, list[Diagnostic]]:
    """Read the text of one .bib file (LF line ends)."""
    reader = _Reader()
    reader.add(path, text)
    reader.check_names()
    return reader.bibliography(), reader.diagnostics


def _files(
    root: Path, settings: Settings, marks: Marks, diagnostics: list[Diagnostic]
) -> Iterator[files.Found]:
    if settings.bibliography is None:
        beside = sorted(p.name for p in root.iterdir() if p.suffix.lower() == ".bib")
        named = [(n, Location(n)) for n in beside if not n.startswith(".")]
    else:
        places = (marks.value("bibliography", i) for i in range(len(settings.bibliography)))
        named = list(zip(settings.bibliography, places, strict=True))
    seen: set[Path] = set()
    for name, place in named:
        found, faults = files.find(root, name, BIB, place)
        diagnostics += faults
        if found is None or found.real in seen:
            continue
        seen.add(found.real)
        if found.real.suffix.lower() == ".bib":
            yield found
        else:
            diagnostics.append(_not_bib(name, place))


def _not_bib(name: str, place: Location) -> Diagnostic:
    hint = "Export it as BibTeX or BibLaTeX from the program that made it."
    return Diagnostic("bib-missing", f"The bibliography '{name}' is no .bib file.", place, hint)


@dataclass
class _Reader:
    """Gathers the entries of all files, and what there is to say about them."""

    references: dict[str, Reference] = field(default_factory=dict)
    strings: list[str] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    defined: set[str] = field(default_factory=lambda: set(MONTHS))
    abbreviations: list[tuple[str, Location]] = field(default_factory=list)
    parents: list[tuple[str, FieldText, Location]] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)

    def bibliography(self) -> Bibliography:
        """Give what was read."""
        broken = frozenset(self.broken - self.references.keys())
        return Bibliography(self.references, "\n".join(self.strings), self.faults, broken)

    def add(self, path: str, text: str) -> None:
        """Read one file."""
        source = _Source(path, text)
        for offset, block in source.blocks():
            kind = re.match(r"@?\s*(\w*)", block)
            name = kind.group(1).lower() if kind else ""
            if name not in ("comment", "preamble"):
                self._blocks(source, offset, block)

    def _blocks(self, source: _Source, offset: int, text: str) -> None:
        """Read the block at the beginning of the text, and what bibtexparser took for comments."""
        while text:
            past = 0
            if text.startswith("@"):
                past = self._block(source, offset, text)
            else:
                self._check_rest(source, offset, text, "")
            stray = STRAY.search(text, past)
            if stray is None:
                return
            start = text.index("@", stray.start())
            offset, text = offset + start, text[start:]

    def _block(self, source: _Source, offset: int, block: str) -> int:
        """Read one entry or definition, and give where it ends."""
        is_string = re.match(r"@\s*string\b", block, re.IGNORECASE) is not None
        try:
            entry = read_definition(block) if is_string else read_entry(block)
        except Broken as broken:
            place = source.place(offset + broken.offset)
            self._report("bib-broken-entry", f"{broken.message}.", place, broken.hint)
            if named := ENTRY.match(block):
                self.broken.add(named["key"])
            return 1
        self.abbreviations += [(w, source.place(offset + at)) for w, at in entry.abbreviations]
        if is_string:
            self.defined.add(entry.fields[0].name)
            self.strings.append(entry.raw)
        else:
            self._entry(source, offset, entry)
        self._check_rest(source, offset + entry.end, block[entry.end :], entry.key)
        return entry.end

    def _entry(self, source: _Source, offset: int, entry: EntryText) -> None:
        place = source.place(offset)
        first = self.references.get(entry.key)
        if first is not None:
            self._report(
                "bib-duplicate-key",
                f"The key '{entry.key}' stands for two entries; the first is at {first.location}.",
                place,
                "Give this entry another key, or take one of the two out.",
            )
            self.faults[entry.key] = f"{entry.key} stands for two entries"
            return
        self._check_fields(source, offset, entry)
        fields = {item.name: item.value.strip() for item in entry.fields}
        raw = commands.in_characters(entry.raw)
        self.references[entry.key] = Reference(entry.key, entry.kind, fields, raw, place)

    def _check_fields(self, source: _Source, offset: int, entry: EntryText) -> None:
        seen: dict[str, Location] = {}
        for item in entry.fields:
            place = source.place(offset + item.offset)
            if item.name in seen:
                message = f"The field '{item.name}' stands twice in '{entry.key}'"
                message += f"; first on line {seen[item.name].line}."
                self._report("bib-duplicate-field", message, place, "Keep one of the two.")
                self.faults[entry.key] = f"{item.name} stands twice"
            seen.setdefault(item.name, place)
            if item.name in PARENTS:
                self.parents.append((entry.key, item, place))
            if lost_text(item):
                message = f"In '{item.name}', the text from % to the line's end is lost:"
                message += " BibTeX takes it for a comment."
                self._warn(message, place, "Write \\% for the sign.")
            if item.name not in VERBATIM | UNPRINTED:
                self._check_commands(source, offset, entry, item)

    def _check_commands(
        self, source: _Source, offset: int, entry: EntryText, item: FieldText
    ) -> None:
        for name in dict.fromkeys(name for name, _ in commands.unread(item.value)):
            at = max(entry.raw.find(f"\\{name}", item.offset), item.offset)
            message = f"In '{item.name}' of '{entry.key}', \\{name} is a command that Pandoc"
            message += " does not know: it and what is in its braces would be lost."
            hint = "Write the character that it stands for, or the words without it."
            self._report("bib-command", message, source.place(offset + at), hint)
            self.faults.setdefault(entry.key, f"\\{name} is lost")

    def _check_rest(self, source: _Source, offset: int, rest: str, key: str) -> None:
        """Look at what stands between an entry and the next."""
        if key and LEFT_OVER.match(rest):
            message = f"The entry '{key}' ends here, but fields follow."
            hint = "Take out the brace that is one too many: here, or in the field before."
            self._report("bib-broken-entry", message, source.place(offset - 1), hint)
        for match in NO_AT.finditer(rest):
            place = source.place(offset + match.start(1))
            message = f"An entry has lost its @ before '{match.group(1)}'."
            self._report("bib-broken-entry", message, place, f"Write @{match.group(1)}{{…")

    def check_names(self) -> None:
        """Warn of abbreviations and parents that no file defines."""
        for word, place in self.abbreviations:
            if word.lower() not in self.defined:
                near = nearest(word, self.defined)
                hint = f"Put the text in braces: {{{word}}}, or define it with @string."
                hint += f" Did you mean {near}?" if near else ""
                self._warn(f"The abbreviation {word} is not defined.", place, hint)
        for key, item, place in self.parents:
            for parent in filter(None, (name.strip() for name in item.value.split(","))):
                if parent not in self.references:
                    near = nearest(parent, self.references)
                    hint = f"Did you mean '{near}'?" if near else "Add that entry."
                    message = f"The {item.name} of '{key}' names '{parent}', which is no entry."
                    self._warn(message, place, hint)

    def _report(self, code: str, message: str, place: Location, hint: str) -> None:
        self.diagnostics.append(Diagnostic(code, message, place, hint))

    def _warn(self, message: str, place: Location, hint: str) -> None:
        self.diagnostics.append(
            Diagnostic("bib-broken-entry", message, place, hint, severity=Severity.WARNING)
        )


class _Source:
    """The text of one file, and the places in it."""

    def __init__(self, path: str, text: str) -> None:
        self.path, self.text = path, text
        self.starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def place(self, offset: int) -> Location:
        line = bisect.bisect_right(self.starts, offset)
        return Location(self.path, line, offset - self.starts[line - 1] + 1)

    def blocks(self) -> Iterator[tuple[int, str]]:
        """Give each @-block with its offset and all text up to the next; first what precedes them.

        bibtexparser counts lines from 0, and begins a block at its @.
        """
        offsets: list[int] = [0]
        after = 0
        for block in Splitter(self.text).split().blocks:
            if isinstance(block, ImplicitComment) or block.start_line is None:
                continue
            offset = self.text.find("@", max(self.starts[block.start_line], after))
            head = (block.raw or "@")[:80]
            offset = max(self.text.find(head, max(self.starts[block.start_line], after)), offset)
            offsets.append(offset)
            after = offset + 1
        for offset, end in itertools.pairwise([*offsets, len(self.text)]):
            if end > offset and not self._is_comment(offset):
                yield offset, self.text[offset:end]

    def _is_comment(self, offset: int) -> bool:
        """Tell whether an @ stands in a line that begins with %, or in an address."""
        line = self.text[self.text.rfind("\n", 0, offset) + 1 : offset]
        if line.lstrip().startswith("%"):
            return True
        return line[-1:].isalnum() and not ENTRY.match(self.text, offset)
