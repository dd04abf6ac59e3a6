r"""LaTeX's commands in the fields of a bibliography: which Pandoc reads, and which it would lose.

Pandoc drops a command that it does not know, and all in its braces, without a
word: of `A \textendash{} \mbox{B}` it leaves "A". Those that stand for a
character are written as it here, before Pandoc reads them; any other is a fault.
"""

from __future__ import annotations

import re
from collections.abc import Callable

# Tried with Pandoc 3.9, each in a title and in a name (tests/test_bibliography.py tries them again).
SYMBOLS = {
    "DH": "Ð", "DJ": "Đ", "NG": "Ŋ", "TH": "Þ", "dh": "ð", "dj": "đ", "ng": "ŋ", "th": "þ",
    "textasciiacute": "´", "textasciibreve": "˘", "textasciicaron": "ˇ",
    "textasciidieresis": "¨", "textasciimacron": "¯",
    "textasteriskcentered": "∗", "textbar": "|", "textbardbl": "‖", "textbraceleft": "\\{",
    "textbraceright": "\\}", "textcent": "¢", "textcurrency": "¤", "textdaggerdbl": "‡",
    "textdiv": "÷", "textellipsis": "…", "textemdash": "—", "textendash": "–",
    "texteuro": "€", "textexclamdown": "¡", "textinterrobang": "‽", "textlnot": "¬",
    "textminus": "−", "textmultiply": "×", "textnumero": "№", "textonesuperior": "¹",
    "textordfeminine": "ª", "textordmasculine": "º", "textperiodcentered": "·",
    "textpilcrow": "¶", "textpm": "±", "textprime": "′", "textquestiondown": "¿",
    "textservicemark": "℠", "texttimes": "×", "texttrademark": "™", "textunderscore": "\\_",
    "textvisiblespace": "␣", "og": "«", "fg": "»", "nobreakspace": "~", "nobreakdash": "",
    "relax": "", "protect": "", "enspace": " ", "thinspace": "\\,", "quad": " ", "qquad": " ",
    "mbox": "", "hbox": "", "newblock": "", "BibTeX": "BibTeX", "LuaTeX": "LuaTeX",
    "XeTeX": "XeTeX",
}  # fmt: skip
# What Pandoc itself reads; accents and what else is not made of letters it reads as well.
KNOWN = frozenset(
    """
    AA AE G H L LaTeX MakeLowercase MakeTextLowercase MakeTextUppercase MakeUppercase O OE P S
    TeX U aa ae autocap b bf bfseries bibstring c copyright d dots dq em emph enquote
    ensuremath euro flq flqq foreignlanguage foreignquote frq frqq glq glqq grq grqq
    guillemetleft guillemetright guillemotleft guillemotright guilsinglleft guilsinglright h
    href hyp hyphenquote i it itshape j k l ldots lowercase lq mdots mkbibbold mkbibbrackets
    mkbibemph mkbibitalic mkbibparens mkbibquote newline nohyphens nolinkurl o oe pounds
    quotedblbase quotesinglbase r rm rq sl slash slshape sout ss st t textasciicircum
    textasciitilde textbackslash textbaht textbf textbigcircle textblank textbrokenbar
    textbullet textcentoldstyle textcopyright textdagger textdegree textdollar textdong
    textgreater textit textless textlira textmd textmu textmusicalnote textnormal
    textogonekcentered textonehalf textonequarter textparagraph textpertenthousand textpeso
    textquotedbl textquotedblleft textquotedblright textquoteleft textquoteright
    textquotesingle textregistered textsc textsection textsf textsl textsterling textsubscript
    textsuperscript textthreequarters textthreesuperior texttt texttwosuperior textup textyen
    tt u ul uline underline uppercase url v xspace
    """.split()  # noqa: SIM905 - a list of so many words is read more easily so
)
# They carry a key for sorting, which no edition prints.
SILENT = frozenset({"noopsort", "NOOPSORT", "SortNoop", "sortnoop", "noop", "nosort"})

_COMMAND = re.compile(r"\\(?P<name>[A-Za-z]+)(?:[ \t]*\{\}|[ \t]+)?")
_MATH = re.compile(r"(?<!\\)\$(?:\\.|[^$\\])*\$|\\\(.*?\\\)", re.DOTALL)


def in_characters(entry: str) -> str:
    """Write the commands that stand for a character as it; no line moves."""
    return _outside_math(entry, lambda text: _COMMAND.sub(_character, text))


def _character(match: re.Match[str]) -> str:
    found = SYMBOLS.get(match["name"])
    return match[0] if found is None else found


def _outside_math(text: str, change: Callable[[str], str]) -> str:
    pieces: list[str] = []
    end = 0
    for match in _MATH.finditer(text):
        pieces += [change(text[end : match.start()]), match[0]]
        end = match.end()
    return "".join([*pieces, change(text[end:])])


def unread(value: str) -> list[tuple[str, int]]:
    """Give the commands of a field's value that would be lost, with their offsets in it."""
    hidden = _MATH.sub(lambda match: " " * len(match[0]), value)
    taken = SYMBOLS.keys() | KNOWN | SILENT
    found = ((match["name"], match.start()) for match in _COMMAND.finditer(hidden))
    return [(name, offset) for name, offset in found if name not in taken]
