from __future__ import annotations

import time
from dataclasses import replace

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geppetto import tools
from geppetto.diagnostics import ExitCode, GeppettoError
from geppetto.latex import finish
from geppetto.latex.finish import PdfInfo
from geppetto.model.settings import Settings

EPOCH = 1_700_000_000
INFO = PdfInfo(
    "A “Real” Boy",
    ("Ann B", "Çem Ö"),
    ("Ill",),
    "en-GB",
    "What it is.",
    ("Mind", "AI"),
    ("machines",),
    "Press",
    "© 2026",
    ("urn:isbn:978-3-16-148410-0", "doi:10.1/x"),
    EPOCH,
)


def typeset(path, banner="This is LuaHBTeX"):
    """A PDF such as TeX leaves: a banner, the hour, a file's path, an identifier by chance."""
    with pikepdf.Pdf.new() as document:
        document.add_blank_page()
        document.add_blank_page()
        picture = pikepdf.Dictionary({"/PTEX.FileName": pikepdf.String(str(path))})
        document.pages[0].obj["/Extra"] = document.make_indirect(picture)
        document.docinfo["/PTEX.Fullbanner"] = banner
        document.docinfo["/CreationDate"] = time.strftime("D:%Y%m%d%H%M%S")
        document.save(path)
    return path


def test_the_pdf_says_what_the_book_is(tmp_path):
    out = tmp_path / "out.pdf"
    assert finish.finish(typeset(tmp_path / "in.pdf"), out, INFO) == 2
    with pikepdf.open(out) as document:
        information = {key: str(value) for key, value in document.docinfo.items()}
        assert information == {
            "/Title": "A “Real” Boy",
            "/Author": "Ann B; Çem Ö",
            "/Subject": "What it is.",
            "/Keywords": "machines, Mind, AI",
            "/Creator": finish.CREATOR,
            "/Producer": "LuaLaTeX and pikepdf",
            "/CreationDate": "D:20231114221320Z",
            "/ModDate": "D:20231114221320Z",
        }
        assert str(document.Root.Lang) == "en-GB"
        assert document.Root.ViewerPreferences.DisplayDocTitle is True
        with document.open_metadata() as xmp:
            assert xmp["dc:title"] == "A “Real” Boy"
            assert xmp["dc:creator"] == ["Ann B", "Çem Ö"]
            assert xmp["dc:language"] == {"en-GB"}
            assert xmp["dc:rights"] == "© 2026"
            assert xmp["dc:identifier"] == "urn:isbn:978-3-16-148410-0"
            assert xmp["xmp:CreateDate"] == "2023-11-14T22:13:20Z"


def test_another_day_and_folder_give_the_same_bytes(tmp_path):
    made = []
    for name in ("one", "another"):
        folder = tmp_path / name
        folder.mkdir()
        source = typeset(folder / f"{name}.pdf", banner=name)
        finish.finish(source, folder / "out.pdf", INFO)
        made.append((folder / "out.pdf").read_bytes())
        time.sleep(1.1)
    assert made[0] == made[1]
    assert b"PTEX" not in made[0]


def test_other_content_has_another_identifier(tmp_path):
    source = typeset(tmp_path / "in.pdf")
    for name, info in (("a", INFO), ("b", PdfInfo("Other"))):
        finish.finish(source, tmp_path / name, info)
    with pikepdf.open(tmp_path / "a") as a, pikepdf.open(tmp_path / "b") as b:
        assert bytes(a.trailer.ID[1]) != bytes(b.trailer.ID[1])


@pytest.mark.parametrize(
    ("standard", "ua", "a"),
    [("ua-2", ("2", "2024"), ("4", "2020", "F")), ("ua-1", ("1", None), ())],
)
def test_a_tagged_pdf_names_its_standard(tmp_path, standard, ua, a):
    """ISO 14289, clause 5; ISO 19005-4, 6.7.3."""
    out = tmp_path / "out.pdf"
    finish.finish(typeset(tmp_path / "in.pdf"), out, replace(INFO, standard=standard))
    with pikepdf.open(out) as document, document.open_metadata() as xmp:
        assert ua == (xmp["pdfuaid:part"], xmp.get("pdfuaid:rev"))
        found = tuple(xmp[f"pdfaid:{key}"] for key in ("part", "rev", "conformance") if a)
        assert a == found
        assert "pdfaid:part" not in xmp or a
        assert xmp["dc:title"] == INFO.title
    assert standard == finish.standard(out)


def test_a_pdf_for_the_archive_has_no_information_dictionary(tmp_path):
    """ISO 19005-4, 6.1.3; one that is PDF/UA-1 alone may have it."""
    for standard in ("ua-2", "ua-1"):
        out = tmp_path / f"{standard}.pdf"
        finish.finish(typeset(tmp_path / "in.pdf"), out, replace(INFO, standard=standard))
        with pikepdf.open(out) as document:
            assert ("/Info" in document.trailer) == (standard == "ua-1")


def test_a_pdf_without_tags_names_no_standard(tmp_path):
    out = tmp_path / "out.pdf"
    finish.finish(typeset(tmp_path / "in.pdf"), out, INFO)
    assert finish.standard(out) == ""
    assert b"pdfuaid" not in out.read_bytes()
    (tmp_path / "bad.pdf").write_bytes(b"no PDF")
    with pytest.raises(GeppettoError):
        finish.standard(tmp_path / "bad.pdf")


def test_tags_are_kept(tmp_path):
    """The tree, what says that there is one, and files that belong to a formula."""
    source = typeset(tmp_path / "in.pdf")
    with pikepdf.open(source, allow_overwriting_input=True) as document:
        root = document.Root
        root.MarkInfo = pikepdf.Dictionary(Marked=True)
        root.StructTreeRoot = document.make_indirect(pikepdf.Dictionary(K=pikepdf.Array()))
        root.AF = pikepdf.Array(
            [document.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Filespec))]
        )
        document.save(source)
    finish.finish(source, tmp_path / "out.pdf", replace(INFO, standard="ua-2"))
    with pikepdf.open(tmp_path / "out.pdf") as document:
        assert document.Root.MarkInfo.Marked is True
        assert "/K" in document.Root.StructTreeRoot
        assert len(document.Root.AF) == 1
        assert str(document.Root.Lang) == "en-GB"


@pytest.mark.tools
def test_the_pdf_is_sound(tmp_path):
    out = tmp_path / "out.pdf"
    finish.finish(typeset(tmp_path / "in.pdf"), out, INFO)
    checked = tools.ask(["qpdf", "--check", out])
    assert checked.returncode == 0, checked.stdout.decode()


def test_a_broken_pdf_is_the_machinery_s_fault(tmp_path):
    (tmp_path / "in.pdf").write_bytes(b"%PDF-1.5 cut off")
    with pytest.raises(GeppettoError) as caught:
        finish.finish(tmp_path / "in.pdf", tmp_path / "out.pdf", INFO)
    assert caught.value.exit_code is ExitCode.MACHINERY


def test_a_book_without_author_has_none_in_its_pdf(tmp_path):
    finish.finish(typeset(tmp_path / "in.pdf"), tmp_path / "out.pdf", PdfInfo("T"))
    with pikepdf.open(tmp_path / "out.pdf") as document:
        assert "/Author" not in document.docinfo


def test_a_word_is_a_keyword_once(tmp_path):
    """Whatever its capitals: the keywords' spelling and order come first."""
    info = PdfInfo("T", keywords=("dreams", "self"), subjects=("Self", "Puppets"))
    finish.finish(typeset(tmp_path / "in.pdf"), tmp_path / "out.pdf", info)
    with pikepdf.open(tmp_path / "out.pdf") as document:
        assert str(document.docinfo["/Keywords"]) == "dreams, self, Puppets"


def test_the_settings_say_who_made_the_book():
    settings = Settings.model_validate(
        {
            "title": "T",
            "subtitle": "S",
            "author": ["A", {"name": "E", "role": "editor"}, {"name": "I", "role": "illustrator"}],
            "identifier": {"isbn-13": "978-3-16-148410-0", "doi": "10.1/x"},
        }
    )
    info = finish.info_from(settings, EPOCH)
    assert (info.title, info.authors, info.contributors) == ("T: S", ("A", "E"), ("I",))
    assert info.identifiers == ("urn:isbn:978-3-16-148410-0", "doi:10.1/x")


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return typeset(tmp_path_factory.mktemp("finish") / "in.pdf")


@given(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
    st.text(st.characters(exclude_categories=["Cs"])),
)
def test_any_title_and_author_are_kept(source, title, author):
    out = source.with_name("out.pdf")
    finish.finish(source, out, PdfInfo(title, (author,)))
    with pikepdf.open(out) as document:
        assert str(document.docinfo["/Title"]) == title
