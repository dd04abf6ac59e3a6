"""Running heads short enough for the head of a page."""

from __future__ import annotations

import unicodedata

ROOM = 52  # characters beside the folio, on the narrowest trim


def running_head(title: str) -> str:
    """Shorten a title to what the head of a page holds, at the end of a word."""
    if width(title) <= ROOM:
        return title
    for mark in (": ", " – ", " — ", "; "):
        before, found, _ = title.partition(mark)
        if found and 8 <= width(before) <= ROOM:
            return before
    words = title.split(" ")
    while len(words) > 1 and width(" ".join(words)) > ROOM - 1:
        words.pop()
    head = " ".join(words).rstrip(" ,.;:–—-")
    while width(head) > ROOM - 1:
        head = head[:-1]
    return head + "…"


def width(text: str) -> int:
    """Count characters, ideographs twice, as they stand side by side (Unicode, UAX 11)."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
