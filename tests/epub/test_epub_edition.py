"""Whole EPUBs, with Pandoc, rsvg-convert and EPUBCheck."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from geppetto import ast, pandoc
from geppetto.diagnostics import GeppettoError
from geppetto.epub import check, cover, edition
from geppetto.model.book import Role
from geppetto.pipeline.epub import draw
from geppetto.store.shelf import NOTHING, Shelf

pytestmark = pytest.mark.tools
FIXTURES = Path(__file__).parent / "fixtures"
GOLDEN = Path(__file__).parent / "golden"
SETTINGS = {
    "title": "A & <Book>",
    "subtitle": "Of Constructs",
    "author": ["Ada L", {"name": "Ed", "role": "editor", "orcid": "0000-0002-1825-0097"}],
    "lang": "en-GB",
    "date": "2026-01-01",
    "publisher": "P & Q",
    "rights": "© X",
    "description": "Everything at once.",
    "subject": ["tests"],
    "identifier": {"isbn-13": "978-0-306-40615-7", "doi": "10.1000/x"},
}


def _figures_keyed(node):
    """Put an implicit figure's keys on the figure, as the resolved book has them."""
    if node["t"] != "Figure":
        return None
    inner = [n for n in ast.nodes(node["c"][2]) if n["t"] == "Image"]
    pairs = [p for p in inner[0]["c"][0][2] if p[0] in {"label", "number"}] if inner else []
    attributes = [*node["c"][0][:2], node["c"][0][2] + pairs]
    return {"t": "Figure", "c": [attributes, *node["c"][1:]]}


@pytest.fixture
def stress(tmp_path, markdown, make_document, make_resolved):
    """A book with every construct, and raw HTML of every careless kind."""
    (tmp_path / "img").mkdir()
    Image.new("RGB", (4, 4), "red").save(tmp_path / "img/dot.png")
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9"/></svg>'
    (tmp_path / "img/drawing.svg").write_text(drawing)
    texts = {name: (FIXTURES / f"{name}.md").read_text() for name in ("stress", "raw")}
    entry = ast.div([ast.para(ast.text("Ha, D. 2018."))], ast.attr("ref-ha", ["csl-entry"]))
    references = [
        {"t": "Header", "c": [1, ast.attr("bibliography", ["unnumbered"]), ast.text("Sources")]},
        ast.div([entry], ast.attr("refs", ["references", "csl-bib-body", "hanging-indent"])),
    ]
    keyed = ast.rewrite(markdown(texts["stress"]), _figures_keyed)
    documents = [
        make_document("preface", markdown("# Preface {.unnumbered}\n\nText.\n"), role=Role.FRONT),
        make_document("stress", keyed, number="1", part="Part <One>", text=texts["stress"]),
        make_document("raw", markdown(texts["raw"]), number="2", text=texts["raw"]),
        make_document(
            "more", markdown("# More {number=A}\n\nText.\n"), role=Role.APPENDIX, number="A"
        ),
        make_document("sources", references, role=Role.BACK),
    ]
    images = {name: tmp_path / name for name in ("img/dot.png", "img/drawing.svg")}
    return make_resolved(tmp_path, documents, images, **SETTINGS)


@pytest.fixture
def built(stress, tmp_path):
    """The stress book's archive and diagnostics."""
    return _build(stress, tmp_path / "work")


def _build(resolved, folder, shelf=NOTHING):
    return edition.build(
        resolved, epoch=1700000000, front=draw(resolved.book, folder, shelf), shelf=shelf
    )


def _read(data, name):
    return zipfile.ZipFile(io.BytesIO(data)).read(f"EPUB/{name}").decode()


def test_stress_book_passes_epubcheck(built, tmp_path):
    """EPUBCheck has nothing to say, usage messages included."""
    if not check.available():
        pytest.skip("no Java or no EPUBCheck")
    path = tmp_path / "stress.epub"
    path.write_bytes(built[0])
    assert check.check(path) == []


def test_epubcheck_is_heard(tmp_path):
    """A broken file is not passed over."""
    if not check.available():
        pytest.skip("no Java or no EPUBCheck")
    path = tmp_path / "broken.epub"
    path.write_bytes(b"no archive")
    assert any(d.is_error for d in check.check(path))


@pytest.mark.parametrize(
    "name", ["text/stress.xhtml", "text/raw.xhtml", "nav.xhtml", "content.opf"]
)
def test_pages_are_as_they_were_looked_at(built, golden, name):
    """The pages' markup changes only on purpose."""
    golden(GOLDEN / Path(name).name, _read(built[0], name))


def test_same_book_gives_same_bytes(stress, built, tmp_path):
    """Another folder to work in changes nothing."""
    again, _ = _build(stress, tmp_path / "other")
    assert again == built[0]


def test_pages_on_the_shelf_are_not_written_again(stress, built, tmp_path, monkeypatch):
    documents = tuple(replace(d, made_from=f"tree {d.slug}") for d in stress.documents)
    named = replace(stress, documents=documents)
    shelf = Shelf(tmp_path / "shelf")
    assert _build(named, tmp_path / "work", shelf) == built
    asked = []
    write = pandoc.write
    monkeypatch.setattr(pandoc, "write", lambda d, *a, **k: asked.append([*d]) or write(d, *a, **k))
    monkeypatch.setattr(cover, "_drawn", lambda *_: pytest.fail("the cover was drawn again"))
    assert _build(named, tmp_path / "work", shelf) == built
    edited = [replace(d, made_from="another") if d.slug == "more" else d for d in documents]
    _build(replace(named, documents=tuple(edited)), tmp_path / "work", shelf)
    assert asked == [[], ["more"]]


def test_removed_html_is_named_with_its_line(built):
    """Each element left out is a warning that leads to its place."""
    said = {
        (d.message.split(">")[0] + ">", str(d.location))
        for d in built[1]
        if d.code == "html-removed"
    }
    assert ("The element <script>", "chapters/raw.md:13:1") in said
    assert ("The attribute onclick of <div>", "chapters/raw.md:11:6") in said


def test_cover_is_a_jpeg_of_the_size_that_stores_ask_for(built):
    """1600 by 2560 pixels, RGB."""
    data = zipfile.ZipFile(io.BytesIO(built[0])).read("EPUB/cover.jpg")
    with Image.open(io.BytesIO(data)) as image:
        assert (image.format, image.size, image.mode) == ("JPEG", (1600, 2560), "RGB")


def test_a_given_cover_is_taken_as_it_is(tmp_path, markdown, make_document, make_resolved):
    """An author's JPEG reaches the package byte for byte."""
    Image.new("RGB", (64, 96), "navy").save(tmp_path / "front.jpg")
    book = make_resolved(
        tmp_path, [make_document("a", markdown("# A\n\nx\n"))], epub={"cover": "front.jpg"}
    )
    data, _ = _build(book, tmp_path / "work")
    packed = zipfile.ZipFile(io.BytesIO(data)).read("EPUB/cover.jpg")
    assert packed == (tmp_path / "front.jpg").read_bytes()


def test_a_missing_cover_is_an_error(tmp_path, make_document, make_resolved):
    """A cover that book.yaml names must be there."""
    heading = {"t": "Header", "c": [1, ast.attr("a"), ast.text("A")]}
    book = make_resolved(tmp_path, [make_document("a", [heading])], epub={"cover": "no.jpg"})
    with pytest.raises(GeppettoError) as caught:
        _build(book, tmp_path / "work")
    assert [d.code for d in caught.value.diagnostics] == ["image-missing"]


def test_an_added_stylesheet_brings_its_files(tmp_path, markdown, make_document, make_resolved):
    """`epub: css:` is packed with the fonts and images it names."""
    Image.new("RGB", (2, 2)).save(tmp_path / "paper.png")
    (tmp_path / "my.css").write_text("body { background-image: url(paper.png) }")
    book = make_resolved(
        tmp_path, [make_document("a", markdown("# A\n\nx\n"))], epub={"css": "my.css"}
    )
    data, _ = _build(book, tmp_path / "work")
    names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    [packed] = [n for n in names if n.startswith("EPUB/css/") and n.endswith(".png")]
    assert f'url("{Path(packed).name}")' in _read(data, "css/book.css")
