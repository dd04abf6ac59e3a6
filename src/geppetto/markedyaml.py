"""Reads YAML and keeps the place of every key and value.

Every value comes out as the text its author wrote: whether `no` is Norwegian
or a refusal, and `1984` a title or a number, is for the reader of the value to
say, not for YAML 1.1. Nothing is constructed, so no tag can run anything.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from geppetto.diagnostics import Diagnostic, Location

Keys = tuple[str | int, ...]
Place = tuple[int, int]

LARGEST = 1_000_000  # characters; a book.yaml of 5,000 chapters has a fifth of it
EXPANDED = 10_000  # values that aliases may expand to
STANDARD_TAG = "tag:yaml.org,2002:"
TAGS = ("str", "int", "float", "bool", "null", "map", "seq", "timestamp", "value", "merge")
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
NOTHING = ("", "~", "null")

EXPLANATIONS = (
    (
        "mapping values are not allowed",
        "a colon stands inside a value that has no quotation marks",
        'Put the value in quotation marks: title: "Puppets: a history".',
    ),
    (
        "character '\\t' that cannot start any token",
        "a tab stands where YAML wants spaces",
        "Indent with spaces.",
    ),
    (
        "cannot start any token",
        "a value begins with a character that means something else in YAML",
        'Put the value in quotation marks: "…".',
    ),
    (
        "could not find expected ':'",
        "a line is neither a key with a value nor a part of the value above",
        "Write `key: value`, with a space after the colon.",
    ),
    (
        "found unexpected end of stream",
        "a quotation mark is opened and never closed",
        "Close the quotation mark that is opened here.",
    ),
    (
        "expected <block end>",
        "the indentation does not fit the lines above",
        "Keys of one level begin in one column; the items of a list begin with `- `.",
    ),
    (
        "expected ',' or ']'",
        "a list in square brackets is not closed",
        "Close the list with `]`, and put commas between its items.",
    ),
    (
        "expected ',' or '}'",
        "a mapping in braces is not closed",
        "Close it with `}`, and put commas between its keys.",
    ),
    (
        "undefined alias",
        "a value that begins with * has no quotation marks",
        'YAML takes *name for an alias. Put the value in quotation marks: "*name".',
    ),
    (
        "expected a single document",
        "a second document begins",
        "Take out the line `---`: the file is one document.",
    ),
    (
        "unknown escape character",
        "a backslash stands between double quotation marks",
        "Use single quotation marks, or write the backslash twice.",
    ),
)


@dataclass(frozen=True)
class Marks:
    """Where keys and values stand in a YAML file.

    A place is found by its path of keys and list positions:
    `marks.value("chapters", 1, "part")`. A path that is not in the file gives
    the place of the nearest thing above it, at last the top of the file.
    `spans` has the offsets at which values begin and end.
    """

    path: str = "book.yaml"
    values: Mapping[Keys, Place] = field(default_factory=dict)
    keys: Mapping[Keys, Place] = field(default_factory=dict)
    spans: Mapping[Keys, tuple[int, int]] = field(default_factory=dict)

    def value(self, *keys: str | int) -> Location:
        """Give the place of a value."""
        return self._location(self.values, keys)

    def key(self, *keys: str | int) -> Location:
        """Give the place of a key."""
        return self._location(self.keys if keys in self.keys else self.values, keys)

    def _location(self, places: Mapping[Keys, Place], keys: Keys) -> Location:
        while keys and keys not in places:
            keys = keys[:-1]
        line, column = places.get(keys, (1, 1))
        return Location(self.path, line, column)


@dataclass(frozen=True)
class Document:
    """One YAML file: `value` is of dicts, lists, strings, and None where nothing is written."""

    value: Any
    marks: Marks


def flow(value: object) -> str:
    """Write a list or mapping as YAML on one line."""
    text = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=10**6)
    return str(text).removesuffix("...\n").strip()


def parse(text: str, path: str, code: str = "config-yaml") -> tuple[Document, list[Diagnostic]]:
    """Read YAML text (LF line ends, no byte-order mark); faults carry `code`.

    Where it is not YAML at all, the value is None and one diagnostic says why.
    """
    reader = _Reader(text, path, code)
    try:
        return reader.read(), reader.diagnostics
    except _Unreadable as error:
        return Document(None, Marks(path)), [*reader.diagnostics, error.diagnostic]


class _Unreadable(Exception):  # noqa: N818 - not an error of the program
    def __init__(self, diagnostic: Diagnostic) -> None:
        self.diagnostic = diagnostic
        super().__init__(diagnostic.message)


class _Reader:
    """Turns one text into a Document."""

    def __init__(self, text: str, path: str, code: str) -> None:
        self.text, self.path, self.code = text, path, code
        self.starts = [0, *(i + 1 for i, char in enumerate(text) if char == "\n")]
        self.values: dict[Keys, Place] = {}
        self.keys: dict[Keys, Place] = {}
        self.spans: dict[Keys, tuple[int, int]] = {}
        self.diagnostics: list[Diagnostic] = []

    def read(self) -> Document:
        if len(self.text) > LARGEST:
            raise self._unreadable(
                0, "the YAML is too long", f"{LARGEST:,} characters is the most."
            )
        try:
            node = yaml.compose(self.text, Loader=yaml.SafeLoader)
            if node is not None:
                self._check_aliases(node)
            value = None if node is None else self._build(node, ())
        except yaml.MarkedYAMLError as error:
            raise self._explained(error) from error
        except yaml.reader.ReaderError as error:
            at = int(error.position)
            raise self._unreadable(at, _unprintable(self.text[at : at + 1])) from error
        except (ValueError, OverflowError) as error:
            raise self._unreadable(0, f"a value cannot be read: {error}") from error
        except RecursionError as error:
            raise self._unreadable(0, "lists or mappings are nested too deeply") from error
        return Document(value, Marks(self.path, self.values, self.keys, self.spans))

    def _place(self, index: int) -> Place:
        line = bisect.bisect_right(self.starts, index)
        return line, index - self.starts[line - 1] + 1

    def _report(self, code: str, index: int, message: str, hint: str | None = None) -> None:
        location = Location(self.path, *self._place(index))
        self.diagnostics.append(Diagnostic(code, message, location, hint))

    def _unreadable(
        self, index: int, what: str, hint: str | None = None, code: str | None = None
    ) -> _Unreadable:
        location = Location(self.path, *self._place(index))
        message = what[:1].upper() + what[1:] + "."
        return _Unreadable(Diagnostic(code or self.code, message, location, hint))

    def _explained(self, error: yaml.MarkedYAMLError) -> _Unreadable:
        problem = f"{error.context or ''} {error.problem or ''}".strip()
        mark = error.problem_mark or error.context_mark
        what, hint = problem, None
        for words, meaning, remedy in EXPLANATIONS:
            if words in problem:
                what, hint = meaning, remedy
                break
        if re.search("end of stream|stream end", problem) and error.context_mark:
            mark = error.context_mark
        index = mark.index if mark else 0
        return self._unreadable(min(index, len(self.text)), what, hint)

    def _check_aliases(self, root: yaml.Node) -> None:
        """Refuse what contains itself, and what expands to too much."""
        sizes: dict[int, int] = {}
        open_nodes: set[int] = set()

        def size(node: yaml.Node) -> int:
            if id(node) in open_nodes:
                raise self._unreadable(
                    node.start_mark.index,
                    "a value contains itself by an alias",
                    "Write the value out instead of the alias (*name).",
                    "config-alias",
                )
            if id(node) not in sizes:
                open_nodes.add(id(node))
                sizes[id(node)] = 1 + sum(size(child) for child in _children(node))
                open_nodes.discard(id(node))
            return sizes[id(node)]

        if size(root) > max(EXPANDED, len(sizes)):
            raise self._unreadable(
                root.start_mark.index,
                f"aliases expand to more than {EXPANDED:,} values",
                "Write the values out instead of the aliases (*name).",
                "config-alias",
            )

    def _build(self, node: yaml.Node, keys: Keys) -> Any:
        self.values[keys] = self._place(node.start_mark.index)
        self.spans[keys] = node.start_mark.index, node.end_mark.index
        self._check_tag(node)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, keys)
        if isinstance(node, yaml.SequenceNode):
            return [self._build(child, (*keys, i)) for i, child in enumerate(node.value)]
        return self._scalar(node)

    def _check_tag(self, node: yaml.Node) -> None:
        if node.tag.removeprefix(STANDARD_TAG) not in TAGS:
            index = node.start_mark.index
            self._report(self.code, index, f"The tag {node.tag} is not known.", "Take it out.")

    def _scalar(self, node: Any) -> str | None:
        if node.style is None and node.value in NOTHING:
            return None
        text = str(node.value)
        found = UNPRINTABLE.search(text)
        if found:
            what = _unprintable(found.group())
            self._report(self.code, node.start_mark.index, what[:1].upper() + what[1:] + ".")
        return UNPRINTABLE.sub("\ufffd", text)

    def _mapping(self, node: yaml.MappingNode, keys: Keys) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            index = key_node.start_mark.index
            if not isinstance(key_node, yaml.ScalarNode):
                self._report(self.code, index, "A key is a list or a mapping.", "A key is a word.")
                continue
            key = UNPRINTABLE.sub("\ufffd", key_node.value)
            path = (*keys, key)
            if path in self.keys and key in result:
                self._report_twice(key, index, self.keys[path])
                continue
            self.keys[path] = self._place(index)
            result[key] = self._build(value_node, path)
        return result

    def _report_twice(self, key: str, index: int, first: Place) -> None:
        line, column = first
        self._report(
            "config-duplicate-key",
            index,
            f"The key '{key}' stands twice; first on line {line}, column {column}.",
            "Keep one of the two.",
        )


def _children(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [part for pair in node.value for part in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _unprintable(char: str) -> str:
    return f"the text has a character that cannot be printed (U+{ord(char or chr(0)):04X})"
