"""The bibliography: every entry with its place, everything wrong with it, and what Pandoc gets."""

from __future__ import annotations

import json
import re
import time
import unicodedata
from pathlib import Path

import pypandoc
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geppetto import bibliography, config, tools
from geppetto.bibliography import commands, grammar
from geppetto.diagnostics import Severity
from geppetto.model.settings import Settings

TOKENS = (
    "@misc{", "@Book(", "@string{", "@comment{", "@preamble{", "@", "misc{k,", "key", "k2", "title",
    "{A}", '"B"', "{", "}", "(", ")", '"', ",", "=", "#", "%", "\\", "\n", " ", "1999", "jan", "é",
    "漢", "-", "\x00", "\u2028", "@a-b{", "\nmisc{x,",
)  # fmt: skip

ZOTERO = """\
@article{chalmersSingularityPhilosophicalAnalysis2010,
  title = {The {{Singularity}}: {{A Philosophical Analysis}}},
  shorttitle = {The {{Singularity}}},
  author = {Chalmers, David J.},
  date = {2010},
  journaltitle = {Journal of Consciousness Studies},
  volume = {17},
  number = {9--10},
  pages = {7--65},
  url = {https://example.org/a%20b_c},
  urldate = {2026-01-02},
  langid = {english},
  keywords = {50% done},
  file = {/home/x/Zotero/storage/A/Chalmers - 2010.pdf}
}
"""

JABREF = """\
% Encoding: UTF-8

@String{jcs = "Journal of Consciousness Studies"}
@Preamble{"\\newcommand{\\noop}[1]{}"}

@Article{Key:2010,
  author  = "J{\\"o}rg M{\\"u}ller and {Some Body {and} Co.}",
  title   = "A " # {Title} # " of 3",
  journal = jcs,
  year    = 2010,
  month   = mar,
}

@Thesis{phd-2012, author={A. B.}, title={T}, type={phdthesis}, institution={U}, date={2012},}

@Comment{jabref-meta: databaseType:biblatex;}

@Comment{jabref-meta: grouping:
0 AllEntriesGroup:;
}
"""


def parse(text):
    """Read one file's text; give the keys, and place, code and message of each diagnostic."""
    found, diagnostics = bibliography.parse(text, "r.bib")
    return list(found.references), [(str(d.location), d.code, d.message) for d in diagnostics]


@pytest.fixture
def read(make_book):
    """Read the bibliography of a book of these files."""

    def reading(files):
        root = make_book(files)
        configuration = config.load(root)
        return bibliography.read(root, configuration.settings, configuration.marks)

    return reading


def test_an_entry():
    """Key, kind, fields without their delimiters, its own text, the line of its @."""
    text = "\n\n@Book{a:b-1,\n  Title = {A {B}},\n  year = 2000\n}\nafter\n"
    found, diagnostics = bibliography.parse(text, "r.bib")
    [reference] = found.references.values()
    assert (reference.key, reference.kind) == ("a:b-1", "book")
    assert reference.fields == {"title": "A {B}", "year": "2000"}
    assert reference.raw == text[2:-7]
    assert str(reference.location) == "r.bib:3:1"
    assert diagnostics == []


def test_exports_of_zotero_and_jabref():
    """They are read without a word, comments, definitions and all."""
    for text, keys in (
        (ZOTERO, ["chalmersSingularityPhilosophicalAnalysis2010"]),
        (JABREF, ["Key:2010", "phd-2012"]),
    ):
        assert parse(text) == (keys, [])


def test_definitions_are_kept_for_pandoc():
    """What entries abbreviate stands before them; parentheses become the braces Pandoc wants."""
    found, diagnostics = bibliography.parse(
        '@string(x = "X")\n@STRING{y = x # "Y"}\n@misc(k, title = Y # {)})\n'
    )
    assert found.subset({"k"}) == (
        '@string{x = "X"}\n@STRING{y = x # "Y"}\n\n@misc{k, title = Y # {)}}\n'
    )
    assert diagnostics == []


def test_keys_differ_by_case():
    """As for Pandoc, Key and key are two entries."""
    assert parse("@misc{Key, title={A}}\n@misc{key, title={A}}") == (["Key", "key"], [])


@pytest.mark.parametrize(
    ("text", "place", "message", "keys"),
    [
        (
            "@misc{a,\n title = {A}\n year = 2000\n}",
            "2:12",
            "A comma is missing after the field 'title'.",
            [],
        ),
        (
            "@misc{a,\n title = {A,\n year = {2000}\n}",
            "2:2",
            "The brace opened in the field 'title' is never closed.",
            [],
        ),
        (
            '@misc{a,\n title = "A,\n year = {2000}\n}',
            "2:2",
            "The quotation mark opened in the field 'title' is never closed.",
            [],
        ),
        ("@misc{a,\n title = {A},\n", "1:1", "The entry 'a' is never closed.", []),
        (
            "@misc{a,\n title = {A}},\n year = 2000\n}",
            "2:13",
            "The entry 'a' ends here, but fields follow.",
            ["a"],
        ),
        ("@misc{,\n title = {A}}", "1:7", "The entry has no key.", []),
        ("@misc{\n title = {A}\n}", "2:2", "The entry has no key.", []),
        ("@misc{a\n title = {A}\n}", "1:7", "A comma is missing after the key 'a'.", []),
        (
            "@misc{a b, title = {A}}",
            "1:7",
            "The key that begins with 'a' has a space in it.",
            [],
        ),
        (
            "@misc{a^b, title = {A}}",
            "1:8",
            "The key 'a' is followed by ^, which cannot stand in a key.",
            [],
        ),
        ("@misc{a}", "1:7", "The entry 'a' has no fields.", []),
        ("@misc{a, title = {A},, year = 1}", "1:22", "Two commas stand in a row.", []),
        ("@misc{a, title = }", "1:18", "The field 'title' has no value.", []),
        (
            "@misc{a, title {A}}",
            "1:10",
            "The field 'title' is followed by { where = is expected.",
            [],
        ),
        (
            "@misc{a, title = {A} {B}}",
            "1:22",
            "{ stands after the field 'title' where a comma is expected.",
            [],
        ),
        (
            "@misc{a, = {A}}",
            "1:10",
            "= stands where the name of a field is expected.",
            [],
        ),
        ("@my-kind{a, title = {A}}", "1:1", "The kind of the entry is not made of letters alone.", []),
        ("\nbook{a, title = {A}}", "2:1", "An entry has lost its @ before 'book'.", []),
        ("@string{a}", "1:9", "The field 'a' is followed by } where = is expected.", []),
        ('@string{a = "b",}', "1:16", "@string is not closed with }.", []),
    ],
)  # fmt: skip
def test_a_broken_entry_is_explained_and_the_others_are_read(text, place, message, keys):
    """What is wrong, at its place, before and after sound entries."""
    found, diagnostics = parse(text)
    assert (found, diagnostics) == (keys, [(f"r.bib:{place}", "bib-broken-entry", message)])
    line, column = place.split(":")
    found, diagnostics = parse(f"@misc{{z1, title={{A}}}}\n{text}\n\n@misc{{z2, title={{A}}}}\n")
    assert found == ["z1", *keys, "z2"]
    assert diagnostics == [(f"r.bib:{int(line) + 1}:{column}", "bib-broken-entry", message)]


def test_every_fault_has_a_remedy():
    """No diagnostic leaves the author without a next step."""
    _, diagnostics = bibliography.parse("@misc{a\n@misc{b, x}\n@c-d{\nmisc{e,\n@string{x}")
    assert len(diagnostics) >= 4
    assert all(d.hint for d in diagnostics)


def test_a_key_twice():
    """The second is reported, the first named and kept."""
    text = "@misc{a,\n title = {A}}\n@misc{b, title={B}}\n  @book{a, title = {C}}"
    assert parse(text) == (
        ["a", "b"],
        [
            (
                "r.bib:4:3",
                "bib-duplicate-key",
                "The key 'a' stands for two entries; the first is at r.bib:1:1.",
            )
        ],
    )
    assert bibliography.parse(text)[0].references["a"].fields["title"] == "A"


def test_a_field_twice():
    """Names of fields do not differ by case."""
    assert parse("@misc{a,\n title = {A},\n year = 1,\n Title = {B}}") == (
        ["a"],
        [
            (
                "r.bib:4:2",
                "bib-duplicate-field",
                "The field 'title' stands twice in 'a'; first on line 2.",
            )
        ],
    )


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        (
            "@misc{a,\n title = {A}, month = sept}",
            "2:23",
            "The abbreviation sept is not defined.",
            "Did you mean sep?",
        ),
        (
            "@misc{a, title = {A}, crossref = {colodi}}\n@book{collodi, title = {B}}",
            "1:23",
            "The crossref of 'a' names 'colodi', which is no entry.",
            "Did you mean 'collodi'?",
        ),
        (
            "@misc{a, title = {From 50% of\n all}}",
            "1:10",
            "In 'title', the text from % to the line's end is lost: BibTeX takes it for a comment.",
            r"Write \% for the sign.",
        ),
    ],
)
def test_what_would_come_out_wrong_is_a_warning(text, place, message, hint):
    """Entries that can be read, but not as they are meant."""
    found, [warning] = bibliography.parse(text, "r.bib")
    assert "a" in found.references
    assert warning.severity is Severity.WARNING
    assert (str(warning.location), warning.message) == (f"r.bib:{place}", message)
    assert warning.hint.endswith(hint)


@pytest.mark.parametrize(
    "text",
    [
        "% @misc{a, title = {A}}\n",
        "%@misc{a,\n%  title = {A}\n%}\n",
        "@comment{@misc{a, title = {A}}}\n",
        "Written by me@example {or so}, 2026\n",
        "Just words, with = and { and }.\n",
        '@preamble{"x" # {y}}\n',
        "",
    ],
)
def test_comments_are_comments(text):
    """Nothing outside entries is read or complained of, and the next entry is."""
    assert parse(f"{text}@misc{{z, title = {{Z}}}}\n") == (["z"], [])


@pytest.mark.parametrize(
    "value",
    [
        '"A {"} B"',
        '"A {\\"o} B"',
        "{A \\{ B}",
        "{me@example.org}",
        "{A @ {B}}",
        "{}",
        "12",
        "{100\\% sure}",
        '{A} # " B" # 3',
        "{A, B = C}",
    ],
)
def test_values_of_every_form(value):
    """Braces, quotation marks, escapes, numbers, joined pieces."""
    assert parse(f"@misc{{a,\n  title = {value},\n  year = 1\n}}\n") == (["a"], [])


@pytest.mark.parametrize(
    ("field", "lost"),
    [
        (r"note = {50\% and 60\%}", 0),
        ("url = {http://a.b/c%20d}", 0),
        ("abstract = {50% of}", 0),
        (r"howpublished = {\url{http://a.b/c%20d}}", 0),
        ("note = {see http://a.b/c%20d there}", 1),
        ("title = {50% of}", 1),
    ],
)
def test_a_sign_that_hides_text(field, lost):
    """Pandoc drops what follows a bare %, except where a field holds an address or is not printed."""
    assert len(parse(f"@misc{{a, {field}}}")[1]) == lost


def test_comment_between_fields():
    """A comment after a field runs to the end of its line, commas and all."""
    text = "@misc{a, % one, two = {\n title = {A}, % three\n}\n"
    assert parse(text) == (["a"], [])


def test_every_bib_beside_book_yaml(read):
    """Without a name in book.yaml, all of them, by name; a book may have none."""
    found, diagnostics = read({"b.bib": "@misc{b, title={B}}", "a.BIB": "@misc{a, title={A}}"})
    assert list(found.references) == ["a", "b"]
    assert diagnostics == []


def test_no_bibliography_at_all(read):
    """A book need not cite."""
    found, diagnostics = read({})
    assert (dict(found.references), diagnostics) == ({}, [])


def test_two_files_with_one_key(read):
    """The message names the place in the other file; abbreviations are shared."""
    found, [twice] = read(
        {
            "book.yaml": "title: a\nbibliography: [one.bib, x/two.bib]\n",
            "one.bib": '@string{j = "J"}\n@misc{a, title={A}}',
            "x/two.bib": "@misc{b, title={B}, journal=j}\n@misc{a, title={C}}",
        }
    )
    assert list(found.references) == ["a", "b"]
    assert (str(twice.location), twice.code) == ("x/two.bib:2:1", "bib-duplicate-key")
    assert "one.bib:2:1" in twice.message


def test_a_file_named_twice_is_read_once(read):
    """One file under two names is no fault of its entries."""
    yaml = "title: a\nbibliography: [one.bib, ./one.bib]\n"
    assert read({"book.yaml": yaml, "one.bib": "@misc{a, title={A}}"})[1] == []


@pytest.mark.parametrize(
    ("name", "code", "hint"),
    [
        ("refs.bib", "bib-missing", "Did you mean 'ref.bib'?"),
        ("../secret.bib", "chapter-outside", "Copy the file into the book's folder"),
        ("refs.json", "bib-missing", "Export it as BibTeX"),
    ],
)
def test_files_that_cannot_be_read(read, name, code, hint):
    """The place is that of the name in book.yaml."""
    yaml = f"title: a\nbibliography:\n  - ref.bib\n  - {name}\n"
    _, [said] = read({"book.yaml": yaml, "ref.bib": "", "refs.json": "[]", "../secret.bib": ""})
    assert (str(said.location), said.code) == ("book.yaml:4:5", code)
    assert said.hint.startswith(hint)


def test_not_utf8(read):
    """The line of the first bad byte; the entries are read as what they probably are."""
    found, [said] = read({"a.bib": "@misc{a,\n title = {Café}}".encode("latin-1")})
    assert (str(said.location), said.code) == ("a.bib:2:14", "bib-encoding")
    assert found.references["a"].fields["title"] == "Café"


def test_subset_takes_parents_along():
    """Entries that are named by crossref and xdata follow, those of their own too."""
    text = (
        "@inbook{a, title={A}, crossref={p}}\n@misc{b, title={B}}\n"
        "@book{p, title={P}, xdata={x, y}}\n@xdata{x, publisher={X}}\n@xdata{y, location={Y}}\n"
    )
    found, diagnostics = bibliography.parse(text)
    assert diagnostics == []
    assert list(bibliography.parse(found.subset({"a"}))[0].references) == ["a", "p", "x", "y"]


def test_five_thousand_entries_are_quick():
    """A life's bibliography is read in a moment."""
    text = "".join(ZOTERO.replace("2010,", f"{i},", 1) for i in range(5000))
    start = time.process_time()
    found, diagnostics = bibliography.parse(text)
    assert (len(found.references), diagnostics) == (5000, [])
    assert time.process_time() - start < 4


def test_thousands_of_broken_entries_are_quick():
    """Nothing is read again and again."""
    for text in ("@misc{a, title = {A\n" * 3000, "@a-b{\n" * 3000, "@misc{" * 9000, "@{" * 9000):
        start = time.process_time()
        assert bibliography.parse(text)[1]
        assert time.process_time() - start < 4


@given(st.lists(st.sampled_from(TOKENS), max_size=60).map("".join))
@example("@misc{k, title = {A}}@misc{k2, = {A}}")
def test_no_text_raises(text):
    """Any text gives entries that can be read again, and places inside the text."""
    found, diagnostics = bibliography.parse(text, "r.bib")
    lines = text.split("\n")
    for diagnostic in diagnostics:
        place = diagnostic.location
        assert 1 <= place.line <= len(lines)
        assert 1 <= place.column <= len(lines[place.line - 1]) + 1
    for key, reference in found.references.items():
        assert grammar.read_entry(reference.raw).key == key


@given(st.binary(max_size=300))
def test_no_bytes_raise(data):
    """A file of anything gives a bibliography and diagnostics."""
    text, _ = bibliography.files.decode(data, "r.bib", bibliography.BIB)
    bibliography.parse(text)


KEYS = st.from_regex(r"[A-Za-z][\w.:+/-]{0,12}", fullmatch=True)
NAMES = st.from_regex(r"[a-z][a-z-]{2,10}", fullmatch=True).filter(
    lambda name: name not in ("crossref", "xdata")
)
PLAIN = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="{}\"\\%"),
    max_size=40,
)  # fmt: skip
VALUES = st.recursive(PLAIN, lambda inner: st.tuples(inner, inner).map("{%s} %s".__mod__))
ENTRIES = st.dictionaries(KEYS, st.dictionaries(NAMES, VALUES, min_size=1), max_size=5)


def written(entries):
    """Write entries as BibTeX, with braces and quotation marks by turns."""
    lines = []
    for key, fields in entries.items():
        pairs = [
            f'  {name} = "{value}"' if i % 2 else f"  {name} = {{{value}}}"
            for i, (name, value) in enumerate(fields.items())
        ]
        lines.append(f"@misc{{{key},\n" + ",\n".join(pairs) + "\n}\n")
    return "\n".join(lines)


@given(ENTRIES)
def test_round_trip(entries):
    """Entries come out as they were written, and their subset reads the same again."""
    found, diagnostics = bibliography.parse(written(entries))
    assert diagnostics == []
    stripped = {k: {n: v.strip() for n, v in f.items()} for k, f in entries.items()}
    assert {k: dict(r.fields) for k, r in found.references.items()} == stripped
    again, _ = bibliography.parse(found.subset(set(entries)))
    assert {k: r.raw for k, r in again.references.items()} == {
        k: r.raw for k, r in found.references.items()
    }


def pandoc_keys(bibtex):
    """Give the keys that Pandoc reads from BibTeX text."""
    command = [pypandoc.get_pandoc_path(), "--from=biblatex", "--to=csljson"]
    result = tools.run(command, stdin=bibtex.encode())
    assert result.returncode == 0, result.stderr.decode()
    return [item["id"] for item in json.loads(result.stdout)]


def test_a_command_that_would_be_lost():
    """Pandoc drops what it does not know, with its words: an error at the command."""
    text = "@misc{a,\n title = {A \\emph{b} $\\times$\n \\fancy{c} \\textendash\\ d}, url = {\\x}}"
    found, [fault] = bibliography.parse(text, "r.bib")
    assert (str(fault.location), fault.code) == ("r.bib:3:2", "bib-command")
    assert "\\fancy" in fault.message
    assert "\n \\fancy{c} –\\ d" in found.references["a"].raw
    assert found.faults == {"a": "\\fancy is lost"}


def pandoc_titles(values):
    """Give what Pandoc reads of titles and of bodies' names."""
    entries = [
        f"@book{{k{number}, title = {{{{A {value} b}}}}, author = {{{{A {value} b}}}}}}"
        for number, value in enumerate(values)
    ]
    command = [pypandoc.get_pandoc_path(), "--from=biblatex", "--to=csljson"]
    result = tools.run(command, stdin="\n".join(entries).encode())
    items = {item["id"]: item for item in json.loads(result.stdout)}
    return [
        (items[f"k{n}"]["title"], items[f"k{n}"]["author"][0].get("literal", ""))
        for n in range(len(values))
    ]


@pytest.mark.tools
def test_pandoc_reads_what_is_called_known():
    """Each known command keeps the words in its braces, or prints a sign; each symbol its own."""
    names = sorted(commands.KNOWN - {"v"})
    read = pandoc_titles([f"\\{name}{{x}}{{y}}" for name in names])
    for name, pair in zip(names, read, strict=True):
        for words in (re.sub(r"<[^>]*>", "", said) for said in pair):
            assert words.startswith("A"), name
            assert "y" in words, (name, pair)
    signs = {n: s for n, s in commands.SYMBOLS.items() if len(s) == 1 and s not in "~ "}
    raws = [commands.in_characters(f"\\{name}{{}}") for name in signs]
    for sign, (title, author) in zip(signs.values(), pandoc_titles(raws), strict=True):
        assert author == f"A {sign} b"
        assert title in {author, f"A <sup>{unicodedata.normalize('NFKC', sign)}</sup> b"}


@pytest.mark.tools
@pytest.mark.parametrize("text", [ZOTERO, JABREF], ids=["zotero", "jabref"])
def test_pandoc_reads_the_exports(text):
    """Every entry, by its key."""
    found, _ = bibliography.parse(text)
    assert pandoc_keys(found.subset(set(found.references))) == list(found.references)


@pytest.mark.tools
def test_pandoc_reads_the_books_own_bibliography():
    """The book in this repository has a clean bibliography."""
    root = Path(__file__).parents[1]
    found, diagnostics = bibliography.read(root, Settings(title="a"))
    assert diagnostics == []
    assert len(found.references) > 40
    assert pandoc_keys(found.subset(set(found.references))) == list(found.references)


@pytest.mark.tools
@settings(max_examples=15, deadline=None)
@given(st.data())
def test_pandoc_reads_every_entry_that_is_called_readable(data):
    """Of mangled entries, those that are read here are read there: many in one process."""
    texts = []
    for i in range(40):
        text = f'@misc{{k{i},\n  title = {{A {{B}} c}},\n  note = "d {{e}}" # jan,\n  year = 1\n}}'
        for _ in range(data.draw(st.integers(1, 3))):
            at = data.draw(st.integers(1, len(text)))
            cut = data.draw(st.integers(0, 1))
            text = text[: at - cut] + data.draw(st.sampled_from(["", *TOKENS])) + text[at:]
        texts.append(text)
    found, _ = bibliography.parse("\n".join(texts))
    assert pandoc_keys(found.subset(set(found.references))) == list(found.references)


def test_the_keys_of_broken_entries_are_known():
    """Whoever cites one need not be told that there is none."""
    text = "@book{a,\n title = {A}\n year = {1900}}\n@book{b, title = {B}}\n@book{a, title = {C}}\n"
    found, _ = bibliography.parse(text)
    assert found.broken == frozenset()
    found, _ = bibliography.parse(text.rpartition("@")[0])
    assert found.broken == {"a"}
