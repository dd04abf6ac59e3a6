r"""The grammar of one BibTeX entry, as Pandoc reads it, and where an entry departs from it.

bibtexparser finds where entries begin and goes on after broken ones; it takes
much that Pandoc refuses (a missing comma, for one, joins two fields into one).
So each entry is read here once more. Pandoc's rules are those of its 3.9
`Text.Pandoc.Citeproc.BibTeX`: letters alone in an entry's kind, comments from
`%` to the line's end between fields, `\{` and `\}` not counted as braces.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

# Spaces are those of Haskell's isSpace: Unicode's line separators are none.
BLANK = r"[ \t-\r\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]"
HEAD = re.compile(rf"@([A-Za-z]++){BLANK}*+([{{(])")
SPACE = re.compile(rf"(?>(?:{BLANK}++|%[^\n]*+)*)")
KEY = re.compile(r"[\w.:;?!`'()/*@+\-=\[\]$&]++")
NAME = re.compile(r"[\w+-]++")
BRACE = re.compile(r"\\[{}]|[{}]")
QUOTE = re.compile(r'\\.|["{]', re.S)
NEXT_FIELD = re.compile(r"\n\s*+[A-Za-z][\w+-]*+\s*+=\s*+[{\"]")
LOST = re.compile(r"(?<!\\)%")
VERBATIM = frozenset(("url", "doi", "eprint", "file", "pdf"))
UNPRINTED = frozenset(("abstract", "annote", "annotation", "keywords"))
ADDRESS = re.compile(r"\\(?:url|href)\s*+\{[^{}]*+\}")


@dataclass(frozen=True)
class FieldText:
    """One field: its value without outer delimiters, and where its name stands."""

    name: str
    value: str
    offset: int


@dataclass
class EntryText:
    """One entry or definition as it stands; offsets count from its `@`."""

    kind: str
    key: str = ""
    fields: list[FieldText] = field(default_factory=list)
    abbreviations: list[tuple[str, int]] = field(default_factory=list)
    end: int = 0
    raw: str = ""


class Broken(Exception):  # noqa: N818 - the entry is broken, not the program
    """What is wrong with an entry, at which offset, and how to mend it."""

    def __init__(self, offset: int, message: str, hint: str) -> None:
        self.offset, self.message, self.hint = offset, message, hint
        super().__init__(message)


def read_entry(text: str) -> EntryText:
    """Read the entry at the beginning of the text.

    Raises:
        Broken: the text is no entry that Pandoc can read.
    """
    return _Scanner(text).entry()


def read_definition(text: str) -> EntryText:
    """Read the `@string` at the beginning of the text; its one field is the definition."""
    return _Scanner(text).definition()


class _Scanner:
    """Walks over one entry."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.close = text, 0, "}"

    def entry(self) -> EntryText:
        result = self._head()
        result.key = self._key()
        while self._peek() != self.close:
            self._field(result)
            self._separator(result)
        return self._finished(result)

    def definition(self) -> EntryText:
        result = self._head()
        self._field(result)
        if self._peek() != self.close:
            hint = "Write @string{name = {text}}, one name in each, without a comma at the end."
            raise Broken(self.at, f"@string is not closed with {self.close}", hint)
        return self._finished(result)

    def _finished(self, result: EntryText) -> EntryText:
        """Close the entry; Pandoc wants braces where BibTeX also takes parentheses."""
        result.end = self.at + 1
        result.raw = self.text[: result.end]
        if self.close == ")":
            opening = result.raw.index("(")
            result.raw = f"{result.raw[:opening]}{{{result.raw[opening + 1 : -1]}}}"
        return result

    def _peek(self) -> str:
        match = SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.text[self.at : self.at + 1]

    def _head(self) -> EntryText:
        match = HEAD.match(self.text)
        if match is None:
            hint = "An entry begins with @, letters and a brace, such as @book{."
            raise Broken(0, "The kind of the entry is not made of letters alone", hint)
        self.close = ")" if match.group(2) == "(" else "}"
        self.at = match.end()
        return EntryText(match.group(1).lower())

    def _key(self) -> str:
        char = self._peek()
        start = self.at
        match = KEY.match(self.text, start)
        key = match.group() if match else ""
        if self.close == ")" and key.endswith(")") and "(" not in key:
            key = key[:-1]
        self.at = start + len(key)
        after = self._peek()
        if after == "," and key:
            self.at += 1
            return key
        hint = "Write a key and a comma after the brace: @book{collodi1883, …"
        if char == "," or "=" in key or after == "=" or char in ("", self.close):
            raise Broken(start, "The entry has no key", hint)
        if after in ("", self.close):
            raise Broken(start, f"The entry '{key}' has no fields", "Add at least a title.")
        if NAME.match(after):
            raise self._after_key(start, key)
        what = f"The key '{key}' is followed by {after}, which cannot stand in a key"
        raise Broken(self.at, what, "Use letters, digits and . : - _ / + in keys.")

    def _after_key(self, start: int, key: str) -> Broken:
        rest = re.match(r"[\w+-]+\s*=", self.text[self.at :])
        if rest:
            hint = f"Put a comma after the key: {{{key},"
            return Broken(start, f"A comma is missing after the key '{key}'", hint)
        hint = "Take the space out of the key, or put a comma after it."
        return Broken(start, f"The key that begins with '{key}' has a space in it", hint)

    def _field(self, result: EntryText) -> None:
        char = self._peek()
        start = self.at
        match = NAME.match(self.text, start)
        if match is None:
            raise self._no_name(result, char)
        name = match.group()
        self.at = match.end()
        if self._peek() != "=":
            char = self.text[self.at : self.at + 1] or "the end"
            hint = f"Write {name} = {{…}}."
            raise Broken(
                start, f"The field '{name}' is followed by {char} where = is expected", hint
            )
        self.at += 1
        value = self._value(result, name, start)
        result.fields.append(FieldText(name.lower(), value, start))

    def _no_name(self, result: EntryText, char: str) -> Broken:
        if not char:
            return self._unclosed(result)
        if char == ",":
            return Broken(self.at, "Two commas stand in a row", "Take one of them out.")
        what = f"{char} stands where the name of a field is expected"
        return Broken(self.at, what, "Write name = {value}, with a comma between fields.")

    def _unclosed(self, result: EntryText) -> Broken:
        """Blame the field that swallowed its followers, where one did."""
        for item in result.fields:
            if NEXT_FIELD.search(item.value):
                return self._open_field(item.name, item.offset)
        hint = f"Add {self.close} on a line of its own after the last field."
        name = f"'{result.key}' " if result.key else ""
        return Broken(0, f"The entry {name}is never closed", hint)

    def _open_field(self, name: str, offset: int, mark: str = "brace") -> Broken:
        hint = f"Close it: {name} = {{…}}, with as many }} as {{."
        if mark != "brace":
            hint = f'Close it: {name} = "…",'
        return Broken(offset, f"The {mark} opened in the field '{name}' is never closed", hint)

    def _separator(self, result: EntryText) -> None:
        char = self._peek()
        if char == ",":
            self.at += 1
        elif char != self.close:
            if not char:
                raise self._unclosed(result)
            last = result.fields[-1]
            before = len(self.text[: self.at].rstrip()) - 1
            if NAME.match(char):
                what = f"A comma is missing after the field '{last.name}'"
                raise Broken(before, what, "Put a comma after its closing brace or quotation mark.")
            what = f"{char} stands after the field '{last.name}' where a comma is expected"
            raise Broken(self.at, what, "A value stands wholly in { } or in quotation marks.")

    def _value(self, result: EntryText, name: str, start: int) -> str:
        pieces = [self._piece(result, name, start)]
        while self._peek() == "#":
            self.at += 1
            pieces.append(self._piece(result, name, start))
        return " # ".join(raw for raw, _ in pieces) if len(pieces) > 1 else pieces[0][1]

    def _piece(self, result: EntryText, name: str, start: int) -> tuple[str, str]:
        """Read one piece of a value; give it as it stands and without its delimiters."""
        char = self._peek()
        begin = self.at
        if char == "{":
            self.at = self._after_brace(name, start)
        elif char == '"':
            self.at = self._after_quote(name, start)
        else:
            return self._word(result, name)
        raw = self.text[begin : self.at]
        return raw, raw[1:-1]

    def _word(self, result: EntryText, name: str) -> tuple[str, str]:
        match = NAME.match(self.text, self.at)
        if match is None:
            hint = f"Write {name} = {{…}}, or take the field out."
            raise Broken(self.at, f"The field '{name}' has no value", hint)
        word = match.group()
        if any(c.isalpha() for c in word):
            result.abbreviations.append((word, self.at))
        self.at = match.end()
        return word, word

    def _after_brace(self, name: str, start: int) -> int:
        depth = 0
        for match in BRACE.finditer(self.text, self.at):
            if match.group() == "{":
                depth += 1
            elif match.group() == "}":
                depth -= 1
                if depth == 0:
                    return match.end()
        raise self._open_field(name, start)

    def _after_quote(self, name: str, start: int) -> int:
        self.at += 1
        while match := QUOTE.search(self.text, self.at):
            self.at = match.end()
            if match.group() == '"':
                return self.at
            if match.group() == "{":
                self.at = match.start()
                self.at = self._after_brace(name, start)
        raise self._open_field(name, start, "quotation mark")


def lost_text(item: FieldText) -> bool:
    """Tell whether LaTeX takes a part of the value for a comment: `50% of` prints `50`."""
    if item.name in VERBATIM | UNPRINTED or "%" not in item.value:
        return False
    return LOST.search(ADDRESS.sub("", item.value)) is not None
