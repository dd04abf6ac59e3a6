"""Which characters of a chapter's Markdown are live prose.

One scanner walks the text once and notes the spans that Pandoc does not read
as prose: code, comments, raw TeX and HTML, mathematics, escaped characters.
The rules are those of Pandoc 3's `markdown` reader; where only a whole parse
could tell (indented code inside a list, say), the text is taken as prose.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cached_property, lru_cache

# What can begin something that is not prose, and the ends of lines.
_TOKEN = re.compile(r"\n(?>(?:[ \t]*+\n)*)|[\\`$<]")
# The markers before a line's own text: quotations, list items, definitions, notes.
_MARKERS = (
    r"(?P<blanks>[ \t]*+)(?P<marks>(?>(?:>[ \t]*+|"
    r"(?:[-*+:~]|\(?(?:\d{1,9}|[a-zA-Z]|[ivxIVX]{2,7}|\#|@[\w-]*)[.)]|\(@[\w-]*\)|"
    r"\[\^[^\]\[\s^]{1,200}\]:)(?:[ \t]++|(?=\n)))*))"
)
_LINE = re.compile(_MARKERS + r"(?>(?P<fence>`{3,}(?=[^`\n]*+(?:\n|\Z))|~{3,})?)(?P<info>[^\n]*+)")
_CLOSER = re.compile(r"^(?P<marks>[ \t>]*+)(?P<fence>`{3,}+|~{3,}+)[ \t]*+$", re.MULTILINE)
_UNQUOTED = re.compile(r"^(?![ \t]*+>)", re.MULTILINE)
# What ends a paragraph: an empty line, the end of a heading; in a list the next item, too.
_BARRIER = re.compile(
    r"\n(?=[ \t>]*+(?:\n|\Z|(?P<item>[-*+][ \t]|\d{1,9}[.)][ \t])))"
    r"|^\#{1,6}[ \t][^\n]*+(?=\n)",
    re.MULTILINE,
)
_TICKS = re.compile(r"`+")
# Pandoc's rules for $…$: no blank inside the dollars, no digit after the second, no empty line.
_INLINE_MATH = re.compile(
    r"\$(?![\s$])(?>(?>[^\\$\s]|\\text\{[^{}]*+\}|\\[^\n]|"
    r"[ \t]++(?!\$)|(?:[ \t]*+\n)(?![ \t]*+(?:\n|\Z))[ \t]*+(?!\$))+)\$(?!\d)"
)
_DISPLAY_MATH = re.compile(r"\$\$(?>(?>[^$\\\n]|\\[^\n]|\$(?!\$)|\\?\n(?![ \t]*+(?:\n|\Z)))+)\$\$")
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9-]*+(?:\s[^<>]*+)?/?>|<[!?][a-zA-Z][^<>]*+>")
_VERBATIM = re.compile(r"<(pre|script|style|textarea)(?=[\s>])", re.IGNORECASE)
_VERBATIM_END = re.compile(r"</(pre|script|style|textarea)\s*+>", re.IGNORECASE)
_ENVIRONMENT = re.compile(r"\\begin\{([a-zA-Z]+\*?)\}")
_ENVIRONMENT_END = re.compile(r"\\end\{([a-zA-Z]+\*?)\}")
_MACRO = re.compile(
    r"\\[a-zA-Z]++\*?(?>(?:\[[^\]\n]{0,500}+\]"
    r"|\{(?>(?:[^{}\n]|\n(?![ \t]*+\n)|\{(?>(?:[^{}\n]|\{[^{}\n]{0,500}+\}){0,500})\}){0,1000})\})*)"
)
_ATTRIBUTES = re.compile(r"[^\n{}]*?(?P<attributes>\{[^\n{}`]*+\})")
_RAW = re.compile(r"\{=(?:la)?tex\}")
_INK = re.compile(r"[^\r\n]")


@lru_cache(maxsize=1024)  # a chapter is asked for a dozen times in a build
def mask(text: str, *, keep_math: bool = False) -> str:
    """Blank out everything in Markdown that is not live prose.

    The result has the length and the line ends of `text`, so that a place in
    one is the same place in the other. Attributes (`{#id}`) stay, those of
    code blocks included. The time is linear in the length of the text.
    """
    return blank(text, _Scanner(text, keep_math=keep_math).spans())


def verbatim(text: str) -> list[tuple[int, int]]:
    """Give the spans of code and comments, in order; code marked as LaTeX (`{=latex}`) is none."""
    scanner = _Scanner(text, keep_math=False)
    scanner.spans()
    return scanner.verbatim


def hidden(text: str) -> list[tuple[int, int]]:
    """Give the spans that are not prose, in order: what `mask` blanks out."""
    return _Scanner(text, keep_math=False).spans()


def blank(text: str, spans: list[tuple[int, int]]) -> str:
    """Replace ordered spans of a text by blanks, keeping line ends."""
    pieces: list[str] = []
    position = 0
    for start, end in spans:
        if end > position:
            begin = max(start, position)
            pieces += text[position:begin], _INK.sub(" ", text[begin:end])
            position = end
    pieces.append(text[position:])
    return "".join(pieces)


class _Scanner:
    """Walks a text once; each rule gives the position at which to go on."""

    def __init__(self, text: str, *, keep_math: bool) -> None:
        self.text = text
        self.keep_math = keep_math
        self.verbatim: list[tuple[int, int]] = []
        self._spans: list[tuple[int, int]] = []
        barriers = list(_BARRIER.finditer(text))
        self._barriers = [m.end() for m in barriers if not m["item"]]
        self._item_barriers = [m.end() for m in barriers]
        self._ticks: dict[int, list[int]] = {}
        for run in _TICKS.finditer(text):
            self._ticks.setdefault(len(run[0]), []).append(run.start())
        self._ends = _positions(_VERBATIM_END, text)
        self._environment_ends = _positions(_ENVIRONMENT_END, text)
        self._closers = _Closers(text)
        self._comment_ends = True
        self._after_blank = True
        self._fresh = True  # whether a block may begin here without an empty line before
        self._in_list = False
        self._in_code = False
        self._ticks_end = 0

    def spans(self) -> list[tuple[int, int]]:
        """Give the spans that are not prose, in order."""
        rules = {"\\": self._backslash, "`": self._code, "$": self._math, "<": self._angle}
        position = self._line(0)
        while token := _TOKEN.search(self.text, position):
            start, end = token.span()
            if rule := rules.get(token[0]):
                position = rule(start)
                continue
            if end - start > 1:
                self._after_blank = self._fresh = True
            position = self._line(end)
        return self._spans

    @cached_property
    def _unquoted(self) -> list[int]:
        """The beginnings of the lines that stand in no quotation."""
        return [m.start() for m in _UNQUOTED.finditer(self.text)]

    def _blank(self, start: int, end: int) -> int:
        self._spans.append((start, end))
        return end

    def _verbatim(self, start: int, end: int) -> int:
        self.verbatim.append((start, end))
        return self._blank(start, end)

    def _line(self, start: int) -> int:
        """Look at the beginning of a line: fences, indented code, lists."""
        line = _LINE.match(self.text, start)
        if line is None:  # pragma: no cover - every part of the pattern may be empty
            return start
        blanks, marks, fence, info = line.group("blanks", "marks", "fence", "info")
        if not (marks or fence or info):
            self._after_blank = self._fresh = True
            return start
        indented = len(blanks.expandtabs(4)) >= 4
        if indented and not self._in_list and (self._fresh or self._in_code):
            self._in_code, self._after_blank, self._fresh = True, False, False
            return self._verbatim(start, line.end())
        if marks.strip("> \t"):
            self._in_list = True
        elif self._after_blank and not blanks:
            self._in_list = False
        fenced = fence and (fence[0] == "`" or marks or self._fresh)
        self._fresh = info.startswith(("# ", "##", ":::"))
        self._after_blank = self._in_code = False
        return self._fence(line) if fenced else line.end("marks")

    def _fence(self, line: re.Match[str]) -> int:
        """Blank a fenced code block but for its attributes; without an end it is none."""
        fence = line["fence"]
        limit = len(self.text)
        if ">" in line["marks"]:
            following = bisect_right(self._unquoted, line.end())
            limit = self._unquoted[following] if following < len(self._unquoted) else limit
        end = self._closers.after(line.end(), fence, limit)
        if end is None:
            return line.end("marks")
        self._fresh = True
        if not _RAW.search(self.text, line.start("info"), line.end()):
            self.verbatim.append((line.start("fence"), end))
        attributes = _ATTRIBUTES.match(self.text, line.start("info"), line.end())
        if attributes is None:
            return self._blank(line.start("fence"), end)
        self._blank(line.start("fence"), attributes.start("attributes"))
        return self._blank(attributes.end("attributes"), end)

    def _backslash(self, start: int) -> int:
        """Blank an escaped character, or a TeX macro or environment."""
        if environment := _ENVIRONMENT.match(self.text, start):
            end = _next(self._environment_ends.get(environment[1]), environment.end())
            if end is not None:
                return self._blank(start, end + len(environment[1]) + len(r"\end{}"))
        if macro := _MACRO.match(self.text, start):
            return self._blank(start, macro.end())
        if self.text[start + 1 : start + 2] in ("\n", ""):
            return self._blank(start, start + 1)
        return self._blank(start, start + 2)

    def _code(self, start: int) -> int:
        """Blank a code span: as many backticks again, in the same paragraph."""
        if start >= self._ticks_end:
            run = _TICKS.match(self.text, start)
            self._ticks_end = run.end() if run else start + 1
        length = self._ticks_end - start
        limit = _next(self._item_barriers if self._in_list else self._barriers, start + 1)
        end = _next(self._ticks.get(length), start + length)
        if end is not None and (limit is None or end < limit):
            raw = _RAW.match(self.text, end + length)
            return (self._blank if raw else self._verbatim)(start, end + length)
        return start + 1  # Pandoc then tries with one backtick fewer

    def _math(self, start: int) -> int:
        math = _DISPLAY_MATH.match(self.text, start) or _INLINE_MATH.match(self.text, start)
        if math is None:
            return start + 1
        return math.end() if self.keep_math else self._blank(start, math.end())

    def _angle(self, start: int) -> int:
        """Blank a comment, a verbatim HTML element, or an HTML tag."""
        text = self.text
        if text.startswith("<!--", start) and self._comment_ends:
            end = text.find("-->", start + 4)
            if end >= 0:
                return self._verbatim(start, end + 3)
            self._comment_ends = False
        if verbatim := _VERBATIM.match(text, start):
            end = _next(self._ends.get(verbatim[1].lower()), start) or -1
            if end >= 0:
                return self._verbatim(start, end)
        is_target = text[max(0, start - 4) : start].rstrip().endswith(("](", "]:"))
        tag = None if is_target else _TAG.match(text, start)
        return self._blank(start, tag.end()) if tag else start + 1


class _Closers:
    """The lines that can end a fenced code block."""

    def __init__(self, text: str) -> None:
        found = list(_CLOSER.finditer(text))
        self._starts = [m.start() for m in found]
        self._ends = [m.end() for m in found]
        self._fences = [m["fence"] for m in found]
        # The longest fence of each kind from here on: tells at once that none will do.
        self._longest: list[dict[str, int]] = [{}]
        for fence in reversed(self._fences):
            last = self._longest[-1]
            longest = max(last.get(fence[0], 0), len(fence))
            self._longest.append(
                last if last.get(fence[0]) == longest else {**last, fence[0]: longest}
            )
        self._longest.reverse()

    def after(self, position: int, fence: str, limit: int) -> int | None:
        """Give the end of the first line that closes a fence, at most at `limit`."""
        index = bisect_left(self._starts, position)
        if self._longest[index].get(fence[0], 0) < len(fence):
            return None
        while not (self._fences[index][0] == fence[0] and len(self._fences[index]) >= len(fence)):
            index += 1
        return self._ends[index] if self._starts[index] < limit else None


def _positions(pattern: re.Pattern[str], text: str) -> dict[str, list[int]]:
    """Give the places of each name that a pattern finds."""
    places: dict[str, list[int]] = {}
    for found in pattern.finditer(text):
        places.setdefault(found[1].lower(), []).append(found.start())
    return places


def _next(places: list[int] | None, position: int) -> int | None:
    """Give the first of the ordered places at or after a position."""
    if not places:
        return None
    index = bisect_left(places, position)
    return places[index] if index < len(places) else None
