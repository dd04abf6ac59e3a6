"""Each demand of each printer: a file that breaks it is named, at its page; a good one is let pass."""

from __future__ import annotations

from dataclasses import replace

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

import printed
from geppetto import stores
from geppetto.cli.preflighting import PRINTERS
from geppetto.diagnostics import Location, Severity
from geppetto.preflight import Asked, examine

KDP, INGRAM = "kdp", "ingram"
EACH = (KDP, INGRAM)


def asked(printer, **how):
    return Asked(stores.every()[printer], trim=(6.0, 9.0), **how)


def found(tmp_path, printer, change=None, how=None, **asks):
    """Give code and words of all that is said of a file."""
    file = printed.write(tmp_path / "print.pdf", printer, change, **(how or {}))
    return [(d.code, d.message) for d in examine(file, asked(printer, **asks))]


@pytest.mark.parametrize("printer", EACH)
def test_nothing_is_said_of_a_file_that_is_right(tmp_path, printer):
    assert found(tmp_path, printer) == []


def put(number, content, **resources):
    """Give the change that draws something else on a page."""

    def change(document):
        made = printed.page(document, content, **resources)
        document.pages[number - 1] = made

    return change


def on(number, change):
    """Give the change of one page's dictionary."""
    return lambda document: change(document.pages[number - 1].obj, document)


def root(change):
    return lambda document: change(document.Root, document)


def boxes(media, trim=None):
    def change(document):
        for page in document.pages:
            page.obj.MediaBox = Array(media)
            page.obj.TrimBox = Array(trim or media)

    return change


def resized(page, _):
    page.MediaBox = page.TrimBox = Array([0, 0, 400, 648])


def note(subtype):
    def change(page, document):
        held = Dictionary(Type=Name.Annot, Subtype=Name(subtype), Rect=Array([80, 80, 90, 90]))
        page.Annots = Array([document.make_indirect(held)])
        if subtype == "/Widget":
            held.T = String("Name")
            document.Root.AcroForm = Dictionary(Fields=Array([page.Annots[0]]))

    return change


def outline(base, document):
    item = document.make_indirect(Dictionary(Title=String("One")))
    base.Outlines = Dictionary(First=item, Last=item, Count=1)


def layered(base, document):
    group = document.make_indirect(Dictionary(Type=Name.OCG, Name=String("Proof")))
    base.OCProperties = Dictionary(OCGs=Array([group]), D=Dictionary(Order=Array([group])))


def scripted(base, _):
    action = Dictionary(S=Name.JavaScript, JS=String("app.beep()"))
    base.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), action])))


def attached(_, document):
    document.attachments["notes.txt"] = pikepdf.AttachedFileSpec(document, b"words")


def picture(document, size=(600, 600), **more):
    made = document.make_stream(bytes(size[0] * size[1]))
    head = {"Type": Name.XObject, "Subtype": Name.Image, "Width": size[0], "Height": size[1]}
    made.stream_dict.update(
        Dictionary({**{f"/{k}": v for k, v in head.items()}, "/BitsPerComponent": 8})
    )
    made.ColorSpace = more.get("space", Name.DeviceGray)
    return made


def pictured(number, inches, dots, soft=False):
    def change(document):
        made = picture(document, (dots, dots))
        if soft:
            made.SMask = picture(document, (dots, dots))
        side = 72 * inches
        content = f"q {side} 0 0 {side} 100 100 cm /A Do Q".encode()
        put(number, content, XObject=Dictionary(A=made))(document)

    return change


def state(number, **says):
    return put(number, b"/A gs 72 72 9 9 re f", ExtGState=Dictionary(A=Dictionary(**says)))


def font(number, made):
    return put(number, b"BT /A 9 Tf 90 90 Td (a) Tj ET", Font=Dictionary(A=made))


def drawn_font(document):
    glyph = document.make_stream(b"9 0 d0 0 0 9 9 re f")
    made = Dictionary(
        Type=Name.Font, Subtype=Name.Type3, Name=Name.Doodle, FontBBox=Array([0, 0, 9, 9]),
        FontMatrix=Array([0.1, 0, 0, 0.1, 0, 0]), CharProcs=Dictionary(a=glyph), FirstChar=97,
        LastChar=97, Widths=Array([9]), Encoding=Dictionary(Differences=Array([97, Name("/a")])),
    )  # fmt: skip
    font(8, made)(document)


def profiled(document):
    made = document.make_stream(b"")
    made.N = 4
    space = Array([Name.ICCBased, made])
    put(4, b"/A cs 0 0 0 1 sc 72 72 9 9 re f", ColorSpace=Dictionary(A=space))(document)


def grouped(page, _):
    page.Group = Dictionary(S=Name.Transparency)


HELVETICA = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
BOTH = {
    "odd pages": (lambda d: d.pages.insert(0, printed.page(d)), "print-pages", "25 pages"),
    "one page of another size": (on(7, resized), "print-sizes", "Page 7 has 5.556"),
    "a turned page": (on(3, lambda p, _: p.update({"/Rotate": 90})), "print-sizes", "Page 3 is"),
    "a trim that is not the book's": (boxes([0, 0, 360, 648]), "print-trim", "5.000 × 9.000"),
    "a link": (on(5, note("/Link")), "print-annotation", "Page 5 has links"),
    "a remark": (on(6, note("/Text")), "print-annotation", "Page 6 has remarks"),
    "a field": (on(6, note("/Widget")), "print-annotation", "Page 6 has fields of a form"),
    "a form": (root(lambda r, _: r.update({"/AcroForm": Dictionary()})), "print-annotation", "form"),
    "JavaScript": (root(scripted), "print-script", "JavaScript"),
    "an action when it opens": (
        root(lambda r, _: r.update({"/OpenAction": Dictionary(S=Name.URI)})),
        "print-script",
        "when it is opened",
    ),
    "an action of a page": (
        on(9, lambda p, _: p.update({"/AA": Dictionary()})), "print-script", "Page 9"),
    "an attachment": (root(attached), "print-attached", "attached"),
    "a layer": (root(layered), "print-layers", "Proof"),
    "crop marks": (boxes([-36, -36, 468, 684], [0, 0, 432, 648]), "print-marks", "Pages 1, 2, 3"),
    "bleed at the bind": (
        boxes([-9, -9, 441, 657], [0, 0, 432, 648]), "print-bleed", "Pages 1, 2, 3, 4, 5 and 19"),
    "too narrow a bleed": (
        boxes([0, -4, 436, 652], [0, 0, 432, 648]), "print-bleed", "0.056 in at the outer edge"),
    "a font that is absent": (font(4, HELVETICA), "print-font", "Page 4: the font Helvetica"),
    "a font of drawings": (drawn_font, "print-font-drawn", "Page 8: the font Doodle"),
    "opacity of fills": (state(3, ca=0.5), "print-transparency", "Page 3 has something"),
    "opacity of lines": (state(3, CA=0.5), "print-transparency", "Page 3 has something"),
    "a soft mask": (state(2, SMask=Dictionary(S=Name.Alpha)), "print-transparency", "soft mask"),
    "a blend mode": (state(2, BM=Name.Multiply), "print-transparency", "Page 2 has colours that"),
    "a group": (on(2, grouped), "print-transparency", "Page 2 has a group"),
    "soft edges": (pictured(5, 1, 400, soft=True), "print-transparency", "Page 5 has a picture"),
    "light": (put(5, b"1 0 0 rg 72 72 9 9 re f"), "print-colour", "Page 5 has colours of light"),
    "inks": (put(5, b"1 0 0 0 k 72 72 9 9 re f"), "print-colour", "Page 5 has coloured inks"),
    "a profile": (profiled, "print-colour", "Page 4 has colours by a profile"),
    "a coarse picture": (pictured(5, 2, 400), "print-resolution", "Page 5: a picture of 2.00"),
}  # fmt: skip


@pytest.mark.parametrize("printer", EACH)
@pytest.mark.parametrize("case", BOTH)
def test_what_both_printers_refuse(tmp_path, printer, case):
    change, code, words = BOTH[case]
    said = found(tmp_path, printer, change)
    assert code in {code for code, _ in said}
    assert any(words in message for own, message in said if own == code), said


INK = {
    "inner edge, right-hand page": (3, "20 300 50 9", "Page 3: ink comes within 0.28 in of the inner"),
    "outer edge, left-hand page": (4, "12 300 50 9", "Page 4: ink comes within 0.17 in of the outer"),
    "outer edge, right-hand page": (3, "400 300 20 9", "Page 3: ink comes within 0.17 in of the outer"),
    "inner edge, left-hand page": (4, "362 300 45 9", "Page 4: ink comes within 0.35 in of the inner"),
    "below": (6, "100 14 50 9", "Page 6: ink comes within 0.19 in of the bottom edge"),
    "above": (7, "100 600 50 34", "Page 7: ink comes within 0.19 in of the top edge"),
}  # fmt: skip


@pytest.mark.parametrize("printer", EACH)
@pytest.mark.parametrize("case", INK)
def test_ink_in_a_margin(tmp_path, printer, case):
    number, rectangle, words = INK[case]
    said = found(tmp_path, printer, put(number, f"0 g {rectangle} re f".encode()))
    assert [code for code, _ in said] == ["print-margin"]
    assert said[0][1].startswith(words)


@pytest.mark.parametrize("printer", EACH)
def test_what_runs_over_an_edge_without_a_bleed(tmp_path, printer):
    said = found(tmp_path, printer, put(5, b"0.5 g 300 300 132 100 re f"))
    assert [code for code, _ in said] == ["print-bleed"]
    assert said[0][1].startswith("Page 5: something runs over the outer edge")


def test_the_command_knows_every_printer():
    printers = [key for key, one in stores.every().items() if one.print is not None]
    assert sorted(PRINTERS) == sorted(printers)


def test_the_inner_margin_follows_the_pages(tmp_path):
    """What is far enough in a thin book is too near in a thick one; the outer edge stays."""
    change = put(3, b"0 g 29 300 50 9 re f")
    thin = printed.write(tmp_path / "thin.pdf", "kdp", change, pages=150)
    thick = printed.write(tmp_path / "thick.pdf", "kdp", change, pages=152)
    assert examine(thin, asked("kdp")) == []
    (one,) = examine(thick, asked("kdp"))
    assert one.message.startswith("Page 3: ink comes within 0.40 in of the inner edge")
    assert "asks for 0.5 in" in one.message
    assert "inner-margin" in str(one.hint)


def test_kdp_takes_less_outside_than_ingram(tmp_path):
    change = put(4, b"0 g 25 300 50 9 re f")
    assert found(tmp_path, "kdp", change) == []
    assert [code for code, _ in found(tmp_path, "ingram", change)] == ["print-margin"]


def bleeding(content):
    def change(document):
        for number, page in enumerate(document.pages, 1):
            page.obj.MediaBox = Array([0, -9, 441, 657] if number % 2 else [-9, -9, 432, 657])
        document.pages[2].obj.Contents = document.make_stream(content)

    return change


@pytest.mark.parametrize("printer", EACH)
def test_a_picture_that_bleeds_as_it_should(tmp_path, printer):
    assert found(tmp_path, printer, bleeding(b"0.5 g 300 300 141 100 re f")) == []


@pytest.mark.parametrize("printer", EACH)
def test_a_picture_that_ends_before_its_bleed(tmp_path, printer):
    said = found(tmp_path, printer, bleeding(b"0.5 g 300 300 135 100 re f"))
    assert said == [
        ("print-bleed", "Page 3: what runs over the outer edge ends before its bleed does.")
    ]


def test_a_book_that_bleeds_has_wider_margins_at_kdp(tmp_path):
    said = found(tmp_path, "kdp", bleeding(b"0 g 400 300 10 10 re f"))
    assert [code for code, _ in said] == ["print-margin"]
    assert "asks for 0.375 in" in said[0][1]


@pytest.mark.parametrize(
    ("printer", "pages", "ink", "words"),
    [
        ("kdp", 22, "black", "22 pages; Amazon KDP binds 24"),
        ("kdp", 830, "black", "830 pages; Amazon KDP binds 828 at most"),
        ("kdp", 70, "standard-color", "binds 72 or more with standard-color ink"),
        ("ingram", 16, "black", "16 pages; IngramSpark binds 18"),
        ("ingram", 1052, "black", "1052 pages; IngramSpark binds 1050 at most"),
    ],
)
def test_too_few_or_too_many_pages(tmp_path, printer, pages, ink, words):
    def alike(document):
        first = document.pages[0]
        del document.pages[1:-1]
        for _ in range(pages - 2):
            document.pages.insert(0, first)

    file = printed.write(tmp_path / "print.pdf", printer, alike)
    said = [d for d in examine(file, asked(printer, ink=ink)) if d.code == "print-pages"]
    assert len(said) == 1
    assert words in said[0].message


@pytest.mark.parametrize(
    ("media", "words"),
    [
        ([0, 0, 280, 648], "3.889 in wide; Amazon KDP makes books 4 in wide or more"),
        ([0, 0, 620, 648], "8.611 in wide; Amazon KDP makes books 8.5 in wide at most"),
        ([0, 0, 432, 420], "5.833 in high; Amazon KDP makes books 6 in high or more"),
        ([0, 0, 432, 850], "11.806 in high; Amazon KDP makes books 11.69 in high at most"),
    ],
)
def test_a_trim_that_kdp_does_not_make(tmp_path, media, words):
    file = printed.write(tmp_path / "print.pdf", "kdp", boxes(media))
    said = examine(file, Asked(stores.every()["kdp"]))
    assert any(words in d.message for d in said if d.code == "print-trim")


def test_kdp_makes_a4(tmp_path):
    """It is 0.003 in higher than the limit that KDP writes."""
    file = printed.write(tmp_path / "print.pdf", "kdp", boxes([0, 0, 595.276, 841.89]))
    assert examine(file, Asked(stores.every()["kdp"])) == []


def test_a_file_that_is_too_large(tmp_path):
    kdp = stores.every()["kdp"]
    small = replace(kdp, print=replace(kdp.print, bytes=1000))
    file = printed.write(tmp_path / "print.pdf")
    (one,) = examine(file, Asked(small))
    assert one.code == "print-large"
    assert stores.every()["kdp"].print.bytes == 650_000_000


@pytest.mark.parametrize("printer", EACH)
def test_a_file_with_rights(tmp_path, printer):
    how = {"encryption": pikepdf.Encryption(owner="x", user="", R=4), "force_version": "1.6"}
    assert "print-encrypted" in {code for code, _ in found(tmp_path, printer, None, how)}


def test_a_file_with_a_password(tmp_path):
    how = {"encryption": pikepdf.Encryption(owner="x", user="y", R=4), "force_version": "1.6"}
    assert [code for code, _ in found(tmp_path, "kdp", None, how)] == ["print-encrypted"]


def test_a_file_that_is_none(tmp_path):
    (tmp_path / "print.pdf").write_bytes(b"%PDF-1.4\nnothing")
    (one,) = examine(tmp_path / "print.pdf", asked("kdp"), "chapters/print.pdf")
    assert (one.code, one.location) == ("print-unread", Location("chapters/print.pdf"))


def test_a_file_that_is_broken_within(tmp_path):
    """One check that cannot look does not keep the others from it."""

    def change(document):
        put(3, b"1 0 0 rg 72 72 9 9 re f")(document)
        document.Root.OCProperties = Dictionary(OCGs=Array([7]))

    codes = {code for code, _ in found(tmp_path, "kdp", change)}
    assert codes == {"print-unread", "print-colour"}


def test_bookmarks_are_for_ingram_alone(tmp_path):
    assert [code for code, _ in found(tmp_path, "kdp", root(outline))] == ["print-bookmarks"]
    assert found(tmp_path, "ingram", root(outline)) == []


def test_metadata_are_for_ingram_alone(tmp_path):
    def change(document):
        document.docinfo["/Author"] = String("Ann")

    file = printed.write(tmp_path / "print.pdf", "kdp", change)
    (one,) = examine(file, asked("kdp"))
    assert (one.code, one.severity) == ("print-metadata", Severity.WARNING)
    assert "Author" in one.message
    assert found(tmp_path, "ingram", change) == []


def test_the_last_page_is_blank_for_ingram_alone(tmp_path):
    change = put(24, b"0 g 100 100 9 9 re f")
    assert found(tmp_path, "kdp", change) == []
    said = found(tmp_path, "ingram", change)
    assert said == [
        (
            "print-last-page",
            "Page 24, the last, is not blank; IngramSpark prints its own mark there.",
        )
    ]


def test_colour_is_taken_where_the_book_is_in_colour(tmp_path):
    change = put(5, b"1 0 0 rg 72 72 9 9 re f")
    assert found(tmp_path, "kdp", change, ink="premium-color") == []
    said = found(tmp_path, "ingram", change, ink="premium-color")
    assert [code for code, _ in said] == ["print-colour"]
    assert found(tmp_path, "ingram", put(5, b"1 0 0 0 k 72 72 9 9 re f"), ink="premium-color") == []


def test_more_ink_than_paper_holds(tmp_path):
    change = put(5, b"1 1 0.5 0 k 72 72 9 9 re f")
    said = found(tmp_path, "ingram", change, ink="premium-color")
    assert [code for code, _ in said] == ["print-ink"]
    assert said[0][1].startswith("Page 5: 250 % of ink")


@pytest.mark.parametrize("key", ["Title", "CreationDate", "ModDate", "Trapped", "GTS_PDFXVersion",
                                 "GTS_PDFXConformance"])  # fmt: skip
def test_what_pdfx_must_say(tmp_path, key):
    def change(document):
        del document.docinfo[f"/{key}"]

    said = found(tmp_path, "ingram", change)
    assert {code for code, _ in said} == {"print-standard"}
    assert any(key in message for _, message in said)


def no_trim(page, _):
    del page["/TrimBox"]


def wide_trim(page, _):
    page.TrimBox = Array([-1, 0, 432, 648])


def wide_bleed(page, _):
    page.BleedBox = Array([0, -1, 432, 648])


def two_boxes(page, _):
    page.ArtBox = Array([0, 0, 432, 648])


def filtered(name):
    def change(document):
        made = document.make_stream(b"")
        made.write(b"x", filter=Name(name))
        document.pages[2].obj.Unused = document.make_indirect(made)

    return change


def standing(**says):
    """Give the change that adds a stream with these entries."""

    def change(document):
        made = document.make_stream(b"")
        made.stream_dict.update(Dictionary(**says))
        document.pages[2].obj.Unused = document.make_indirect(made)

    return change


STANDARD = {
    "no intent": (root(lambda r, _: r.__delitem__("/OutputIntents")), "names no press"),
    "no condition": (
        root(lambda r, _: r.OutputIntents[0].__delitem__("/OutputConditionIdentifier")),
        "no OutputConditionIdentifier",
    ),
    "no registry": (
        root(lambda r, _: r.OutputIntents[0].__delitem__("/RegistryName")), "neither RegistryName"),
    "no trim box": (on(4, no_trim), "Page 4 has no TrimBox"),
    "trim outside": (on(4, wide_trim), "Page 4 has a TrimBox or BleedBox outside"),
    "bleed outside": (on(4, wide_bleed), "Page 4 has a TrimBox or BleedBox outside"),
    "two boxes": (on(4, two_boxes), "Page 4 has TrimBox and ArtBox"),
    "LZW": (filtered("/LZWDecode"), "packed with LZW"),
    "JPEG 2000": (filtered("/JPXDecode"), "packed with JPEG 2000"),
    "JBIG2": (filtered("/JBIG2Decode"), "packed with JBIG2"),
    "PostScript": (standing(Subtype=Name.PS), "holds PostScript"),
    "another picture": (standing(Alternates=Array([])), "stand for others"),
    "transfer": (state(3, TR=Name.Identity), "transfer functions"),
}  # fmt: skip


@pytest.mark.parametrize("case", STANDARD)
def test_what_pdfx_must_have_and_may_not(tmp_path, case):
    change, words = STANDARD[case]
    said = found(tmp_path, "ingram", change)
    assert any(code == "print-standard" and words in message for code, message in said), said


def test_a_version_that_is_too_new(tmp_path):
    how = {"force_version": "1.5", "object_stream_mode": pikepdf.ObjectStreamMode.generate}
    said = [message for _, message in found(tmp_path, "ingram", None, how)]
    assert any("PDF 1.5, not 1.3" in one for one in said)
    assert any("packed in streams" in one for one in said)
    assert found(tmp_path, "kdp", None, how) == []


def test_ingram_takes_the_standard_that_a_file_names(tmp_path):
    """A file of PDF/X-4 is held against PDF/X-4, whatever the book says."""

    def change(document):
        document.docinfo["/GTS_PDFXVersion"] = String("PDF/X-4")

    said = found(tmp_path, "ingram", change)
    assert said
    assert all("(PDF/X-4)" in message for _, message in said)


def cover(width, height=666.0):
    def change(document):
        del document.pages[1:]
        document.pages[0].obj.MediaBox = Array([0, 0, width, height])
        document.pages[0].obj.TrimBox = Array([9, 9, width - 9, height - 9])

    return change


@pytest.mark.parametrize("off", [0, 0.5, 2])
def test_a_cover_has_the_size_of_its_book(tmp_path, off):
    """Two trims, 200 pages of 0.0025 in, and the bleed: 12.75 by 9.25 in; half a point is let pass."""
    change = cover(72 * 12.75 + off)
    said = found(tmp_path, "kdp", change, cover=True, pages=200, caliper=0.0025)
    assert [code for code, _ in said] == (["print-cover-size"] if off > 0.72 else [])


def test_a_cover_of_the_wrong_height_or_in_two_pages(tmp_path):
    said = found(tmp_path, "ingram", cover(918, 648), cover=True)
    assert [code for code, _ in said] == ["print-cover-size"]
    assert "9.000 in high; with this trim and bleed it is 9.250" in said[0][1]
    whole = found(tmp_path, "kdp", None, cover=True)
    assert "24 pages; a cover is one" in whole[0][1]


def test_a_cover_may_have_colours_but_no_missing_font(tmp_path):
    def change(document):
        put(1, b"1 0 0 rg 9 9 9 9 re f BT /A 9 Tf (a) Tj ET", Font=Dictionary(A=HELVETICA))(
            document
        )
        cover(918)(document)

    assert [code for code, _ in found(tmp_path, "kdp", change, cover=True)] == ["print-font"]
    said = found(tmp_path, "ingram", change, cover=True)
    assert {"print-font", "print-colour"} <= {code for code, _ in said}
