r"""Says in the author's words what LuaLaTeX's messages mean, each mistake once.

Pure: the places come from `locate`, which maps a line of a LaTeX part to the
manuscript, and from the parts' own text where TeX gives no line.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from geppetto.diagnostics import Diagnostic, Location
from geppetto.latex.log import LEFT, Kind, LogMessage
from geppetto.latex.mistakes import mistakes

Locate = Callable[[str, int], Location | None]
Trace = Callable[[LogMessage], Location | None]

OVERFULL_POINTS = 1.0  # less than this no eye sees
UNDERFULL_BADNESS = 5000  # TeX's measure (§108): the blanks stretch 3.7 times as far as they should


@dataclass(frozen=True)
class Fault:
    """One kind of TeX error: its own first line, what it means, how to mend it.

    `<name>` in `says` and `hint` stands for the pattern's group of that name, and
    `<subject>` for the message's.
    """

    pattern: re.Pattern[str]
    says: str
    hint: str


def _fault(pattern: str, says: str, hint: str) -> Fault:
    return Fault(re.compile(pattern), says, hint)


# The first lines are those of tex.web and of the LaTeX kernel's ltmsg-made errors.
FAULTS = (
    _fault(
        r"^Undefined control sequence",
        "<subject> is not a LaTeX command.",
        "Check its spelling. For a backslash in the text, write \\\\.",
    ),
    _fault(
        r"^Missing \$ inserted",
        "A mathematical sign or command stands outside mathematics, or a $ is missing.",
        "Enclose mathematics in $...$; for the bare signs write \\_, \\^ or \\$.",
    ),
    _fault(
        r"^(?:Too many }'s|Extra }, or forgotten)",
        "A closing brace } has no opening brace.",
        "Remove it, or write \\} for a brace in the text.",
    ),
    _fault(
        r"^Missing (?P<what>[{}]) inserted",
        "A brace <what> is missing.",
        "Count the braces { and } of the LaTeX in this paragraph.",
    ),
    _fault(
        r"^(?:File ended while scanning|Paragraph ended before|Forbidden control sequence found)"
        r"(?: (?:use of|was complete|text of|definition of|while scanning use of))*"
        r" ?(?P<what>\\\S+)?",
        "The argument of <what> does not end: its closing brace } is missing.",
        "Put the } where the argument ends.",
    ),
    _fault(
        r"^LaTeX Error: Environment (?P<what>.*?) undefined",
        "There is no LaTeX environment '<what>'.",
        "Check its name in \\begin{<what>}.",
    ),
    _fault(
        r"^LaTeX Error: \\begin\{(?P<what>.*?)\}(?: on input line \d+)? ended by"
        r" \\end\{(?:document)\}",
        "\\begin{<what>} has no \\end{<what>}.",
        "Put \\end{<what>} where the environment ends.",
    ),
    _fault(
        r"^LaTeX Error: \\begin\{document\} ended by \\end\{(?P<what>.*?)\}",
        "\\end{<what>} has no \\begin{<what>}.",
        "Remove it, or put \\begin{<what>} where the environment begins.",
    ),
    _fault(
        r"^LaTeX Error: \\begin\{(?P<what>.*?)\}(?: on input line \d+)? ended by"
        r" \\end\{(?P<end>.*?)\}",
        "\\begin{<what>} is closed by \\end{<end>}.",
        "Close each environment before the one around it.",
    ),
    _fault(
        r"Error: File `(?P<what>.*?)' not found",
        "The file '<what>' is not there.",
        "Check its name; inside raw LaTeX, Geppetto does not look for files.",
    ),
    _fault(
        r"^Dimension too large",
        "A length is greater than TeX can hold (5.7 metres).",
        "Write a smaller length.",
    ),
    _fault(
        r"^Missing number",
        "A number or a length is missing.",
        "Lengths are written like 2cm, 1.5em or 12pt.",
    ),
    _fault(
        r"^Illegal unit of measure",
        "A length has no unit that TeX knows.",
        "Lengths are written like 2cm, 1.5em or 12pt.",
    ),
    _fault(
        r"^(?:Extra alignment tab|Misplaced alignment tab)",
        "A table or formula has a & too many, or a & stands outside of one.",
        "Write \\& for an ampersand in the text.",
    ),
    _fault(
        r"^Misplaced \\(?P<what>noalign|omit)",
        "A rule or \\multicolumn stands in the wrong place of a table.",
        "Put rules between rows, after \\\\.",
    ),
    _fault(
        r"^Double (?P<what>superscript|subscript)",
        "A formula has a <what> on a <what>.",
        "Say which belongs to which with braces: a^{b^c}.",
    ),
    _fault(
        r"^(?:Missing \\right|Extra \\right|Missing \\left)",
        "\\left and \\right do not come in pairs in a formula.",
        "Write \\left. or \\right. for the side that has no sign.",
    ),
    _fault(
        r"^(?:Missing delimiter|Missing \\(?P<what>\S+) inserted)",
        "A part of a formula is missing.",
        "Look at the formula's brackets, \\left, \\right, \\begin and \\end.",
    ),
    _fault(
        r"^(?:Display math should end with|LaTeX Error: Bad math environment delimiter)",
        "A displayed formula does not end as it began, or has an empty line in it.",
        "Begin and end it with $$, and leave no empty line between.",
    ),
    _fault(
        r"allowed only in math mode",
        "A command that belongs in a formula stands in the text.",
        "Enclose it in $...$.",
    ),
    _fault(
        r"^LaTeX Error: Something's wrong--perhaps a missing \\item",
        "A list has text before its first \\item.",
        "Begin each entry with \\item.",
    ),
    _fault(
        r"^LaTeX Error: Too deeply nested",
        "Lists stand too deep inside each other.",
        "Take the innermost lists out, or write them in Markdown.",
    ),
    _fault(
        r"^LaTeX Error: \\verb ended by end of line",
        "\\verb is not closed on its line.",
        "Write code in Markdown: `code`.",
    ),
    _fault(
        r"^LaTeX Error: Unicode character",
        "A character of the text has no meaning for LaTeX.",
        "Write it in Markdown, outside raw LaTeX.",
    ),
    _fault(
        r"^TeX capacity exceeded, sorry \[(?P<what>[^=\]]*)",
        "TeX ran out of room (<what>): a command probably calls itself without end.",
        "Look at the commands that the text defines.",
    ),
    _fault(
        r"^Emergency stop",
        "TeX gave up here.",
        "Look for LaTeX that asks for something at the keyboard, or that ends the text.",
    ),
    _fault(
        rf"^{LEFT}$",
        "The LaTeX here ends the chapter before its end: what follows is not in the book.",
        "Take out the \\endinput, \\stop or \\end{document}.",
    ),
    _fault(
        r"^Incomplete (?P<what>\\\S+); all text was ignored",
        "<what> has no \\fi: what follows is not in the book.",
        "Put \\fi where the condition ends.",
    ),
    _fault(
        r"^Lua error: (?P<what>.*)",
        "Lua code failed: <what>",
        "Mend or remove the \\directlua of the text.",
    ),
)
# Warnings that say nothing to an author: of bookmarks, of where floats went, of
# settings of the template's own, and what `Kind.RERUN` says in other words.
_QUIET = re.compile(
    r"Token not allowed in a PDF string|float specifier changed|Option `.*' has already|"
    r"Suppressing empty link|bookmark level|Package microtype|Package fontspec|"
    r"File `.*' not found|Package unicode-math|Package epstopdf|Package babel|"
    r"Unable to apply patch|Command .* invalid in math mode"
)
# Commands that authors write, to suggest one for a misspelt name.
_COMMANDS = tuple(
    rf"\{name}"
    for name in re.findall(
        r"\w+",
        "emph textbf textit textsc texttt textsf textrm underline footnote chapter section "
        "subsection paragraph includegraphics label ref pageref cite item begin end frac sqrt "
        "alpha beta gamma delta lambda sigma omega mathbb mathrm mathbf newpage clearpage "
        "noindent vspace hspace centering caption hline toprule midrule bottomrule left right "
        "ldots dots times cdot leq geq text newline linebreak href url index LaTeX TeX input "
        "small large",
    )
)
_BEGUN = re.compile(r"\\begin\{(?P<name>.*?)\} on input line (?P<line>\d+)")


def to_diagnostics(
    messages: Iterable[LogMessage],
    locate: Locate,
    sources: Mapping[str, str] | None = None,
    trace: Trace = lambda _: None,
) -> list[Diagnostic]:
    """Give what the messages mean to the author, each mistake once.

    `trace` gives the place of the author's own LaTeX that a message speaks of,
    `locate` that of the block which a line of a LaTeX file was made from.
    `sources` are the LaTeX files by name: what TeX reports without a line (a
    missing character, an argument that never ends) is searched for in them.
    """
    listed = list(messages)
    places = _Places(locate, trace, sources or {})
    found = [_of_error(message, places) for message in mistakes(listed)]
    found += [d for m in listed if m.kind is not Kind.ERROR if (d := _of_other(m, places))]
    return list({(d.code, d.message, d.location): d for d in reversed(found)}.values())[::-1]


@dataclass(frozen=True)
class _Places:
    locate: Locate
    trace: Trace
    sources: Mapping[str, str]

    def of(self, message: LogMessage) -> Location | None:
        if place := self.trace(message):
            return place
        if message.excerpt is not None and (place := self._of_excerpt(message)):
            return place
        if (begun := _BEGUN.search(message.message)) and (place := self._of_begin(begun, message)):
            return place
        return self._at(message.file, message.line)

    def of_text(self, text: str) -> Location | None:
        """Give the first place of a text in the sources, by their names' order."""
        for name, source in sorted(self.sources.items()):
            position = source.find(text)
            if position < 0:
                continue
            line = source.count("\n", 0, position) + 1
            found = LogMessage(Kind.WARNING, "", name, line, subject=text)
            if place := self.trace(found) or self._at(name, line):
                return place
        return None

    def _at(self, file: str | None, line: int | None) -> Location | None:
        return self.locate(file, line) if file and line else None

    def _of_excerpt(self, message: LogMessage) -> Location | None:
        r"""Search a runaway argument's beginning; TeX shows its tokens, \par for an empty line."""
        source = self.sources.get(message.file or "", "")
        words = re.split(r"\\par\b|\\ETC\.", message.excerpt or "")[0].split()
        for count in range(min(len(words), 12), 0, -1):
            pattern = r"\s*".join(re.escape(word) for word in words[:count])
            if match := re.search(pattern, source):
                return self._at(message.file, source.count("\n", 0, match.start()) + 1)
        return None

    def _of_begin(self, begun: re.Match[str], message: LogMessage) -> Location | None:
        """Find in which file the line is that opened an environment: TeX gives the number alone."""
        line = int(begun["line"])
        for name in sorted(self.sources, key=lambda name: (name != message.file, name)):
            lines = self.sources[name].split("\n")
            if line <= len(lines) and f"\\begin{{{begun['name']}}}" in lines[line - 1]:
                return self._at(name, line)
        return None


def _of_error(message: LogMessage, places: _Places) -> Diagnostic:
    says, hint = meaning(message)
    return Diagnostic("latex-error", says, places.of(message), hint, message.detail or None)


def meaning(message: LogMessage) -> tuple[str, str]:
    """Say what an error means, and how to mend it."""
    for fault in FAULTS:
        if match := fault.pattern.search(message.message):
            words = {"subject": message.subject or "A command", **_named(match)}
            hint = _suggestion(message.subject) or _filled(fault.hint, words)
            return _filled(fault.says, words), hint
    own = re.sub(r"^(?:LaTeX|(?:Package|Class|Module) (\S+)) Error: ", "", message.message)
    hint = "Look at the LaTeX in this place; --verbose shows all that LaTeX said."
    return f"LaTeX says: {own}.", hint


def unexplained(log: str) -> Diagnostic:
    """Say that LaTeX failed without an error that can be read in its log."""
    return Diagnostic(
        "latex-error",
        "LaTeX failed and does not say why.",
        None,
        "Look at the LaTeX changed last; --verbose shows the end of LaTeX's log.",
        log[-2000:],
    )


def _filled(template: str, words: Mapping[str, str]) -> str:
    return re.sub(r"<(subject|what|end)>", lambda match: words[match[1]], template)


def _named(match: re.Match[str]) -> dict[str, str]:
    return {name: value or "a command" for name, value in match.groupdict().items()}


def _suggestion(subject: str | None) -> str | None:
    near = difflib.get_close_matches(subject or "", _COMMANDS, n=1, cutoff=0.7)
    return f"Did you mean {near[0]}?" if near else None


def _of_other(message: LogMessage, places: _Places) -> Diagnostic | None:
    """Give the diagnostic of a message that is no error, or None where it needs none."""
    if message.kind is Kind.OVERFULL:
        return _of_overfull(message, places)
    if message.kind is Kind.UNDERFULL:
        return _of_underfull(message, places)
    if message.kind is Kind.MISSING_CHARACTER:
        return _of_missing_character(message, places)
    return _of_warning(message, places)


def _of_warning(message: LogMessage, places: _Places) -> Diagnostic | None:
    subject, place, hint = message.subject, places.of(message), None
    match message.kind:
        case Kind.UNDEFINED_REFERENCE:
            code, says = "crossref-unknown", f"\\ref names '{subject}', which no \\label defines."
        case Kind.UNDEFINED_CITATION:
            code, says = "citation-unknown", f"\\cite names '{subject}', which LaTeX does not know."
            hint = f"Cite in Markdown: [@{subject}]."
        case Kind.MULTIPLY_DEFINED:
            code, says = "latex-warning", f"\\label{{{subject}}} stands more than once."
            place = places.of_text(f"\\label{{{subject}}}")
        case Kind.WARNING if not _QUIET.search(message.message):
            code, says = "latex-warning", f"LaTeX warns: {message.message}."
        case _:
            return None
    return Diagnostic(code, says, place, hint, message.detail)


def _of_overfull(message: LogMessage, places: _Places) -> Diagnostic | None:
    if message.amount is None or message.amount <= OVERFULL_POINTS:
        return None
    if "vbox" in message.message:
        says = f"A page's content is {message.amount:.1f} pt too high."
        hint = "Make the figure, table or box lower, or let it break."
    else:
        says = f"A line is {message.amount:.1f} pt wider than the measure."
        hint = "Reword it, or allow a break with \\- in a word; narrow a table or code line."
    return Diagnostic("latex-overfull", says, places.of(message), hint, message.detail or None)


def _of_underfull(message: LogMessage, places: _Places) -> Diagnostic | None:
    """Say that a line of a paragraph is loose; boxes of other kinds are nobody's text."""
    if "in paragraph" not in message.message or (message.badness or 0) < UNDERFULL_BADNESS:
        return None
    says = "The words of a line stand far apart."
    hint = "Reword it, or allow a break with \\- in a long word or a space beside one."
    return Diagnostic("latex-underfull", says, places.of(message), hint, message.detail or None)


def _of_missing_character(message: LogMessage, places: _Places) -> Diagnostic | None:
    r"""Say which character is lost, unless it has no shape of its own (a joiner, a selector)."""
    character = message.character or "?"
    if unicodedata.category(character[0]) in {"Cf", "Cc"} or _is_selector(character):
        return None
    name = unicodedata.name(character[0], "no name")
    says = f"The font has no glyph for {character} (U+{ord(character[0]):04X} {name})."
    hint = f"Its font here is {message.font}. Install a font that has it, or choose another."
    return Diagnostic("glyph-missing", says, places.of_text(character), hint, message.message)


def _is_selector(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
