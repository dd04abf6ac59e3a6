"""Cross-references in both customs, and links within the book, to their targets.

`@fig:x` and `@fig-x`, alone, in brackets, several at once, capitalised, or with
`-` before the `@` for the bare number; `[text](#id)`, `[text](other.md)` and
`[text](other.md#id)`.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from geppetto.ast import Block, Inline, Node, attr, link, rewrite, stringify, text
from geppetto.diagnostics import Diagnostic
from geppetto.model.places import Places
from geppetto.references.faults import did_you_mean, everywhere, mark
from geppetto.references.numbering import Numbered, Target
from geppetto.terms import Terms, quotes

KEY = re.compile(r"^(fig|tbl|eq|sec|lst)([:-]).", re.IGNORECASE)
SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:")
NO_BREAK = "\u00a0"


@dataclass(frozen=True)
class Library:
    """What references are resolved against."""

    targets: Mapping[str, Target]
    chapters: Mapping[str, Numbered]
    local: Mapping[str, Mapping[str, str]]
    citations: frozenset[str]
    words: Terms
    lang: str


def resolve(
    chapter: Numbered, library: Library, places: Places
) -> tuple[list[Block], list[Diagnostic]]:
    """Resolve a chapter's cross-references and inner links."""
    unknown_keys: dict[str, None] = {}
    unknown_links: dict[str, None] = {}

    def change(node: Node) -> list[Node] | Node | None:
        if node["t"] == "Cite":
            return _cite(node, library, unknown_keys)
        if node["t"] == "Link":
            return _link(node, chapter, library, unknown_links)
        return None

    blocks: list[Block] = rewrite(chapter.blocks, change)
    path = chapter.chapter.path
    diagnostics = [d for key in unknown_keys for d in _unknown_key(key, path, library, places)]
    diagnostics += [
        d for target in unknown_links for d in _unknown_link(target, path, library, places)
    ]
    return blocks, diagnostics


def is_crossref(key: str, citations: frozenset[str]) -> bool:
    """Tell whether a key after `@` names a place in the book and not an entry."""
    return KEY.match(key) is not None and key not in citations


def _cite(node: Node, library: Library, unknown: dict[str, None]) -> list[Node] | None:
    parts = node["c"][0]
    runs = _runs(parts, library.citations)
    if all(not own for own, _ in runs):
        return None
    result: list[Node] = []
    for own, run in runs:
        if result:
            result += text("; ")
        if own:
            result += _references(run, library, unknown)
        else:
            result.append({"t": "Cite", "c": [run, node["c"][1]]})
    return result


def _runs(parts: list[Any], citations: frozenset[str]) -> list[tuple[bool, list[Any]]]:
    runs: list[tuple[bool, list[Any]]] = []
    for part in parts:
        own = is_crossref(part["citationId"], citations)
        if runs and runs[-1][0] == own:
            runs[-1][1].append(part)
        else:
            runs.append((own, [part]))
    return runs


def _references(parts: list[Any], library: Library, unknown: dict[str, None]) -> list[Inline]:
    """Set a run of references; two or more of one kind, bare, share a plural label."""
    found = [(part, _target(part["citationId"], library)) for part in parts]
    kinds = {target.kind for _, target in found if target}
    if len(found) > 1 and len(kinds) == 1 and all(_shares_label(p, t) for p, t in found):
        return _group([(p, t) for p, t in found if t], library)
    result: list[Inline] = []
    for i, (part, target) in enumerate(found):
        if i:
            result += text(", ")
        if target is None:
            unknown[part["citationId"]] = None
            result.append(mark(f"[@{part['citationId']}?]"))
        else:
            result += _single(part, target, library)
    return result


def _shares_label(part: Any, target: Target | None) -> bool:
    return target is not None and target.number is not None and not part["citationSuffix"]


def _group(found: Sequence[tuple[Any, Target]], library: Library) -> list[Inline]:
    first_part, first = found[0]
    result: list[Inline] = []
    if first_part["citationPrefix"]:
        result += [*first_part["citationPrefix"], {"t": "Space"}]
    if not _is_bare(first_part):
        result += [*text(_cased(_label(first, library, plural=True), first_part)), _space()]
    for i, (_, target) in enumerate(found):
        if i and i == len(found) - 1:
            result += text(f" {library.words.conjunction} ")
        elif i:
            result += text(", ")
        result.append(_to(target, target.number or ""))
    return result


def _single(part: Any, target: Target, library: Library) -> list[Inline]:
    """Set one reference; in Quarto's custom (`fig-x`) a prefix stands in the label's stead."""
    prefix = part["citationPrefix"]
    match = KEY.match(part["citationId"])
    replaces = bool(prefix) and match is not None and match[2] == "-"
    result: list[Inline] = []
    if prefix:
        result += [*prefix, _space() if replaces else {"t": "Space"}]
    result.append(_to(target, _words(part, target, library, replaces or _is_bare(part))))
    suffix: list[Inline] = part["citationSuffix"]
    if suffix and suffix[0]["t"] == "Str" and suffix[0]["c"][:1] not in ",.;:":
        result.append({"t": "Space"})
    return result + suffix


def _words(part: Any, target: Target, library: Library, bare: bool) -> str:
    if target.number is None:
        opening, closing = quotes(library.lang)[:2]
        return f"{opening}{target.text}{closing}" if target.text else target.id
    if bare:
        return target.number
    return _cased(_label(target, library), part) + NO_BREAK + target.number


def _label(target: Target, library: Library, *, plural: bool = False) -> str:
    forms: tuple[str, str] = getattr(library.words, target.kind)
    return forms[1 if plural else 0]


def _cased(label: str, part: Any) -> str:
    return label[:1].upper() + label[1:] if part["citationId"][:1].isupper() else label


def _is_bare(part: Any) -> bool:
    return bool(part["citationMode"]["t"] == "SuppressAuthor")


def _space() -> Inline:
    return {"t": "Str", "c": NO_BREAK}


def _to(target: Target, words: str) -> Inline:
    return link(text(words), f"#{target.id}", attr("", ["xref"]))


def _target(key: str, library: Library) -> Target | None:
    lowered = key[:1].lower() + key[1:]
    found = library.targets.get(key) or library.targets.get(lowered)
    if found is not None and found.kind == "anchor":
        return None
    return found


def _unknown_key(key: str, path: str, library: Library, places: Places) -> list[Diagnostic]:
    names = [t.id for t in library.targets.values() if KEY.match(t.id)]
    return everywhere(
        "crossref-unknown",
        f"The cross-reference @{key} leads nowhere.",
        path,
        places.citations.get(key, ()),
        did_you_mean(
            key, [f"@{n}" for n in names], f"Write {{#{key}}} after the element it should lead to."
        ),
    )


def _link(
    node: Node, chapter: Numbered, library: Library, unknown: dict[str, None]
) -> list[Node] | Node | None:
    attributes, inlines, (url, title) = node["c"]
    home = _home(url, chapter.chapter.path, library)
    if home is None:
        return None
    other, fragment = home
    name = _in_chapter(other, fragment, library)
    if name is None:
        unknown[url] = None
        return [*inlines, mark(f"[link to {url} leads nowhere]")]
    if not stringify(inlines):
        inlines = text(_words({"citationId": ""}, library.targets[name], library, False))
    return {"t": "Link", "c": [attributes, inlines, [f"#{name}", title]]}


def _home(url: str, path: str, library: Library) -> tuple[str, str] | None:
    """Give the chapter and identifier that a link within the book means, else None."""
    if url.startswith("#"):
        return path, unquote(url[1:])
    if SCHEME.match(url) or url.startswith("//") or not url:
        return None
    file, _, fragment = url.partition("#")
    other = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(file)))
    if other not in library.chapters and unquote(file) in library.chapters:
        other = unquote(file)
    if other in library.chapters or file.endswith((".md", ".markdown")):
        return other, unquote(fragment)
    return None


def _in_chapter(path: str, fragment: str, library: Library) -> str | None:
    chapter = library.chapters.get(path)
    if chapter is None:
        return None
    if not fragment:
        return chapter.headings[0].id if chapter.headings else None
    local = library.local[path].get(fragment)
    if local is not None:
        return local
    return fragment if fragment in library.targets else None


def _unknown_link(url: str, path: str, library: Library, places: Places) -> list[Diagnostic]:
    file, _, fragment = url.partition("#")
    names = [f"#{name}" for name in library.targets] if fragment else sorted(library.chapters)
    return everywhere(
        "link-unknown",
        f"The link to {url} leads nowhere.",
        path,
        places.links.get(url, ()),
        did_you_mean(
            f"#{fragment}" if fragment else file,
            names,
            "Link to a chapter's file or an identifier.",
        ),
    )
