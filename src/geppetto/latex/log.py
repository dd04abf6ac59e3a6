r"""Reads LuaLaTeX's log: its text to messages, its messages to the author's words.

Pure: nothing here touches the disk. The log is expected from a run with
`-file-line-error` and `max_print_line=1000`, so that no line is broken. Section
numbers are those of *TeX: The Program*; LuaTeX prints as TeX does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum


class Kind(StrEnum):
    """What a message of the log speaks of."""

    ERROR = "error"
    WARNING = "warning"
    OVERFULL = "overfull"
    UNDERFULL = "underfull"
    MISSING_CHARACTER = "missing-character"
    UNDEFINED_REFERENCE = "undefined-reference"
    UNDEFINED_CITATION = "undefined-citation"
    MULTIPLY_DEFINED = "multiply-defined"
    RERUN = "rerun"
    FONT = "font"
    NO_PATTERNS = "no-patterns"
    PLAIN_PATTERNS = "plain-patterns"


@dataclass(frozen=True)
class LogMessage:
    """One message of the log.

    `file` is as TeX was given it, without a leading `./`. `message` is TeX's
    first line, without its prefix; `detail` what follows it: the lines of
    context, the text of an overfull line, the excerpt of a runaway argument.
    `amount` is in TeX points, `badness` TeX's own measure, to 10000; `subject`
    the name that an undefined reference, citation or label bears, the control
    sequence that is undefined, or babel's name of a language whose hyphenation
    patterns are missing or the lesser ones. `piece` is the last piece of the
    author's own LaTeX that TeX had come to: a document's slug and a number (see
    `pieces`).
    """

    kind: Kind
    message: str
    file: str | None = None
    line: int | None = None
    end_line: int | None = None
    detail: str = ""
    amount: float | None = None
    badness: int | None = None
    character: str | None = None
    font: str | None = None
    subject: str | None = None
    excerpt: str | None = None
    piece: tuple[str, int] | None = None


# §73 `print_err`, as -file-line-error changes it: "file:line: message".
_FILE_LINE = re.compile(
    r"^(?P<file>(?:[A-Za-z]:)?[^\s:()\[\]{}\\]+\.\w+):(?P<line>\d+): (?P<text>.*)$"
)
# §73 without a file being read, and LaTeX's own \message before a prompt.
_BANG = re.compile(r"^! (?P<text>.*)$")
# §313 `show_context` for the line being read: "l.NN text".
_CONTEXT = re.compile(r"^l\.(?P<line>\d+)(?: |$)(?P<text>.*)$")
# §306 `runaway`: the name of what ran away, then the tokens read so far.
_RUNAWAY = re.compile(r"^Runaway (?:argument|definition|text|preamble)\?$")
# §§660, 663, 666, 674, 675, 677: `hpack` and `vpack` on boxes over- and underfull.
_BOX = re.compile(
    r"^(?P<how>Over|Under|Tight|Loose)(?:full)? \\(?P<box>[hv])box "
    r"\((?:(?P<amount>[\d.]+)pt too \w+|badness (?P<badness>\d+))\)"
    r"(?P<where>.*)$"
)
_BOX_LINES = re.compile(r"at lines? (?P<first>\d+)(?:--(?P<last>\d+))?")
# §581 `char_warning`, as luaotfload's fonts are named.
_MISSING = re.compile(
    r"^Missing character: There is no (?P<char>.+?)(?: \(U\+(?P<code>[0-9A-Fa-f]+)\))?"
    r" in font (?P<font>.*?)!?$"
)
# What templates/latex/language.tex writes of a language that TeX itself has no patterns for.
_PATTERNS = re.compile(r"^geppetto: (?P<how>no|plain) patterns for (?P<name>\S+)$")
# LaTeX's \GenericWarning (ltmsg.dtx): later lines begin with the source in parentheses.
_WARNING = re.compile(
    r"^(?:LaTeX(?P<font> Font)? Warning"
    r"|(?P<source>(?:Package|Class|Module) [^\s]+) Warning"
    r"|(?:pdfTeX|LuaTeX|luatex) warning(?: \([^)]*\))?): ?(?P<text>.*)$"
)
_INPUT_LINE = re.compile(r" on input line (?P<line>\d+)\.?")
_REFERENCE = re.compile(r"^Hyper reference `(?P<h>.*?)'|^Reference `(?P<r>.*?)'")
_CITATION = re.compile(r"^Citation [`'](?P<key>.*?)'")
_MULTIPLE = re.compile(r"^Label `(?P<label>.*)' multiply defined")
_RERUN = re.compile(
    r"Rerun |rerun LaTeX|There were undefined|There were multiply|ha(?:s|ve) changed"
)
# §537 `start_input`: "(" and the file's name; §362: ")" when it ends.
_PARENTHESIS = re.compile(r"\((?P<name>(?:\.{0,2}/)?[^\s()\[\]{}\"]+\.\w+)?|\)")
# What `templates/latex/tracing.tex` writes: with an error, and of a part left before its end.
_PIECE = re.compile(r"^@(?P<what>piece|left) (?P<part>\S+) (?P<number>\d+)$")
# LuaTeX's `luatex_error` for what does not compile.
_LUA = re.compile(r"^\[\\(?:direct|late)lua\]:\d+: .")
LEFT = "The document was left before its end"
_CONTROL = re.compile(r"\\(?:[A-Za-z@]+|.)")
_CONTEXT_LIMIT = 40


@dataclass
class _Scanner:
    """Goes through the log line by line and keeps which files TeX has open."""

    lines: list[str]
    at: int = 0
    open: list[str | None] = field(default_factory=list)
    closed: str | None = None
    runaway: str | None = None

    @property
    def file(self) -> str | None:
        return next((name for name in reversed(self.open) if name), None)

    def take(self) -> str:
        self.at += 1
        return self.lines[self.at - 1]

    def peek(self) -> str | None:
        return self.lines[self.at] if self.at < len(self.lines) else None

    def follow(self, text: str) -> None:
        """Open and close files as the parentheses of a line say."""
        for match in _PARENTHESIS.finditer(text):
            if match[0] != ")":
                self.open.append(_plain(match["name"]) if match["name"] else None)
            elif self.open:
                name = self.open.pop()
                self.closed = name if name and name.endswith(".tex") else self.closed

    def just_closed(self) -> str | None:
        """Give the part that ended just above: its last paragraph is broken after it."""
        above = next((line for line in reversed(self.lines[: self.at - 1]) if line.strip()), "")
        return self.closed if above.strip() == ")" else None

    def agree(self, name: str) -> None:
        """Take -file-line-error's word for the open file over that of the parentheses."""
        if name in self.open:
            while self.file != name:
                self.open.pop()
        else:
            self.open.append(name)


def parse(log: str) -> tuple[LogMessage, ...]:
    """Give the messages of a log in their order."""
    return tuple(_messages(_Scanner(log.splitlines())))


def _messages(scanner: _Scanner) -> Iterator[LogMessage]:
    while scanner.peek() is not None:
        line = scanner.take()
        found = (
            _error(scanner, line)
            or _lua_error(scanner, line)
            or _left(line)
            or _box(scanner, line)
            or _missing(line)
            or _patterns(line)
            or _warning(scanner, line)
        )
        if found is not None:
            yield found
        elif _RUNAWAY.match(line):
            following = scanner.peek()
            scanner.runaway = scanner.take() if following and not _starts_message(following) else ""
        else:
            scanner.follow(line)


def _plain(name: str) -> str:
    return name.removeprefix("./")


def _error(scanner: _Scanner, line: str) -> LogMessage | None:
    match = _FILE_LINE.match(line) or _BANG.match(line)
    if match is None:
        return None
    groups = match.groupdict()
    number = int(groups["line"]) if "line" in groups else None
    if "file" in groups:
        name: str | None = _plain(groups["file"])
        scanner.agree(name or "")
    else:
        name = scanner.file
    context, context_line = _context(scanner)
    excerpt, scanner.runaway = scanner.runaway, None
    message = LogMessage(
        Kind.ERROR,
        match["text"].rstrip("."),
        name,
        number or context_line,
        detail="\n".join((line, *context)),
        subject=_undefined(match["text"], context),
        excerpt=excerpt,
        piece=_piece(scanner),
    )
    # §336 `check_outer_validity`: the file that ended has been closed already.
    if excerpt is not None and match["text"].startswith("File ended") and scanner.closed:
        return replace(message, file=scanner.closed, line=None)
    return message


def _context(scanner: _Scanner) -> tuple[list[str], int | None]:
    """Take the lines of context (§311) up to "l.NN" and the line below it."""
    taken: list[str] = []
    for offset in range(_CONTEXT_LIMIT):
        if scanner.at + offset >= len(scanner.lines):
            return [], None
        line = scanner.lines[scanner.at + offset]
        if _starts_message(line):
            return [], None
        taken.append(line.rstrip())
        if match := _CONTEXT.match(line):
            scanner.at += offset + 1
            taken += [scanner.take().rstrip()] if scanner.peek() else []
            return [line for line in taken if line], int(match["line"])
    return [], None


def _starts_message(line: str) -> bool:
    return bool(_FILE_LINE.match(line) or _BANG.match(line) or _RUNAWAY.match(line))


def _undefined(text: str, context: list[str]) -> str | None:
    """Give the undefined control sequence: the last of the first line of context (§370)."""
    if not text.startswith("Undefined control sequence"):
        return None
    found = _CONTROL.findall(context[0]) if context else []
    return found[-1] if found else None


def _lua_error(scanner: _Scanner, line: str) -> LogMessage | None:
    """Lua's errors carry no file: LuaTeX's `luatex_error` prints them with their traceback."""
    if (scanner.peek() or "").strip() != "stack traceback:" and not _LUA.match(line):
        return None
    context, number = _context(scanner)
    return LogMessage(
        Kind.ERROR,
        f"Lua error: {line.strip().rstrip('.')}",
        scanner.file,
        number,
        detail="\n".join((line, *context)),
        piece=_piece(scanner),
    )


def _left(line: str) -> LogMessage | None:
    r"""Read that a part was left: `\endinput` and the like are no errors to TeX."""
    match = _PIECE.match(line)
    if match is None or match["what"] != "left":
        return None
    return LogMessage(Kind.ERROR, LEFT, piece=(match["part"], int(match["number"])))


def _piece(scanner: _Scanner) -> tuple[str, int] | None:
    """Give the piece that stands below an error and its context."""
    for line in scanner.lines[scanner.at : scanner.at + _CONTEXT_LIMIT]:
        if _starts_message(line):
            return None
        if match := _PIECE.match(line):
            return match["part"], int(match["number"])
    return None


def _box(scanner: _Scanner, line: str) -> LogMessage | None:
    match = _BOX.match(line)
    if match is None:
        return None
    lines = _BOX_LINES.search(match["where"])
    file = scanner.just_closed() or scanner.file if lines else scanner.file
    first = int(lines["first"]) if lines else None
    shown: list[str] = []
    # §663 `short_display` of the box's text; it may hold parentheses that open no file.
    while (following := scanner.peek()) and following.strip() and len(shown) < 3:
        if _starts_message(following) or _BOX.match(following) or following.startswith(")"):
            break
        shown.append(scanner.take().strip())
        if shown[-1] == "[]":
            break
    amount = _number(match["amount"])
    return LogMessage(
        Kind.OVERFULL if match["how"] == "Over" else Kind.UNDERFULL,
        line.strip(),
        file,
        first,
        int(lines["last"]) if lines and lines["last"] else None,
        detail="\n".join(shown),
        amount=amount,
        badness=int(match["badness"]) if match["badness"] else None,
    )


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None


def _missing(line: str) -> LogMessage | None:
    match = _MISSING.match(line)
    if match is None:
        return None
    code = int(match["code"], 16) if match["code"] else 0
    character = chr(code) if 0 < code <= 0x10FFFF else match["char"]
    return LogMessage(
        Kind.MISSING_CHARACTER, line.strip(), character=character, font=match["font"].strip()
    )


def _patterns(line: str) -> LogMessage | None:
    match = _PATTERNS.match(line)
    if match is None:
        return None
    kind = Kind.NO_PATTERNS if match["how"] == "no" else Kind.PLAIN_PATTERNS
    return LogMessage(kind, line, subject=match["name"])


def _warning(scanner: _Scanner, line: str) -> LogMessage | None:
    match = _WARNING.match(line)
    if match is None:
        return None
    parts = [match["text"]]
    while (following := scanner.peek()) and following.startswith("("):
        indented = re.match(r"^\([\w. -]+\) {2,}(.*)$", following)
        if indented is None:
            break
        parts.append(indented[1])
        scanner.take()
    text = " ".join(part.strip() for part in parts).strip()
    numbered = _INPUT_LINE.search(text)
    message = LogMessage(
        _warning_kind(text, font=match["font"] is not None),
        _INPUT_LINE.sub("", text).rstrip("."),
        scanner.file,
        int(numbered["line"]) if numbered else None,
        detail=line if len(parts) == 1 else f"{line}\n" + "\n".join(parts[1:]),
        subject=_subject(text),
    )
    return (
        replace(message, message=f"{match['source']}: {message.message}")
        if match["source"]
        else message
    )


def _warning_kind(text: str, *, font: bool) -> Kind:
    if font:
        return Kind.FONT
    for pattern, kind in (
        (_REFERENCE, Kind.UNDEFINED_REFERENCE),
        (_CITATION, Kind.UNDEFINED_CITATION),
        (_MULTIPLE, Kind.MULTIPLY_DEFINED),
    ):
        if pattern.match(text):
            return kind
    return Kind.RERUN if _RERUN.search(text) else Kind.WARNING


def _subject(text: str) -> str | None:
    match = _REFERENCE.match(text) or _CITATION.match(text) or _MULTIPLE.match(text)
    return next((name for name in match.groups() if name), None) if match else None
