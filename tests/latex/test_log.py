from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from geppetto.diagnostics import Location
from geppetto.latex import faults, log
from geppetto.latex.log import Kind
from geppetto.latex.mistakes import mistakes

# Each log is LuaLaTeX's own (TeX Live 2022) for the .tex beside it, read as
# parts/ch.tex by a master file; its head and statistics are cut off.
LOGS = Path(__file__).parent / "logs"
MASTER = "\\documentclass{book}\n\n\n\\begin{document}\n\\include{parts/ch}\n\\end{document}\n"


def parsed(name):
    return log.parse((LOGS / f"{name}.log").read_text("utf-8"))


def said(name):
    """What the author is told: place, code and message."""
    sources = {"book.tex": MASTER, "parts/ch.tex": (LOGS / f"{name}.tex").read_text("utf-8")}
    found = faults.to_diagnostics(parsed(name), Location, sources)
    return [(str(d.location), d.code, d.message) for d in found]


CH = "parts/ch.tex"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "undefined",
            [
                (f"{CH}:2", "\\foo is not a LaTeX command."),
                (f"{CH}:4", "A command that belongs in a formula stands in the text."),
            ],
        ),
        (
            "dollar",
            [
                (
                    f"{CH}:2",
                    "A mathematical sign or command stands outside mathematics, or a $ is missing.",
                )
            ],
        ),
        ("extra", [(f"{CH}:2", "A closing brace } has no opening brace.")]),
        (
            "unclosed",
            [(f"{CH}:2", "The argument of \\textbf does not end: its closing brace } is missing.")],
        ),
        (
            "unclosedend",
            [(f"{CH}:2", "The argument of \\textbf does not end: its closing brace } is missing.")],
        ),
        ("envundef", [(f"{CH}:2", "There is no LaTeX environment 'foo'.")]),
        ("envend", [(f"{CH}:2", "\\begin{quote} is closed by \\end{center}.")]),
        ("envopen", [(f"{CH}:2", "\\begin{quote} has no \\end{quote}.")]),
        (
            "nofile",
            [
                (f"{CH}:2", "The file 'nothere.png' is not there."),
                (f"{CH}:4", "The file 'missing.tex' is not there."),
            ],
        ),
        ("missnum", [(f"{CH}:2", "A number or a length is missing.")]),
        (
            "align",
            [
                (
                    f"{CH}:{line}",
                    "A table or formula has a & too many, or a & stands outside of one.",
                )
                for line in (2, 3)
            ],
        ),
        ("left", [(f"{CH}:2", "\\left and \\right do not come in pairs in a formula.")]),
        ("dbl", [(f"{CH}:2", "A formula has a superscript on a superscript.")]),
        ("sup", [(f"{CH}:4", "\\foo is not a LaTeX command.")]),
        ("noitem", [(f"{CH}:2", "A list has text before its first \\item.")]),
        (
            "tex2",
            [
                (
                    f"{CH}:2",
                    "TeX ran out of room (input stack size): a command probably calls itself without end.",
                )
            ],
        ),
        ("lua", [(f"{CH}:2", "Lua code failed: [\\directlua]:1: x")]),
        ("verb", [(f"{CH}:2", "\\verb is not closed on its line.")]),
    ],
)
def test_each_error_is_told_once_in_its_place_in_the_authors_words(name, expected):
    assert said(name) == [(place, "latex-error", message) for place, message in expected]


def test_a_length_out_of_bounds_is_told_with_the_line_it_stretched():
    assert said("dim") == [
        (f"{CH}:2", "latex-error", "A length is greater than TeX can hold (5.7 metres)."),
        (f"{CH}:4", "latex-error", "A number or a length is missing."),
        (f"{CH}:2", "latex-overfull", "A line is 16039.0 pt wider than the measure."),
    ]


def test_overfull_lines_are_told_with_their_width_even_after_the_part_has_ended():
    first, second = (m for m in parsed("overfull") if m.kind is Kind.OVERFULL)
    assert (first.file, first.line, first.end_line, first.amount) == (CH, 2, None, 86.10724)
    assert (second.file, second.line, second.end_line, second.amount) == (CH, 4, 5, 219.01)
    assert [m for _, _, m in said("overfull")] == [
        "A line is 86.1 pt wider than the measure.",
        "A line is 219.0 pt wider than the measure.",
    ]


def test_a_box_hardly_too_wide_is_not_worth_a_word():
    text = "Overfull \\hbox (0.99pt too wide) in paragraph at lines 1--2\n []\n"
    assert faults.to_diagnostics(log.parse(text), Location) == []


@pytest.mark.parametrize(
    ("badness", "where", "is_said"),
    [
        (10000, "in paragraph at lines 4--5", True),
        (5000, "in paragraph at lines 4--5", True),
        (4999, "in paragraph at lines 4--5", False),
        (10000, "in alignment at lines 4--5", False),
        (10000, "detected at line 4", False),
    ],
)
def test_loose_lines_of_text_are_told_and_other_boxes_are_not(badness, where, is_said):
    text = f"(./{CH}\nUnderfull \\hbox (badness {badness}) {where}\n []\\TU/x the text\n)"
    found = faults.to_diagnostics(log.parse(text), Location)
    said = [("latex-underfull", f"{CH}:4")] if is_said else []
    assert [(d.code, str(d.location)) for d in found] == said


def test_undefined_references_and_citations_name_what_is_missing():
    assert said("refs") == [
        (f"{CH}:2", "crossref-unknown", "\\ref names 'nope', which no \\label defines."),
        (f"{CH}:2", "citation-unknown", "\\cite names 'zed', which LaTeX does not know."),
    ]


def test_a_missing_character_is_found_in_the_part_that_has_it():
    assert said("missing") == [
        (
            f"{CH}:2",
            "glyph-missing",
            "The font has no glyph for 中 (U+4E2D CJK UNIFIED IDEOGRAPH-4E2D).",
        )
    ]


@pytest.mark.parametrize("code", ["200D", "FE0F", "00AD", "FEFF"])
def test_a_character_without_a_shape_of_its_own_is_not_missed(code):
    character = chr(int(code, 16))
    text = f"Missing character: There is no {character} (U+{code}) in font [x.otf]:!\n"
    assert [m.character for m in log.parse(text)] == [character]
    assert faults.to_diagnostics(log.parse(text), Location) == []


def test_tex_own_words_and_context_stand_in_the_detail():
    error = parsed("undefined")[0]
    assert error.detail.splitlines() == [
        "./parts/ch.tex:2: Undefined control sequence.",
        "l.2 Text \\foo",
        "            here.",
    ]


def test_a_misspelt_command_brings_a_suggestion():
    text = "./parts/ch.tex:7: Undefined control sequence.\nl.7 \\textbff\n            {x}\n"
    (diagnostic,) = faults.to_diagnostics(log.parse(text), Location)
    assert diagnostic.hint == "Did you mean \\textbf?"


def test_an_unknown_error_is_told_in_latex_words():
    text = "./parts/ch.tex:7: Package foo Error: No bars here.\n\nl.7 x\n     y\n"
    (diagnostic,) = faults.to_diagnostics(log.parse(text), Location)
    assert diagnostic.message == "LaTeX says: No bars here."
    assert str(diagnostic.location) == "parts/ch.tex:7"


def test_a_warning_of_many_lines_is_one_message():
    text = (
        "(./book.tex (./parts/ch.tex\n"
        "Package foo Warning: This is long\n(foo)                and goes on\n"
        "(foo)                on input line 12.\n\n"
    )
    (message,) = log.parse(text)
    assert (message.kind, message.file, message.line) == (Kind.WARNING, "parts/ch.tex", 12)
    assert message.message == "Package foo: This is long and goes on"


def test_files_are_followed_through_their_parentheses():
    text = (
        "(./book.tex (/tex/a.sty (/tex/b.def) (note) ) (./parts/one.tex [1] (x)) (./parts/two.tex\n"
        "\nLaTeX Warning: Marginpar on page 3 moved on input line 4.\n\n))\n"
        "LaTeX Warning: Late.\n"
    )
    assert [m.file for m in log.parse(text)] == ["parts/two.tex", None]


LINES = st.sampled_from(
    [line for path in sorted(LOGS.glob("*.log")) for line in path.read_text("utf-8").split("\n")]
)


@given(st.one_of(st.text(), st.lists(LINES | st.text(max_size=30)).map("\n".join)))
def test_no_text_whatever_makes_the_reader_fail(text):
    sources = {"parts/ch.tex": text}
    for diagnostic in faults.to_diagnostics(log.parse(text), Location, sources):
        assert diagnostic.message


@given(st.integers(0, 30))
def test_a_log_cut_short_is_read_as_far_as_it_goes(cut):
    text = (LOGS / "undefined.log").read_text("utf-8")
    whole, part = log.parse(text), log.parse(text[: len(text) * cut // 30])
    assert len(part) <= len(whole)


@given(st.lists(LINES))
@example(["Runaway argument?"])
def test_a_log_with_an_error_never_passes_as_clean(lines):
    text = "\n".join([*lines, "./parts/ch.tex:9: LaTeX Error: Boo.", "l.9 x", "     y", ""])
    found = faults.to_diagnostics(log.parse(text), Location)
    assert any(d.is_error for d in found)


PIECES = """(./book.tex (./parts/one.tex
./parts/one.tex:9: Undefined control sequence
l.9 \\atpiece{1}\\a
                  and \\atpiece{2}\\a
@piece one 1
The control sequence at the end of the top line

./parts/one.tex:9: Undefined control sequence
l.9 \\atpiece{1}\\a and \\atpiece{2}\\a

@piece one 2

./parts/one.tex:9: Double superscript
l.9 $a^b^
         c$
@piece one 3

[\\directlua]:1: unexpected symbol near <eof>
l.16 \\directlua{x = }

@piece one 4

./parts/one.tex:20: LaTeX Error: Environment x undefined.

l.20 \\begin{x}

@piece one 5

./parts/one.tex:20: LaTeX Error: \\begin{document} ended by \\end{x}.

l.20 \\end{x}

@piece one 6
)
@left one 4
@left two 7
"""


def test_the_piece_of_the_manuscript_that_failed():
    """Tracing writes it below each error, and for each part that was left before its end."""
    said = [(m.message, m.piece) for m in log.parse(PIECES)]
    assert said == [
        ("Undefined control sequence", ("one", 1)),
        ("Undefined control sequence", ("one", 2)),
        ("Double superscript", ("one", 3)),
        ("Lua error: [\\directlua]:1: unexpected symbol near <eof>", ("one", 4)),
        ("LaTeX Error: Environment x undefined", ("one", 5)),
        ("LaTeX Error: \\begin{document} ended by \\end{x}", ("one", 6)),
        (log.LEFT, ("one", 4)),
        (log.LEFT, ("two", 7)),
    ]


def test_faults_of_one_line_are_told_apart_by_their_pieces():
    """Each is a mistake of its own, but what only follows from the one before."""
    kept = [m.piece[1] for m in mistakes(log.parse(PIECES))]
    assert kept == [1, 2, 3, 4, 5, 7]


def test_a_piece_has_its_own_place():
    """Before that of the block."""

    def trace(message):
        return Location("a.md", message.piece[1]) if message.piece else None

    found = faults.to_diagnostics(log.parse(PIECES), lambda *_: None, {}, trace)
    assert [d.location.line for d in found] == [1, 2, 3, 4, 5, 7]
