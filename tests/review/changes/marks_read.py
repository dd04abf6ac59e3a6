"""Markdown-like trees written short, and marks read as signs: [-deleted-], {+inserted+}."""

from __future__ import annotations

from geppetto.ast import attr, para, plain, text
from geppetto.model.changes import mark_of
from geppetto.review.changes import blocks, moves, numbering

SIGNS = {
    "inserted": ("{+", "+}"),
    "deleted": ("[-", "-]"),
    "moved-to": ("{>", "<}"),
    "moved-from": ("[>", "<]"),
    "rewritten": ("{~", "~}"),
}


FORMS = {
    **dict.fromkeys(("Space", "SoftBreak", "LineBreak"), lambda _: " "),
    **dict.fromkeys(("Code", "Math", "RawInline"), lambda content: f"`{content[1]}`"),
    **dict.fromkeys(("CodeBlock", "RawBlock"), lambda content: f"`{content[1]}`|"),
    **dict.fromkeys(("Para", "Plain", "Header"), lambda content: f"{read(content)}|"),
    "Str": str,
    "Image": lambda content: f"({content[2][0]})",
    "Note": lambda content: f"^{read(content)}^",
}


def read(value):
    """Give a tree as text, its marks as signs, blocks parted by strokes."""
    if isinstance(value, list):
        return "".join(map(read, value))
    if not isinstance(value, dict):
        return ""
    mark, content = mark_of(value), value.get("c")
    if mark is None:
        return FORMS.get(value.get("t"), read)(content)
    before, after = SIGNS[mark.kind]
    inner = "~".join(map(read, content[1])) if mark.kind == "rewritten" else read(content[1])
    return f"{before}{inner}{after}"


def compare(old, new):
    """Compare blocks, and give what changed as signs."""
    return read(blocks.compare(old, new))


def numbered(old, new):
    """Compare the blocks of one document as a book's are."""
    return numbering.number(moves.found([blocks.compare(old, new)]))[0]


def words(value):
    """Make a paragraph."""
    return para(text(value))


def items(*values):
    """Make the items of a list."""
    return [[plain(text(value))] for value in values]


def header(value, level=2, number="", name=""):
    """Make a heading."""
    pairs = {"number": number} if number else {}
    return {"t": "Header", "c": [level, attr(name, **pairs), text(value)]}


def table(*rows, caption=""):
    """Make a table; the first row is its head."""
    columns = [[{"t": "AlignDefault"}, {"t": "ColWidthDefault"}] for _ in rows[0]]
    made = [[attr(), [_cell(value) for value in row]] for row in rows]
    words = [plain(text(caption))] if caption else []
    content = [attr(), [None, words], columns, [attr(), made[:1]], [[attr(), 0, [], made[1:]]]]
    return {"t": "Table", "c": [*content, [attr(), []]]}


def _cell(value):
    return [attr(), {"t": "AlignDefault"}, 1, 1, [plain(text(value))] if value else []]
