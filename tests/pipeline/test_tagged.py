"""A PDF with tags: what is said where TeX can make none, and what veraPDF says where it can."""

from __future__ import annotations

import shutil
from pathlib import Path

import pikepdf
import pytest

from geppetto import packages, verapdf
from geppetto.latex import finish, tagging
from geppetto.pipeline.building import build
from geppetto.pipeline.edition import TAGGED, WORK, Request

pytestmark = pytest.mark.tools
BOOK = Path(__file__).parents[1] / "books" / "tagged"
HERE = packages.texlive()[1] or 0
older = pytest.mark.skipif(HERE >= tagging.YEAR, reason=f"TeX Live {HERE} can tag a PDF")
newer = pytest.mark.skipif(
    HERE < tagging.YEAR,
    reason=f"TeX Live {HERE} cannot tag a PDF; see setup/tagged.sh",
)
checked = pytest.mark.skipif(not verapdf.available(), reason="no veraPDF: sh setup/verapdf.sh")
SMALL = {
    "chapters/1.md": "# One\n\nWords, $a^2$, a note.[^1]\n\n[^1]: The note.\n",
    "book.yaml": "title: A Small Book\ndate: 2026-01-02\n",
}


def made(root, **options):
    return build(Request(root, ("pdf",), **options), lambda _: None)


@older
def test_an_older_tex_makes_the_pdf_that_it_always_made(make_book):
    root = make_book(SMALL)
    plain = made(root).artifacts[0].path.read_bytes()
    outcome = made(root, tagged=True)
    assert "pdf-untagged" in {d.code for d in outcome.diagnostics}
    assert plain == outcome.artifacts[0].path.read_bytes()
    assert not (root / "build" / TAGGED).exists()


def test_who_wants_no_tags_gets_none_and_no_word_of_them(make_book):
    root = make_book({**SMALL, "book.yaml": SMALL["book.yaml"] + "pdf:\n  standard: none\n"})
    outcome = made(root, tagged=True)
    assert "pdf-untagged" not in {d.code for d in outcome.diagnostics}
    assert finish.standard(outcome.artifacts[0].path) == ""


def test_tags_are_an_option_of_the_build(make_book):
    """A PDF that stands without them is not taken for one that has them."""
    root = make_book(SMALL)
    made(root)
    again = made(root, tagged=True)
    assert "pdf: the options of the build changed" in again.reasons


@newer
def test_a_tagged_build_leaves_the_other_as_it_stands(make_book):
    root = make_book(SMALL)
    plain = made(root).artifacts[0].path.read_bytes()
    work = root / "build" / WORK
    before = {path.name: path.read_bytes() for path in work.glob("book.*")}
    outcome = made(root, tagged=True)
    assert finish.standard(outcome.artifacts[0].path) == "ua-2"
    assert before == {path.name: path.read_bytes() for path in work.glob("book.*")}
    assert (root / "build" / TAGGED / "book.pdf").is_file()
    assert plain == made(root).artifacts[0].path.read_bytes()


@newer
def test_the_same_book_elsewhere_has_the_same_bytes(make_book, tmp_path):
    root = make_book(SMALL)
    other = tmp_path / "an other place"
    shutil.copytree(root, other)
    one, two = (made(place, tagged=True).artifacts[0].path for place in (root, other))
    assert one.read_bytes() == two.read_bytes()


@newer
@checked
@pytest.mark.parametrize("standard", ["ua-2", "ua-1"])
def test_every_construct_conforms(tmp_path, standard):
    root = Path(shutil.copytree(BOOK, tmp_path / "book"))
    with (root / "book.yaml").open("a") as settings:
        settings.write(f"pdf:\n  standard: {standard}\n")
    outcome = made(root, tagged=True)
    warned = [d for d in outcome.diagnostics if d.code == "latex-warning"]
    assert warned == []
    file = outcome.artifacts[0].path
    for flavour in verapdf.FLAVOURS[standard]:
        assert verapdf.check(file, flavour) == []
    assert {"H1", "H2", "L", "LI", "Table", "TR", "TH", "TD", "Figure", "Caption", "Formula",
            "FENote", "BlockQuote", "Code", "Link", "TOC", "TOCI", "Lbl"} <= roles(file) | (
        {"FENote"} if standard == "ua-1" else set()
    )  # fmt: skip


def roles(file):
    """Give the standard roles of all that is tagged (ISO 32000-2, 14.7.3 and 14.8.6)."""
    with pikepdf.open(file) as document:
        root = document.Root.StructTreeRoot
        return {_standard(one, root) for one in document.objects if _is_element(one)}


def _is_element(one):
    return isinstance(one, pikepdf.Dictionary) and one.get("/Type") == pikepdf.Name.StructElem


def _standard(one, root):
    """Follow the maps of roles, of the namespace that it names or of the tree."""
    name, space = one.S, one.get("/NS")
    for _ in range(8):
        mapped = (
            space.get("/RoleMapNS", {}) if space is not None else root.get("/RoleMap", {})
        ).get(name)
        if mapped is None:
            break
        name, space = (
            (mapped[0], mapped[1]) if isinstance(mapped, pikepdf.Array) else (mapped, None)
        )
    return str(name)[1:]
