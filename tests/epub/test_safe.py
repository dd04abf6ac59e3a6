"""The EPUB for Kindle: no MathML, no SVG, nothing see-through, and nothing lost."""

from __future__ import annotations

import io
import zipfile

import pytest
from lxml import etree
from PIL import Image

from geppetto import ast, stores
from geppetto.epub import check, edition, safe, shops
from geppetto.epub.characters import line
from geppetto.epub.package import Resource
from geppetto.epub.safe import Drawer
from geppetto.model.formulas import Drawn, Formula
from geppetto.pagemap.printed import Printed
from geppetto.verification import edition as finished

pytestmark = pytest.mark.tools
TEXT = r"""# Measures

Let $x^2$ be plain, $\frac{a}{b}$ a picture; and then:

$$\int_0^1 x\,dx$$

![A line.](a.svg){alt="A line."}

![A blur.](b.png){alt="A blur." width=50%}

```{=html}
<p><svg width="32" height="16"><title>A bar</title><path d="M0 0h9" stroke="#000"/></svg>
<math><mi>q</mi></math></p>
```
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="96" height="48"><path d="M0 9h90" stroke="red"/></svg>'


def _png():
    out = io.BytesIO()
    Image.new("L", (100, 60), 255).save(out, "PNG")
    return out.getvalue()


def _draw(formulas):
    return {one: Drawn(_png(), 2.0, 1.2, 0.3) for one in formulas}


@pytest.fixture
def book(tmp_path, markdown, make_document, make_resolved):
    """A book with a formula of each kind, drawings and a see-through picture."""
    (tmp_path / "a.svg").write_text(SVG)
    Image.new("RGBA", (8, 8), (0, 0, 255, 90)).save(tmp_path / "b.png")
    blocks = markdown(TEXT)
    images = {name: tmp_path / name for name in ("a.svg", "b.png")}
    author = {"title": "A Book", "author": "Ann Author", "lang": "en"}
    return make_resolved(tmp_path, [make_document("one", blocks, text=TEXT)], images, **author)


@pytest.fixture
def front():
    """A cover."""
    out = io.BytesIO()
    Image.new("RGB", (1600, 2560)).save(out, "JPEG")
    return Resource("cover.jpg", out.getvalue(), "image/jpeg", "cover-image")


def _made(book, front, path, *, kindle=True, asked=None):
    def draw(formulas):
        (asked if asked is not None else []).extend(formulas)
        return _draw(formulas)

    found = (n["c"][1] for d in book.documents for n in ast.nodes(list(d.blocks), {"Math"}))
    drawer = Drawer(draw, {line(one): one for one in found}) if kindle else None
    printed = (Printed("7", "Measures\nLet 𝑥2 be plain", True), Printed("8", "", False))
    data, _ = edition.build(book, epoch=0, front=front, printed=printed, drawer=drawer)
    path.write_bytes(data)
    return path


def _chapter(path):
    return zipfile.ZipFile(path).read("EPUB/text/one.xhtml").decode()


def test_formulas_are_text_or_pictures_and_drawings_are_pictures(book, front, tmp_path):
    """The TeX stays with both; only what text cannot say is drawn."""
    asked = []
    text = _chapter(_made(book, front, tmp_path / "k.epub", asked=asked))
    assert asked == [Formula(r"\frac{a}{b}", False), Formula(r"\int_0^1 x\,dx", True)]
    assert '<span class="formula" data-tex="x^2"><em>x</em><sup>2</sup></span>' in text
    tree = etree.fromstring(text.encode())
    drawn = [i for i in tree.iter("{*}img") if "formula" in (i.get("class") or "")]
    assert [i.get("alt") for i in drawn] == [r"\frac{a}{b}", r"\int_0^1 x\,dx"]
    assert drawn[0].get("style") == "width: 2.000em; height: 1.200em; vertical-align: -0.300em"
    assert drawn[1].get("class") == "formula display"
    others = {i.get("alt"): i.get("style") for i in tree.iter("{*}img") if i not in drawn}
    assert others == {
        "A line.": "width: 6.000em",
        "A blur.": "width: 50.0%",
        "A bar": "width: 2.000em",
    }
    assert '<span class="formula">q</span>' in text


def test_it_holds_nothing_that_kindle_does_not_show(book, front, tmp_path):
    """Nothing see-through, no SVG and no MathML, in the pages, the files and the manifest."""
    path = _made(book, front, tmp_path / "k.epub")
    plain = _made(book, front, tmp_path / "p.epub", kindle=False)
    assert safe.is_needed(plain)
    assert not safe.is_needed(path)
    kdp = [stores.every()["kdp"]]
    assert shops.examine(path, kdp) == []
    assert {d.code for d in shops.examine(plain, kdp)} == {"shop-kindle"}
    with zipfile.ZipFile(path) as archive:
        pictures = [n for n in archive.namelist() if n.startswith("EPUB/images/")]
        modes = {Image.open(io.BytesIO(archive.read(n))).mode for n in pictures}
        package = archive.read("EPUB/content.opf").decode()
    assert modes <= {"L", "RGB"}
    assert "svg" not in package
    assert "mathml" not in package
    assert ">describedMath<" in package
    assert ">MathML<" not in package


def test_verification_finds_every_formula_in_it(book, front, tmp_path):
    """As many, with the same TeX, as in the EPUB with MathML; pictures of formulas are no figures."""
    kindle = finished.read(_made(book, front, tmp_path / "k.epub"))
    plain = finished.read(_made(book, front, tmp_path / "p.epub", kindle=False))
    assert kindle.formulas is not None
    assert plain.formulas is not None
    written = {"x^2", r"\frac{a}{b}", r"\int_0^1x\,dx"}
    assert {f: n for f, n in kindle.formulas.items() if f in written} == dict.fromkeys(written, 1)
    assert set(plain.formulas) >= written
    assert kindle.alternatives is not None
    assert plain.alternatives is not None
    assert kindle.alternatives - plain.alternatives == {"abar": 1}
    assert kindle.pages[-1].text == plain.pages[-1].text.replace("abar", "")


def test_a_book_without_such_things_needs_no_second_file(
    tmp_path, markdown, make_document, make_resolved, front
):
    book = make_resolved(tmp_path, [make_document("one", markdown("# A\n\nWords.\n"))])
    plain = _made(book, front, tmp_path / "p.epub", kindle=False)
    assert not safe.is_needed(plain)


def test_it_passes_epubcheck_with_the_pages_of_print(book, front, tmp_path):
    """Nothing is said of it, usage messages included; it lists the pages."""
    if not check.available():
        pytest.skip("no Java or no EPUBCheck")
    path = _made(book, front, tmp_path / "k.epub")
    assert check.check(path) == []
    assert 'id="page-7" aria-label="7"' in _chapter(path)
    assert "text/one.xhtml#page-7" in zipfile.ZipFile(path).read("EPUB/nav.xhtml").decode()
