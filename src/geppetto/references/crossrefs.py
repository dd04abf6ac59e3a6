"""Cross-references in both customs, to their targets.

`@fig:x` and `@fig-x`, alone, in brackets, several at once, capitalised, or with
`-` before the `@` for the bare number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from geppetto.ast import Block, Inline, Node, rewrite, text
from geppetto.diagnostics import Diagnostic
from geppetto.model.places import Places
from geppetto.references import links
from geppetto.references.faults import everywhere, mark
from geppetto.references.numbering import Numbered, Target
from geppetto.references.targets import KEY, NO_BREAK, Library, is_crossref, to
from geppetto.suggest import nearest

SPACE: Inline = {"t": "Space"}


def resolve(
    chapter: Numbered, library: Library, places: Places
) -> tuple[list[Block], list[Diagnostic]]:
    """Resolve a chapter's cross-references and inner links."""
    path = chapter.chapter.path
    unknown_keys: dict[str, None] = {}
    unknown_links: dict[str, None] = {}

    def change(node: Node) -> list[Node] | Node | None:
        if node["t"] == "Cite":
            return _cite(node, library, unknown_keys)
        followed = links.follow(node, path, library)
        if isinstance(followed, list):
            unknown_links[node["c"][2][0]] = None
        return followed

    blocks: list[Block] = rewrite(chapter.blocks, change, {"Cite", "Link"})
    diagnostics = [d for key in unknown_keys for d in _unknown(key, path, library, places)]
    diagnostics += [d for u in unknown_links for d in links.unknown(u, path, library, places)]
    return blocks, diagnostics


def _cite(node: Node, library: Library, unknown: dict[str, None]) -> list[Node] | None:
    parts, words = node["c"]
    runs = _runs(parts, library.citations)
    if all(not own for own, _ in runs):
        return None
    if all(own for own, _ in runs):
        return _references(parts, library, unknown)
    first = parts[0]
    if _mode(first) == "AuthorInText" and is_crossref(first["citationId"], library.citations):
        rest: Node = {"t": "Cite", "c": [parts[1:], words]}
        others = _cite(rest, library, unknown) or [rest]
        return [*_references([first], library, unknown), SPACE, *others]
    return [{"t": "Cite", "c": [_folded(runs, library, unknown), words]}]


def _runs(parts: list[Any], citations: frozenset[str]) -> list[tuple[bool, list[Any]]]:
    runs: list[tuple[bool, list[Any]]] = []
    for part in parts:
        own = is_crossref(part["citationId"], citations)
        if runs and runs[-1][0] == own:
            runs[-1][1].append(part)
        else:
            runs.append((own, [part]))
    return runs


def _folded(
    runs: list[tuple[bool, list[Any]]], library: Library, unknown: dict[str, None]
) -> list[Any]:
    """Put references that stand among citations into the prefix of the next, or a last suffix."""
    citations: list[Any] = []
    waiting: list[Inline] = []
    for own, run in runs:
        if own:
            waiting = _references(run, library, unknown)
            continue
        if waiting:
            old = run[0]["citationPrefix"]
            prefix = [*waiting, *text(";"), *([SPACE, *old] if old else [])]
            citations += [{**run[0], "citationPrefix": prefix}, *run[1:]]
        else:
            citations += run
        waiting = []
    if waiting:
        suffix = [*citations[-1]["citationSuffix"], *text("; "), *waiting]
        citations[-1] = {**citations[-1], "citationSuffix": suffix}
    return citations


def _references(parts: list[Any], library: Library, unknown: dict[str, None]) -> list[Inline]:
    """Set a run of references; two or more of one kind share a plural label."""
    found = [(part, library.target(part["citationId"])) for part in parts]
    known = [(part, target) for part, target in found if target is not None]
    if len(known) == len(found) > 1 and _share_label(known):
        return _group(known, library)
    result: list[Inline] = []
    for i, (part, target) in enumerate(found):
        if i:
            result += text(", ")
        if target is None:
            unknown[part["citationId"]] = None
            target_words = mark(f"[@{part['citationId']}?]")
            result += _around(part, target_words, SPACE)
        else:
            result += _single(part, target, library)
    return result


def _share_label(known: Sequence[tuple[Any, Target]]) -> bool:
    first = known[0][0]
    return (
        len({target.kind for _, target in known}) == 1
        and all(target.number is not None for _, target in known)
        and not any(part["citationSuffix"] for part, _ in known)
        and not any(part["citationPrefix"] for part, _ in known[1:])
        and all(_mode(part) == _mode(first) for part, _ in known)
    )


def _group(known: Sequence[tuple[Any, Target]], library: Library) -> list[Inline]:
    first, target = known[0]
    result: list[Inline] = [*first["citationPrefix"]]
    if result:
        result.append(_no_break() if _replaces_label(first) else SPACE)
    if not _is_bare(first):
        label = library.label(target, plural=True, capital=_is_capital(first))
        result += [*text(label), _no_break()]
    for i, (_, target) in enumerate(known):
        if i:
            last = i == len(known) - 1
            result += text(f" {library.words.conjunction} " if last else ", ")
        result.append(to(target, target.number or ""))
    return result


def _single(part: Any, target: Target, library: Library) -> list[Inline]:
    words = library.phrase(target, bare=_is_bare(part), capital=_is_capital(part))
    return _around(part, to(target, words), _no_break() if _replaces_label(part) else SPACE)


def _around(part: Any, reference: Inline, space: Inline) -> list[Inline]:
    """Set a reference between the author's words before and after it."""
    prefix, suffix = part["citationPrefix"], part["citationSuffix"]
    result = [*prefix, space, reference] if prefix else [reference]
    if suffix and _mode(part) == "AuthorInText":
        return [*result, SPACE, {"t": "Str", "c": "["}, *suffix, {"t": "Str", "c": "]"}]
    return [*result, *suffix]


def _replaces_label(part: Any) -> bool:
    """In Quarto's custom (`[Fig @fig-x]`) a prefix stands in the label's stead."""
    match = KEY.match(part["citationId"])
    return bool(part["citationPrefix"]) and match is not None and match[2] == "-"


def _is_bare(part: Any) -> bool:
    return _mode(part) == "SuppressAuthor" or _replaces_label(part)


def _is_capital(part: Any) -> bool:
    return bool(part["citationId"][:1].isupper())


def _mode(part: Any) -> str:
    mode: str = part["citationMode"]["t"]
    return mode


def _no_break() -> Inline:
    return {"t": "Str", "c": NO_BREAK}


def _unknown(key: str, path: str, library: Library, places: Places) -> list[Diagnostic]:
    known = [t.id for t in library.targets.values() if KEY.match(t.id) and t.kind != "anchor"]
    message = f"The cross-reference @{key} leads nowhere."
    lowered = key[:1].lower() + key[1:]
    if key in library.targets or lowered in library.targets:
        message = f"The cross-reference @{key} leads to something that carries no number."
        hint = "Give it a caption, and let it stand in a paragraph of its own."
    else:
        stem = len(re.split("[:-]", key)[0]) + 1
        alike = {name[stem:]: name for name in known if name[:2] == lowered[:2]}
        near = alike.get(key[stem:]) or alike.get(nearest(key[stem:], alike) or "")
        if near is None and len(alike) == 1:
            near = next(iter(alike.values()))
        hint = f"Write {{#{lowered}}} after the element it should lead to."
        hint = f"Did you mean @{near}?" if near else hint
    return everywhere("crossref-unknown", message, path, places.citations.get(key, ()), hint)
