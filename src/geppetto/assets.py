"""The book's images: where a chapter's target leads, within the book's folder."""

from __future__ import annotations

import os
import posixpath
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from geppetto.ast import Block, Node, attr, keyvals, nodes, rewrite, span, stringify, text
from geppetto.diagnostics import Diagnostic, Location
from geppetto.model.places import Places, Point
from geppetto.suggest import nearest

REMOTE = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]+:|//)")
SKIPPED = frozenset({"build", "node_modules"})
MOST = 5000
"""So many images are enough to find the one that was meant."""
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
    images = list(nodes(blocks, {"Image"}))
    for target in dict.fromkeys(image["c"][2][0] for image in images):
        answer = _find(target, path, root)
        if isinstance(answer, _Fault):
            faults[target] = answer
        else:
            found[target] = answer
    diagnostics = [d for t, f in faults.items() for d in _said(t, f, path, places)]
    diagnostics += _without_text(images, path, places)
    return _rewritten(blocks, found, faults), dict(found.values()), diagnostics


def _find(target: str, path: str, root: Path) -> tuple[str, Path] | _Fault:
    shown = target if len(target) <= 80 else f"{target[:79]}…"
    if REMOTE.match(target):
        return _Fault(
            "image-remote",
            f"The image {shown} is not in the book's folder.",
            "Put a copy of it beside the chapter, and name that.",
        )
    names = [name for t in dict.fromkeys((target, unquote(target))) for name in _names(t, path)]
    file = next((file for name in names if (file := _file(root / name))), None)
    if file is None:
        return _missing(target, shown, path, root)
    if not file.is_relative_to(root.resolve()) or not _within(file, names, root):
        return _Fault(
            "image-outside",
            f"The image {shown} lies outside the book's folder.",
            "Put a copy of it into the book's folder.",
        )
    if file.suffix.lower() not in KINDS:
        return _Fault(
            "image-format",
            f"The image {shown} is of a kind that cannot be set.",
            f"Convert it to one of: {', '.join(sorted(k[1:] for k in KINDS))}.",
        )
    return _within(file, names, root), file


def _names(target: str, path: str) -> list[str]:
    """Give the names that a target may mean: from the chapter's folder, from the book's."""
    beside = posixpath.join(posixpath.dirname(path), target)
    return [posixpath.normpath(beside), posixpath.normpath(target)]


def _file(path: Path) -> Path | None:
    """Give the real path of a file that is there."""
    try:
        return path.resolve() if path.is_file() else None
    except (OSError, ValueError, RuntimeError):
        return None


def _within(file: Path, names: list[str], root: Path) -> str:
    """Give the name by which a file stands in the book's folder, empty where it stands outside."""
    for name in names:
        if _file(root / name) != file:
            continue
        relative = posixpath.relpath(name, root.as_posix()) if name.startswith("/") else name
        if not relative.startswith("../"):
            return relative
    return ""


def _missing(target: str, shown: str, path: str, root: Path) -> _Fault:
    folder = posixpath.dirname(path) or "."
    files = [posixpath.relpath(name, folder) for name in _images_within(root)]
    by_name = {posixpath.basename(name): name for name in reversed(files)}
    wanted = unquote(target)
    near = by_name.get(nearest(posixpath.basename(wanted), by_name) or "")
    near = by_name.get(posixpath.basename(wanted)) or nearest(wanted, files) or near
    hint = f"Did you mean {near}?" if near else "The path counts from the chapter or the book."
    return _Fault("image-missing", f"The image {shown} is not there.", hint)


def _images_within(root: Path) -> list[str]:
    """List the book's images; the folders of tools and outputs hold none."""
    found: list[str] = []
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(f for f in folders if f not in SKIPPED and not f.startswith("."))
        paths = (Path(folder, name) for name in sorted(names))
        found += [p.relative_to(root).as_posix() for p in paths if p.suffix.lower() in KINDS]
        if len(found) > MOST:
            break
    return found


def _said(target: str, fault: _Fault, path: str, places: Places) -> list[Diagnostic]:
    points = _points(target, places)
    if not points:
        return [Diagnostic(fault.code, fault.message, Location(path), fault.hint)]
    return [Diagnostic(fault.code, fault.message, Location(path, *p), fault.hint) for p in points]


def _points(target: str, places: Places) -> Sequence[Point]:
    return places.images.get(target, ()) or places.images.get(unquote(target), ())


def _without_text(images: list[Node], path: str, places: Places) -> list[Diagnostic]:
    """Find images without alternative text; the nth image of a target has its nth place."""
    diagnostics = []
    count: Counter[str] = Counter()
    for node in images:
        attributes, inlines, (target, _) = node["c"]
        points = _points(target, places)
        point = points[count[target]] if count[target] < len(points) else ()
        count[target] += 1
        alternative = keyvals(attributes).get("alt") or stringify(inlines)
        if alternative.strip() or "decorative" in attributes[1]:
            continue
        diagnostics.append(
            Diagnostic(
                "image-alt-missing",
                f"The image {target} has no alternative text for readers who cannot see it.",
                Location(path, *point),
                'Write alt="…" in its braces, or {.decorative} if it says nothing.',
            )
        )
    return diagnostics


def _rewritten(
    blocks: list[Block], found: Mapping[str, tuple[str, Path]], faults: Mapping[str, _Fault]
) -> list[Block]:
    def change(node: Node) -> Node:
        attributes, inlines, (target, title) = node["c"]
        if target in faults:
            return span(text(f"[{faults[target].message}]"), attr("", ["fault"]))
        return {"t": "Image", "c": [attributes, inlines, [found[target][0], title]]}

    changed: list[Block] = rewrite(blocks, change, {"Image"})
    return changed
