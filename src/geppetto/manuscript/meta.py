"""Reads the YAML block at the head of a chapter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from geppetto import markedyaml
from geppetto.diagnostics import Diagnostic
from geppetto.markedyaml import Keys
from geppetto.model.book import ChapterMeta, Epigraph
from geppetto.model.settings import LANGUAGE, Settings
from geppetto.suggest import nearest

META_KEYS = ("title", "short-title", "author", "epigraph", "lang")
MARKDOWN_KEYS: tuple[Keys, ...] = (
    ("title",), ("epigraph",), ("epigraph", "text"), ("epigraph", "source"),
)  # fmt: skip

# Pandoc ends a metadata block at --- or ...; it begins with --- and no blank line after.
BLOCK = re.compile(
    r"((?:[ \t]*\n)*)---[ \t]*\n(?![ \t]*\n)(.*?\n)??(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL
)


def read(path: str, text: str) -> tuple[ChapterMeta, str, list[Diagnostic]]:
    """Give what a chapter's YAML block sets, and the chapter's text with the block blanked.

    As in Pandoc, lines between `---` that are YAML but no mapping are text.
    """
    match = BLOCK.match(text)
    if match is None:
        return ChapterMeta(), text, []
    block = "\n" * (match.group(1).count("\n") + 1) + (match.group(2) or "")
    document, faults = markedyaml.parse(block, path, "chapter-yaml")
    if not faults and document.value is not None and not isinstance(document.value, dict):
        return ChapterMeta(), text, []
    text = "\n" * match.group().count("\n") + text[match.end() :]
    if not isinstance(document.value, dict):
        return ChapterMeta(), text, [_with_remedy(fault) for fault in faults]
    meta, more = _MetaReader(document).read()
    return replace(meta, markdown=_markdown(block, document)), text, faults + more


def _markdown(block: str, document: markedyaml.Document) -> str:
    """Give a YAML block with all but its Markdown blanked: what stands there, stands there still.

    What is before Markdown on its line becomes `>`: indentation would be code,
    but quotations may begin anywhere.
    """
    lines = ["" for _ in block.split("\n")]
    for keys in MARKDOWN_KEYS:
        value = document.value.get(keys[0])
        value = value.get(keys[1]) if len(keys) > 1 and isinstance(value, dict) else value
        if not isinstance(value, str) or keys not in document.marks.spans:
            continue
        for line, column, words in _written(block, *document.marks.spans[keys]):
            lines[line] = lines[line].ljust(column, ">") + words
    return "\n".join(lines).rstrip()


def _written(block: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """Give a scalar's words as they are written: line and column, from 0, and words."""
    style = block[start]
    if style in "|>":  # the header of a block scalar (YAML 1.2, 8.1)
        start = block.find("\n", start) + 1
    elif style in "\"'":
        start, end = start + 1, end - 1
    scalar = block[start:end]
    if style == '"':  # an escaped backslash or quotation mark is one, not two
        scalar = re.sub(r"\\(?=[\\\"])", " ", scalar)
    first = block.count("\n", 0, start)
    for number, line in enumerate(scalar.split("\n")):
        indented = start - block.rfind("\n", 0, start) - 1 if number == 0 else 0
        words = line.lstrip(" ")
        if words.strip():
            yield first + number, indented + len(line) - len(words), words


def _with_remedy(fault: Diagnostic) -> Diagnostic:
    """Add what to do where no YAML was meant at all."""
    remedy = "If --- is meant as a break, leave a blank line after it."
    return replace(fault, hint=f"{fault.hint} {remedy}" if fault.hint else remedy)


class _MetaReader:
    """Takes from a YAML block what belongs to a chapter."""

    def __init__(self, document: markedyaml.Document) -> None:
        self.value: dict[str, Any] = document.value
        self.marks = document.marks
        self.diagnostics: list[Diagnostic] = []

    def read(self) -> tuple[ChapterMeta, list[Diagnostic]]:
        for key in self.value:
            if key not in META_KEYS:
                self._ignore(key)
        meta = ChapterMeta(
            title=self._text("title"),
            short_title=self._text("short-title"),
            author=self._authors(),
            epigraph=self._epigraph(),
            lang=self._lang(),
        )
        return meta, self.diagnostics

    def _ignore(self, key: str) -> None:
        near = nearest(key, META_KEYS)
        if key in {info.alias for info in Settings.model_fields.values()}:
            hint = f"'{key}' belongs to the whole book: put it into book.yaml."
        elif near:
            hint = f"Did you mean '{near}'?"
        else:
            hint = f"A chapter may set {', '.join(META_KEYS)}. Take the line out."
        message = f"The key '{key}' in a chapter's YAML block is ignored."
        place = self.marks.key(key)
        self.diagnostics.append(Diagnostic("chapter-key-ignored", message, place, hint))

    def _wrong(self, keys: Keys, what: str, example: str) -> None:
        message = f"'{keys[0]}' {what}."
        place = self.marks.value(*keys)
        hint = f"For example: {example}"
        self.diagnostics.append(Diagnostic("chapter-value", message, place, hint))

    def _text(self, key: str, example: str = "The Dream") -> str | None:
        value = self.value.get(key)
        if value is None or isinstance(value, str):
            return (value or "").strip() or None
        self._wrong((key,), "must be text", f"{key}: {example}")
        return None

    def _lang(self) -> str | None:
        value = self._text("lang", "it")
        if value is not None and not re.fullmatch(LANGUAGE, value):
            self._wrong(("lang",), "must be a language's tag", "lang: it")
            return None
        return value

    def _authors(self) -> tuple[str, ...]:
        value = self.value.get("author")
        if value is None:
            return ()
        people = value if isinstance(value, list) else [value]
        given = (p.get("name") if isinstance(p, dict) else p for p in people)
        names = tuple(name.strip() for name in given if isinstance(name, str) and name.strip())
        if len(names) < len(people):
            self._wrong(("author",), "must be a name or a list of names", "author: [A. Name]")
            return ()
        return names

    def _epigraph(self) -> Epigraph | None:
        value = self.value.get("epigraph")
        if value is None:
            return None
        parts = value if isinstance(value, dict) else {"text": value}
        text, source = parts.get("text"), parts.get("source")
        known = set(parts) <= {"text", "source"}
        if known and isinstance(text, str) and isinstance(source, str | None):
            return Epigraph(text.strip(), source.strip() if source else None)
        example = "epigraph: {text: To be is to do., source: Somebody}"
        self._wrong(("epigraph",), "must be text, or text and source", example)
        return None
