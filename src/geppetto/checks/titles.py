"""Capitals of English titles that a style which writes titles small would take away."""

from __future__ import annotations

import re
from collections.abc import Iterator

from geppetto.checks.manuscript import Manuscript, field_place
from geppetto.diagnostics import Diagnostic
from geppetto.model.book import Reference

FIELDS = ("title", "booktitle", "subtitle")
ENGLISH = frozenset({"", "english", "american", "british", "usenglish", "ukenglish", "en"})
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_PROTECTED = re.compile(r"\{(?:[^{}]|\{[^{}]*\})*\}|\\[a-zA-Z]+|\$[^$]*\$")
_SMALL = frozenset(
    [
        "a",
        "an",
        "and",
        "as",
        "at",
        "but",
        "by",
        "for",
        "from",
        "in",
        "into",
        "nor",
        "of",
        "on",
        "onto",
        "or",
        "over",
        "per",
        "the",
        "to",
        "up",
        "via",
        "with",
        "is",
    ]
)
_STARTS = re.compile(r"(?:^|[:.?!–—]\s*|[“\"‘(]\s*)$")
SHARE = 0.5  # a title most of whose words have capitals is in title case: nothing can be told


def unprotected(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Find names and abbreviations whose capitals are not protected by braces."""
    for reference in manuscript.references:
        if not _is_english(reference, manuscript.book.settings.lang):
            continue
        for name, value in reference.fields.items():
            words = _capitals(value) if name.lower() in FIELDS else []
            if words:
                shown = ", ".join(dict.fromkeys(words))
                says = (
                    f"@{reference.key}: styles that write titles small would write {shown} small."
                )
                hint = "Put braces around it: {" + words[0] + "}."
                yield Diagnostic("bib-capitals", says, field_place(reference, name), hint)


def _is_english(reference: Reference, lang: str) -> bool:
    own = next(
        (v for n, v in reference.fields.items() if n.lower() in {"langid", "language"}), None
    )
    if own is None:
        return lang.split("-", maxsplit=1)[0] == "en"
    return own.strip("{} ").lower().split("-")[0] in ENGLISH


def _capitals(value: str) -> list[str]:
    """Give the words that stand out by a capital in a title that is otherwise small.

    Words with capitals within (GPT, iPhone) stay what they are in CSL's
    sentence case, as Pandoc has it.
    """
    bare = _PROTECTED.sub(lambda m: " " * len(m[0]), value)
    words = [m for m in _WORD.finditer(bare) if not _STARTS.search(value[: m.start()])]
    telling = [m for m in words if m[0].lower() not in _SMALL]
    raised = [m for m in telling if m[0][0].isupper() and not m[0][1:].isupper()]
    raised = [m for m in raised if m[0][1:] == m[0][1:].lower() and len(m[0]) > 1]
    if not telling or len(raised) >= SHARE * len(telling):
        return []
    return [m[0] for m in raised]
