"""The book's images: where a chapter's target leads, within the book's folder."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from geppetto.ast import Block, Node, attr, keyvals, nodes, rewrite, span, stringify, text
from geppetto.diagnostics import Diagnostic, Location
from geppetto.model.places import Places
from geppetto.suggest import nearest

REMOTE = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]+:|//)")
KINDS = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".pdf", ".tif", ".tiff"})


@dataclass(frozen=True)
class _Fault:
    code: str
    message: str
    hint: str


def resolve(
    blocks: list[Block], path: str, root: Path, places: Places
) -> tuple[list[Block], dict[str, Path], list[Diagnostic]]:
    """Find a chapter's images, beside the chapter or from the book's folder.

    Gives the blocks with each target relative to the book's folder, the files
    by target, and what is wrong. An image that cannot be used becomes a mark.
    """
    found: dict[str, tuple[str, Path]] = {}
    faults: dict[str, _Fault] = {}
    for target in dict.fromkeys(n["c"][2][0] for n in nodes(blocks) if n["t"] == "Image"):
        answer = _find(target, path, root)
        if isinstance(answer, _Fault):
            faults[target] = answer
        else:
            found[target] = answer
    diagnostics = [d for t, f in faults.items() for d in _said(t, f, path, places)]
    diagnostics += _without_text(blocks, path, places)
    rewritten = _rewritten(blocks, found, faults)
    return rewritten, dict(found.values()), diagnostics


def _find(target: str, path: str, root: Path) -> tuple[str, Path] | _Fault:
    if REMOTE.match(target):
        return _Fault(
            "image-remote",
            f"The image {target[:80]} is not in the book's folder.",
            "Put a copy of it beside the chapter, and name that.",
        )
    beside = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
    names = [beside, posixpath.normpath(target)]
    names += [unquote(name) for name in names if "%" in name]
    existing = [name for name in names if (root / name).is_file()]
    if not existing:
        return _missing(target, path, root)
    name = existing[0]
    file = (root / name).resolve()
    if not file.is_relative_to(root.resolve()):
        return _Fault(
            "image-outside",
            f"The image {target} lies outside the book's folder.",
            "Put a copy of it into the book's folder.",
        )
    if file.suffix.lower() not in KINDS:
        return _Fault(
            "image-format",
            f"The image {target} is of a kind that cannot be set.",
            f"Convert it to one of: {', '.join(sorted(k[1:] for k in KINDS))}.",
        )
    return name, file


def _missing(target: str, path: str, root: Path) -> _Fault:
    folder = (root / path).parent
    files = [
        p.relative_to(folder).as_posix()
        for p in sorted(folder.rglob("*"))
        if p.suffix.lower() in KINDS
    ]
    near = nearest(target, files)
    hint = f"Did you mean {near}?" if near else "The path counts from the chapter or the book."
    return _Fault("image-missing", f"The image {target} is not there.", hint)


def _said(target: str, fault: _Fault, path: str, places: Places) -> list[Diagnostic]:
    points = places.images.get(target, ()) or places.images.get(unquote(target), ())
    if not points:
        return [Diagnostic(fault.code, fault.message, Location(path), fault.hint)]
    return [Diagnostic(fault.code, fault.message, Location(path, *p), fault.hint) for p in points]


def _without_text(blocks: list[Block], path: str, places: Places) -> list[Diagnostic]:
    diagnostics = []
    for node in nodes(blocks):
        if node["t"] != "Image":
            continue
        attributes, inlines, (target, _) = node["c"]
        alternative = keyvals(attributes).get("alt") or stringify(inlines)
        if alternative or "decorative" in attributes[1]:
            continue
        points = places.images.get(target, ())
        place = Location(path, *points[0]) if points else Location(path)
        diagnostics.append(
            Diagnostic(
                "image-alt-missing",
                f"The image {target} has no alternative text for readers who cannot see it.",
                place,
                'Write alt="…" in its braces, or {.decorative} if it says nothing.',
            )
        )
    return diagnostics


def _rewritten(
    blocks: list[Block], found: Mapping[str, tuple[str, Path]], faults: Mapping[str, _Fault]
) -> list[Block]:
    def change(node: Node) -> Node | None:
        if node["t"] != "Image":
            return None
        attributes, inlines, (target, title) = node["c"]
        if target in faults:
            return span(text(f"[{faults[target].message}]"), attr("", ["fault"]))
        return {"t": "Image", "c": [attributes, inlines, [found[target][0], title]]}

    changed: list[Block] = rewrite(blocks, change)
    return changed
