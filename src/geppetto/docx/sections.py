"""The sections of the DOCX: one for each document, with its running head and its folios.

Notes begin with 1 in each section (`templates/docx/settings.xml`), as they do in
each chapter of the other editions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from geppetto.docx import marks
from geppetto.docx.page import Page
from geppetto.docx.xml import Element, make, properties, q, remove

ROMAN, ARABIC = "lowerRoman", "decimal"
KINDS = ("first", "even", "default")
ROOM = 64
"""Characters that a running head has room for."""
BEHIND = frozenset({q("w:bookmarkEnd"), q("w:bookmarkStart")})


@dataclass(frozen=True)
class Section:
    """A stretch of pages: how its folios are written, where they begin anew, what stands above.

    A `bare` one has neither head nor folio.
    """

    head: str = ""
    folios: str = ARABIC
    start: int | None = None
    bare: bool = False


def running_head(title: str) -> str:
    """Shorten a title to what a head has room for, at the end of a word."""
    if len(title) <= ROOM:
        return title
    kept = title[:ROOM].rsplit(" ", 1)[0].rstrip(" ,.;:–—-")
    return f"{kept}…"


def close(body: Element, sections: Sequence[Section], page: Page, parts: Sequence[str]) -> None:
    """End each section at its mark, the last with the document.

    `parts` are the names of the running heads' relationships, section by section:
    see `relationship`.
    """
    for mark, (number,) in marks.found(body, marks.SECTION):
        made = _properties(sections[int(number)], page, parts[int(number)])
        properties(_last_paragraph(mark)).append(made)
        remove(mark)
    for old in body.findall(q("w:sectPr")):
        body.remove(old)
    body.append(_properties(sections[-1], page, parts[-1]))


def _last_paragraph(mark: Element) -> Element:
    """Give the paragraph that ends a section: the last one, or a small one behind a table."""
    before = next((e for e in mark.itersiblings(preceding=True) if not _passes(e)), None)
    if before is not None and before.tag == q("w:p") and not _ends_section(before):
        return before
    made = make("p", make("pPr", make("pStyle", val="SectionEnd")))
    mark.addprevious(made)
    return made


def _passes(element: Element) -> bool:
    return not isinstance(element.tag, str) or element.tag in BEHIND


def _ends_section(paragraph: Element) -> bool:
    return paragraph.find(f"{q('w:pPr')}/{q('w:sectPr')}") is not None


def _properties(section: Section, page: Page, head: str) -> Element:
    """Make a section's properties, in the order of the schema (ECMA-376 part 1, 17.6.17)."""
    heads = ("headerNone", "headerNone" if section.bare else "headerEven", head)
    foot = "footerNone" if section.bare else "footerFolio"
    made = make("sectPr")
    made.extend(_reference("header", *one) for one in zip(KINDS, heads, strict=True))
    made.extend(_reference("footer", kind, foot) for kind in KINDS)
    made.append(make("type", val="nextPage"))
    made.append(make("pgSz", w=page.width, h=page.height))
    made.append(_margins(page))
    start = {} if section.start is None else {"start": section.start}
    made.append(make("pgNumType", fmt=section.folios, **start))
    made.append(make("titlePg"))
    return made


def _reference(what: str, kind: str, name: str) -> Element:
    made = make(f"{what}Reference", type=kind)
    made.set(q("r:id"), name)
    return made


def _margins(page: Page) -> Element:
    return make(
        "pgMar",
        top=page.top,
        right=page.outer,
        bottom=page.bottom,
        left=page.inner,
        header=page.top // 2,
        footer=page.bottom // 2,
        gutter=0,
    )
