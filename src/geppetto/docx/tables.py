"""Tables: their cells' style and direction, equations with their numbers beside them."""

from __future__ import annotations

from geppetto.docx import columns
from geppetto.docx.page import Page
from geppetto.docx.xml import Element, make, q, set_style, style_of

TABLE, ROW, CELL, PARAGRAPH = q("w:tbl"), q("w:tr"), q("w:tc"), q("w:p")
PLAIN = frozenset({"Compact", "BodyText", "FirstParagraph", ""})
EQUATION, NUMBER = "Equation", "EquationNumber"
LAYOUT = frozenset({"FigureTable", "EquationTable"})
"""Styles of tables that place things side by side, and are none to a reader."""
SIDE = 900  # twips for an equation's number


def tidy(root: Element, page: Page, size: float) -> None:
    """Finish the tables of a part; their letters are of so many half points."""
    for table in list(root.iter(TABLE)):
        if kind(table) in LAYOUT:
            _spread(table, _room(table, page))
        else:
            _tidy(table)
            columns.fit(table, _room(table, page), size)
            _direct(table)
    for paragraph in list(root.iter(PARAGRAPH)):
        if style_of(paragraph) == NUMBER:
            _set_beside(paragraph, page)


def kind(table: Element) -> str:
    """Give a table's style."""
    found = table.find(f"{q('w:tblPr')}/{q('w:tblStyle')}")
    return "" if found is None else found.get(q("w:val"), "")


def _tidy(table: Element) -> None:
    for row in table.findall(ROW):
        known = row.find(q("w:trPr"))
        if known is None:
            known = make("trPr")
            row.insert(0, known)
        if known.find(q("w:cantSplit")) is None:
            known.insert(0, make("cantSplit"))
        for paragraph in row.findall(f"{CELL}/{PARAGRAPH}"):
            if style_of(paragraph) in PLAIN and not _is_item(paragraph):
                set_style(paragraph, "TableText")
    _part_from_next(table)


def _room(table: Element, page: Page) -> int:
    """Give the room for a table, in twips: the measure, or its part of a cell."""
    room = page.measure
    for cell in table.iterancestors(CELL):
        row = cell.getparent()
        room //= 1 if row is None else max(1, len(row.findall(CELL)))
    return room


def _spread(table: Element, room: int) -> None:
    """Fit columns of pictures into the room: Pandoc counts on a page of its own."""
    grid = table.findall(f"{q('w:tblGrid')}/{q('w:gridCol')}")
    for column in grid:
        column.set(q("w:w"), str(room // len(grid)))


def _direct(table: Element) -> None:
    """Let columns go from right to left where the text of the cells does."""
    known = table.find(q("w:tblPr"))
    if known is not None and table.find(f".//{q('w:pPr')}/{q('w:bidi')}") is not None:
        known.insert(min(1, len(known)), make("bidiVisual"))


def _is_item(paragraph: Element) -> bool:
    return paragraph.find(f"{q('w:pPr')}/{q('w:numPr')}") is not None


def _part_from_next(table: Element) -> None:
    """Put a small paragraph behind a table: two in a row would be one to Word."""
    following = table.getnext()
    if following is not None and following.tag == PARAGRAPH and not len(following):
        set_style(following, "TableEnd")
    else:
        table.addnext(make("p", make("pPr", make("pStyle", val="TableEnd"))))


def _set_beside(number: Element, page: Page) -> None:
    """Make a row of an equation and its number: between two columns of one width it is centred."""
    equation = number.getprevious()
    while equation is not None and style_of(equation) != EQUATION:
        equation = equation.getprevious()
    if equation is None:
        return
    widths = (SIDE, page.measure - 2 * SIDE, SIDE)
    empty = make("p", make("pPr", make("pStyle", val=EQUATION)))
    table = make(
        "tbl",
        make(
            "tblPr",
            make("tblStyle", val="EquationTable"),
            make("tblW", type="pct", w=5000),
            make("tblLayout", type="fixed"),
        ),
        make("tblGrid", *(make("gridCol", w=width) for width in widths)),
    )
    equation.addprevious(table)
    cells = [
        make("tc", make("tcPr", make("tcW", type="dxa", w=width), make("vAlign", val="center")))
        for width in widths
    ]
    for cell, content in zip(cells, (empty, equation, number), strict=True):
        cell.append(content)
    table.append(make("tr", make("trPr", make("cantSplit")), *cells))
    _part_from_next(table)
