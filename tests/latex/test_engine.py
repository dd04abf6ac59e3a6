from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from geppetto import tools
from geppetto.diagnostics import ExitCode, GeppettoError
from geppetto.latex import engine, fontcache

MASTER = r"""\documentclass{book}
\pdfvariable trailerid{[<00><00>]}
\begin{document}
\tableofcontents
\include{parts/one}
\include{parts/two}
\end{document}
"""
BOOK = {
    "book.tex": MASTER,
    "parts/one.tex": "\\chapter{One}\nWords of one.\n",
    "parts/two.tex": "\\chapter{Two}\nWords of two, see \\ref{x}.\\label{x}\n",
}
IN_TWO_SERIES = MASTER.replace("\\tableofcontents", "\\frontmatter\\tableofcontents\\mainmatter")
EPOCH = 1_700_000_000


def typeset(files, work, **options):
    return engine.typeset(files, work, jobname="book", epoch=EPOCH, **options)


def fake_lualatex(folder: Path, script: str, version: str = "1.15.0") -> Path:
    """A program by the name of lualatex, for what the real one does not do at will."""
    folder.mkdir()
    program = folder / "lualatex"
    program.write_text(
        "#!/bin/sh\n"
        f'[ "$1" = --version ] && echo "This is LuaHBTeX, Version {version} (TeX Live)" && exit\n'
        f"{script}\n"
    )
    program.chmod(0o755)
    return folder


@pytest.mark.tools
def test_a_book_is_typeset_until_its_contents_have_settled(tmp_path):
    told = []
    run = typeset(BOOK, tmp_path, on_pass=told.append)
    assert (run.ok, run.settled, run.passes, run.pages) == (True, True, 2, 5)
    assert [step.name for step in told] == ["pass 1", "pass 2"]
    assert run.pdf == tmp_path / "book.pdf"
    assert "Output written on book.pdf" in run.log
    assert run.diagnostics == ()


@pytest.mark.tools
def test_what_no_pass_reads_does_not_ask_for_another(tmp_path, monkeypatch):
    """Contents of several pages move all sheets, but none of the folios that they print."""
    sections = "".join(f"\\section{{Of {n}}}\nWords.\n" for n in range(120))
    book = {**BOOK, "book.tex": IN_TWO_SERIES, "parts/one.tex": "\\chapter{One}\n" + sections}
    run = typeset(book, tmp_path / "one")
    monkeypatch.setattr(engine, "_READS_ALL", re.compile(rb""))
    more = typeset(book, tmp_path / "other")
    assert (run.settled, run.passes, more.passes) == (True, 2, 3)
    assert run.pdf.read_bytes() == more.pdf.read_bytes()


@pytest.mark.tools
def test_a_book_that_prints_how_many_pages_it_has_is_set_until_that_has_settled(tmp_path):
    sections = "".join(f"\\section{{Of {n}}}\nWords.\n" for n in range(120))
    two = "\\chapter{Two}\nThis book has \\PreviousTotalPages\\ pages.\n"
    book = {
        **BOOK,
        "book.tex": IN_TWO_SERIES,
        "parts/one.tex": "\\chapter{One}\n" + sections,
        "parts/two.tex": two,
    }
    run = typeset(book, tmp_path)
    assert (run.settled, run.passes) == (True, 3)


@pytest.mark.tools
def test_nothing_changed_runs_nothing_and_an_edited_word_runs_once(tmp_path):
    first = typeset(BOOK, tmp_path)
    again = typeset(BOOK, tmp_path)
    assert (again.passes, again.pages, again.pdf) == (0, first.pages, first.pdf)
    edited = {**BOOK, "parts/one.tex": "\\chapter{One}\nOther words of one.\n"}
    assert typeset(edited, tmp_path).passes == 1


@pytest.mark.tools
def test_a_warm_start_gives_the_bytes_of_a_clean_one(tmp_path):
    """An added chapter shifts the contents: old auxiliary files must leave no trace."""
    edited = {**BOOK, "parts/one.tex": "\\chapter{One}\n" + "Much more.\\newpage\n" * 9}
    typeset(BOOK, tmp_path / "warm")
    warm = typeset(edited, tmp_path / "warm")
    clean = typeset(edited, tmp_path / "elsewhere" / "clean")
    assert warm.pdf.read_bytes() == clean.pdf.read_bytes()


@pytest.mark.tools
def test_a_part_that_left_the_book_leaves_the_folder(tmp_path):
    typeset(BOOK, tmp_path)
    shorter = {
        "book.tex": MASTER.replace("\\include{parts/two}\n", ""),
        "parts/one.tex": BOOK["parts/one.tex"],
    }
    run = typeset(shorter, tmp_path)
    assert run.settled
    assert sorted(p.name for p in (tmp_path / "parts").iterdir()) == ["one.aux", "one.tex"]


@pytest.mark.tools
def test_a_file_that_tex_read_from_elsewhere_is_noticed_when_it_changes(tmp_path):
    book = {"book.tex": "\\documentclass{book}\\begin{document}\\input{side}\\end{document}"}
    (tmp_path / "side.tex").write_text("One.")
    assert typeset(book, tmp_path).passes == 2
    assert typeset(book, tmp_path).passes == 0
    (tmp_path / "side.tex").write_text("Another.")
    assert typeset(book, tmp_path).passes == 1


@pytest.mark.tools
def test_an_error_ends_the_passes_and_the_log_has_it(tmp_path):
    broken = {**BOOK, "parts/two.tex": "\\chapter{Two}\n\\undefinedthing\nand \\otherthing.\n"}
    run = typeset(broken, tmp_path)
    assert (run.ok, run.passes) == (False, 1)
    assert "parts/two.tex:2: Undefined control sequence" in run.log
    assert "parts/two.tex:3: Undefined control sequence" in run.log
    assert typeset(BOOK, tmp_path).ok


@pytest.mark.tools
def test_pages_are_made_despite_errors_when_asked(tmp_path):
    broken = {**BOOK, "parts/two.tex": "\\chapter{Two}\n\\undefinedthing\n"}
    run = typeset(broken, tmp_path, despite_errors=True)
    assert (run.ok, run.settled, run.passes) == (False, True, 2)
    assert run.pdf is not None


@pytest.mark.tools
def test_broken_auxiliary_files_of_an_earlier_build_do_no_harm(tmp_path):
    typeset(BOOK, tmp_path)
    (tmp_path / "book.aux").write_text("\\brokenmacro{")
    edited = {**BOOK, "parts/one.tex": "\\chapter{One}\nOther.\n"}
    run = typeset(edited, tmp_path)
    assert run.ok
    assert run.settled


@pytest.mark.tools
def test_page_numbers_that_never_settle_are_said(tmp_path):
    restless = {
        "book.tex": r"""\documentclass{book}\begin{document}
\makeatletter
\@ifundefined{flip}{\def\next{1}}{\ifnum\flip=1 \def\next{0}\else\def\next{1}\fi}
\immediate\write\@auxout{\gdef\string\flip{\next}}x\end{document}"""
    }
    run = typeset(restless, tmp_path)
    assert (run.ok, run.settled, run.passes) == (True, False, engine.MAX_PASSES)
    assert [d.code for d in run.diagnostics] == ["latex-unsettled"]


@pytest.mark.tools
def test_a_text_without_end_is_stopped_by_the_limit(tmp_path):
    loop = {"book.tex": "\\documentclass{book}\\begin{document}\\loop\\iftrue\\repeat"}
    with pytest.raises(GeppettoError) as caught:
        typeset(loop, tmp_path, limits=tools.Limits(seconds=2.5))
    assert caught.value.exit_code is ExitCode.MACHINERY
    assert caught.value.diagnostics[0].code == "tool-timeout"
    assert "2.5 seconds" in caught.value.diagnostics[0].message


@pytest.mark.tools
def test_a_home_that_cannot_be_written_is_no_obstacle(tmp_path, monkeypatch):
    """The font cache goes under the work folder when TeX's own place is closed."""
    monkeypatch.setattr(fontcache, "_tex_can_write", lambda: False)
    master = "\\documentclass{book}\\usepackage{fontspec}\\begin{document}x\\end{document}"
    run = typeset({"book.tex": master}, tmp_path)
    assert run.ok
    assert (tmp_path / "texmf-var").is_dir()


def test_without_lualatex_the_build_ends_with_its_remedy(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GeppettoError) as caught:
        typeset(BOOK, tmp_path)
    assert caught.value.exit_code is ExitCode.TOOL
    assert caught.value.diagnostics[0].code == "tool-missing"
    assert "geppetto doctor" in caught.value.diagnostics[0].hint


def test_a_lualatex_from_before_2022_is_refused(tmp_path, monkeypatch):
    old = fake_lualatex(tmp_path / "bin", "exit 1", version="1.13.2")
    monkeypatch.setenv("PATH", f"{old}:{os.environ['PATH']}")
    with pytest.raises(GeppettoError) as caught:
        typeset(BOOK, tmp_path)
    assert caught.value.exit_code is ExitCode.TOOL
    assert caught.value.diagnostics[0].code == "tool-old"


def test_a_killed_lualatex_says_where_it_was(tmp_path, monkeypatch):
    killed = fake_lualatex(tmp_path / "bin", "echo '(./book.tex (./parts/one.tex'; kill -9 $$")
    monkeypatch.setenv("PATH", f"{killed}:{os.environ['PATH']}")
    with pytest.raises(GeppettoError) as caught:
        typeset(BOOK, tmp_path / "work")
    assert caught.value.exit_code is ExitCode.MACHINERY
    assert str(caught.value.diagnostics[0].location) == "parts/one.tex"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"see page~\\pageref{a}", True),
        (b"\\vref{a}", True),
        (b"\\ref{a} and \\pagerefs", False),
    ],
)
def test_only_page_numbers_in_the_text_ask_for_a_clean_start(content, expected):
    assert engine._depends_on_pages({"a.tex": content}) is expected


def test_a_folder_is_writable_if_the_nearest_one_that_stands_is(tmp_path):
    assert fontcache._is_writable(tmp_path / "not" / "there")
    (tmp_path / "file").write_text("")
    assert not fontcache._is_writable(tmp_path / "file" / "below")


@pytest.mark.tools
def test_a_link_that_luas_files_make_is_removed_and_said(tmp_path):
    """Through a link what Geppetto writes next would land elsewhere."""
    (tmp_path / "elsewhere").mkdir()
    lua = f'\\directlua{{lfs.link("{tmp_path}/elsewhere", "parts/there", true)}}'
    files = {**BOOK, "parts/one.tex": f"\\chapter{{One}}{lua}\n"}
    with pytest.raises(GeppettoError) as caught:
        typeset(files, tmp_path / "work")
    assert [d.code for d in caught.value.diagnostics] == ["latex-link"]
    assert "parts/there" in caught.value.diagnostics[0].message
    assert not (tmp_path / "work/parts/there").is_symlink()
