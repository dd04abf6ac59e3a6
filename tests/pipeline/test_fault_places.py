"""Each fault of the text, in every place where it can stand: its line and its column, in one run."""

from __future__ import annotations

import subprocess

import everywhere
import pytest

from geppetto.pipeline import reading
from geppetto.pipeline.building import build
from geppetto.pipeline.edition import Request
from geppetto.pipeline.resolving import resolve

pytestmark = pytest.mark.tools

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d494844520000000100000001080000000"
    "03a7e9b550000000a49444154789c6360000000020001e221bc330000000049454e44ae426082"
)
FAULTY_BIB = "@book{k,\n author={A, B},\n title={T $a^b^c$},\n year={2000}}\n"
BIB = "@book{good, author={A, B}, title={T}, year={2000}}\n"
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _missing_key(_):
    return "[@goodx]"


# code, fault, by how many characters its place is beyond its beginning
FAULTS = [
    ("citation-unknown", _missing_key, 1),
    ("citation-unknown", lambda n: f"@bad{n} [p. 3]", 0),
    ("crossref-unknown", lambda _: "@fig:nowhere", 0),
    ("crossref-unknown", lambda n: f"[-@tbl-no{n}]", 2),
    ("link-unknown", lambda _: "[x](#nowhere)", 0),
    ("link-unknown", lambda n: f"[x](gone{n}.md#a)", 0),
    ("image-missing", lambda n: f"![x](gone{n}.png)", 0),
    ("note-undefined", lambda n: f"[^gone{n}]", 0),
    ("id-duplicate", lambda _: "[w]{#dup}", 4),
]


def _said(root):
    book, csl, read = reading.read(root)
    _, found = resolve(book, csl, lambda _: None)
    return [*read, *found]


@pytest.mark.parametrize(("code", "fault", "beyond"), FAULTS)
@pytest.mark.parametrize("make", [everywhere.chapter, everywhere.head])
def test_a_fault_is_named_wherever_it_stands(make_book, code, fault, beyond, make):
    """All of them in one run, none twice, and nothing else is said."""
    text, expected = make(fault)
    root = make_book({"chapters/1.md": text, "chapters/a.png": PNG, "r.bib": BIB})
    said = _said(root)
    expected = sorted((line, column + beyond) for line, column in expected)
    if code == "id-duplicate":
        expected = expected[1:]  # the first of them is the right one
    found = sorted((d.location.line, d.location.column) for d in said if d.code == code)
    assert expected == found
    assert {d.code for d in said} == {code}


def _command(number):
    return f"\\undefined{LETTERS[number]} q"


def _formula(number):
    return f"$x \\wrong{LETTERS[number]} y$"


def _file(number):
    return f"\\input{{no-such-{number}}}"


def _same(_):
    return "\\alike q"


LATEX = [(_command, 0), (_formula, 3), (_file, 0), (_same, 0)]


def _build(root, *, lenient=False):
    return build(Request(root, ["pdf"], lenient=lenient), lambda _: None)


def test_latex_faults_are_named_wherever_they_stand(make_book):
    """In raw LaTeX, in formulas, in a bibliography; a file that is not there hides no fault."""
    files = {"chapters/a.png": PNG, "r.bib": FAULTY_BIB, "chapters/9.md": "# Nine\n\n@k\n"}
    expected = {("r.bib", 1, None)}
    for number, (fault, beyond) in enumerate(LATEX):
        for kind, make in (("text", everywhere.chapter), ("head", everywhere.head)):
            name = f"chapters/{number}-{kind}.md"
            files[name], places = make(fault)
            expected |= {(name, line, column + beyond) for line, column in places}
    # LaTeX ends after a hundred errors: more than that are found in one run all the same.
    assert len(expected) > 100
    outcome = _build(make_book(files))
    found = [d for d in outcome.diagnostics if d.code == "latex-error"]
    assert expected == {(d.location.path, d.location.line, d.location.column) for d in found}
    assert len(expected) == len(found)
    assert outcome.artifacts == ()


ENDINGS = ["\\endinput\n", "\\iffalse{}", "\\directlua{x = }"]


def test_a_lenient_build_marks_the_piece_alone(make_book):
    """What stands beside it is set; LaTeX that would end the chapter ends nothing."""
    text = "---\nlang: fr\n---\n\n# One\n\nBefore \\undefinedthing{x} after, and $a^b^c$ too.\n\n"
    text += "".join(f"Left {n} {ending} right{n}.\n\n" for n, ending in enumerate(ENDINGS))
    root = make_book({"chapters/1.md": text, "chapters/2.md": "# Two\n\nThe end.\n"})
    outcome = _build(root, lenient=True)
    assert [d.severity for d in outcome.diagnostics if d.code == "latex-error"] == [
        "warning"
    ] * len(outcome.diagnostics)
    pdf = outcome.artifacts[0].path
    words = subprocess.run(["pdftotext", pdf, "-"], capture_output=True, text=True, check=True)
    shown = " ".join(words.stdout.split())
    for kept in (
        "Before",
        "after, and",
        "too.",
        "The end.",
        *(f"Left {n}" for n in range(len(ENDINGS))),
    ):
        assert kept in shown
    assert "LaTeX stopped here: \\undefinedthing is not a LaTeX command." in shown
    assert "a^b^c" in shown
    assert [d.location.line for d in outcome.diagnostics][:2] == [7, 7]


def test_text_that_latex_leaves_out_is_an_error(make_book):
    """TeX does not mind: the build does, and says where."""
    texts = ["\\endinput", "\\iffalse lost", "\\stop"]
    files = {
        f"chapters/{n}.md": f"# A\n\nText.\n\n`{latex}`{{=latex}}\n\nLost.\n"
        for n, latex in enumerate(texts)
    }
    outcome = _build(make_book(files | {"chapters/9.md": "# Lost\n\nToo.\n"}))
    assert [(str(d.location), d.code) for d in outcome.diagnostics] == [
        (f"chapters/{n}.md:5:2", "latex-error") for n in range(3)
    ]
    assert all("what follows is not in the book" in d.message for d in outcome.diagnostics)
    assert outcome.artifacts == ()
