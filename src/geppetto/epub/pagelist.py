"""The pages of the print edition in the EPUB: a mark where each begins, and the list of all.

The words of the printed pages are matched, in order, with those of the EPUB's
pages: so each mark stands before the first word of its page. Words that stand in
another order in print (running heads, notes at the foot, captions of floats)
match nothing. EPUB Accessibility 1.1, section 2.3.4; EPUB 3.3, section 7.4.3.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from geppetto import sourcemap
from geppetto.diagnostics import Diagnostic
from geppetto.epub import spots
from geppetto.epub.navigation import Entry
from geppetto.epub.pages import Page
from geppetto.epub.spots import Word
from geppetto.pagemap.printed import Printed

_LABEL = re.compile(r"^\(?(?:\d{1,2}|[A-Za-z]|[ivx]{1,4})[.)](?=\s)", re.MULTILINE)
"""The label of an item, which print has and the markup of a list has not."""
HIDDEN = 'hidden="hidden"'
"""How lists begin that no reader sees: those of the contents' page."""
LIKE = 0.6
"""The share of a generated page's words that its printed counterpart has."""


@dataclass(frozen=True, order=True)
class _Spot:
    """Where a printed page begins: the number of the EPUB's page, the offset in its markup."""

    page: int
    offset: int


_END = _Spot(1 << 30, 0)


def mark(
    pages: Sequence[Page], printed: Sequence[Printed]
) -> tuple[list[Page], tuple[Entry, ...], list[Diagnostic]]:
    """Give the EPUB's pages, in reading order, with the marks, and the list of what is marked."""
    words = [spots.words(page.markup) for page in pages]
    found = _body(pages, words, printed)
    found |= _generated(pages, words, printed, found)
    placed = [(printed[n].folio, found[n]) for n in sorted(found)]
    placed.sort(key=lambda pair: pair[1])
    marked, entries = list(pages), []
    for number, page in enumerate(pages):
        own = [(folio, spot.offset) for folio, spot in placed if spot.page == number]
        if own:
            text, names = spots.inserted(page.markup, own)
            marked[number] = replace(page, markup=text)
            entries += [Entry(folio, f"{page.name}#{name}", "page") for folio, name in names]
    return marked, tuple(entries), _unplaced(printed, found)


def _body(
    pages: Sequence[Page], words: Sequence[Sequence[Word]], printed: Sequence[Printed]
) -> dict[int, _Spot]:
    """Find where the printed pages begin on which something of a chapter stands."""
    flow = [(p, word) for p, listed in enumerate(words) for word in listed if word.flows]
    bodies = [(n, _LABEL.sub("", one.text)) for n, one in enumerate(printed) if one.is_body]
    tokens = [(n, token) for n, text in bodies for token in spots.tokens(text)]
    matched = sourcemap.match([t for _, t in tokens], [word.text for _, word in flow])
    found: dict[int, _Spot] = {}
    taken = -1  # the last word of the flow that an earlier page has
    for number, run in _runs(tokens):
        first = next((i for i in run if _holds(matched, i, run)), None)
        if first is None:
            continue
        above = {token for _, token in tokens[run.start : first]}
        page, word = flow[matched[first]]
        after = flow[taken][1].at if taken >= 0 and flow[taken][0] == page else 0
        on_page = Counter(token for _, token in tokens[run.start : run.stop])
        found[number] = _Spot(
            page, spots.before(pages[page].markup, word.at, after, above=above, there=on_page)
        )
        taken = max(matched[run.start : run.stop])
    return _with_figures(found, pages, bodies)


def _runs(tokens: Sequence[tuple[int, str]]) -> Iterator[tuple[int, range]]:
    """Give for each printed page which of the tokens are its own."""
    start = 0
    for index in range(1, len(tokens) + 1):
        if index == len(tokens) or tokens[index][0] != tokens[start][0]:
            yield tokens[start][0], range(start, index)
            start = index


def _holds(matched: Sequence[int], index: int, run: range) -> bool:
    """Tell whether a match is none by chance: the word after it matches, too, or it is the last."""
    following = index + 1
    place = matched[index]
    return place >= 0 and (following not in run or matched[following] == place + 1 or len(run) <= 2)


def _with_figures(
    found: dict[int, _Spot], pages: Sequence[Page], bodies: Sequence[tuple[int, str]]
) -> dict[int, _Spot]:
    """Have a page without other words begin at its figure, else where the next page does."""
    made: dict[int, _Spot] = {}
    for index, (number, text) in enumerate(bodies):
        following = next((found[n] for n, _ in bodies[index + 1 :] if n in found), None)
        last = _END if following is None else following
        before = max(made.values(), default=_Spot(0, 0))
        spot = found.get(number) or _figure(pages, spots.tokens(text), before, last) or following
        if spot is not None:
            made[number] = spot
    return made


def _figure(
    pages: Sequence[Page], words: Sequence[str], before: _Spot, last: _Spot
) -> _Spot | None:
    """Find the first figure between two places whose caption stands on a printed page."""
    said = f" {' '.join(words)} "
    for number in range(before.page, min(last.page + 1, len(pages))):
        for offset, caption in spots.figures(pages[number].markup):
            spot = _Spot(number, offset)
            if before < spot < last and caption and f" {' '.join(caption)} " in said:
                return spot
    return None


def _generated(
    pages: Sequence[Page],
    words: Sequence[Sequence[Word]],
    printed: Sequence[Printed],
    found: dict[int, _Spot],
) -> dict[int, _Spot]:
    """Find title page, imprint, contents and parts: the printed page that has most of the words."""
    made: dict[int, _Spot] = {}
    free = [n for n, one in enumerate(printed) if not one.is_body and one.text.strip()]
    for number, page in enumerate(pages):
        if page.name.startswith("text/") or page.name == "cover.xhtml":
            continue
        later = [s for s in found.items() if s[1].page > number]
        limit = min((n for n, _ in later), default=len(printed))
        shown = page.markup.find(HIDDEN)
        own = Counter(word.text for word in words[number] if shown < 0 or word.at < shown)
        likeness = {n: _likeness(own, printed[n].text) for n in free if n < limit}
        best = max(likeness, key=lambda n: (likeness[n], -n), default=None)
        if best is not None and likeness[best] >= LIKE:
            made[best] = _Spot(number, spots.top(page.markup))
            free = [n for n in free if n > best]
    return made


def _likeness(own: Counter[str], text: str) -> float:
    return (own & Counter(spots.tokens(text))).total() / max(1, own.total())


def _unplaced(printed: Sequence[Printed], found: dict[int, _Spot]) -> list[Diagnostic]:
    lost = [one.folio for n, one in enumerate(printed) if one.is_body and n not in found]
    if not lost:
        return []
    message = f"Pages of the print edition have no place in the EPUB: {', '.join(lost)}."
    return [
        Diagnostic("page-unplaced", message, hint="Readers find the page before in their stead.")
    ]


def largest(entries: Sequence[Entry]) -> int:
    """Give the highest number of a page, for the NCX."""
    return max((int(e.text) for e in entries if re.fullmatch("[0-9]+", e.text)), default=0)
