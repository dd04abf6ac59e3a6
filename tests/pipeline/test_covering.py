"""The print files of covers: their boxes and fonts, what stands where, the barcode read back."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from geppetto import stores, tools
from geppetto.covers import palette, texts
from geppetto.model.book import Book
from geppetto.model.settings import Settings
from geppetto.pipeline import covering

pytestmark = pytest.mark.tools
ISBN = "978-3-16-148410-0"
PRINTERS = stores.named(["kdp", "ingram"])
LONG = "The Extraordinary and Altogether Improbable History of the Puppet Theatre in Bohemia"
NAMES = ["Wilhelmina Featherstonehaugh", "Bartholomew Cholmondeley-Warner"]
BOOKS = {
    "plain": {"title": "A Real Boy", "subtitle": "An essay", "author": "Ann Author"},
    "short": {"title": "It"},
    "long": {"title": LONG, "author": NAMES, "subtitle": "With an appendix on strings"},
    "russian": {"title": "Преступление и наказание", "author": "Фёдор Достоевский", "lang": "ru"},
    "chinese": {"title": "红楼梦的叙事艺术", "author": "王小明", "lang": "zh"},
    "arabic": {"title": "ألف ليلة وليلة", "author": "مؤلف مجهول", "lang": "ar"},
    "french": {"title": "L’Étranger et les siens", "author": "Éloïse Ange", "lang": "fr"},
}


def covers(folder, pages=200, printers=PRINTERS, **settings):
    """Make the covers of a book."""
    given = {
        "publisher": "The Little Press",
        "description": "Someone turns up in that world and talks back. " * 8,
        "print": {"caliper": "0.0025in"},
        **settings,
    }
    book = Book(folder, Settings.model_validate(given), (), slug=given["title"].lower())
    out = folder / "out"
    out.mkdir(exist_ok=True)
    return book, covering.make(book, pages, printers, out, lambda _: None)


def drawn(file: Path, dpi: int = 144) -> Image.Image:
    """Render a file's page."""
    with pypdfium2.PdfDocument(file) as document:
        return document[0].render(scale=dpi / 72).to_pil().convert("RGB")


def letters(file: Path):
    """Give each letter on a page with its box: left, top, right, bottom from the upper left."""
    with pypdfium2.PdfDocument(file) as document:
        page = document[0]
        height = page.get_height()
        text = page.get_textpage()
        for at in range(text.count_chars()):
            sign = text.get_text_range(at, 1)
            if sign.strip():
                left, bottom, right, top = text.get_charbox(at)
                if right - left > 0.01:
                    yield sign, (left, height - top, right, height - bottom)
        text.close()


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """Covers of a book with an ISBN, of 200 pages of cream."""
    return covers(tmp_path_factory.mktemp("plain"), identifier={"isbn-13": ISBN}, **BOOKS["plain"])


def test_the_sheet_has_the_sizes_worked_by_hand(plain):
    """2 × 6 + 200 × 0.0025 + 2 × 0.125 by 9 + 2 × 0.125 inches."""
    _, made = plain
    for one in made.printed:
        assert (one.width, one.height, one.spine) == pytest.approx((12.75, 9.25, 0.5))
        with pikepdf.open(one.file) as document:
            page = document.pages[0].obj
            boxes = {n: [float(v) for v in page[n]] for n in ("/MediaBox", "/TrimBox", "/BleedBox")}
        assert boxes["/MediaBox"] == boxes["/BleedBox"] == [0, 0, 918, 666]
        assert boxes["/TrimBox"] == [9, 9, 909, 657]


def test_each_printer_has_its_own_files_and_the_front_is_a_jpeg(plain):
    _, made = plain
    assert [one.file.name for one in made.printed] == ["cover-kdp.pdf", "cover-ingram.pdf"]
    assert all(one.proof.is_file() for one in made.printed)
    assert made.front.stat().st_size < 3_000_000
    with Image.open(made.front) as image:
        assert (image.format, image.size, image.mode) == ("JPEG", (1600, 2560), "RGB")
    assert made.diagnostics == ()


@pytest.mark.parametrize("design", ["strings", "field", "plate"])
def test_a_print_file_is_flat_and_bare_and_has_its_fonts(tmp_path, design):
    """No transparency, annotations, metadata; every font is there (KDP help G201857950)."""
    _, made = covers(
        tmp_path, identifier={"isbn-13": ISBN}, cover={"design": design}, **BOOKS["plain"]
    )
    with pikepdf.open(made.printed[0].file) as document:
        assert len(document.pages) == 1
        assert not document.docinfo.keys()
        assert not {"/Metadata", "/Outlines", "/Names"} & set(document.Root.keys())
        assert not {"/Annots", "/Group"} & set(document.pages[0].obj.keys())
        fonts = 0
        for item in document.objects:
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor":
                fonts += 1
                assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(item.keys())
            if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
                assert float(item.get("/ca", 1)) == float(item.get("/CA", 1)) == 1
                assert "/SMask" not in item or item.SMask == "/None"
                assert "/ShadingType" not in item
        assert fonts >= 2


@pytest.mark.parametrize("name", BOOKS)
@pytest.mark.parametrize(
    ("design", "trim", "pages"),
    [
        ("strings", "6x9in", 120),
        ("field", "5x8in", 400),
        ("plate", "letter", 130),
    ],
)
def test_every_letter_keeps_its_distance(tmp_path, name, design, trim, pages):
    """Each as it is drawn: within the front, the spine or the back, by the printer's margins."""
    _, made = covers(
        tmp_path,
        pages,
        PRINTERS[:1],
        cover={"design": design},
        pdf={"trim": trim},
        identifier={"isbn-13": ISBN},
        **BOOKS[name],
    )
    one = made.printed[0]
    assert [d.code for d in made.diagnostics] == []
    width = (one.width - 0.25 - one.spine) / 2 * 72
    spine = one.spine * 72
    panels = {
        "left": (9 + 18, 9 + width - 18),
        "spine": (9 + width + 4.5, 9 + width + spine - 4.5),
        "right": (9 + width + spine + 18, 9 + 2 * width + spine - 18),
    }
    seen = set()
    for sign, (left, top, right, bottom) in letters(one.file):
        within = [k for k, (a, b) in panels.items() if a - 0.3 <= left and right <= b + 0.3]
        assert within, (sign, left, right)
        assert 9 + 18 <= top < bottom <= one.height * 72 - 9 - 18, (sign, top, bottom)
        seen.update(within)
    assert seen == {"left", "spine", "right"}


def test_an_isbn_is_read_back_from_the_print_file(tmp_path):
    """By another program, from every design, on grounds dark and light."""
    if tools.find("zbarimg") is None:
        pytest.skip("there is no zbarimg; the set-up installs it where apt has it and it may")
    numbers = {"strings": ISBN, "field": "9780262033848", "plate": "979-10-90636-07-1"}
    for design, isbn in numbers.items():
        _, made = covers(
            tmp_path,
            printers=PRINTERS[:1],
            identifier={"isbn-13": isbn},
            cover={"design": design},
            **BOOKS["plain"],
        )
        picture = tmp_path / f"{design}.png"
        drawn(made.printed[0].file, 200).save(picture)
        said = subprocess.run(
            ["zbarimg", "--quiet", "--raw", str(picture)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert said.stdout.split() == [isbn.replace("-", "")]


def test_the_barcode_is_black_on_white(plain):
    _, made = plain
    page = drawn(made.printed[0].file, 300)
    back = page.crop((0, page.height // 2, (6 * 300), page.height))
    assert back.getcolors(10**6) is not None
    counted = {colour: count for count, colour in back.getcolors(10**6)}
    assert counted[(0, 0, 0)] > 10_000
    assert counted[(255, 255, 255)] > 50_000


@pytest.mark.parametrize("design", ["strings", "field", "plate"])
def test_without_an_isbn_amazons_place_is_left_free(tmp_path, design):
    """Two by 1.2 inches, a quarter of an inch from spine and foot, of one colour."""
    _, made = covers(tmp_path, cover={"design": design}, **BOOKS["plain"])
    kdp, ingram = made.printed
    page = drawn(kdp.file)
    right, foot = (0.125 + 6 - 0.25) * 144, (0.125 + 9 - 0.25) * 144
    area = page.crop((int(right - 288) + 2, int(foot - 172.8) + 2, int(right) - 2, int(foot) - 2))
    assert len(area.getcolors()) == 1
    assert [d.code for d in made.diagnostics] == ["cover-isbn-missing"]
    assert made.diagnostics[0].message.startswith("The cover for IngramSpark")
    assert ingram.file.is_file()


def test_a_proof_shows_lines_that_the_print_file_has_not(plain):
    book, made = plain
    one = made.printed[0]
    ground = palette.of(texts.seed(book)).ground
    colour = tuple(int(ground[at : at + 2], 16) for at in (1, 3, 5))
    file, proof = drawn(one.file, 72), drawn(one.proof, 72)
    for x in (9, 441, 477, 909):
        assert file.getpixel((x, 330)) == colour
        near = {proof.getpixel((62 + x + off, 62 + 330)) for off in (-1, 0, 1)}
        assert near - {colour}
    with pypdfium2.PdfDocument(one.proof) as document:
        said = document[0].get_textpage().get_text_range()
    assert "12.750 in" in said
    assert "0.500 in" in said
    assert "cover for Amazon KDP, 200 pages" in said


def test_the_ground_reaches_every_edge(plain):
    book, made = plain
    page = drawn(made.printed[0].file, 72)
    ground = palette.of(texts.seed(book)).ground
    colour = tuple(int(ground[at : at + 2], 16) for at in (1, 3, 5))
    for place in ((0, 400), (0, page.height - 1), (page.width - 1, page.height - 1), (459, 0)):
        assert page.getpixel(place) == colour


def test_the_same_book_has_the_same_bytes(tmp_path):
    """In another folder, and when it is made again."""
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        _, one = covers(tmp_path / name, identifier={"isbn-13": ISBN}, **BOOKS["chinese"])
        made.append([p.read_bytes() for s in one.printed for p in (s.file, s.proof)])
    assert made[0] == made[1]


def test_a_thin_book_has_a_bare_spine_and_an_unknown_caliper_is_said(tmp_path):
    _, made = covers(
        tmp_path,
        60,
        identifier={"isbn-13": ISBN},
        **{**BOOKS["plain"], "print": {"paper": "white"}},
    )
    assert {(d.code, d.severity.value) for d in made.diagnostics} == {
        ("cover-spine-bare", "note"),
        ("cover-spine-assumed", "warning"),
    }
    kdp, ingram = made.printed
    assert kdp.spine == ingram.spine == pytest.approx(60 * 0.002252)
    spine = drawn(kdp.file).crop((int(6.14 * 144), 144, int(6.24 * 144), 9 * 144))
    assert len(spine.getcolors()) == 1


def test_what_is_paid_for_is_measured_by_its_ink(tmp_path):
    """Colour is printed on a paper of its own; Ingram's page is as thick as book.yaml says."""
    settings = {"ink": "premium-color", "paper": "white", "caliper": "0.06mm"}
    _, made = covers(
        tmp_path, 100, identifier={"isbn-13": ISBN}, **{**BOOKS["plain"], "print": settings}
    )
    kdp, ingram = made.printed
    assert kdp.spine == pytest.approx(0.2347)
    assert ingram.spine == pytest.approx(100 * 0.06 / 25.4)


def test_the_authors_picture_fills_the_front(tmp_path):
    """Bleed included; the e-book has it, too, and spine and back its colour."""
    Image.new("RGB", (2000, 3000), "#20506a").save(tmp_path / "front.png")
    _, made = covers(
        tmp_path, identifier={"isbn-13": ISBN}, cover={"image": "front.png"}, **BOOKS["plain"]
    )
    assert made.diagnostics == ()
    page = drawn(made.printed[0].file, 72)
    for place in ((478, 1), (700, 330), (916, 664), (20, 300), (459, 330)):
        assert page.getpixel(place) == (0x20, 0x50, 0x6A)
    with Image.open(made.front) as front:
        assert (front.format, front.size) == ("JPEG", (1707, 2560))


def test_a_coarse_picture_is_said_with_the_pixels_it_needs(tmp_path):
    (tmp_path / "book.yaml").write_text("title: A Real Boy\ncover:\n  image: small.jpg\n")
    Image.new("RGB", (600, 900), "navy").save(tmp_path / "small.jpg")
    _, made = covers(
        tmp_path, identifier={"isbn-13": ISBN}, cover={"image": "small.jpg"}, **BOOKS["plain"]
    )
    [said] = {d.message: d for d in made.diagnostics}.values()
    assert (said.code, str(said.location)) == ("cover-image-coarse", "book.yaml:3:10")
    assert said.message.endswith("has 97 pixels to the inch in print.")
    assert "1838 × 2775" in said.hint


def test_a_large_picture_is_made_a_small_file_for_shops(tmp_path):
    noise = Image.effect_noise((2400, 3600), 120).convert("RGB")
    noise.save(tmp_path / "noise.png")
    _, made = covers(
        tmp_path, identifier={"isbn-13": ISBN}, epub={"cover": "noise.png"}, **BOOKS["plain"]
    )
    data = made.front.read_bytes()
    assert len(data) <= 3_000_000
    with Image.open(io.BytesIO(data)) as image:
        assert image.format == "JPEG"
        assert max(image.size) == 2560
