"""The chapters: their order, their text, their own YAML blocks."""

from __future__ import annotations

import json
import os
import time

import pypandoc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geppetto import config, files, manuscript, tools
from geppetto.model.book import ChapterMeta, Epigraph, Role
from geppetto.model.settings import Settings

ALPHABET = "-.:ab \n\t#[]{}&*!|>'\"%@`?,\\\x00\x0c\x85\u2028\ufeffé漢"


@pytest.fixture
def read(make_book):
    """Read the chapters of a book of these files; book.yaml may be among them."""

    def reading(texts):
        root = make_book(texts)
        configuration = config.load(root)
        return manuscript.read(root, configuration.settings, configuration.marks)

    return reading


@pytest.fixture
def one(read):
    """Read a book of one chapter; give the chapter and what is said."""

    def reading(text):
        [chapter], diagnostics = read({"chapters/a.md": text})
        return chapter, [(str(d.location), d.code, d.message) for d in diagnostics]

    return reading


def said(diagnostics):
    """Give places and codes."""
    return [(str(d.location), d.code) for d in diagnostics]


def test_natural_order_without_a_list(read):
    """2 comes before 10, capitals beside small letters; hidden and other files are passed by."""
    names = ["10-x", "2-x", "1-x", "B", "a", ".#1-x", "Éa", "_draft"]
    texts = {f"chapters/{n}.md": "text" for n in names} | {"chapters/notes.txt": "no"}
    chapters, diagnostics = read(texts)
    assert [c.path for c in chapters] == [
        f"chapters/{n}.md" for n in ("1-x", "2-x", "10-x", "a", "B", "Éa")
    ]
    assert diagnostics == []


def test_order_roles_and_parts(read):
    """Front matter, chapters with parts, appendices; a part opens before its first chapter."""
    yaml = (
        "title: a\nfrontmatter: [preface.md]\nappendices: [x/a.md]\nchapters:\n"
        "  - zero.md\n  - part: First\n    chapters: [one.md, two.md]\n"
        "  - part: Second\n    chapters: three.md\n"
    )
    names = ("preface", "x/a", "zero", "one", "two", "three")
    chapters, diagnostics = read({"book.yaml": yaml} | {f"{n}.md": "text" for n in names})
    assert [(c.path, c.role, c.part) for c in chapters] == [
        ("preface.md", Role.FRONT, None),
        ("zero.md", Role.MAIN, None),
        ("one.md", Role.MAIN, "First"),
        ("two.md", Role.MAIN, None),
        ("three.md", Role.MAIN, "Second"),
        ("x/a.md", Role.APPENDIX, None),
    ]
    assert diagnostics == []


def test_front_matter_in_the_folder_of_chapters(read):
    """A file that is listed as front matter or appendix is not a chapter as well."""
    yaml = "title: a\nfrontmatter: chapters/0.md\nappendices: chapters/9.md\n"
    chapters, _ = read({"book.yaml": yaml} | {f"chapters/{n}.md": "text" for n in (0, 1, 9)})
    assert [c.role for c in chapters] == [Role.FRONT, Role.MAIN, Role.APPENDIX]


def test_missing_chapter(read):
    """The place is that of its name in book.yaml, and the nearest file is suggested."""
    yaml = "title: a\nchapters:\n  - chapters/01-dreem.md\n"
    chapters, [missing, unlisted] = read({"book.yaml": yaml, "chapters/01-dream.md": "a"})
    assert chapters == ()
    assert (str(missing.location), missing.code) == ("book.yaml:3:5", "chapter-missing")
    assert missing.hint == "Did you mean 'chapters/01-dream.md'?"
    assert unlisted.code == "chapter-unlisted"


def test_no_suggestion_where_only_the_folder_is_alike(read):
    """Every chapter lies in chapters/: that makes no two of them alike."""
    yaml = "title: a\nchapters: [chapters/nix.md, dream.md]\n"
    _, diagnostics = read({"book.yaml": yaml, "chapters/03.md": "a", "chapters/dream.md": "b"})
    assert [d.hint for d in diagnostics[:2]] == [
        "Write the file, or take its line out of book.yaml.",
        "Did you mean 'chapters/dream.md'?",
    ]


def test_the_part_passes_to_the_next_chapter_where_its_first_is_missing(read):
    """A part's title is not lost with a missing file."""
    yaml = "title: a\nchapters:\n  - part: P\n    chapters: [no.md, b.md]\n"
    chapters, _ = read({"book.yaml": yaml, "b.md": "text"})
    assert chapters[0].part == "P"


@pytest.mark.parametrize("name", ["../x.md", "/etc/passwd", "a/../../x.md", "~/x.md", "C:\\x.md"])
def test_outside_the_folder(read, tmp_path, name):
    """No name leads out of the book's folder."""
    (tmp_path / "x.md").write_text("secret")
    chapters, diagnostics = read({"book.yaml": f"title: a\nchapters: ['{name}']\n"})
    assert chapters == ()
    assert said(diagnostics) == [("book.yaml:2:12", "chapter-outside")]


def test_symbolic_links(make_book, tmp_path):
    """A link that leads out is refused, one inside is followed, and one to itself is harmless."""
    root = make_book({"chapters/a.md": "text"})
    (tmp_path / "secret.md").write_text("secret")
    (root / "chapters/b.md").symlink_to(tmp_path / "secret.md")
    (root / "chapters/c.md").symlink_to(root / "chapters/c.md")
    (root / "real.md").write_text("real")
    (root / "chapters/d.md").symlink_to(root / "real.md")
    chapters, diagnostics = manuscript.read(root, Settings(title="a"))
    assert [c.path for c in chapters] == ["chapters/a.md", "chapters/d.md"]
    assert said(diagnostics) == [
        ("chapters/b.md", "chapter-outside"),
        ("chapters/c.md", "chapter-outside"),
    ]


@pytest.mark.parametrize("name", ["a\nb.md", "a\x7fb.md", os.fsdecode(b"caf\xe9.md")])
def test_names_that_cannot_be_printed(make_book, name):
    """A file's name stands in messages and in TeX's comments: it must fit on a line."""
    root = make_book({f"chapters/{name}": "text", "chapters/z.md": "text"})
    chapters, [said] = manuscript.read(root, Settings(title="a"))
    assert [c.path for c in chapters] == ["chapters/z.md"]
    assert said.code == "chapter-encoding"
    assert "\ufffd" in f"{said.location}"
    assert f"{said.location} {said.message}".isprintable()


def test_a_pipe_is_no_chapter(make_book):
    """Only regular files are opened: a named pipe would hold the build for ever."""
    root = make_book()
    os.mkfifo(root / "a.md")
    _, diagnostics = manuscript.read(root, Settings(title="a", chapters=["a.md"]))
    assert [d.code for d in diagnostics] == ["chapter-missing"]


def test_a_chapter_twice(read):
    """The same file under two names is found by its real path; the second place is named."""
    yaml = "title: a\nchapters:\n  - a.md\n  - x/../a.md\n"
    chapters, [twice] = read({"book.yaml": yaml, "a.md": "text", "x/y.md": ""})
    assert len(chapters) == 1
    assert (str(twice.location), twice.code) == ("book.yaml:4:5", "chapter-twice")
    assert "book.yaml:3:5" in twice.message


def test_unlisted_files_are_named(read):
    """A forgotten chapter is a warning."""
    yaml = "title: a\nchapters: [chapters/a.md]\n"
    _, [unlisted] = read({"book.yaml": yaml, "chapters/a.md": "text", "chapters/b.md": "text"})
    assert (str(unlisted.location), unlisted.code) == ("chapters/b.md", "chapter-unlisted")
    assert not unlisted.is_error


@pytest.mark.parametrize("yaml", ["title: a\n", "title: a\nchapters: []\n"])
def test_no_chapter(read, yaml):
    """A book without chapters is an error."""
    chapters, diagnostics = read({"book.yaml": yaml})
    assert chapters == ()
    assert [d.code for d in diagnostics] == ["chapter-none"]


@pytest.mark.parametrize("text", ["", " \n\n", "---\ntitle: A\n---\n"])
def test_an_empty_chapter(one, text):
    """A chapter without text is a warning."""
    assert [code for _, code, _ in one(text)[1]] == ["chapter-empty"]


@pytest.mark.parametrize(
    ("data", "place", "encoding", "text"),
    [
        (b"one\ncaf\xe9 au lait", "2:4", "ISO-8859-1", "one\ncafé au lait"),
        (b"one\r\n\x93two\x94", "2:1", "WINDOWS-1252", "one\n“two”"),
        ("é one two".encode("utf-16"), "1:1", "UTF-16", "é one two"),
        ("one two three".encode("utf-16-le"), "1:2", "UTF-16LE", "one two three"),
        ("é\ufffdé".encode() + b"\xff", "1:4", "ISO-8859-1", None),
    ],
)
def test_not_utf8(one, data, place, encoding, text):
    """The first bad byte's place, and what encoding it may be; the text is kept as a guess."""
    chapter, [(at, code, message)] = one(data)
    assert (at, code) == (f"chapters/a.md:{place}", "chapter-encoding")
    assert message.endswith(f"It may be {encoding}.")
    assert text is None or chapter.text == text


def test_byte_order_mark_and_line_ends(one):
    """Files of every system are read alike."""
    chapter, _ = one(b"\xef\xbb\xbfa\r\nb\rc\n")
    assert chapter.text == "a\nb\nc\n"


def test_control_characters(one):
    """They are left out with a warning at the first; a form feed parts words."""
    chapter, [(place, code, message)] = one("one\nt\x02wo\x0cthree\ttab")
    assert chapter.text == "one\ntwo three\ttab"
    assert (place, code) == ("chapters/a.md:2:2", "chapter-control")
    assert "U+0002" in message
    assert "1 more" in message


def test_yaml_block(one):
    """What a chapter may set, in long and short forms; the text keeps its line numbers."""
    chapter, diagnostics = one(
        "---\ntitle: No\nshort-title: N\nauthor: [A, {name: B}]\nlang: no\n"
        "epigraph: {text: To be., source: Me}\n...\n\nText\n"
    )
    assert chapter.meta == ChapterMeta("No", "N", ("A", "B"), Epigraph("To be.", "Me"), "no")
    assert chapter.text == "\n" * 8 + "Text\n"
    assert diagnostics == []


@pytest.mark.parametrize(
    ("line", "meta"),
    [
        ("author: One", ChapterMeta(author=("One",))),
        ("epigraph: To be.", ChapterMeta(epigraph=Epigraph("To be."))),
        ("title:", ChapterMeta()),
        ("# a comment", ChapterMeta()),
        ("title: 1984", ChapterMeta(title="1984")),
    ],
)
def test_short_forms(one, line, meta):
    """A string stands for a list, and nothing for nothing."""
    chapter, diagnostics = one(f"---\n{line}\n---\ntext")
    assert (chapter.meta, chapter.text, diagnostics) == (meta, "\n\n\ntext", [])


def test_keys_of_the_book_are_ignored_and_named(read):
    """Real books carry many: each is a warning at its place, with where it belongs."""
    text = "---\ntitle: A\nbibliography: x.bib\noutput: pdf\ntitel: B\n---\ntext"
    _, diagnostics = read({"chapters/a.md": text})
    assert [(str(d.location), d.code, d.hint) for d in diagnostics] == [
        (
            "chapters/a.md:3:1",
            "chapter-key-ignored",
            "'bibliography' belongs to the whole book: put it into book.yaml.",
        ),
        (
            "chapters/a.md:4:1",
            "chapter-key-ignored",
            "A chapter may set title, short-title, author, epigraph, lang. Take the line out.",
        ),
        ("chapters/a.md:5:1", "chapter-key-ignored", "Did you mean 'title'?"),
    ]


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("title: [a]", "2:8"),
        ("author: [a, [b]]", "2:9"),
        ("author: [a, '']", "2:9"),
        ("epigraph: {text: a, by: b}", "2:11"),
        ("epigraph: [a]", "2:11"),
        ("lang: e!", "2:7"),
    ],
)
def test_wrong_values(one, line, place):
    """A value of the wrong form is an error at its place."""
    _, diagnostics = one(f"---\n{line}\n---\ntext")
    assert [d[:2] for d in diagnostics] == [(f"chapters/a.md:{place}", "chapter-value")]


def test_yaml_that_is_broken(one):
    """An error at its place; the rest of the chapter is read all the same."""
    chapter, [(place, code, _)] = one("\n---\ntitle: A: b\n---\ntext")
    assert (place, code) == ("chapters/a.md:3:9", "chapter-yaml")
    assert chapter.text == "\n\n\n\ntext"


def test_a_key_twice(one):
    """As in book.yaml."""
    _, [(place, code, _)] = one("---\ntitle: A\ntitle: B\n---\ntext")
    assert (place, code) == ("chapters/a.md:3:1", "config-duplicate-key")


BREAKS = [
    "---\n\nOnce\n\n---\n",
    "---\nOnce upon a time.\n---\n\nthere was",
    "---\n- a list\n---\n",
    "---\ntitle: without an end\n",
    "----\ntitle: A\n----\n",
    " ---\ntitle: A\n---\n",
    "---\ntitle: A\n---b\n",
]


@pytest.mark.parametrize("text", [*BREAKS, "text\n\n---\ntitle: A\n---\n"])
def test_a_break_is_not_a_yaml_block(one, text):
    """Pandoc's rule: nothing of a chapter that begins with a rule is eaten."""
    chapter, diagnostics = one(text)
    assert (chapter.text, chapter.meta, diagnostics) == (text, ChapterMeta(), [])


@pytest.mark.tools
@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: A\n---\ntext",
        "---  \ntitle: A\n...\n\ntext\n",
        "\n \t\n---\ntitle: A\n\nlang: de\n---\n\n# text\n",
        "---\n# only a comment\n---\ntext",
        "---\n---\ntext",
        *BREAKS,
    ],
)
def test_pandoc_finds_the_same_text(text):
    """What is left without the YAML block is what Pandoc itself takes for the chapter's text."""
    chapter, diagnostics = manuscript._chapter("a.md", Role.MAIN, text)
    assert diagnostics == []
    assert pandoc_blocks(chapter.text, "markdown-yaml_metadata_block") == pandoc_blocks(
        text, "markdown"
    )


def pandoc_blocks(text, form):
    """Give the blocks that Pandoc reads."""
    command = [pypandoc.get_pandoc_path(), f"--from={form}", "--to=json"]
    return json.loads(tools.run(command, stdin=text.encode()).stdout)["blocks"]


@given(st.binary())
def test_any_bytes_are_read_or_refused(data):
    """Bytes that are not UTF-8 give text and one diagnostic, with a place inside the file."""
    text, diagnostics = files.decode(data, "a.md", manuscript.CHAPTER)
    assert "\r" not in text
    assert len(diagnostics) <= 1
    assert all(1 <= d.location.line <= text.count("\n") + 1 for d in diagnostics)


@given(st.text(alphabet=st.sampled_from(ALPHABET)), st.booleans())
def test_no_text_raises_or_loses_a_line(text, fenced):
    """Whatever a chapter holds, it is read, and its lines keep their numbers."""
    text = f"---\n{text}\n---\nend" if fenced else text
    chapter, _ = manuscript._chapter("a.md", Role.MAIN, text)
    assert chapter.text.count("\n") == text.count("\n")
    assert not fenced or chapter.text.endswith("\nend")


HEAD = """---
title: "Of \\"@a\\" and \\\\x"
short-title: not [this]
epigraph:
  text: |
    First @b

      second @c.
  source: It's *@d*
tags: [@e, f]
---

@g
"""


def test_markdown_of_a_yaml_block_keeps_its_places(one):
    """So that faults in it are found where they stand; all else of the block is not there."""
    chapter, _ = one(HEAD.replace("tags: [@e, f]", "tags: [e, f]"))
    lines = chapter.markdown.split("\n")
    written = HEAD.split("\n")
    for key in "abcdg":
        number = next(n for n, line in enumerate(written) if f"@{key}" in line)
        assert lines[number].index(f"@{key}") == written[number].index(f"@{key}")
    assert "this" not in chapter.markdown
    assert "tags" not in chapter.markdown
    assert "\\x" in lines[1].split()[-1]
    assert len(lines) == len(written)


@given(st.text(alphabet=st.sampled_from(ALPHABET + "|>'\"\\")))
def test_any_yaml_block_keeps_the_texts_places(text):
    """Whatever the block says, the text's words stand where they stood."""
    chapter, _ = manuscript._chapter("a.md", Role.MAIN, f"---\ntitle: {text}\n---\nend")
    assert chapter.markdown.count("\n") == chapter.text.count("\n")
    assert chapter.markdown.endswith("end")


@pytest.mark.parametrize(
    ("stem", "slug"),
    [
        ("01-The Dream", "ch01-the-dream"),
        ("Ærø & Straße", "aero-strasse"),
        ("l'été", "lete"),
        ("夢", "chapter-1"),
        ("Κεφάλαιο 1", "chapter-1"),
        ("bibliography", "bibliography-2"),
        ("…", "chapter-1"),
        ("x" * 200, "x" * 60),
    ],
)
def test_slugs(read, stem, slug):
    """A slug is safe as a file name and as an XML id."""
    [chapter], _ = read({f"chapters/{stem}.md": "text"})
    assert chapter.slug == slug


def test_slugs_are_unique(read):
    """Files of one name in two folders, and names that differ in case alone."""
    yaml = "title: a\nchapters: [x/a.md, y/a.md, A.md, a-2.md]\n"
    chapters, _ = read(
        {"book.yaml": yaml, "x/a.md": "t", "y/a.md": "t", "A.md": "t", "a-2.md": "t"}
    )
    assert [c.slug for c in chapters] == ["a", "a-2", "a-3", "a-2-2"]


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("A Real Boy", "a-real-boy"),
        ("Café: l’été", "cafe-lete"),
        ("夢", "book"),
        ("Война и мир", "book"),
        ("1984", "1984"),
        ("...", "book"),
    ],
)
def test_book_slug(title, slug):
    """The outputs are named after the title."""
    assert manuscript.book_slug(Settings(title=title)) == slug


@given(st.text())
def test_any_slug_is_safe(text):
    """ASCII letters, digits and single hyphens, none at the ends, and never too long."""
    slug = manuscript.slug(text)
    assert len(slug) <= 60
    assert all(word.isascii() and word.isalnum() for word in slug.split("-")) or slug == ""


def test_three_hundred_chapters_are_quick(make_book):
    """A long book is read in a moment."""
    text = "---\ntitle: A\n---\n\n" + "Words of a chapter, again and again.\n" * 300
    root = make_book({f"chapters/{i}.md": text for i in range(300)})
    start = time.process_time()
    chapters, _ = manuscript.read(root, Settings(title="a"))
    assert [c.path for c in chapters] == [f"chapters/{i}.md" for i in range(300)]
    assert time.process_time() - start < 3
