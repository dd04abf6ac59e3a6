"""Characters that are not seen, and how the file is written."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator

from geppetto.checks.manuscript import Manuscript, Page
from geppetto.diagnostics import Diagnostic, Location

# Unicode 16, section 23.2; they can make a text read otherwise than it is ("Trojan Source").
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_INVISIBLE = re.compile(
    "[\u200b\u200c\u200d\u200e\u200f\u061c\u180e\u2028\u2029\u206a-\u206f\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_MARKS_OF_DIRECTION = frozenset("\u200e\u200f\u061c")
_JOINERS = frozenset("\u200c\u200d")
_FLAG = "\U0001f3f4"


def controls(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Find characters that steer the direction of the text, and others that are not seen."""
    for page in manuscript.pages:
        text = page.chapter.text
        for found in _BIDI.finditer(text):
            hint = "Take it away; mark the direction with [text]{dir=rtl}."
            yield _said(
                "control-bidi", page, found, "changes the direction of the text unseen", hint
            )
        for found in _INVISIBLE.finditer(text):
            if not _is_needed(text, found.start()):
                hint = (
                    "Take it away: it came with pasted text, and breaks searching and hyphenation."
                )
                yield _said("control-invisible", page, found, "cannot be seen", hint)


def _said(code: str, page: Page, found: re.Match[str], what: str, hint: str) -> Diagnostic:
    name = unicodedata.name(found[0], "a control character")
    says = f"U+{ord(found[0]):04X} {name} {what}."
    return Diagnostic(code, says, page.at(found.start()), hint)


def _is_needed(text: str, at: int) -> bool:
    """Tell whether a character does its work here: joiners in scripts and emoji, marks beside them."""
    sign, before = text[at], text[at - 1] if at else ""
    if sign in _JOINERS:
        return bool(before) and not before.isascii() and not _is_latin(before)
    if sign in _MARKS_OF_DIRECTION:
        near = text[max(0, at - 60) : at + 60]
        return any(unicodedata.bidirectional(c) in {"R", "AL"} for c in near if c != sign)
    if ord(sign) >= 0xE0020:
        return _FLAG in text[max(0, at - 8) : at]
    return False


def _is_latin(character: str) -> bool:
    return unicodedata.name(character, "").startswith("LATIN")


def encoding(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Say how a chapter's file is written, where that is not the usual: it is read all the same."""
    for page in manuscript.pages:
        if page.data.startswith(codecs.BOM_UTF8):
            says = "The file begins with a byte-order mark, which is passed over."
            yield Diagnostic(
                "file-bom", says, Location(page.path, 1, 1), "Save it as UTF-8 without BOM."
            )
        at = page.data.find(b"\r")
        if at >= 0:
            says = "The lines of the file end with CR or CR LF, which are read as LF."
            line = page.data.count(b"\n", 0, at) + 1
            yield Diagnostic("file-crlf", says, Location(page.path, line), "Save it with LF.")
        yield from _tabs(page)


def _tabs(page: Page) -> Iterator[Diagnostic]:
    starts = [m.start() for m in re.finditer("\t", page.prose)]
    if starts:
        says = f"{len(starts)} tabs stand in the text; Markdown reads each as up to four blanks."
        yield Diagnostic(
            "file-tab",
            says,
            page.at(starts[0]),
            "Write blanks: indents then look as they are read.",
        )
