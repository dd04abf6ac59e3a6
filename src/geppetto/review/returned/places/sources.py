"""The texts of a draft, and the stretches of them that its marks on a page lead to."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from geppetto.review.drafts import Kept
from geppetto.review.remarks import Span
from geppetto.review.returned.places import letters
from geppetto.review.returned.places.aligning import ENOUGH, Alignment, Stretch
from geppetto.review.returned.places.letters import Extent, Letters

_WIDENED = 3
_BETTER = 0.2


@dataclass(frozen=True)
class Text:
    """One text: its letters, and where its lines begin."""

    path: str
    text: str
    letters: Letters
    begins: tuple[int, ...]

    def stretch(self, start: int, end: int) -> Stretch:
        """Give the part of it from one offset to another."""
        return Stretch(self.text, self.letters, start, end)

    def offset(self, line: int) -> int:
        """Give where a line, from 1, begins; the end of the text for a line past the last."""
        return self.begins[line - 1] if line <= len(self.begins) else len(self.text)

    def line(self, offset: int) -> int:
        """Give the line of an offset."""
        return bisect_right(self.begins, offset)

    def span(self, extent: Extent) -> Span:
        """Give an extent as lines and columns."""
        (line, column), (end_line, end_column) = map(self._point, extent)
        return Span(self.path, line, column, end_line, end_column)

    def _point(self, offset: int) -> tuple[int, int]:
        line = self.line(offset)
        return line, offset - self.begins[line - 1] + 1

    def extent(self, span: Span) -> Extent:
        """Give lines and columns as an extent."""
        start = self.begins[span.line - 1] + span.column - 1
        return start, self.begins[span.end_line - 1] + span.end_column - 1

    def trimmed(self, extent: Extent) -> Extent:
        """Leave out the blanks at both ends of an extent, and what follows an empty line."""
        start, end = extent
        first = self.text[start:end]
        blanks = len(first) - len(first.lstrip())
        block = first[blanks:].split("\n\n", 1)[0].rstrip()
        return (start + blanks, start + blanks + len(block)) if block else (start, start)


class Sources:
    """The texts of a kept draft, read when they are asked for.

    `lines` are, by path, those to which marks lead.
    """

    def __init__(self, kept: Kept, lines: Mapping[str, Iterable[int]]) -> None:
        self._kept = kept
        self._lines = {path: sorted(set(known)) for path, known in lines.items()}
        self._texts: dict[str, Text] = {}

    @property
    def paths(self) -> Sequence[str]:
        """The paths of the texts that marks lead to."""
        return sorted(self._lines)

    def text(self, path: str) -> Text:
        """Give a text.

        Raises:
            GeppettoError: the draft has no such text.
        """
        if path not in self._texts:
            content = self._kept.source(path)
            is_prose = not path.endswith(".bib")
            seen = letters.markdown(content) if is_prose else letters.plain(content)
            begins = [0]
            while at := content.find("\n", begins[-1]) + 1:
                begins.append(at)
            self._texts[path] = Text(path, content, seen, tuple(begins))
        return self._texts[path]

    def stretch(self, path: str, line: int, around: int = 0) -> Stretch:
        """Give the stretch from a line to the next to which a mark leads.

        `around` takes in so many more of them on both sides.
        """
        known, text = self._lines.get(path, []), self.text(path)
        first = max(0, bisect_right(known, line) - 1 - around)
        last = bisect_right(known, line) + around
        start = min(line, known[first]) if known else line
        end = text.offset(known[last]) if last < len(known) else len(text.text)
        return text.stretch(text.offset(start), end)

    def aligned(self, seen: str, path: str, line: int) -> Alignment:
        """Align letters with the stretch from a line on, or with more, if they fit that better."""
        made = Alignment(seen, self.stretch(path, line))
        if made.share < ENOUGH:
            wide = Alignment(seen, self.stretch(path, line, _WIDENED))
            made = wide if wide.share > made.share + _BETTER else made
        return made

    def nearest(self, path: str, extents: Sequence[Extent], line: int) -> Extent:
        """Give of several extents that nearest to a line."""
        text = self.text(path)
        return min(extents, key=lambda one: (abs(text.line(one[0]) - line), one))
