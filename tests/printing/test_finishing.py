"""A printer's file: what is in it, what is not, and that it is the same each time."""

from __future__ import annotations

import io

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import Image, ImageCms

import printed
from geppetto import stores
from geppetto.preflight import Asked, examine
from geppetto.printing import finishing, profile, standards
from geppetto.printing.finishing import Wanted
from geppetto.printing.inks import Target
from geppetto.printing.standards import Statement

EPOCH = 1_700_000_000


def wanted(key, standard="", target=Target.GREY):
    store = stores.every()[key]
    return Wanted(store, target, Statement("A “Book”", EPOCH, standard, store.print.condition))


def screen(path, pages=25):
    """A file as it is made for the screen: links, bookmarks, colours, names, a tag tree."""
    with Pdf.new() as document:
        for _ in range(pages):
            document.pages.append(printed.page(document, b"0 0 .6 rg 72 72 288 504 re f"))
        first = document.pages[0].obj
        link = Dictionary(
            Type=Name.Annot, Subtype=Name.Link, Rect=Array([80, 80, 99, 99]),
            A=Dictionary(S=Name.URI, URI=String("https://example.org/")),
        )  # fmt: skip
        first.Annots = Array([document.make_indirect(link)])
        first.StructParents = 0
        first.CropBox = Array([0, 0, 432, 648])
        root = document.Root
        item = document.make_indirect(Dictionary(Title=String("One")))
        root.Outlines = Dictionary(First=item, Last=item, Count=1)
        root.Names = Dictionary(Dests=Dictionary(Names=Array([])))
        root.PageLabels = Dictionary(Nums=Array([0, Dictionary(S=Name.D)]))
        root.StructTreeRoot = document.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        root.MarkInfo = Dictionary(Marked=True)
        root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("1"))
        document.attachments["a.txt"] = pikepdf.AttachedFileSpec(document, b"a")
        document.docinfo["/Author"] = String("Ann")
        document.save(path)
    return path


@pytest.mark.parametrize(
    ("key", "standard", "version"),
    [("kdp", "", "1.4"), ("ingram", "x-1a", "1.3"), ("ingram", "x-4", "1.6")],
)
def test_a_file_for_the_screen_becomes_what_a_printer_takes(tmp_path, key, standard, version):
    made = finishing.finish(screen(tmp_path / "screen.pdf"), wanted(key, standard))
    out = tmp_path / "print.pdf"
    out.write_bytes(made.data)
    assert made.diagnostics == ()
    assert examine(out, Asked(stores.every()[key], trim=(6.0, 9.0), pdfx=standard or "x-1a")) == []
    with Pdf.open(out) as document:
        assert made.pages == len(document.pages) == 26
        assert document.pdf_version == version
        left = {str(key) for key in document.Root.keys()}  # noqa: SIM118
        assert left <= {"/Type", "/Pages", "/OutputIntents", "/Metadata"}
        assert document.pages[0].obj.TrimBox == Array([0, 0, 432, 648])
        assert "/Annots" not in document.pages[0].obj
        assert "/CropBox" not in document.pages[0].obj


def test_the_same_file_gives_the_same_bytes(tmp_path):
    made = []
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        source = screen(tmp_path / name / f"{name}.pdf")
        made.append([
            finishing.finish(source, wanted("kdp")).data,
            finishing.finish(source, wanted("ingram", "x-1a")).data,
            finishing.finish(source, wanted("ingram", "x-4")).data,
        ])  # fmt: skip
    assert made[0] == made[1]
    assert len(set(made[0])) == 3


@pytest.mark.parametrize(
    ("key", "pages", "expected"),
    [("kdp", 25, 26), ("kdp", 26, 26), ("ingram", 25, 26), ("ingram", 26, 28)],
)
def test_blank_pages_at_the_end(tmp_path, key, pages, expected):
    assert finishing.finish(screen(tmp_path / "a.pdf", pages), wanted(key)).pages == expected


def test_what_a_file_for_ingram_says_of_itself(tmp_path):
    made = finishing.finish(screen(tmp_path / "a.pdf"), wanted("ingram", "x-1a"))
    with Pdf.open(io.BytesIO(made.data)) as document:
        said = {str(key): str(value) for key, value in document.docinfo.items()}
        (intent,) = document.Root.OutputIntents
        assert said == {
            "/Title": "A “Book”",
            "/Creator": standards.PRODUCER,
            "/Producer": standards.PRODUCER,
            "/CreationDate": "D:20231114221320Z",
            "/ModDate": "D:20231114221320Z",
            "/Trapped": "/False",
            "/GTS_PDFXVersion": "PDF/X-1:2001",
            "/GTS_PDFXConformance": "PDF/X-1a:2001",
        }
        assert str(intent.OutputConditionIdentifier) == "CGATS TR 001"
        assert "/DestOutputProfile" not in intent
        assert "/Info" in document.trailer


def test_a_file_for_kdp_says_nothing_of_itself(tmp_path):
    made = finishing.finish(screen(tmp_path / "a.pdf"), wanted("kdp"))
    with Pdf.open(io.BytesIO(made.data)) as document:
        assert "/Info" not in document.trailer
        assert "/Metadata" not in document.Root


def test_the_profile_of_grey_is_one():
    """Little CMS reads it, and turns dots of ink into lighter or darker grey with it."""
    read = ImageCms.ImageCmsProfile(io.BytesIO(profile.grey()))
    assert read.profile.xcolor_space == "GRAY"
    assert read.profile.device_class == "prtr"
    turned = ImageCms.profileToProfile(
        Image.linear_gradient("L"), read, ImageCms.createProfile("sRGB"), outputMode="RGB"
    )
    greens = [turned.getpixel((0, n))[1] for n in (0, 64, 128, 192, 255)]
    assert greens == sorted(greens)
    assert greens[0] < 10
    assert greens[-1] > 245


@pytest.mark.parametrize("key", ["kdp", "ingram"])
def test_a_cover_in_light_becomes_one_in_inks(tmp_path, key):
    """Two trims of six inches, a spine of half an inch and the bleed."""
    source = tmp_path / "cover.pdf"
    with Pdf.new() as document:
        half = Dictionary(H=Dictionary(ca=0.5))
        drawn = b".1 .2 .5 rg 0 0 918 666 re f 1 1 1 rg /H gs 600 300 99 99 re f"
        page = printed.page(document, drawn, ExtGState=half)
        page.obj.MediaBox = Array([0, 0, 918, 666])
        del page.obj["/TrimBox"]
        document.pages.append(page)
        document.save(source)
    standard = "x-1a" if key == "ingram" else ""
    made = finishing.finish_cover(source, wanted(key, standard, Target.CMYK), 0.125)
    out = tmp_path / "print.pdf"
    out.write_bytes(made.data)
    store = stores.every()[key]
    asked = Asked(store, cover=True, trim=(6.0, 9.0), pages=200, caliper=0.0025)
    assert examine(out, asked) == []
    with Pdf.open(out) as document:
        assert document.pages[0].obj.TrimBox == Array([9, 9, 909, 657])
