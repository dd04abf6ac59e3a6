"""Links within the book: `[text](#id)`, `[text](other.md)`, `[text](other.md#id)`."""

from __future__ import annotations

import posixpath
import re
from urllib.parse import unquote

from geppetto.ast import Node, stringify, text
from geppetto.diagnostics import Diagnostic
from geppetto.model.places import Places
from geppetto.references.faults import did_you_mean, everywhere, mark
from geppetto.references.targets import Library

SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:")
DOMAIN = re.compile(r"^(www\.|[a-z0-9-]+(\.[a-z0-9-]+)*\.(com|org|net|edu|gov|io|eu|uk|de)(/|$))")
MARKDOWN = (".md", ".markdown")


def follow(node: Node, path: str, library: Library) -> list[Node] | Node | None:
    """Give the link with its target in the book; None is a link out of it, a list a fault."""
    attributes, inlines, (url, title) = node["c"]
    if SCHEME.match(url) or url.startswith("//"):
        return None
    name = _name(url, path, library)
    if name is None:
        words = f"[link to {url} leads nowhere]" if url else "[link without a target]"
        return [*inlines, mark(words)]
    if not stringify(inlines):
        inlines = text(library.phrase(library.targets[name]))
    return {"t": "Link", "c": [attributes, inlines, [f"#{name}", title]]}


def _name(url: str, path: str, library: Library) -> str | None:
    """Give the book's identifier of the place that a link means."""
    file, _, fragment = url.partition("#")
    chapter = library.chapters.get(_chapter(file, path, library))
    if chapter is None or not url:
        return None
    if not fragment:
        return chapter.title.id
    for name in (fragment, unquote(fragment)):
        found = library.local[chapter.chapter.path].get(name, name)
        if found in library.targets:
            return found
    return None


def _chapter(file: str, path: str, library: Library) -> str:
    """Give the path that a link's file means: beside the chapter, or from the book's folder."""
    if not file:
        return path
    names = [posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(file)))]
    names.append(posixpath.normpath(unquote(file)))
    return next((name for name in names if name in library.chapters), names[0])


def unknown(url: str, path: str, library: Library, places: Places) -> list[Diagnostic]:
    """Say that a link leads nowhere, at every place where it stands."""
    points = places.links.get(url, ()) or places.links.get(unquote(url), ())
    message = f"The link to {url} leads nowhere." if url else "The link has no target."
    return everywhere("link-unknown", message, path, points, _hint(url, path, library))


def _hint(url: str, path: str, library: Library) -> str:
    file, _, fragment = (unquote(part) for part in url.partition("#"))
    if not url:
        return "Write where it should lead between its round brackets."
    if DOMAIN.match(file):
        return f"Write https://{url} for a place on the web."
    chapter = _chapter(file, path, library)
    if chapter in library.chapters:
        own = library.local[chapter]
        names = [*own, *(name for name in library.targets if name not in own)]
        otherwise = f"Write {{#{fragment}}} after the heading that it should lead to."
        return did_you_mean(f"#{fragment}", [f"#{name}" for name in names], otherwise)
    folder = posixpath.dirname(path) or "."
    names = [posixpath.relpath(other, folder) for other in library.chapters]
    otherwise = "It is no chapter of the book. Link to a chapter, or to a place on the web."
    return did_you_mean(file, names, otherwise) if file.endswith(MARKDOWN) else otherwise
