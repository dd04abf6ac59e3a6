"""Lists: their marks and indents, and no deeper than Word's nine levels."""

from __future__ import annotations

from geppetto.docx.xml import Element, make, put, q, set_style, style_of

STEP, HANG = 380, 320
DEEPEST = 8
OPENS, CLOSES = "CalloutTitle", "CalloutEnd"
BULLETS = "•–·"


def number(numbering: Element) -> None:
    """Set the indents of every level, and the marks of those without numbers."""
    for level in numbering.iter(q("w:lvl")):
        depth = int(level.get(q("w:ilvl"), 0))
        known = level.find(q("w:pPr"))
        if known is None:
            known = make("pPr")
            level.append(known)
        for old in known.findall(q("w:ind")):
            known.remove(old)
        known.append(make("ind", left=STEP * (depth + 1), hanging=HANG))
        _mark(level, depth)


def _mark(level: Element, depth: int) -> None:
    form, text = level.find(q("w:numFmt")), level.find(q("w:lvlText"))
    if form is None or text is None or form.get(q("w:val")) != "bullet":
        return
    if text.get(q("w:val"), "").strip():
        text.set(q("w:val"), BULLETS[depth % len(BULLETS)])
    for face in level.findall(q("w:rPr")):
        level.remove(face)


def tidy(root: Element) -> None:
    """Style the paragraphs of items, and put what is nested deeper on the deepest level.

    In a callout, which is indented, items are indented once more.
    """
    is_in_callout = False
    for paragraph in root.iter(q("w:p")):
        if style_of(paragraph) in {OPENS, CLOSES}:
            is_in_callout = style_of(paragraph) == OPENS
        level = paragraph.find(f"{q('w:pPr')}/{q('w:numPr')}/{q('w:ilvl')}")
        if level is None:
            continue
        depth = int(level.get(q("w:val"), 0))
        depth = min(depth, DEEPEST)
        level.set(q("w:val"), str(depth))
        if is_in_callout:
            put(paragraph, "ind", left=STEP * (depth + 2), right=STEP, hanging=HANG)
        if not style_of(paragraph):
            set_style(paragraph, "ListParagraph")
