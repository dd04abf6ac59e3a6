"""Words written twice, quotation marks of two kinds."""

from __future__ import annotations

import re
from collections.abc import Iterator

from geppetto.checks.manuscript import Manuscript, Page
from geppetto.diagnostics import Diagnostic

# One blank, or one line end within a paragraph, between a word and itself.
_TWICE = re.compile(
    r"(?<![\w'’-])(?P<word>[^\W\d_]++)(?: |[ \t]*\n[ \t]*(?:>[ \t]?)*)(?P<again>(?P=word))(?![\w'’-])",
    re.IGNORECASE,
)
_NOT_PROSE = re.compile(r"^[ \t]*(?:#|\||[-+:=|]{3}|[-*+] |\d+[.)] )")
# Where a word may well follow itself, by language; of other languages nothing is said.
RIGHTLY = {
    "en": "had that so very no ha bye now there yes tut knock blah la far out long many hear "
    "do can will her",
    "de": "die der das sie den dem was ja nein so sehr ha bla doch nun",
    "fr": "nous vous très non oui si ha bla tout plus",
    "es": "que muy no sí ja bla nos",
    "it": "via piano così molto no sì ci si piccolo pian man mano quasi",
    "pt": "que muito não sim já nos",
    "nl": "die dat zeer heel ja nee wel zo had is u",
}


def doubled_words(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Find words that stand twice in a row, over the end of a line too."""
    for page in manuscript.pages:
        rightly = RIGHTLY.get(page.language(manuscript.book))
        if rightly is None:
            continue
        for found in _TWICE.finditer(page.prose):
            if not _is_meant(page.prose, found, frozenset(rightly.split())):
                says = f"“{found['word']} {found['again']}”: the word stands twice."
                at = page.at(found.start("again"))
                yield Diagnostic("word-doubled", says, at, "Take one away, if it is not meant.")


def _is_meant(prose: str, found: re.Match[str], rightly: frozenset[str]) -> bool:
    """Tell what is no slip: names, sayings, verse, rows of tables, letters one by one."""
    word, again = found["word"], found["again"]
    if word.lower() in rightly or again != again.lower():
        return True
    if len(word) == 1 and word.lower() not in {"a", "i"}:
        return True
    around = (
        prose[max(0, found.start() - len(word) - 1) : found.end() + len(word) + 1].lower().split()
    )
    if around.count(word.lower()) > 2:
        return True
    line = prose[prose.rfind("\n", 0, found.start()) + 1 :].partition("\n")[0]
    following = prose[found.start("again") - 1 :].lstrip("\n").partition("\n")[0]
    over_lines = "\n" in found[0]
    return line.lstrip().startswith("|") or bool(
        over_lines and (_NOT_PROSE.match(following) or line.lstrip().startswith("#"))
    )


_MARKS = {"double": ('"', "“”„"), "single": ("'", "‘’‚")}


def mixed_quotes(manuscript: Manuscript) -> Iterator[Diagnostic]:
    """Find chapters that have straight marks and curly ones: the rarer kind is named."""
    for page in manuscript.pages:
        for kind, (straight, curly) in _MARKS.items():
            found = _rarer(page, straight, curly)
            if found is not None:
                at, is_straight, count, others = found
                one, other = ("straight", "curly") if is_straight else ("curly", "straight")
                says = f"{count} {one} {kind} quotation marks stand among {others} {other} ones."
                hint = "Both are set alike; one kind is easier to search for."
                yield Diagnostic("quotes-mixed", says, page.at(at), hint)


def _rarer(page: Page, straight: str, curly: str) -> tuple[int, bool, int, int] | None:
    """Give the first mark of the rarer kind, whether it is straight, and how many there are of each."""
    one, two = page.prose.count(straight), sum(map(page.prose.count, curly))
    if not one or not two:
        return None
    is_straight = one <= two
    rarer = straight if is_straight else curly
    first = min(at for at in map(page.prose.find, rarer) if at >= 0)
    return first, is_straight, min(one, two), max(one, two)
