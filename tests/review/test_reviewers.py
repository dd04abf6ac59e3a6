"""reviewers.yaml: who reads drafts, and what is said of a faulty list."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geppetto import config
from geppetto.config import faults as faults_of
from geppetto.diagnostics import ExitCode, GeppettoError
from geppetto.model.mailboxes import addressed, mailbox, person
from geppetto.model.settings import Settings
from geppetto.review import reviewers
from geppetto.review.reviewers import Entry, Reviewer

SCHEMA = Path(__file__).parents[2] / "docs" / "reviewers.schema.json"
ANN = "- name: Ann Author\n  email: ann@example.org\n"


@pytest.fixture
def read(make_book):
    """Read a reviewers.yaml of this text."""

    def give(text, book="title: a\nlang: de\n"):
        root = make_book({"book.yaml": book, "reviewers.yaml": text})
        return reviewers.read(root, config.load(root).settings)

    return give


@pytest.fixture
def faults(read):
    """Give what is said of a list: place, code, message, hint."""

    def say(text):
        with pytest.raises(GeppettoError) as caught:
            read(text)
        assert caught.value.exit_code is ExitCode.USAGE
        return [(str(d.location), d.code, d.message, d.hint) for d in caught.value.diagnostics]

    return say


def test_a_name_and_an_address_are_enough(read):
    """The rest has defaults; the letter's language is the book's."""
    assert read(ANN) == (Reviewer("ann-author", "Ann Author", "ann@example.org", lang="de"),)


def test_everything_that_may_be_said(read):
    """Lists in short and long form; a chapter's number stays as it is written."""
    text = (
        "- name: José\n  email: j.m+drafts@exämple.org\n  formats: [docx, pdf, docx]\n"
        "  chapters: [3, A, ./chapters/01.md]\n  spacing: double\n  lang: es-MX\n  note: ¡Gracias!\n"
        "- {name: Bo, email: bo@example.org, formats: epub, chapters: 07}\n"
    )
    jose, bo = read(text)
    assert jose == Reviewer(
        "jose", "José", "j.m+drafts@exämple.org", ("docx", "pdf"),
        ("3", "A", "chapters/01.md"), "double", "es-MX", "¡Gracias!",
    )  # fmt: skip
    assert jose.mailbox.address == "j.m+drafts@xn--exmple-cua.org"
    assert (bo.formats, bo.chapters, bo.place.line) == (("epub",), ("07",), 8)


def test_slugs_are_the_files_own(read):
    """Names that fold to one slug are told apart; other scripts take the address, then a number."""
    people = ["Zoë", "Zoe!", "Анна", "王"]
    addresses = ["a@b.org", "c@d.org", "anna@e.org", "王@f.org"]
    text = "".join(f"- {{name: {n}, email: {a}}}\n" for n, a in zip(people, addresses, strict=True))
    assert [one.slug for one in read(text)] == ["zoe", "zoe-2", "anna", "reviewer-4"]


def test_every_fault_at_once_with_its_place(faults):
    """Misspelt keys and values come with what was meant."""
    text = (
        "- nam: Ann\n  email: ann@example\n"
        "- name: Bo\n  email: bo@example.org\n  formats: [pfd]\n  spacing: triple\n"
        "- Cy\n"
    )
    assert faults(text) == [
        ("reviewers.yaml:1:3", "reviewers-value", "'name' is missing.",
         "The reviewer's name, as the letter says it. For example: name: Mary Shelley"),
        ("reviewers.yaml:1:3", "reviewers-value", "Geppetto does not know the key 'nam'.",
         "Did you mean 'name'?"),
        ("reviewers.yaml:2:10", "reviewers-value",
         "'email: ann@example' is no e-mail address: what follows the @ is no domain.",
         "The reviewer's address. For example: email: mary@example.org"),
        ("reviewers.yaml:5:13", "reviewers-value",
         "An item of 'formats: pfd' must be 'pdf', 'docx' or 'epub'.",
         "What the reviewer gets: pdf, docx, epub, or a list of them. Did you mean 'pdf'?"),
        ("reviewers.yaml:6:12", "reviewers-value",
         "'spacing: triple' must be 'single' or 'double'.",
         "How far the lines of the PDF stand apart. For example: spacing: double"),
        ("reviewers.yaml:7:3", "reviewers-value", "'an item: Cy' must be keys with values.", None),
    ]  # fmt: skip


def test_names_and_addresses_stand_once(faults):
    """Whatever their capitals and blanks."""
    again = "- name: ANN  author\n  email: Ann@Example.org\n"
    assert [f[:3] for f in faults(ANN + again)] == [
        ("reviewers.yaml:3:9", "reviewers-value",
         "The name 'ANN  author' stands twice; first on line 1."),
        ("reviewers.yaml:4:10", "reviewers-value",
         "The address 'Ann@Example.org' stands twice; first on line 2."),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "name: Ann\n", "[]\n", "Ann\n"])
def test_what_is_no_list_of_reviewers(faults, text):
    """The form is shown."""
    [said] = faults(text)
    assert said[:3] == (
        "reviewers.yaml:1:1", "reviewers-value", "reviewers.yaml must be a list of reviewers."
    )  # fmt: skip
    assert reviewers.EXAMPLE in said[3]


def test_a_list_that_is_not_there(make_book):
    """Zero configuration: the file's place is beside book.yaml, and its form is shown."""
    with pytest.raises(GeppettoError) as caught:
        reviewers.read(make_book(), Settings(title="a"))
    [said] = caught.value.diagnostics
    assert (said.code, reviewers.EXAMPLE in said.hint) == ("reviewers-missing", True)


def test_a_list_elsewhere(make_book):
    """book.yaml names it; a name near it is suggested."""
    root = make_book(
        {"book.yaml": "title: a\nreview: {reviewers: people/readers.yaml}\n",
         "people/readers.yaml": ANN}
    )  # fmt: skip
    assert reviewers.read(root, config.load(root).settings)[0].slug == "ann-author"
    (root / "people/readers.yaml").rename(root / "people/reader.yaml")
    with pytest.raises(GeppettoError) as caught:
        reviewers.read(root, config.load(root).settings)
    assert str(caught.value.diagnostics[0].location) == "book.yaml:2:21"
    assert caught.value.diagnostics[0].hint == "Did you mean 'people/reader.yaml'?"


def test_a_line_end_in_a_name_is_refused(faults):
    """What would add a header to a message is no name and no address."""
    text = '- name: "Ann\\nBcc: all@example.org"\n  email: "ann@example.org\\r\\nBcc: b@c.de"\n'
    assert {f[0] for f in faults(text)} == {"reviewers.yaml:1:9", "reviewers.yaml:2:10"}


@pytest.mark.parametrize(
    ("called", "found"),
    [("ann author", "ann-author"), ("ANN@example.org", "ann-author"), ("ann-author", "ann-author")],
)
def test_a_reviewer_is_found(read, called, found):
    """By name, address or slug."""
    assert reviewers.find(read(ANN), called).slug == found


def test_an_unknown_reviewer_comes_with_a_suggestion(read):
    """The nearest name is offered."""
    with pytest.raises(GeppettoError) as caught:
        reviewers.find(read(ANN), "Anne Author")
    assert caught.value.diagnostics[0].hint == "Did you mean 'Ann Author'?"


@pytest.mark.parametrize(
    ("written", "name", "address"),
    [
        ("ann@example.org", "", "ann@example.org"),
        ("Ann Author <ann@Example.ORG>", "Ann Author", "ann@example.org"),
        ('"Author, Ann" <ann@example.org>', "Author, Ann", "ann@example.org"),
        ("<ann@münchen.de>", "", "ann@xn--mnchen-3ya.de"),
        ("二 <用户@例え.jp>", "二", "用户@xn--r8jz45g.jp"),
    ],
)
def test_mailboxes(written, name, address):
    """A name may stand before an address; domains are written in ASCII."""
    found = mailbox(written)
    assert (found.name, found.address) == (name, address)
    assert found.needs_utf8 is not address.isascii()


@pytest.mark.parametrize(
    "written",
    [
        "ann", "ann@", "@example.org", "ann@example", "a b@example.org", "ann@@example.org",
        ".ann@example.org", "a..b@example.org", "ann@-example.org", "ann@example..org",
        "ann@127.0.0.1", "ann@[127.0.0.1]", '"a b"@example.org', "a,b@example.org",
        "ann@example.org, bo@example.org", "Ann <ann@example.org> <b@c.de>", "ann@exa\u00admple",
        "a\u202enna@example.org", f"{'a' * 65}@example.org", f"ann@{'a' * 64}.org",
        "ann@example.org\nBcc: b@c.de", "Ann\n<ann@example.org>", "Ann\u2028 <ann@example.org>",
    ],
)  # fmt: skip
def test_what_is_no_mailbox(written):
    """Neither is anything taken that an address could hide behind."""
    with pytest.raises(ValueError, match=r"e-mail address|no name"):
        mailbox(written)


def test_the_schema_file_is_up_to_date(golden):
    """docs/reviewers.schema.json is what the code says; every key is explained."""
    golden(SCHEMA, reviewers.json_schema())
    [entry] = json.loads(reviewers.json_schema())["$defs"].values()
    assert all(key["description"] and key["examples"] for key in entry["properties"].values())
    assert entry["additionalProperties"] is False


@pytest.mark.parametrize(
    ("names", "example"), [(n, i.examples[0]) for n, i in faults_of.fields(Entry).items()]
)
def test_every_example_is_right(read, names, example):
    """What a diagnostic offers can be pasted."""
    lines = {"name": "name: Ann", "email": "email: ann@example.org"}
    lines[names[-1]] = faults_of.example(Entry, names, example)
    assert len(read(f"- {{{', '.join(lines.values())}}}\n")) == 1


WRITTEN = st.text(st.sampled_from("- ab:,[]{}&*|>'\"@.\\#\n\tnme\u2028\x00é漢"), max_size=60)


@given(st.one_of(WRITTEN, WRITTEN.map(lambda text: ANN + f"  note: {text}\n- name: {text}\n")))
def test_any_text_is_a_list_or_has_a_fault(tmp_path_factory, text):
    """No text makes the reader fail otherwise, and each fault has its place."""
    root = tmp_path_factory.getbasetemp() / "any"
    root.mkdir(exist_ok=True)
    (root / "book.yaml").write_text("title: a\n")
    (root / "reviewers.yaml").write_bytes(text.encode())
    faults = found = ()
    try:
        found = reviewers.read(root, Settings(title="a"))
    except GeppettoError as fault:
        faults = fault.diagnostics
    assert bool(found) is not bool(faults)
    assert all(d.location.path == "reviewers.yaml" for d in faults)
    assert len({one.slug for one in found}) == len(found)


@given(st.text(), st.text())
def test_nothing_that_is_taken_ends_a_line(name, local):
    """Whatever is written: it is refused, or stays on its line."""
    try:
        found = addressed(person(name), f"{local}@example.org")
    except ValueError:
        return
    assert len(f"{found.name}x{found.address}".splitlines()) == 1
    assert not set(found.local) & set(' "(),:;<>@[]\\')
