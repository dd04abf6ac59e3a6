"""Reads the chapters: their order, their text, and what their own YAML blocks say."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from geppetto import files
from geppetto.diagnostics import Diagnostic, Location
from geppetto.manuscript import meta
from geppetto.manuscript.slugs import book_slug, slug, with_slugs
from geppetto.markedyaml import Keys, Marks
from geppetto.model.book import Chapter, Role
from geppetto.model.settings import PartList, Settings

__all__ = ["book_slug", "natural_order", "read", "slug"]

FOLDER = "chapters"
CHAPTER = files.Kind("chapter", missing="chapter-missing", encoding="chapter-encoding")

# C0 and C1 controls but tab and line feed, DEL, a stray byte-order mark, non-characters.
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")


def read(
    root: Path, settings: Settings, marks: Marks | None = None
) -> tuple[tuple[Chapter, ...], list[Diagnostic]]:
    """Read every chapter in the book's order: front matter, chapters, appendices.

    Without a list in book.yaml, the chapters are chapters/*.md in natural
    order. A chapter with a fault stands in the result all the same where its
    text can be had, so that its other faults can be found in the same run.
    """
    reader = _Reader(root, marks or Marks())
    for listed in _listed(settings):
        reader.add(listed)
    if settings.chapters is None:
        reader.add_folder(before=Role.APPENDIX)
    else:
        reader.report_unlisted()
    if not reader.has_chapter:
        reader.report_none()
    return tuple(with_slugs(reader.chapters)), reader.diagnostics


def natural_order(name: str) -> tuple[list[str | int], str]:
    """Give a key that sorts names as people do: 2 before 10, a and A together."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    pieces = re.split(r"([0-9]+)", folded)
    return [int(p) if i % 2 else p for i, p in enumerate(pieces)], name


@dataclass(frozen=True)
class _Listed:
    """One chapter as book.yaml names it."""

    name: str
    role: Role
    keys: Keys
    part: str | None = None


def _listed(settings: Settings) -> Iterator[_Listed]:
    for i, name in enumerate(settings.frontmatter):
        yield _Listed(name, Role.FRONT, ("frontmatter", i))
    for i, item in enumerate(settings.chapters or ()):
        if isinstance(item, PartList):
            for j, name in enumerate(item.chapters):
                part = item.part if j == 0 else None
                yield _Listed(name, Role.MAIN, ("chapters", i, "chapters", j), part)
        else:
            yield _Listed(item, Role.MAIN, ("chapters", i))
    for i, name in enumerate(settings.appendices):
        yield _Listed(name, Role.APPENDIX, ("appendices", i))


@dataclass
class _Reader:
    """Gathers chapters and what there is to say about them."""

    root: Path
    marks: Marks
    chapters: list[Chapter] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    places: dict[Path, Location] = field(default_factory=dict)
    has_chapter: bool = False
    pending_part: str | None = None

    def add(self, listed: _Listed) -> None:
        """Read a chapter that book.yaml lists."""
        self.has_chapter |= listed.role is Role.MAIN
        place = self.marks.value(*listed.keys)
        self.pending_part = listed.part or self.pending_part
        if listed.role is not Role.MAIN:
            self.pending_part = None
        found, faults = files.find(self.root, listed.name, CHAPTER, place)
        self.diagnostics += faults
        if found is None:
            return
        if found.real in self.places:
            self._report_twice(listed, place, self.places[found.real])
            return
        self.places[found.real] = place
        self.chapters.append(self._read(found, listed.role))

    def _read(self, found: files.Found, role: Role) -> Chapter:
        text, faults = files.read(found, CHAPTER)
        self.diagnostics += faults
        chapter, faults = _chapter(found.relative, role, text)
        self.diagnostics += faults
        part, self.pending_part = self.pending_part, None
        return replace(chapter, part=part)

    def add_folder(self, before: Role) -> None:
        """Read chapters/*.md that are not listed elsewhere, and put them before the appendices."""
        at = next((i for i, c in enumerate(self.chapters) if c.role is before), len(self.chapters))
        read: list[Chapter] = []
        for path in self._in_folder():
            name = f"{FOLDER}/{path.name}"
            found, faults = files.find(self.root, name, CHAPTER, Location(name))
            self.diagnostics += faults
            self.has_chapter = True
            if found is not None and found.real not in self.places:
                self.places[found.real] = Location(name)
                read.append(self._read(found, Role.MAIN))
        self.chapters[at:at] = read

    def _in_folder(self) -> list[Path]:
        folder = self.root / FOLDER
        if not folder.is_dir():
            return []
        files_there = (p for p in folder.iterdir() if p.suffix.lower() == ".md")
        kept = (p for p in files_there if not p.name.startswith((".", "_")) and not p.is_dir())
        return sorted(kept, key=lambda p: natural_order(p.stem))

    def _report_twice(self, listed: _Listed, place: Location, first: Location) -> None:
        self.diagnostics.append(
            Diagnostic(
                "chapter-twice",
                f"The chapter '{listed.name}' is listed twice; first at {first}.",
                place,
                "Take one of the two lines out of book.yaml.",
            )
        )

    def report_unlisted(self) -> None:
        """Warn of files in chapters/ that would be missed in the book."""
        for path in self._in_folder():
            name = f"{FOLDER}/{path.name}"
            found, _ = files.find(self.root, name, CHAPTER, None)
            if found is not None and found.real not in self.places:
                message = f"{name} is in no list of book.yaml, so it is not in the book."
                hint = f"Add `- {name}` to chapters in book.yaml, or move the file away."
                self.diagnostics.append(
                    Diagnostic("chapter-unlisted", message, Location(name), hint)
                )

    def report_none(self) -> None:
        """Say that there is nothing to make a book of."""
        message = "The book has no chapter."
        hint = f"Write {FOLDER}/01-first.md, beginning with `# Its title`."
        self.diagnostics.append(
            Diagnostic("chapter-none", message, self.marks.key("chapters"), hint)
        )


def _chapter(path: str, role: Role, text: str) -> tuple[Chapter, list[Diagnostic]]:
    text, diagnostics = _without_controls(path, text)
    chapter_meta, text, faults = meta.read(path, text)
    diagnostics += faults
    if not text.strip():
        diagnostics.append(
            Diagnostic(
                "chapter-empty",
                "The chapter has no text.",
                Location(path),
                "Write it, or take it out of the book.",
            )
        )
    return Chapter(path, "", role, text, chapter_meta), diagnostics


def _without_controls(path: str, text: str) -> tuple[str, list[Diagnostic]]:
    """Take out characters that neither TeX nor XML can hold; a form feed becomes a space."""
    found = list(CONTROLS.finditer(text))
    if not found:
        return text, []
    at = found[0].start()
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    more = f", and {len(found) - 1} more in this file" if len(found) > 1 else ""
    message = f"A control character (U+{ord(text[at]):04X}) stands here{more}; left out."
    hint = "Delete it. It often comes with text pasted from a PDF or a terminal."
    place = Location(path, line, column)
    cleaned = CONTROLS.sub(lambda m: " " if m.group() in "\x0b\x0c\x85" else "", text)
    return cleaned, [Diagnostic("chapter-control", message, place, hint)]
