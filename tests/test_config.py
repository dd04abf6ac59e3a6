"""book.yaml: what it may say, and what is said of its faults."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geppetto import config, markedyaml
from geppetto.config import faults as faults_of
from geppetto.diagnostics import ExitCode, GeppettoError
from geppetto.model.settings import PartList, Settings, trim_size

SCHEMA = Path(__file__).parents[1] / "docs" / "book.schema.json"


@pytest.fixture
def load(make_book):
    """Load a book.yaml of this text."""
    return lambda text: config.load(make_book({"book.yaml": text}))


@pytest.fixture
def faults(load):
    """Give what is said of a book.yaml: place, code, message, hint."""

    def say(text):
        with pytest.raises(GeppettoError) as caught:
            load(text)
        assert caught.value.exit_code is ExitCode.USAGE
        return [(str(d.location), d.code, d.message, d.hint) for d in caught.value.diagnostics]

    return say


def test_a_title_is_enough(load):
    """Every other key has a default."""
    assert load("title: A Real Boy\n").settings == Settings(title="A Real Boy")


@pytest.mark.parametrize(
    ("written", "key", "value"),
    [
        ("title: No", "title", "No"),
        ("title: 1984", "title", "1984"),
        ("title: 2026-11-23", "title", "2026-11-23"),
        ("title: 0x10", "title", "0x10"),
        ("title: 1_000", "title", "1_000"),
        ("title: 12:30", "title", "12:30"),
        ("title: .inf", "title", ".inf"),
        ("title: Null", "title", "Null"),
        ("title: a\nlang: no", "lang", "no"),
        ("title: a\ndate: 2026-11-23", "date", datetime.date(2026, 11, 23)),
        ("title: a\nsubtitle:", "subtitle", None),
        ("title: a\nlink-citations: no", "link_citations", False),
        ("title: a\ntoc-depth: 3", "toc_depth", 3),
        ("title: a\nsubject: [1984, on]", "subject", ["1984", "on"]),
        ("title: a\nsubject: one", "subject", ["one"]),
        ("title: '漢字 und Ümlaut'", "title", "漢字 und Ümlaut"),
    ],
)
def test_values_are_taken_as_written(load, written, key, value):
    """The key decides what a value is; YAML 1.1's guesses do not reach the book."""
    assert getattr(load(written).settings, key) == value


def test_authors_parts_and_lists(load):
    """Short and long forms of authors and chapters."""
    text = (
        "title: a\nauthor: [A. One, {name: B. Two, role: editor}]\n"
        "chapters:\n  - a.md\n  - part: First\n    chapters: [b.md, c.md]\n"
    )
    settings = load(text).settings
    assert [(a.name, a.role) for a in settings.author] == [
        ("A. One", "author"),
        ("B. Two", "editor"),
    ]
    assert settings.chapters == ["a.md", PartList(part="First", chapters=["b.md", "c.md"])]


def test_marks_give_the_place_of_keys_and_values(load):
    """Later steps point at the line of book.yaml that they speak of."""
    marks = load("title: a\nchapters:\n  - a.md\n  - part: P\n    chapters: [b.md, c.md]\n").marks
    assert str(marks.value("chapters", 1, "chapters", 1)) == "book.yaml:5:22"
    assert str(marks.key("chapters", 1, "part")) == "book.yaml:4:5"
    assert str(marks.value("title", 0)) == "book.yaml:1:8"
    assert str(marks.value("csl")) == "book.yaml:1:1"


def test_byte_order_mark_and_any_line_end(make_book):
    """Editors of every system may write book.yaml."""
    root = make_book({"book.yaml": b"\xef\xbb\xbftitle: a\r\nlang: de\rsubtitle: b\n"})
    settings = config.load(root).settings
    assert (settings.title, settings.lang, settings.subtitle) == ("a", "de", "b")


def test_missing_file_shows_what_to_write(tmp_path):
    """Without book.yaml, a minimal one is offered."""
    with pytest.raises(GeppettoError) as caught:
        config.load(tmp_path)
    [said] = caught.value.diagnostics
    assert said.code == "config-missing"
    assert "title: " in said.hint
    assert caught.value.exit_code is ExitCode.USAGE


def test_the_minimal_book_yaml_is_right(load):
    """What the hint says to paste loads."""
    assert load(config.MINIMAL).settings.title


def test_a_book_yml_is_to_be_renamed(tmp_path):
    """The other usual ending is recognised."""
    (tmp_path / "book.yml").write_text("title: a")
    with pytest.raises(GeppettoError, match=r"no book\.yaml") as caught:
        config.load(tmp_path)
    assert caught.value.diagnostics[0].hint == "Rename book.yml to book.yaml."


def test_not_utf8(make_book):
    """The first bad byte's place and the likely encoding."""
    root = make_book({"book.yaml": b"title: a\nsubtitle: caf\xe9\n"})
    with pytest.raises(GeppettoError) as caught:
        config.load(root)
    [said] = caught.value.diagnostics
    assert (str(said.location), said.code) == ("book.yaml:2:14", "config-yaml")
    assert "ISO-8859-1" in said.message


def test_all_faults_in_one_run(faults):
    """Unknown keys, wrong values and a key that stands twice: all are said, in order of place."""
    said = faults("titel: x\ntitle: y\ntitle: z\npdf:\n  fontsze: 1\n  fontsize: 11px\nlang: e!\n")
    assert [(place, code) for place, code, _, _ in said] == [
        ("book.yaml:1:1", "config-unknown-key"),
        ("book.yaml:3:1", "config-duplicate-key"),
        ("book.yaml:5:3", "config-unknown-key"),
        ("book.yaml:6:13", "config-value"),
        ("book.yaml:7:7", "config-value"),
    ]


@pytest.mark.parametrize(
    ("text", "place", "hint"),
    [
        ("title: a\nsubtitel: b", "2:1", "Did you mean 'subtitle'?"),
        ("title: a\nlink_citations: no", "2:1", "Did you mean 'link-citations'?"),
        ("title: a\nTitle: b", "2:1", "Did you mean 'title'?"),
        ("title: a\nepub:\n  ccs: x.css", "3:3", "Did you mean 'css'?"),
        ("title: a\nauthor:\n  - nam: x\n    name: y", "3:5", "Did you mean 'name'?"),
        ("title: a\nfont: x", "2:1", "It belongs in 'pdf: {font: …}'."),
        ("title: a\nmainfont: x", "2:1", "Geppetto's key is 'pdf: font'."),
        ("title: a\nepub: {zzz: 1}", "2:8", "The keys here are: cover, css."),
    ],
)
def test_unknown_keys(faults, text, place, hint):
    """An unknown key is an error at its place, with the key that was meant."""
    [said] = faults(text)
    assert said[:2] == (f"book.yaml:{place}", "config-unknown-key")
    assert said[3] == hint


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("", "1:1", "'title' is missing."),
        ("title:", "1:1", "'title' is missing."),
        ("title: ' '", "1:8", "'title:  ' must not be empty."),
        ("title: [a]", "1:8", "'title' must be text."),
        ("- a", "1:1", "book.yaml must hold keys with values."),
        ("title: a\nlang: e!", "2:7", "'lang: e!' does not have the right form."),
        ("title: a\ndate: 1984", "2:7", "'date: 1984' must be a day, written year-month-day."),
        ("title: a\ndate: 2026-02-30", "2:7", "'date: 2026-02-30' is no day of the calendar."),
        ("title: a\ntoc-depth: 9", "2:12", "'toc-depth: 9' must be 6 or less."),
        ("title: a\ntoc-depth: x", "2:12", "'toc-depth: x' must be a whole number."),
        ("title: a\nlink-citations: 7", "2:17", "'link-citations: 7' must be true or false."),
        ("title: a\nepub: x.css", "2:7", "'epub: x.css' must be keys with values."),
        ("title: a\nsubject: {b: c}", "2:10", "'subject' must be text."),
        ("title: a\nsubject:\n  - a\n  -", "4:4", "An item of 'subject' is empty."),
        ("title: a\nchapters:\n - part: x", "3:4", "'chapters' is missing."),
        (
            "title: a\npdf: {line-stretch: 5}",
            "2:21",
            "'pdf: line-stretch: 5' must be less than 3.",
        ),
        (
            "title: a\npdf: {fontsize: 99pt}",
            "2:17",
            "'pdf: fontsize: 99pt' must lie between 6pt and 24pt.",
        ),
        (
            "title: a\npdf: {trim: 1x1in}",
            "2:13",
            "'pdf: trim: 1x1in' must be a page of 2 to 30 inches (50 to 762 mm) a side.",
        ),
        (
            "title: a\npdf: {opening: rekto}",
            "2:16",
            "'pdf: opening: rekto' must be 'recto' or 'any'.",
        ),
        (
            "title: a\nidentifier: {isbn-13: 978-3-16-148410-1}",
            "2:23",
            "'identifier: isbn-13: 978-3-16-148410-1' has a wrong check digit (the last one).",
        ),
        (
            "title: a\nauthor: {name: x, role: cook}",
            "2:25",
            "'author: role: cook' must be 'author', 'editor', 'translator', 'illustrator' or "
            "'contributor'.",
        ),
    ],
)
def test_wrong_values(faults, text, place, message):
    """A wrong value is reported at the value, in the author's words, with what belongs there."""
    [said] = faults(text)
    assert said[:3] == (f"book.yaml:{place}", "config-value", message)
    assert said[3]


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("title: A: b", "1:9", "A colon stands inside a value"),
        ("title: 'a\nlang: en", "1:8", "A quotation mark is opened and never closed"),
        ("title: a\npdf:\n\ttrim: a5", "3:1", "A tab stands where YAML wants spaces"),
        ("title: *star", "1:8", "A value that begins with *"),
        ("title: a\nsubject: [b, c", "2:10", "A list in square brackets is not closed"),
        ("title: a\n---\ntitle: b", "2:1", "A second document begins"),
        ("title: @home", "1:8", "A value begins with a character that means something else"),
        ("title: a\x02b", "1:9", "The text has a character that cannot be printed (U+0002)"),
        ('title: "a\\0b"', "1:8", "The text has a character that cannot be printed (U+0000)"),
        ('title: "\\ud800"', "1:8", "The text has a character that cannot be printed (U+D800)"),
        ("title: !!python/object:os.system x", "1:8", "The tag "),
        ("title: a\n? [b]\n: c", "2:3", "A key is a list or a mapping"),
        ("title: " + "[" * 3000, "1:1", "Lists or mappings are nested too deeply"),
    ],
)
def test_not_yaml(faults, text, place, words):
    """What is not YAML is explained at its place, without the parser's jargon."""
    said = faults(text)
    assert said[0][:2] == (f"book.yaml:{place}", "config-yaml")
    assert said[0][2].startswith(words)


def test_a_key_that_stands_twice_names_both_places(faults):
    """At any level, also within a list."""
    [said] = faults("title: a\npdf:\n  trim: a5\n  trim: a4\n")
    assert said[:3] == (
        "book.yaml:4:3",
        "config-duplicate-key",
        "The key 'trim' stands twice; first on line 3, column 3.",
    )


def test_ordinary_aliases_are_allowed(load):
    """An alias repeats a value."""
    settings = load("title: &t A Boy\nsubtitle: *t\n").settings
    assert settings.subtitle == "A Boy"


def test_alias_bomb_is_refused(faults):
    """Nested aliases that expand to millions of values cost nothing."""
    lines = ["title: a", "subject: &a0 [x, x]"]
    lines += [f"k{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 40)]
    assert [s[1] for s in faults("\n".join(lines))] == ["config-alias"]


def test_an_alias_to_itself_is_refused(faults):
    """A value that contains itself has no end."""
    [said] = faults("title: a\nsubject: &a [b, *a]\n")
    assert said[:2] == ("book.yaml:2:10", "config-alias")


def test_schema_file_is_up_to_date(golden):
    """docs/book.schema.json is what the code says."""
    golden(SCHEMA, config.json_schema())


def test_schema_describes_every_key():
    """Editors show an author what each key is for, with an example."""
    schema = json.loads(config.json_schema())
    sections = [schema, *schema["$defs"].values()]
    properties = [p for s in sections for p in s.get("properties", {}).items()]
    assert len(properties) > 40
    assert [name for name, p in properties if not p.get("description")] == []
    assert [name for name, p in properties if not p.get("examples")] == []
    assert all(s["additionalProperties"] is False for s in sections)


@pytest.mark.parametrize(
    ("names", "example"),
    [(names, info.examples[0]) for names, info in faults_of.fields(Settings).items()],
    ids=lambda value: ":".join(value) if isinstance(value, tuple) else "",
)
def test_every_example_is_right(load, names, example):
    """The example that a diagnostic offers can be pasted."""
    line = faults_of.example(Settings, names, example)
    if names[0] == "author" and len(names) > 1:
        line = f"author: {{name: x, {line}}}" if names[1] != "name" else f"author: {{{line}}}"
    if names[0] == "chapters" and len(names) > 1:
        other = "chapters: [a.md]" if names[1] == "part" else "part: x"
        line = f"chapters: [{{{line}, {other}}}]"
    text = line if names == ("title",) else f"title: a\n{line}"
    assert load(text).marks.keys[(names[0],)]


@pytest.mark.parametrize(
    ("trim", "size"),
    [
        ("6x9in", ("6in", "9in")),
        ("A5", ("148mm", "210mm")),
        ("170x240mm", ("170mm", "240mm")),
        ("6in × 230mm", ("6in", "230mm")),
    ],
)
def test_trim_sizes(trim, size):
    """A trim is a name or two lengths."""
    assert trim_size(trim) == size


@given(st.text(alphabet=st.sampled_from("ab:-[]{}&*!|>'\"%@`#?, \n\t\\é漢\x00\x85\u2028\ufeff")))
def test_any_text_gives_yaml_or_a_diagnostic(text):
    """No text makes the reader raise, and every place lies within the text."""
    document, diagnostics = markedyaml.parse(text, "book.yaml")
    lines = text.split("\n")
    places = [(d.location.line, d.location.column) for d in diagnostics]
    for line, column in [*places, *document.marks.values.values()]:
        assert 1 <= line <= len(lines)
        assert 1 <= column <= len(lines[line - 1]) + 1


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), min_size=1))
def test_any_quoted_title_comes_through(title):
    """A title in quotation marks is taken letter by letter, but for spaces around it."""
    document, diagnostics = markedyaml.parse(f"title: {json.dumps(title)}\n", "book.yaml")
    if not diagnostics:
        assert document.value == {"title": title}
    else:
        assert any(markedyaml.UNPRINTABLE.search(c) or ord(c) > 0xFFFF for c in title)
