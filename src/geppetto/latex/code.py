r"""Code as LaTeX: every character as itself, with places where a line may break.

Inline code goes into `\code{…}`; a block that Pandoc does not highlight goes
into the same environments as one that it does, and where verbatim text cannot
stand (in a note, a caption, a table) into plain lines.
"""

from __future__ import annotations

import itertools
import re

from geppetto.emoji import SEQUENCE
from geppetto.templates import emoji, xml

_EMOJI = re.compile(f"({SEQUENCE.pattern})")
_SET_OR_NOT = re.compile(rf"(\\emoji\{{[^{{}}]*\}}\{{\w+\}})|(?:{SEQUENCE.pattern})")
_HIGHLIGHTED = re.compile(r"(\\begin\{Highlighting\}.*?\\end\{Highlighting\})", re.DOTALL)
BREAK = r"\codebreak{}"
ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "`": r"\textasciigrave{}",
    "'": r"\textquotesingle{}",
    '"': r"\textquotedbl{}",
    "-": r"\codehyphen{}",
    "\u00a0": "~",
    "\u00ad": "",
    "\ufeff": "",
    "\u200b": BREAK,
}
# A break comes after these, but not before another of them.
BREAKABLE = frozenset("/\\.,:;_-+=&?!@#%|)]}>")
WHOLE = 12  # a run of letters up to this length stays whole


def inline(text: str) -> str:
    r"""Make `\code{…}` of a piece of inline code."""
    words = " ".join(xml(text).split("\n")).split(" ")
    return r"\code{" + _spaced([_word(word) for word in words]) + "}"


def verbatim(text: str) -> str:
    """Make a code block without highlighting, in the environments Pandoc's highlighting uses."""
    lines = "\n".join(_escape(line, ESCAPES_VERBATIM) for line in xml(text).split("\n"))
    return f"\\begin{{Shaded}}\n\\begin{{Highlighting}}[]\n{lines}\n\\end{{Highlighting}}\n\\end{{Shaded}}"


def with_emoji(fragment: str) -> str:
    """Set the emoji in the code that Pandoc has highlighted, as those of other code."""
    pieces = _HIGHLIGHTED.split(fragment)
    pieces[1::2] = [_SET_OR_NOT.sub(lambda m: m[1] or emoji(m[0]), code) for code in pieces[1::2]]
    return "".join(pieces)


def lines(text: str) -> str:
    """Make a code block that may stand in an argument: each line a paragraph."""
    made = [r"\codeline{" + _line(line) + "}" for line in xml(text).split("\n")]
    return "\\begin{codelines}%\n" + "\n".join(made) + "\n\\end{codelines}"


# In Highlighting, the backslash and the braces alone are special.
ESCAPES_VERBATIM = {"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "\u00ad": "", "\ufeff": ""}


def _escape(text: str, escapes: dict[str, str]) -> str:
    pieces = _EMOJI.split(text)
    pieces[::2] = ["".join(escapes.get(c, c) for c in piece) for piece in pieces[::2]]
    pieces[1::2] = [emoji(sequence) for sequence in pieces[1::2]]
    return "".join(pieces)


def _line(text: str) -> str:
    blanks = len(text) - len(text.lstrip(" "))
    return r"\ " * blanks + _spaced([_word(word) for word in text[blanks:].split(" ")])


def _spaced(words: list[str]) -> str:
    """Join words with blanks; a blank at an end, or after another, is one that stays."""
    out = words[0]
    for before, word in itertools.pairwise(words):
        out += (" " if before and word else r"\ ") + word
    return out


def _word(word: str) -> str:
    if len(word) <= WHOLE:
        return _escape(word, ESCAPES)
    pieces = re.findall(rf"(?:{SEQUENCE.pattern})|[^\W_]+|[\W_]", word)
    out = []
    for piece, following in zip(pieces, [*pieces[1:], ""], strict=True):
        out.append(_escape(_breakable(piece), {**ESCAPES}))
        if piece in BREAKABLE and following and following not in BREAKABLE:
            out.append(BREAK)
    return "".join(out)


def _breakable(run: str) -> str:
    """Put a zero-width space, which escapes to a break, into a long run of letters."""
    if len(run) <= WHOLE:
        return run
    humps = re.sub(r"(?<=[^\W\d_])(?=[A-Z][a-z])", "\u200b", run) if not run.isupper() else run
    return re.sub(r"([^\u200b]{8})(?=[^\u200b]{4})", "\\1\u200b", humps)
