"""An author's raw HTML, made safe tag by tag before it meets the rest of the page.

One fragment often holds only an opening or only a closing tag, so nothing can be
said of nesting here; that is left to the parser of the whole page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from html import escape
from html.parser import HTMLParser

from geppetto.epub import allowed

Attributes = list[tuple[str, str | None]]
Locate = Callable[[str], str | None]
_NAME = re.compile(r"[a-z][a-z0-9-]*")


_DRAWN = frozenset(tag.lower() for tag in allowed.SVG)
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source"}
    | {"track", "wbr"}
)


class _Tidier(HTMLParser):
    """Writes tags anew, well formed; drops what cannot stand in an EPUB."""

    def __init__(self, locate: Locate, *, titles: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.removed: list[str] = []
        self._locate = locate
        self._silent = ""
        self._titles = titles
        self._drawing = False

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        if self._silent or not _NAME.fullmatch(tag):
            return
        self._drawing = tag == "svg" or (self._drawing and tag in _DRAWN)
        if self._names(tag):
            self.out.append("<title>")
            return
        if tag in allowed.DROPPED or tag in allowed.SWALLOWING - set(allowed.RENAMED):
            self.removed.append(tag)
            if tag in {"script", "style"}:  # their text is no prose; other texts stay
                self._silent = tag
            return
        tag = allowed.RENAMED.get(tag, tag) if tag in allowed.SWALLOWING else tag
        self.out.append(f"<{tag}{''.join(self._attribute(tag, n, v) for n, v in attrs)}>")

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        self.handle_starttag(tag, attrs)
        if self._silent == tag:
            self._silent = ""
        elif self.out and self.out[-1].startswith(f"<{tag}"):
            self.out[-1] = self.out[-1][:-1] + "/>"
        self._drawing = self._drawing and tag != "svg"

    def handle_endtag(self, tag: str) -> None:
        if self._silent:
            self._silent = "" if tag == self._silent else self._silent
        elif self._names(tag):
            self.out.append("</title>")
        elif (
            _NAME.fullmatch(tag)
            and tag not in allowed.DROPPED
            and tag not in allowed.SWALLOWING - set(allowed.RENAMED)
        ):
            self.out.append(f"</{allowed.RENAMED[tag] if tag in allowed.SWALLOWING else tag}>")
        self._drawing = self._drawing and tag in _DRAWN and tag != "svg"

    def _names(self, tag: str) -> bool:
        """Tell whether a tag is that of a drawing's title, which is its alternative text.

        A title of the page would swallow what follows it; one that has no end is none.
        """
        return tag == "title" and self._drawing and self._titles

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.out.append(escape(data, quote=False))

    def _attribute(self, tag: str, name: str, value: str | None) -> str:
        if not _NAME.fullmatch(name) and name != "xlink:href":
            return ""
        if name.startswith("on"):
            self.removed.append(f"{tag} {name}")
            return ""
        value = value or ""
        if tag == "img" and name == "src":
            found = self._locate(value)
            if found is None:
                self.removed.append(f"img {value}")
                return ""
            value = found
        return f' {name}="{escape(value)}"'


def tidy(fragment: str, locate: Locate) -> tuple[str, list[str]]:
    """Give the fragment made safe, and the names of what was left out.

    `locate` gives an image's packaged name, None where there is no such image.
    """
    tags = [tag for tag, _ in _heard(fragment).tags]
    titles = tags.count("title") == 2 * fragment.lower().count("</title>")
    tidier = _Tidier(locate, titles=titles)
    tidier.feed(fragment)
    tidier.close()
    return "".join(tidier.out), tidier.removed


class _Listener(HTMLParser):
    """Hears the tags of a fragment."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, bool]] = []
        self.images: list[str] = []

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        if tag not in _VOID:
            self.tags.append((tag, True))
        if tag == "img":
            self.images.extend(value for name, value in attrs if name == "src" and value)

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        self.tags.append((tag, False))


def image_sources(fragment: str) -> list[str]:
    """Give the addresses of a fragment's images."""
    return _heard(fragment).images


def unclosed(fragments: Iterable[str]) -> list[tuple[str, int]]:
    """Give the elements that one of the fragments opens and none closes, and which one opens it.

    Paragraphs are left out: they end by themselves.
    """
    stack: list[tuple[str, int]] = []
    for position, fragment in enumerate(fragments):
        for tag, opens in _heard(fragment).tags:
            if opens:
                stack.append((tag, position))
            elif tag in [name for name, _ in stack]:
                while stack.pop()[0] != tag:
                    pass
    return [each for each in stack if each[0] != "p"]


def _heard(fragment: str) -> _Listener:
    listener = _Listener()
    listener.feed(fragment)
    listener.close()
    return listener
