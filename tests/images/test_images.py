from __future__ import annotations

import io

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from PIL import Image

from geppetto import images
from geppetto.diagnostics import ExitCode, GeppettoError
from geppetto.images import drawing, svg

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><rect width="40" height="20"/></svg>'


def raster(kind, size=(6, 4), mode="RGB", **options):
    out = io.BytesIO()
    Image.new(mode, size, 1).save(out, kind, **options)
    return out.getvalue()


def portable(size=(200, 100)):
    out = io.BytesIO()
    with pikepdf.Pdf.new() as document:
        document.add_blank_page(page_size=size)
        document.save(out)
    return out.getvalue()


def cleaned(content, attributes=""):
    source = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'xmlns:inkscape="http://inkscape.org" {attributes}>{content}</svg>'
    )
    return images.clean_svg(source.encode()).decode()


@pytest.fixture
def book(tmp_path):
    """Writes images under their names; the mapping that an edition is given."""

    def write(**files):
        made = {}
        for name, data in files.items():
            path = tmp_path / "book" / name.replace("_", ".")
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(data if isinstance(data, bytes) else data.encode())
            made[f"chapters/{path.name}"] = path
        return made

    return write


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (raster("PNG", dpi=(300, 300)), ("png", 6, 4, 300, False)),
        (raster("PNG", mode="RGBA"), ("png", 6, 4, None, True)),
        (raster("JPEG", mode="CMYK"), ("jpeg", 6, 4, None, False)),
        (raster("GIF"), ("gif", 6, 4, None, False)),
        (raster("WEBP"), ("webp", 6, 4, None, False)),
        (raster("TIFF"), ("tiff", 6, 4, None, False)),
        (DRAWING.encode(), ("svg", 40, 20, None, True)),
        (b"\xef\xbb\xbf" + DRAWING.encode(), ("svg", 40, 20, None, True)),
        (DRAWING.encode("utf-16"), ("svg", 40, 20, None, True)),
        (portable(), ("pdf", 200, 100, None, False)),
    ],
)
def test_an_image_s_content_says_what_it_is_and_how_large(tmp_path, data, expected):
    path = tmp_path / "no-suffix"
    path.write_bytes(data)
    info, diagnostics = images.inspect(path)
    dpi = round(info.dpi) if info.dpi else None
    assert diagnostics == []
    assert (info.kind, info.width, info.height, dpi, info.alpha) == expected


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ('width="2in" height="10mm"', (192, 10 * 96 / 25.4)),
        ('width="100%" height="50%" viewBox="0 0 30 15"', (30, 15)),
        ('width="-" viewBox="0 0 x y"', (0, 0)),
        ("", (300, 150)),
    ],
)
def test_a_drawing_has_the_size_that_it_says_or_its_view_box(attributes, expected):
    data = f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}/>'.encode()
    assert svg.size(data) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "image-broken"),
        (b"no image", "image-broken"),
        (raster("PNG", size=(60, 60))[:70], "image-broken"),
        (raster("JPEG", size=(99, 99))[:-300], "image-broken"),
        (b"<svg", "image-broken"),
        (b"<html><body/></html>", "image-broken"),
        (raster("BMP"), "image-format"),
    ],
)
def test_a_broken_or_strange_image_is_an_error_in_every_edition(book, tmp_path, data, code):
    given_images = book(a_png=data)
    for ready, faults in (
        images.for_latex(given_images, tmp_path / "work"),
        images.for_epub(given_images),
    ):
        assert ready == {}
        assert [(d.code, str(d.location)) for d in faults] == [(code, "chapters/a.png")]
        assert faults[0].hint


def test_a_file_that_cannot_be_opened_is_an_error(tmp_path):
    (tmp_path / "folder.png").mkdir()
    info, faults = images.inspect(tmp_path / "folder.png")
    assert info is None
    assert [d.code for d in faults] == ["image-broken"]


def test_tex_is_given_what_it_reads_named_by_content(book, tmp_path):
    given_images = book(
        Ünï_png=raster("PNG"), b_jpg=raster("JPEG"), c_gif=raster("GIF"), d_webp=raster("WEBP")
    ) | book(e_pdf=portable(), f_tif=raster("TIFF", mode="CMYK"))
    ready, faults = images.for_latex(given_images, tmp_path)
    assert faults == []
    suffixes = {
        target.rpartition("/")[2]: name.rpartition(".")[2] for target, name in ready.items()
    }
    assert suffixes == {
        **{"Ünï.png": "png", "b.jpg": "jpg", "c.gif": "png"},
        **{"d.webp": "png", "e.pdf": "pdf", "f.tif": "png"},
    }
    for target, name in ready.items():
        data = (tmp_path / name).read_bytes()
        assert name.isascii()
        if target.endswith(("gif", "webp", "tif")):
            assert Image.open(io.BytesIO(data)).size == (6, 4)
        else:
            assert data == given_images[target].read_bytes()


def test_two_images_of_one_name_stay_two_and_an_unused_one_goes(book, tmp_path):
    one = book(a_png=raster("PNG"))["chapters/a.png"]
    two = tmp_path / "a.png"
    two.write_bytes(raster("PNG", size=(9, 9)))
    ready, _ = images.for_latex({"x/a.png": one, "y/a.png": two}, tmp_path / "work")
    assert len(set(ready.values())) == 2
    images.for_latex({"x/a.png": one}, tmp_path / "work")
    kept = [p.name for p in (tmp_path / "work" / "images").iterdir()]
    assert [f"images/{name}" for name in kept] == [ready["x/a.png"]]


def test_a_photograph_is_turned_as_its_camera_says(book, tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    ready, _ = images.for_latex(book(a_jpg=raster("JPEG", exif=exif)), tmp_path)
    info, _ = images.inspect(tmp_path / ready["chapters/a.jpg"])
    assert (info.width, info.height) == (4, 6)


def test_a_picture_without_resolution_is_given_none(book, tmp_path):
    """A TIFF's silence must not become one dot an inch, six inches wide on the page."""
    ready, _ = images.for_latex(book(a_tif=raster("TIFF")), tmp_path)
    assert images.inspect(tmp_path / ready["chapters/a.tif"])[0].dpi is None


def test_a_broken_pdf_is_an_error_in_the_pdf_edition(book, tmp_path):
    ready, faults = images.for_latex(book(a_pdf=b"%PDF-1.4 and nothing"), tmp_path)
    assert ready == {}
    assert [d.code for d in faults] == ["image-broken"]


@pytest.mark.tools
def test_a_drawing_becomes_the_same_pdf_each_time_and_is_drawn_once(book, tmp_path):
    given_images = book(a_svg=DRAWING)
    first, faults = images.for_latex(given_images, tmp_path / "one")
    images.for_latex(given_images, tmp_path / "two")
    assert faults == []
    name = first["chapters/a.svg"]
    assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    info, _ = images.inspect(tmp_path / "one" / name)
    assert (info.width, info.height) == pytest.approx((30, 15), abs=0.5)
    made = (tmp_path / "one" / name).stat().st_mtime_ns
    images.for_latex(given_images, tmp_path / "one")
    assert (tmp_path / "one" / name).stat().st_mtime_ns == made


@pytest.mark.tools
@pytest.mark.parametrize("make", [images.for_latex, images.for_docx])
def test_a_drawing_that_another_rsvg_convert_made_is_made_anew(make, book, tmp_path, monkeypatch):
    """What an older program drew may have other bytes."""
    given_images = book(a_svg=DRAWING)
    make(given_images, tmp_path)
    (before,) = (tmp_path / "images").iterdir()
    monkeypatch.setattr(drawing, "maker", lambda: b"another")
    make(given_images, tmp_path)
    (after,) = (tmp_path / "images").iterdir()
    assert after.name != before.name


def test_without_rsvg_convert_a_drawing_ends_the_build_with_its_remedy(book, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GeppettoError) as caught:
        images.for_latex(book(a_svg=DRAWING), tmp_path / "work")
    assert caught.value.exit_code is ExitCode.TOOL
    assert "librsvg2-bin" in caught.value.diagnostics[0].hint


def test_an_epub_is_given_what_readers_show(book):
    given_images = book(a_svg=DRAWING, b_jpg=raster("JPEG", mode="CMYK"), c_tif=raster("TIFF"))
    ready, faults = images.for_epub(given_images | book(d_webp=raster("WEBP")))
    assert faults == []
    assert {t: media for t, (_, _, media) in ready.items()} == {
        "chapters/a.svg": "image/svg+xml",
        "chapters/b.jpg": "image/jpeg",
        "chapters/c.tif": "image/png",
        "chapters/d.webp": "image/webp",
    }
    assert ready["chapters/b.jpg"][1] == given_images["chapters/b.jpg"].read_bytes()
    assert all(name.startswith("images/") for name, _, _ in ready.values())


def test_a_pdf_cannot_stand_in_an_epub(book):
    ready, faults = images.for_epub(book(a_pdf=portable()))
    assert ready == {}
    assert [d.code for d in faults] == ["image-format"]
    assert "SVG" in faults[0].hint


@pytest.mark.parametrize(
    "content",
    [
        "<script>alert(1)</script>",
        "<script href='http://e.org/x.js'/>",
        "<rect onclick='alert(1)'/>",
        "<a href='javascript:alert(1)'><text>x</text></a>",
        "<a xlink:href='http://e.org'><text>x</text></a>",
        "<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>x</p></foreignObject>",
        "<style>@import url(http://e.org/a.css); rect{fill:url('http://e.org/a')}</style>",
        "<rect style='fill:url(file:///etc/passwd)'/>",
        "<rect fill='url(http://e.org/#a)'/>",
        "<style>rect{fill:u\\72l(http://e.org)}</style>",
        "<set attributeName='onclick' to='alert(1)'/>",
        "<animate attributeName='xlink:href' to='http://e.org'/>",
        "<rect inkscape:label='http://e.org'/>",
        "<image href='data:image/svg+xml;base64,AAAA'/>",
        "<g xml:base='http://e.org/'/>",
    ],
)
def test_what_runs_or_fetches_is_taken_out_of_a_drawing(content):
    result = cleaned(content).lower()
    for trace in (
        "script",
        "e.org",
        "alert",
        "onclick",
        "file:",
        "base64",
        "\\72",
        "foreignobject",
    ):
        assert trace not in result


@pytest.mark.parametrize(
    "content",
    [
        '<rect fill="url(#a)"/>',
        '<use href="#a"/>',
        '<image href="data:image/png;base64,AAAA"/>',
        "<style>rect{fill:red}</style>",
        "<text>x &amp; y</text>",
    ],
)
def test_what_draws_stays_in_a_drawing(content):
    assert content in cleaned(content)


def test_the_text_after_a_removed_element_stays():
    assert "<text>a<tspan>b</tspan>cd</text>" in cleaned(
        "<text>a<tspan>b</tspan>c<script>x</script>d</text>"
    )


def test_entities_are_neither_read_nor_multiplied(tmp_path):
    (tmp_path / "secret").write_text("SECRET")
    head = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 12))
    source = (
        f'<!DOCTYPE svg [<!ENTITY e0 "ha"><!ENTITY f SYSTEM "{(tmp_path / "secret").as_uri()}">{head}]>'
        '<svg xmlns="http://www.w3.org/2000/svg"><text>&e11;&f;</text></svg>'
    )
    try:
        result = images.clean_svg(source.encode())
    except svg.NotSvgError:
        return
    assert len(result) < 500
    assert b"SECRET" not in result
    assert b"ENTITY" not in result


def test_a_drawing_that_takes_a_picture_from_elsewhere_is_refused_not_holed(book):
    source = DRAWING.replace("<rect", '<image href="photo.png"/><rect')
    ready, faults = images.for_epub(book(a_svg=source))
    assert ready == {}
    assert faults[0].code == "image-format"
    assert "photo.png" in faults[0].message


@given(
    st.binary()
    | st.text().map(lambda t: f"<svg xmlns='{svg.SVG}'>{t}</svg>".encode("utf-8", "replace"))
)
def test_any_bytes_are_cleaned_or_refused_and_cleaning_twice_changes_nothing(data):
    try:
        once = images.clean_svg(data)
    except svg.NotSvgError:
        return
    assert etree.fromstring(once).tag == f"{{{svg.SVG}}}svg"
    assert images.clean_svg(once) == once


@pytest.mark.parametrize(
    ("attributes", "ground"),
    [
        ('viewBox="-5 -6 70 80"', {"x": "-5", "y": "-6", "width": "70", "height": "80"}),
        ('width="70" height="80"', {"x": "0", "y": "0", "width": "100%", "height": "100%"}),
    ],
)
def test_a_drawing_has_a_white_ground_in_the_epub(attributes, ground):
    """Behind all that is drawn, after its title: black lines are seen on a black page too."""
    source = f'<svg xmlns="{svg.SVG}" {attributes}><title>T</title><path d="M0 0"/></svg>'
    root = svg.read(svg.on_white(source.encode()))
    assert [etree.QName(child).localname for child in root] == ["title", "rect", "path"]
    assert dict(root[1].attrib) == {**ground, "fill": "#fff", "stroke": "none"}


def test_what_word_shows(book, tmp_path):
    """Drawings become PNG of print's resolution, in their own size; a PDF cannot be shown."""
    given_images = book(a_svg=DRAWING, b_webp=raster("WEBP"), c_gif=raster("GIF"), d_pdf=b"%PDF-1")
    ready, faults = images.for_docx(given_images, tmp_path)
    kinds = {target: (name.rpartition(".")[2], kind) for target, (name, _, kind) in ready.items()}
    assert kinds == {
        "chapters/a.svg": ("png", "image/png"),
        "chapters/b.webp": ("png", "image/png"),
        "chapters/c.gif": ("gif", "image/gif"),
    }
    assert [one.code for one in faults] == ["image-format"]
    with Image.open(io.BytesIO(ready["chapters/a.svg"][1])) as drawn:
        assert drawn.info["dpi"] == pytest.approx((300, 300), abs=1)
    kept = list((tmp_path / "images").iterdir())
    assert len(kept) == 1
    again, _ = images.for_docx({"chapters/c.gif": given_images["chapters/c.gif"]}, tmp_path)
    assert list(again) == ["chapters/c.gif"]
    assert not kept[0].exists()
