"""The LaTeX of a book: one file a document, and the `book.tex` that includes them."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from geppetto import pandoc, sourcemap
from geppetto.ast import Block, keyvals, raw_block, stringify
from geppetto.latex import code, pieces
from geppetto.latex.dialect import Context, block
from geppetto.latex.faces import faces
from geppetto.latex.language import Language, language, tag_of
from geppetto.latex.running import running_head
from geppetto.latex.setting import Setting
from geppetto.model.book import Document, Resolved, Role
from geppetto.progress.count import Tally
from geppetto.store.shelf import NOTHING, Shelf, key
from geppetto.templates import Tex, latex_environment, render, tex
from geppetto.titlepage import COLOPHON, authors, contributors

FOLDER = "parts"
PATTERNS = "patterns"
PLACES, CHANGES = "places.lua", "changes.lua"
_CONTROL_WORD = re.compile(r"\\([A-Za-z@]+)")
LAST_LINES = 5  # on the last page of a document


@dataclass(frozen=True)
class LatexBook:
    """The files of a book in LaTeX, by name relative to the folder LaTeX runs in."""

    files: Mapping[str, str] = field(default_factory=dict)
    main: str = "book.tex"


def write_parts(
    resolved: Resolved, setting: Setting, shelf: Shelf = NOTHING, tally: Tally | None = None
) -> LatexBook:
    """Write the whole book as LaTeX, and tally its documents; what is on the shelf is not written again."""
    tally = tally or Tally()
    names = _names(resolved, setting)
    kept = {slug: shelf.get("latex", name) for slug, name in names.items()}
    new = [one for one in resolved.documents if kept.get(one.slug) is None]
    tally.add(len(resolved.documents) - len(new))
    trees = {document.slug: tree(document, setting) for document in new}
    written: dict[str, str] = {}
    for slug, fragment in pandoc.write(trees, "latex", lang=setting.settings.lang):
        tally.add()
        text = written[slug] = code.with_emoji(fragment).strip("\n") + "\n"
        if slug in names:
            shelf.put("latex", names[slug], text)
    texts = {d.slug: written.get(d.slug) or str(kept[d.slug]) for d in resolved.documents}
    files = {f"{FOLDER}/{slug}.tex": text for slug, text in texts.items()}
    for one in setting.patterns.values():
        files[f"{PATTERNS}/{one.name}.txt"] = one.text + "\n"
    files[PLACES] = render(latex_environment(resolved.book.root), PLACES)
    uses = frozenset(word for text in texts.values() for word in _CONTROL_WORD.findall(text))
    if any(document.role is Role.SUMMARY for document in resolved.documents):
        files[CHANGES] = render(latex_environment(resolved.book.root), CHANGES)
    return LatexBook({"book.tex": write_book(resolved, setting, uses), **files})


def _names(resolved: Resolved, setting: Setting) -> dict[str, str]:
    """Give by what each document's LaTeX is known: all that it is made from."""
    setting = replace(setting, pages=None, patterns={})
    basis = key(pandoc.makers(), setting)
    return {
        one.slug: key(basis, one.made_from, one.slug, one.part, one.title)
        for one in resolved.documents
        if one.made_from
    }


def write_book(resolved: Resolved, setting: Setting, uses: Set[str] = frozenset()) -> str:
    """Render `book.tex`, which a designer's templates make.

    `uses` are the control words in its parts.
    """
    return render(
        latex_environment(resolved.book.root),
        "book.tex",
        book=setting.settings,
        setting=setting,
        tagged=bool(setting.standard),
        page=setting.page,
        fonts=setting.fonts,
        words=setting.words,
        faces=faces(setting.fonts),
        highlighting=Tex(pandoc.highlighting_macros()),
        running_title=running_head(setting.settings.title),
        parts={role.value: _included(resolved, role) for role in Role},
        authors=authors(setting.settings),
        contributors=contributors(setting.settings),
        command=lambda name: Tex(f"\\{name}"),
        lua=lua,
        babel_options=babel_options,
        patterns_folder=PATTERNS,
        uses=lambda *words: not uses.isdisjoint(words),
        colophon=COLOPHON.get(setting.settings.lang.split("-")[0], COLOPHON["en"]),
    )


def tree(document: Document, setting: Setting) -> list[Block]:
    """Give the blocks of one document as Pandoc's LaTeX writer is to have them.

    Before each block stands a comment with its index in the document, and before
    each piece of the author's own LaTeX its number, so that a message of
    LaTeX's leads back to it. The stops say where in the chapter each line of a
    page comes from.
    """
    lang = setting.settings.lang
    own = document.chapter.meta.lang if document.chapter is not None else None
    context = Context(setting, own or lang)
    result: list[Block] = [raw_block("latex", f"\\atpart{{{document.slug}}}%")]
    if document.part:
        result.append(raw_block("latex", f"\\partopening{{{tex(document.part)}}}"))
    result.append(raw_block("latex", f"\\startdocument{{{document.slug}}}"))
    if own:
        result.append(raw_block("latex", f"\\selectlanguage{{{language(own).name}}}"))
    closing = tail(document.blocks, setting.page.characters)
    for number, one in enumerate(pieces.marked(sourcemap.marked(document.blocks))):
        result.append(raw_block("latex", f"%@block {number}"))
        if number in closing:
            result.append(raw_block("latex", closing[number]))
        if _heads_unbreakable(document.blocks, number):
            result.append(raw_block("latex", "\\needroom{10}"))
        result += block(one, context)
        if number == 0:
            result.append(raw_block("latex", _head(document)))
            if own and setting.standard:
                result.append(raw_block("latex", f"\\documentlanguage{{{tag_of(own)}}}"))
    if own:
        result.append(raw_block("latex", f"\\selectlanguage{{{language(lang).name}}}"))
    return [*result, raw_block("latex", "\\closedocument\\partends")]


def tail(blocks: Sequence[Block], characters: float) -> dict[int, str]:
    """Say what keeps a document's last paragraphs from leaving its last page almost empty.

    By the index of the paragraph before which it stands.
    """
    found: dict[int, str] = {}
    lines, number = 0, len(blocks) - 1
    while number > 0 and blocks[number]["t"] == "Para" and lines < LAST_LINES:
        if lines:
            found[number + 1] = f"\\keepwithlast{found[number + 1]}"
        found[number] = f"\\keeplines{{{LAST_LINES - lines - 1}}}"
        lines += 1 + int(len(stringify(blocks[number])) / characters)
        number -= 1
    return found


def _heads_unbreakable(blocks: Sequence[Block], number: int) -> bool:
    """Tell whether a block is a heading over what would go to the next page without it."""
    following = blocks[number + 1]["t"] if number + 1 < len(blocks) else ""
    return number > 0 and blocks[number]["t"] == "Header" and following in {"Table", "Div"}


def _head(document: Document) -> str:
    first = document.blocks[0]
    short = None
    if first["t"] == "Header":
        short = keyvals(first["c"][1]).get("short-title")
    return f"\\runninghead{{{tex(running_head(short or document.title))}}}"


def _included(resolved: Resolved, role: Role) -> list[Tex]:
    r"""Give the names for LaTeX's `\\include`; slugs are safe as they are."""
    return [Tex(f"{FOLDER}/{d.slug}") for d in resolved.documents if d.role is role]


def lua(value: str) -> Tex:
    r"""Give a string for a Lua string within `\directlua`; what TeX would take for its own is `\xNN`."""
    plain = set(string.ascii_letters + string.digits + " ./:;=()[]+-,")
    return Tex("".join(c if c in plain else _bytes(c) for c in value))


def _bytes(character: str) -> str:
    return "".join(f"\\string\\x{byte:02x}" for byte in character.encode())


def babel_options(one: Language, main: Language) -> Tex:
    """Give what babel is told of one of the book's languages."""
    options = [f"import={one.ini}"] if one.ini else []
    return Tex(",".join([*options, "main"] if one == main else options))
