"""Places in a page's markup: where its words stand, and where a mark can be put before one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

_IDEOGRAPH = "\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"[{_IDEOGRAPH}]|[^\W_{_IDEOGRAPH}]+")
_PIECE = re.compile(
    r"<(?P<close>/?)(?P<name>[A-Za-z][\w:.-]*)(?P<rest>[^<>]*)>|<[!?][^>]*>|&#?\w+;"
)
BLOCKS = frozenset(
    {
        *("p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "td", "th", "dd", "dt", "pre", "div"),
        *("figcaption", "caption", "blockquote", "section", "aside", "figure", "table", "nav"),
        *("ol", "ul", "dl", "body"),
    }
)
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_WHOLE = frozenset({"math", "svg", "ruby"})  # nothing may be put into these
_APART = re.compile(r'epub:type="footnotes"')
_FIGURE_END = re.compile(r"</figure>\s*(?:<(?:p|div|h[1-6])\b[^<>]*>\s*)?$")
_FORMULA_END = re.compile(r"</math>\s*(?:</span>\s*)*(?:</p>\s*)?(?:<(?:p|div)\b[^<>]*>\s*)?$")


@dataclass(frozen=True)
class Word:
    """A word of a page, where it begins in the markup, and whether print has it in the same order."""

    text: str
    at: int
    flows: bool


@dataclass(frozen=True)
class _Open:
    name: str
    start: int
    end: int
    apart: bool
    listing: bool


def tokens(text: str) -> list[str]:
    """Give the words of a text as they are compared; each ideograph is one."""
    return _TOKEN.findall(unicodedata.normalize("NFKC", text).casefold())


@lru_cache(maxsize=64)
def _pieces(markup: str) -> tuple[re.Match[str], ...]:
    return tuple(_PIECE.finditer(markup, markup.find("<body")))


def words(markup: str) -> list[Word]:
    """Give the words of a page; notes and the captions of figures have no order of print's."""
    found: list[Word] = []
    stack: list[_Open] = []
    at = markup.find("<body")
    for piece in _pieces(markup):
        _read(markup, at, piece.start(), stack, found)
        at = piece.end()
        _step(stack, piece)
    return found


def _read(markup: str, start: int, end: int, stack: list[_Open], found: list[Word]) -> None:
    flows = not (stack and stack[-1].apart)
    for match in _TOKEN.finditer(markup, start, end):
        text = unicodedata.normalize("NFKC", match[0]).casefold()
        found.append(Word(text, match.start(), flows))


def _step(stack: list[_Open], piece: re.Match[str]) -> None:
    name = piece["name"]
    if name is None:
        return
    if piece["close"]:
        if stack:
            stack.pop()
    elif not piece["rest"].endswith("/"):
        floats = name == "figcaption" and not (stack and stack[-1].listing)
        apart = floats or bool(stack and stack[-1].apart) or bool(_APART.search(piece["rest"]))
        listing = name == "figure" and "listing" in piece["rest"]
        stack.append(_Open(name, piece.start(), piece.end(), apart, listing))


def _open_at(markup: str, offset: int) -> list[_Open]:
    """Give the elements that are open at a place, outermost first."""
    stack: list[_Open] = []
    for piece in _pieces(markup):
        if piece.start() >= offset:
            break
        _step(stack, piece)
    return stack


def top(markup: str) -> int:
    """Give the place of a mark that stands before the whole page."""
    body = markup.find(">", markup.find("<body"))
    return body + 1


def before(
    markup: str, offset: int, after: int, *, above: Collection[str], there: Collection[str]
) -> int:
    """Give the place of a mark before the word at an offset.

    It lies behind `after`, where the page before ends. `above` are the words that
    stand in print over the first, `there` all of the printed page: a figure or a
    formula whose words are among them belongs to the page.
    """
    place = _inward(markup, offset)
    while True:
        earlier = _before_figure(markup, place, there) or _before_formula(markup, place, above)
        if earlier is None or earlier <= after:
            return place
        place = earlier


def _inward(markup: str, offset: int) -> int:
    stack = _open_at(markup, offset)
    blocks = [one for one in stack if one.name in BLOCKS]
    block = blocks[-1]
    if block.name in HEADINGS:
        return block.start
    if any(_TOKEN.search(text) for text in _texts(markup, block.end, offset)):
        return _before_inline(markup, offset, [o for o in stack if o.start > block.start])
    if block.name in {"caption", "th", "figcaption"}:
        return _before_table(blocks)
    return block.end


def _texts(markup: str, start: int, end: int) -> list[str]:
    return _PIECE.split(markup[start:end])[:: _PIECE.groups + 1]


def _before_table(blocks: Sequence[_Open]) -> int:
    """Give the place before the outermost table or figure, its frame included."""
    index = next(i for i, one in enumerate(blocks) if one.name in {"table", "figure"})
    framed = blocks[index].name == "table" and index and blocks[index - 1].name == "div"
    return blocks[index - 1 if framed else index].start


def _before_inline(markup: str, offset: int, inner: Sequence[_Open]) -> int:
    """Give the place before a word, the marks that cling to it and what opens with it."""
    whole = next((one.start for one in inner if one.name in _WHOLE), None)
    place = offset if whole is None else whole
    while True:
        start = place
        while _clings(markup[place - 1]):
            place -= 1
        if markup[place - 1] == ">":
            tag = markup.rfind("<", 0, place)
            opening = any(one.start == tag for one in inner)
            place = tag if opening else place
        if place == start:
            return place


def _clings(character: str) -> bool:
    """Tell whether a mark belongs to the word that follows it: an opening bracket or quotation mark."""
    return unicodedata.category(character) in {"Ps", "Pi"} or character in "„‚'\"¿¡@#$£€"


def _before_figure(markup: str, place: int, there: Collection[str]) -> int | None:
    """Give the place before a figure that ends here, if the printed page has its caption."""
    if not _FIGURE_END.search(markup, max(0, place - 400), place):
        return None
    end = markup.rfind("</figure>", 0, place)
    start = _opening(markup, "figure", end)
    caption = [w for w in _texts(markup, start, end) for w in tokens(w)]
    return start if caption and sum(w in there for w in caption) >= 0.8 * len(caption) else None


def _before_formula(markup: str, place: int, above: Collection[str]) -> int | None:
    """Give the place before a display formula that ends here, if its letters stand above."""
    if not above or not _FORMULA_END.search(markup, max(0, place - 400), place):
        return None
    end = markup.rfind("</math>", 0, place)
    start = _opening(markup, "math", end)
    if 'display="block"' not in markup[start : markup.find(">", start)]:
        return None
    letters = {
        c for text in _texts(markup, start, end) for c in unicodedata.normalize("NFKC", text)
    }
    own = {c.casefold() for c in letters if c.isalnum()}
    if not own or not own <= set("".join(above)):
        return None
    span = re.search(r"<span\b[^<>]*\bequation\b[^<>]*>\s*$", markup[:start])
    return span.start() if span else start


def figures(markup: str) -> list[tuple[int, tuple[str, ...]]]:
    """Give where each captioned figure begins, and its caption's words; listings are text."""
    found: list[tuple[int, tuple[str, ...]]] = []
    for caption in re.finditer(r"<figcaption\b[^<>]*>(.*?)</figcaption>", markup, re.DOTALL):
        opened = [one for one in _open_at(markup, caption.start()) if one.name == "figure"]
        if opened and not any(one.listing for one in opened):
            words = tuple(
                w for text in _texts(caption[1], 0, len(caption[1])) for w in tokens(text)
            )
            found.append((opened[0].start, words))
    return found


def _opening(markup: str, name: str, end: int) -> int:
    """Give where the element begins whose end tag stands at a place."""
    depth = 1
    for tag in reversed(list(re.finditer(rf"<(/?){name}\b[^<>]*>", markup[:end]))):
        depth += 1 if tag[1] else -1
        if depth == 0:
            return tag.start()
    return end


def inserted(markup: str, marks: Sequence[tuple[str, int]]) -> tuple[str, list[tuple[str, str]]]:
    """Put marks, given as folio and place in order, into the markup; give each one's identifier."""
    names: list[tuple[str, str]] = []
    made: list[str] = []
    at = 0
    for folio, place in marks:
        name = _free(f"page-{re.sub(r'[^A-Za-z0-9.-]', '-', folio)}", markup, names)
        names.append((folio, name))
        made += [markup[at:place], _mark(folio, name)]
        at = place
    return "".join([*made, markup[at:]]), names


def _free(wanted: str, markup: str, names: Sequence[tuple[str, str]]) -> str:
    taken = {name for _, name in names}
    name, count = wanted, 2
    while name in taken or f'id="{name}"' in markup:
        name, count = f"{wanted}-{count}", count + 1
    return name


def _mark(folio: str, name: str) -> str:
    label = folio.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    return (
        f'<span epub:type="pagebreak" role="doc-pagebreak" id="{name}" aria-label="{label}"></span>'
    )
