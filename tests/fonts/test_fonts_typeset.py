"""What the plan promises, LuaLaTeX sets: every script that has a font here."""

from __future__ import annotations

import pytest

from geppetto import fonts, tools
from geppetto.latex import engine, log
from geppetto.model.settings import PdfSettings

# Words in logical order, without what a PDF's text turns round.
WORDS = {
    "Greek": "ἀρχή",
    "Cyrillic": "Кириллица",
    "Chinese": "身体",
    "Japanese": "かなカナ",
    "Korean": "한국어",
    "Hebrew": "שלום",
    "Arabic": "سلام",
    "Persian": "پارس",
    "Devanagari": "नमन",
    "Symbols": "♞☙",
}
MASTER = r"""\documentclass{article}
\usepackage{fontspec}
\usepackage[english,bidi=basic]{babel}
\directlua{luaotfload.add_fallback("book", {%s})}
\setmainfont{%s}[Path=%s/, Renderer=%s, RawFeature={fallback=book}]
\begin{document}
%s
\end{document}
"""


@pytest.mark.tools
def test_every_script_that_has_a_font_comes_out_as_text(tmp_path):
    settings = PdfSettings()
    text = "\n\n".join(WORDS.values())
    plan, diagnostics = fonts.plan(settings, text)
    if plan.roman_face is None:
        pytest.skip(f"{diagnostics[0].message} {diagnostics[0].hint}")
    held = {name: word for name, word in WORDS.items() if not set(word) & set(plan.missing)}
    assert {"Greek", "Cyrillic"} <= held.keys(), "not even DejaVu is installed (fonts-dejavu)"
    face = plan.roman_face.regular
    master = MASTER % (
        ",".join(f'"{one}"' for one in plan.fallbacks),
        face.name,
        face.parent,
        plan.renderer,
        "\n\n".join(held.values()),
    )
    run = engine.typeset({"book.tex": master}, tmp_path, jobname="book", epoch=0)
    assert run.ok
    assert [m for m in log.parse(run.log) if m.kind is log.Kind.MISSING_CHARACTER] == []
    printed = tools.ask(["pdftotext", run.pdf, "-"]).stdout.decode()
    assert {name for name, word in held.items() if word not in printed} == set()
