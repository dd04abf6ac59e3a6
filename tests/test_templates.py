"""Templates: their delimiters, their escapes, a book's own partials, and their faults."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from geppetto.diagnostics import GeppettoError
from geppetto.installed import template_root
from geppetto.templates import (
    Tex,
    latex_environment,
    own_environment,
    render,
    tex,
    xml,
    xml_environment,
)


@pytest.fixture
def book(tmp_path):
    (tmp_path / "templates" / "latex").mkdir(parents=True)
    return tmp_path


def _put(book, name, text):
    (book / "templates" / "latex" / name).write_text(text, encoding="utf-8")


def _fault(book, name, **values):
    with pytest.raises(GeppettoError) as caught:
        render(latex_environment(book), name, **values)
    return caught.value.diagnostics[0]


def test_latex_delimiters_and_escapes(book):
    """Values are escaped unless they are LaTeX already; comments go; the last newline stays."""
    _put(
        book,
        "own.tex",
        "%% if yes\n\\VAR{title} \\VAR{ready}\\#{gone}\n%% endif\n%# gone\n% \\BLOCK{if no}x\\BLOCK{endif}stays\n",
    )
    values = {"yes": True, "no": False, "title": "50% & $1_{x}", "ready": Tex(r"\emph{x}")}
    made = render(latex_environment(book), "own.tex", **values)
    assert made == "50\\% \\& \\$1\\_\\{x\\} \\emph{x}\n% stays\n"


def test_filter_escapes_once(book):
    """The filter `tex` and the escape that every value gets do not add up."""
    _put(book, "own.tex", r"\VAR{title|tex}")
    assert render(latex_environment(book), "own.tex", title="a_b") == r"a\_b"


@given(st.text())
@example("a🌀b")
@example("#️⃣")
def test_escaped_text_has_no_command_of_its_own(text):
    """After its own escapes are taken away, nothing special to TeX is left."""
    bare = re.sub(r"\\emoji\{[^{}#]*(?:\\#)?[^{}#]*\}\{[0-9A-F]+\}", "", tex(text))
    for command in (
        "backslash",
        "asciicircum",
        "asciitilde",
        "asciigrave",
        "quotesingle",
        "quotedbl",
    ):
        bare = bare.replace(f"\\text{command}{{}}", "")
    for escape in (r"\hspace{0pt}", r"\{", r"\}", r"\$", r"\&", r"\#", r"\%", r"\_", r"\-", r"\/"):
        bare = bare.replace(escape, "")
    assert not set(bare) & set("\\{}$&#%_^`'\"\n\t\x00")


def test_ligatures_are_parted():
    """Two characters that the font would join are kept apart; one alone is left as it is."""
    assert tex("a--b") == r"a-\/-b"
    assert tex("a-b, c") == "a-b, c"
    assert tex(",,<<>>") == r",\/,<\/<>\/>"


def test_control_characters_are_dropped():
    """What XML and print cannot hold is dropped; newlines become blanks in LaTeX."""
    assert tex("a\x00\x1b\nb\ud800\ufffe") == "a b"
    assert xml("a\x00\nb\x9f\U0001ffff") == "a\nb"


def test_book_overrides_one_partial(book):
    """A partial in the book's folder stands for Geppetto's of that name, and only for it."""
    _put(book, "notes.tex", "own")
    environment = latex_environment(book)
    assert environment.get_template("notes.tex").render() == "own"
    shipped = (template_root() / "latex" / "links.tex").read_text(encoding="utf-8")
    assert environment.loader.get_source(environment, "links.tex")[0] == shipped


def test_undefined_name_is_an_error_with_its_line(book):
    """A misspelt name stops the build, and the message says where it stands."""
    _put(book, "own.tex", "one\n\\VAR{titel}\n")
    found = _fault(book, "own.tex", title="x")
    assert (found.code, str(found.location)) == ("template-error", "templates/latex/own.tex:2")
    assert "titel" in found.message
    assert found.hint


def test_syntax_fault_is_an_error_with_its_line(book):
    """A template that cannot be read stops the build with its line."""
    _put(book, "own.tex", "one\ntwo\n%% if\n")
    found = _fault(book, "own.tex")
    assert (found.code, str(found.location)) == ("template-error", "templates/latex/own.tex:3")


def test_missing_include_is_an_error(book):
    """A partial that is not there is named."""
    _put(book, "own.tex", '%% include "nowhere.tex"\n')
    found = _fault(book, "own.tex")
    assert found.code == "template-missing"
    assert "nowhere.tex" in found.message


def test_link_out_of_the_templates_is_not_followed(book, tmp_path_factory):
    """A link in the book's templates gives no file of another folder."""
    secret = tmp_path_factory.mktemp("elsewhere") / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    (book / "templates" / "latex" / "own.tex").symlink_to(secret)
    assert _fault(book, "own.tex").code == "template-missing"


def test_the_previews_page_is_geppettos_alone(book, monkeypatch):
    """A book's own file is not looked at, wherever the command is run; values are escaped."""
    own = book / "templates" / "preview" / "page.html"
    own.parent.mkdir()
    own.write_text("the book's own {{ token }}", encoding="utf-8")
    monkeypatch.chdir(book)
    values = {"token": '"><script>'}
    made = render(own_environment(), "preview/page.html", **values)
    assert "the book's own" not in made
    assert "&#34;&gt;&lt;script&gt;" in made


def test_template_cannot_reach_into_python(book):
    """A template runs in a sandbox."""
    _put(book, "own.tex", r"\VAR{''.__class__.__mro__}")
    assert _fault(book, "own.tex").code == "template-error"


def test_xml_is_escaped(book):
    """Values in XML templates are escaped, and lose what XML cannot hold."""
    (book / "templates" / "epub").mkdir()
    (book / "templates" / "epub" / "own.xhtml").write_text("<p>{{ title }}</p>\n", "utf-8")
    made = render(xml_environment(book), "epub/own.xhtml", title="A & <b>\x00")
    assert made == "<p>A &amp; &lt;b&gt;</p>\n"
