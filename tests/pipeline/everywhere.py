"""Every place of a chapter in which a fault can stand, for tests of the places of faults."""

from __future__ import annotations

import re

# FAULT stands for what is wrong, NOTE for a label of the block's own.
PLACES = {
    "the second line of a paragraph": "First line\nsecond FAULT here.",
    "twice in a line": "Once FAULT and twice FAULT in a line.",
    "a note": "Text.[^NOTE]\n\n[^NOTE]: Note text with FAULT in it.",
    "a note's second paragraph": "Text.[^NOTE]\n\n[^NOTE]: First.\n\n    Second FAULT here.",
    "an inline note": "Text with^[an inline note FAULT here] and after.",
    "a heading": "## Heading FAULT word",
    "an underlined heading": "Heading FAULT word\n------------------",
    "a figure's caption": "![Caption with FAULT inside](a.png)",
    "a table's caption": "| a | b |\n|---|---|\n| c | d |\n\n: Caption FAULT end",
    "a cell": "| a | b |\n|---|---|\n| c | d |\n| e | x FAULT y |",
    "a cell of several lines": (
        "+----+--------------------------------+\n| a  | b                              |\n"
        "+====+================================+\n| c  | line one                       |\n"
        "|    | x FAULT y                      |\n+----+--------------------------------+"
    ),
    "a multiline table": (
        "----- ------------------------------------\n a     b\n"
        "----- ------------------------------------\n c     first\n       x FAULT y\n\n"
        " d     e\n----- ------------------------------------"
    ),
    "a nested list": "- one\n\n    - two\n\n        - three FAULT here\n\n        - four",
    "a tight list": "- one\n- two\n- three FAULT here\n- four",
    "an item's second paragraph": "1.  one\n\n2.  two\n\n    second FAULT here",
    "a task": "- [ ] task FAULT here",
    "an example": "(@) Example FAULT here.",
    "a quotation in a quotation": "> quote\n>\n> > inner\n> > quote FAULT here",
    "a term": "Term FAULT here\n:   Definition",
    "a definition": "Term\n:   Definition\n    goes FAULT on",
    "verse": "| Line one\n| line FAULT two\n| line three",
    "a div": "::: cls\nIn a div.\n\nsecond FAULT here.\n:::",
    "a div in another language": "::: {lang=de}\nIn a div.\n\nsecond FAULT here.\n:::",
    "a span over two lines": "A [span\nwith FAULT inside]{.x} here.",
    "emphasis over two lines": "An *emphasis\nwith FAULT in* it.",
    "a callout's title": "::: callout-note\n## Title FAULT of it\n\nBody.\n:::",
    "a callout": "> [!NOTE]\n> Body\n> and FAULT here.",
    "a figure in a list": "- item\n\n  ![Caption FAULT inside](a.png)",
    "after a comment": "Text <b>x</b> <!-- FAULT --> then FAULT here.",
    "after code": "Text `FAULT` then FAULT here.",
    "after a block of code": "```\nFAULT\n```\n\nThen FAULT here.",
    "after escapes": "Text \\@x \\[y\\] \\$ \\\\ then FAULT here.",
    "after letters of many bytes": "Größe “Ωμέγα” e\u0301 then FAULT here.",
    "a block of HTML": "<div>\n\nInside FAULT html div.\n\n</div>",
}
HIDDEN = {"after a comment", "after code", "after a block of code"}
"""Where the first FAULT is none."""


def chapter(fault, places=PLACES):
    """Make a chapter with a fault in every place; give it, and the line and column of each."""
    text = "# One\n\n"
    expected = []
    for number, (place, block) in enumerate(places.items()):
        written = block.replace("NOTE", f"n{number}") if "[^NOTE]" in block else block
        words = fault(number)
        if place == "a cell of several lines":  # the columns' width stays
            written = written.replace("x FAULT y" + " " * 22, f"x {words} y".ljust(31))
        written = written.replace("FAULT", words)
        found = [m.start() for m in re.finditer(re.escape(words), written)][place in HIDDEN :]
        start = text.count("\n") + 1
        for at in found:
            line = start + written.count("\n", 0, at)
            expected.append((line, at - written.rfind("\n", 0, at)))
        text += f"{written}\n\n<!-- -->\n\n"
    return text, expected


HEAD = """---
title: Title with TITLE in it
epigraph:
  text: |
    First line.

    Second with TEXT in it.
  source: 'Someone, SOURCE there'
---

Text.
"""


def head(fault):
    """Make a chapter with a fault in every place of its YAML block; give it, and the places."""
    text = HEAD
    for number, place in enumerate(("TITLE", "TEXT", "SOURCE")):
        text = text.replace(place, fault(number))
    expected = {
        (number, line.index(fault(index)) + 1)
        for index in range(3)
        for number, line in enumerate(text.split("\n"), 1)
        if fault(index) in line
    }
    return text, sorted(expected)
