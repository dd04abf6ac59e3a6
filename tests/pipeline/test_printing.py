"""The print files of a book with pictures, drawings, emoji, code and formulas."""

from __future__ import annotations

import io
import shutil
import subprocess

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageDraw

from geppetto.pipeline import placing, printing

DRAWING = """<svg xmlns="http://www.w3.org/2000/svg" width="400" height="120">
<defs><linearGradient id="g"><stop offset="0" stop-color="#f00"/><stop offset="1"
stop-color="#00f"/></linearGradient></defs>
<rect x="10" y="10" width="100" height="100" fill="url(#g)"/>
<rect x="130" y="10" width="100" height="100" fill="#36c" fill-opacity=".4"/>
<text x="250" y="60" font-family="DejaVu Sans Mono" font-size="20" fill="#063">Drawn</text>
</svg>"""
CHAPTER = """# Colours and emoji 🎉

A photograph, a [link](https://example.org/) and a note.[^1]

![A photograph](photo.jpg){width=40%}

![A disc](disc.png){width=30%}

![A drawing](drawing.svg){width=70%}

```python
def say(words: str) -> None:
    print("**", words)  # a comment
```

$$e^{i\\pi} + 1 = 0$$

[^1]: In grey as well.
"""
LONG = "# On\n\n" + "The words of a chapter go on and on until it has pages enough.\n\n" * 700


def disc():
    out = io.BytesIO()
    picture = Image.new("RGBA", (600, 600), (0, 0, 0, 0))
    ImageDraw.Draw(picture).ellipse((60, 60, 540, 540), fill=(200, 40, 40, 255))
    picture.save(out, "PNG")
    return out.getvalue()


def photograph():
    out = io.BytesIO()
    bands = [Image.linear_gradient("L"), Image.radial_gradient("L"), Image.new("L", (256, 256), 90)]
    Image.merge("RGB", bands).resize((900, 600)).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def book(make_book):
    return make_book({
        "book.yaml": "title: Colours\nauthor: Ann Author\nlang: en\ndate: 2026-11-23\n",
        "chapters/1.md": CHAPTER,
        "chapters/2.md": LONG,
        "photo.jpg": photograph(),
        "disc.png": disc(),
        "drawing.svg": DRAWING,
    })  # fmt: skip


def words(file):
    said = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, check=True)
    return said.stdout.decode().rstrip("\f\n")


@pytest.mark.tools
def test_print_files(book):
    """They pass the preflight, are grey, say the same words, and have the same bytes each time."""
    steps = []
    made = printing.make(book, ["kdp", "ingram"], lambda step: steps.append(step.name))
    assert [d.message for d in made.diagnostics] == []
    assert [one.path.name for one in made.files] == ["colours-kdp.pdf", "colours-ingram.pdf"]
    assert "checking the print file for IngramSpark" in steps
    typeset = words(book / "build" / "print" / "latex" / "book.pdf")
    assert "Drawn" in typeset
    for one in made.files:
        assert words(one.path) == typeset
        checked = subprocess.run(["qpdf", "--check", one.path], capture_output=True, check=False)
        assert checked.returncode == 0, checked.stdout
        with pikepdf.open(one.path) as document:
            assert len(document.pages) == one.pages == made.pages(one.store.key)
            assert one.pages % 2 == 0
        fonts = subprocess.run(["pdffonts", one.path], capture_output=True, check=True)
        head, _, *rows = fonts.stdout.decode().splitlines()
        at = head.index("emb")
        assert {row[at : at + 3] for row in rows} == {"yes"}
        assert not any("Type 3" in row for row in rows)
        assert is_grey(one.path)
    assert made.page_map is not None
    assert len(made.page_map.pages) == made.set <= made.files[0].pages
    for one in made.files:
        answer = placing.in_text(one.path, 7, None, book)
        assert {spot.path for spot in answer.spots} == {"chapters/1.md"}
        assert answer.diagnostics == ()
    kept = [one.path.read_bytes() for one in made.files]
    shutil.rmtree(book / "build")
    again = printing.make(book, ["kdp", "ingram"], lambda _: None)
    assert [one.path.read_bytes() for one in again.files] == kept


def is_grey(file):
    """Tell whether every point of every page is grey, as PDFium and Ghostscript see it."""
    with pypdfium2.PdfDocument(file) as document:
        for page in document:
            red, green, blue = page.render(scale=1).to_pil().convert("RGB").split()
            if red.tobytes() != green.tobytes() or red.tobytes() != blue.tobytes():
                return False
    if shutil.which("gs") is None:
        return True
    how = ["gs", "-q", "-o", "-", "-sDEVICE=inkcov", str(file)]
    said = subprocess.run(how, capture_output=True, check=True).stdout.decode()
    inks = [line.split()[:4] for line in said.splitlines() if "CMYK" in line]
    return all(float(one) == 0 for line in inks for one in line[:3])


@pytest.mark.tools
def test_a_book_in_colour_is_no_pdfx_4(make_book):
    root = make_book({
        "book.yaml": "title: A\nprint: {ink: premium-color, pdfx: x-4}\n",
        "chapters/1.md": "# One\n\nWords.\n",
    })  # fmt: skip
    made = printing.make(root, ["ingram"], lambda _: None)
    assert made.files == ()
    assert [d.code for d in made.diagnostics] == ["print-standard"]


@pytest.mark.tools
def test_a_book_with_faults_has_no_print_files(make_book):
    made = printing.make(make_book({"chapters/1.md": "# One\n\n@nobody\n"}), [], lambda _: None)
    assert made.files == ()
    assert "citation-unknown" in {d.code for d in made.diagnostics}


def test_who_prints_no_books_gets_no_print_files(make_book):
    assert printing.make(make_book(), ["kobo"], lambda _: None).files == ()


@pytest.mark.tools
def test_what_a_printer_refuses_is_led_home(make_book):
    """A picture that is too coarse: the page is named, and how its lines are found."""
    small = io.BytesIO()
    Image.radial_gradient("L").resize((150, 100)).save(small, "PNG")
    root = make_book({
        "book.yaml": "title: A\npdf: {top-margin: 0.6in}\n",
        "chapters/1.md": "# One\n\n![A picture](a.png){width=80%}\n",
        "chapters/2.md": LONG,
        "a.png": small.getvalue(),
    })  # fmt: skip
    made = printing.make(root, ["ingram"], lambda _: None)
    found = {d.code: d for d in made.diagnostics}
    assert set(found) == {"print-resolution", "print-margin"}
    coarse, near = found["print-resolution"], found["print-margin"]
    assert coarse.message.startswith("Page ")
    assert str(coarse.location) == "build/print/a-ingram.pdf"
    assert "'geppetto where build/print/a-ingram.pdf --page " in str(coarse.hint)
    assert "of the top edge; IngramSpark asks for 0.5 in" in near.message
    assert "Make top-margin under pdf: in book.yaml larger by" in str(near.hint)
