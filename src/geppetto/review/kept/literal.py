r"""Plain words as Pandoc's Markdown that reads as these words, wherever they are put.

Quotation marks, dashes and ellipses typed on a typewriter's keys stay as they are:
they become in print what the author's own become.
"""

from __future__ import annotations

import re
from functools import partial

from geppetto.review.kept.inserting import LINE_START

# After a blank; where it ended a quotation, the blank would be lost.
_QUOTE = re.compile(r"(?<=\s)(?:\"|'(?!\w))")
_ACTIVE = re.compile(r"[\\`*\[\]<>$^~@{}|#]|&(?=#?\w+;)|(?<![^\W_])_|_(?![^\W_])")
_STRANGE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_BREAK = re.compile(r"\n[ \t]*\n|\r|\x0b|\x0c|\u2029")
# What begins a list, a definition, a line block, a division or an underlined heading.
_AT_START = re.compile(r"([-+:=%])|(\(?)(\w{1,9}|)([.)])(?=\s|$)")
_DIGITS = re.compile(r"\w{1,9}$")


def has_paragraphs(words: str) -> bool:
    """Tell whether words make more than one paragraph."""
    return bool(_BREAK.search(words.strip()))


def visible(words: str) -> str:
    """Give words in one line, without what cannot be seen."""
    line = _STRANGE.sub(" ", words)
    return line if line.strip() else ""


def literal(words: str, before: str, after: str) -> str:
    """Give Markdown for words that are put between what stands before and after on their lines."""
    line = visible(words)
    start = bool(LINE_START.fullmatch(before))
    if start:
        line = line.lstrip()
    if not after.strip():
        line = line.rstrip()
    text = _QUOTE.sub(partial(_unpaired, before), _ACTIVE.sub(r"\\\g<0>", line))
    if start:
        text = _begun(text, after)
    if text.endswith("!") and after.startswith("["):
        text = text[:-1] + r"\!"
    return text


def _unpaired(before: str, mark: re.Match[str]) -> str:
    """Give a quotation mark so that it closes nothing, where an earlier one is open, or may be."""
    earlier = (before + mark.string[: mark.start()]).count(mark[0])
    is_open = earlier % 2 if mark[0] == '"' else earlier  # the other sign is the apostrophe, too
    return f"\\{mark[0]}" if is_open else mark[0]


def _begun(text: str, after: str) -> str:
    """Keep what begins a line from beginning a list or the like."""
    match = _AT_START.match(text)
    if match is not None:
        at = match.start(1) if match[1] else match.start(4)
        return f"{text[:at]}\\{text[at:]}"
    if text and _DIGITS.fullmatch(text) and re.match(r"[.)](\s|$)", after):
        return text[:-1] + f"&#{ord(text[-1])};"
    return text
