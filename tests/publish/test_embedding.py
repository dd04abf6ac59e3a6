"""Fonts of finished files: embedded, and by their makers' leave."""

from __future__ import annotations

import io
import zipfile

import pikepdf
import pytest
from fontTools.fontBuilder import FontBuilder
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name

from geppetto.fonts import permission
from geppetto.fonts.permission import Permission
from geppetto.publish import embedding
from geppetto.publish.embedding import Used


@pytest.mark.parametrize(
    ("fs_type", "allows"),
    [
        (0x0000, Permission.FREE),
        (0x0002, Permission.FORBIDDEN),
        (0x0004, Permission.FREE),
        (0x0008, Permission.FREE),
        (0x000A, Permission.FREE),
        (0x0104, Permission.FORBIDDEN),
        (0x0200, Permission.FORBIDDEN),
    ],
)
def test_what_a_font_allows(fs_type, allows):
    """The most permissive bit counts; a subset is what every PDF holds."""
    assert permission.of_type(fs_type) is allows
    assert permission.permission(io.BytesIO(made(fs_type))) is allows


@given(st.binary(max_size=200))
def test_what_is_no_font_is_unknown(data):
    assert permission.permission(io.BytesIO(data)) is Permission.UNKNOWN


def made(fs_type):
    builder = FontBuilder(1000)
    builder.setupGlyphOrder([".notdef"])
    builder.setupCharacterMap({})
    builder.setupGlyf({".notdef": _empty()})
    builder.setupHorizontalMetrics({".notdef": (500, 0)})
    builder.setupHorizontalHeader()
    builder.setupOS2(fsType=fs_type)
    builder.setupPost()
    builder.setupNameTable({"familyName": "Forbidden", "styleName": "Regular"})
    data = io.BytesIO()
    builder.save(data)
    return data.getvalue()


def _empty():
    from fontTools.pens.ttGlyphPen import TTGlyphPen  # noqa: PLC0415 - for this alone

    return TTGlyphPen(None).glyph()


def test_fonts_of_a_pdf(tmp_path):
    """A composite font's descendant holds the file; a name alone holds none; drawings need none."""
    pdf = pikepdf.new()
    program = pdf.make_stream(b"...")
    held = pdf.make_indirect(Dictionary(Type=Name.FontDescriptor, FontFile3=program))
    descendant = Dictionary(Type=Name.Font, Subtype=Name.CIDFontType0, FontDescriptor=held)
    for font in (
        Dictionary(Type=Name.Font, Subtype=Name.Type0, BaseFont=Name("/ABCDEF+NoSuch-Font"),
                   DescendantFonts=Array([pdf.make_indirect(descendant)])),
        Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica),
        Dictionary(Type=Name.Font, Subtype=Name.Type3),
    ):  # fmt: skip
        pdf.make_indirect(font)
        page = pdf.add_blank_page()
        page.Resources = Dictionary(Font=Dictionary(F=font))
    descendant.BaseFont = Name("/ABCDEF+NoSuch-Font")
    file = tmp_path / "a.pdf"
    pdf.save(file)
    used = embedding.of_pdf(file)
    assert [(one.name, one.embedded) for one in used] == [
        ("Helvetica", False),
        ("NoSuch-Font", True),
    ]
    assert embedding.silent(used) == ["Helvetica", "NoSuch-Font"]
    (fault,) = embedding.faults(file.name, used)
    assert fault.code == "font-absent"
    assert "Helvetica is not embedded in a.pdf" in fault.message


def test_a_font_that_is_kept_to_its_maker(tmp_path):
    file = tmp_path / "a.epub"
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata/><manifest>'
        '<item href="fonts/f.ttf" media-type="font/ttf"/></manifest></package>'
    )
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="EPUB/content.opf"/></rootfiles></container>'
    )
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("META-INF/container.xml", container)
        archive.writestr("EPUB/content.opf", package)
        archive.writestr("EPUB/fonts/f.ttf", made(0x0002))
    used = embedding.of_epub(file)
    assert used == [Used("EPUB/fonts/f.ttf", embedded=True, allows=Permission.FORBIDDEN)]
    assert [d.code for d in embedding.faults(file.name, used)] == ["font-forbidden"]


@pytest.mark.tools
def test_the_books_own_fonts_are_found_by_name():
    """Fontconfig or TeX's tree knows the face of the text."""
    assert permission.named("TeXGyrePagella-Regular") is Permission.FREE
    assert permission.named(permission.whole("ABCDEF+NoSuch-Font")) is Permission.UNKNOWN
