"""What a careful editor would query: the checks that no build needs, over a book as read.

Each check is a function of the manuscript that gives diagnostics; the table
says which codes each may give. What a build finds is not found here again.
"""

from __future__ import annotations

from collections.abc import Iterator

from geppetto.checks import entries, identifiers, images, marks, prose, signs, structure, titles
from geppetto.checks.manuscript import Check, Manuscript, Page, Pixels
from geppetto.diagnostics import Diagnostic

__all__ = ["CHECKS", "Manuscript", "Page", "Pixels", "run"]

CHECKS: tuple[tuple[frozenset[str], Check], ...] = tuple(
    (frozenset(codes), check)
    for check, *codes in (
        (entries.unused, "bib-unused"),
        (entries.twins, "bib-twin"),
        (entries.incomplete, "bib-field-missing"),
        (entries.private, "bib-file-path"),
        (identifiers.numbers, "bib-identifier"),
        (identifiers.addresses, "bib-url"),
        (identifiers.dates, "bib-date"),
        (titles.unprotected, "bib-capitals"),
        (structure.jumps, "heading-jump"),
        (structure.empty_links, "link-empty"),
        (images.coarse, "image-coarse"),
        (prose.doubled_words, "word-doubled"),
        (prose.mixed_quotes, "quotes-mixed"),
        (marks.unfinished, "mark-unfinished"),
        (marks.author_notes, "author-note"),
        (signs.controls, "control-bidi", "control-invisible"),
        (signs.encoding, "file-bom", "file-crlf", "file-tab"),
    )
)


OF_TREES: frozenset[Check] = frozenset({entries.unused, structure.jumps, images.coarse})
"""The checks that need what Pandoc has read: the others can be made while it reads."""


def run(
    manuscript: Manuscript, off: frozenset[str] = frozenset(), *, of_trees: bool
) -> Iterator[Diagnostic]:
    """Give what the checks find, those of the trees or the others.

    Those whose every code is in `off` are not made.
    """
    for codes, check in CHECKS:
        if not codes <= off and (check in OF_TREES) is of_trees:
            yield from (d for d in check(manuscript) if d.code not in off)
