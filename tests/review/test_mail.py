"""Messages: read back by Python's own parser, they say what was put into them."""

from __future__ import annotations

import datetime
import email
from email import policy
from email.header import decode_header, make_header
from email.utils import getaddresses

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from geppetto.model.mailboxes import addressed, mailbox
from geppetto.review.mailing.letters import Letter
from geppetto.review.mailing.mail import Enclosure, compose, identifier

ANN = addressed("Ann Author", "ann@example.org")
MARY = addressed("Mary Shelley", "mary@example.com")
LETTER = Letter("A Real Boy: the draft", "Dear Mary,\n\n.\n“Yes”.\n", "<p>Dear Mary</p>\n", "en")
ENCLOSED = (
    Enclosure("a-real-boy-mary.pdf", "pdf", b"%PDF-1.7\r\n\x00\xff.\n.\n"),
    Enclosure("a-real-boy-mary.docx", "docx", b"PK\x03\x04"),
    Enclosure("a-real-boy-mary.epub", "epub", b"PK\x03\x04mimetype"),
)
MOMENT = datetime.datetime(
    2026, 11, 30, 18, 5, tzinfo=datetime.timezone(datetime.timedelta(hours=1))
)
NAMES = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"], exclude_characters="<>"))


def _compose(letter=LETTER, enclosed=ENCLOSED, to=MARY, sender=ANN, unsent=True):
    return compose(
        letter, enclosed, message="<d.1@example.org>", sender=sender, to=to, moment=MOMENT,
        unsent=unsent,
    )  # fmt: skip


def _read(message):
    return email.message_from_bytes(message.content, policy=policy.default)


def _text(read, kind):
    return read.get_body((kind,)).get_content().replace("\r\n", "\n")


def _name(message, header):
    """Give the name in a header, decoded by RFC 2047 to the letter."""
    written = email.message_from_bytes(message.content)[header]
    [(name, _)] = getaddresses([" ".join(written.split())])
    return str(make_header(decode_header(name)))


def test_everything_comes_back():
    """Headers, both forms of the letter, and each file byte for byte."""
    read = _read(_compose())
    assert read["From"] == "Ann Author <ann@example.org>"
    assert read["To"] == "Mary Shelley <mary@example.com>"
    assert read["Subject"] == LETTER.subject
    assert read["Date"].datetime == MOMENT
    assert read["Message-ID"] == "<d.1@example.org>"
    assert read["X-Unsent"] == "1"
    assert [part.get_content_type() for part in read.walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html",
        "application/pdf",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/epub+zip",
    ]  # fmt: skip
    assert _text(read, "plain") == LETTER.text
    assert _text(read, "html") == LETTER.html
    assert read.get_body(("plain",))["Content-Language"] == "en"
    found = [(a.get_filename(), a.get_content()) for a in read.iter_attachments()]
    assert found == [(one.name, one.content) for one in ENCLOSED]
    assert [d for part in read.walk() for d in part.defects] == []


def test_a_message_that_is_mailed_is_no_draft():
    """Only a file is opened to be sent."""
    assert _read(_compose(unsent=False))["X-Unsent"] is None


def test_a_sender_may_be_left_to_the_mail_program():
    """A file to be opened needs none."""
    assert _read(_compose(sender=None))["From"] is None


def test_the_same_letter_is_the_same_bytes():
    """No boundary is made by chance; lines end with CR LF and are short."""
    first, second = _compose().content, _compose().content
    assert first == second
    lines = first.split(b"\r\n")
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert max(len(line) for line in lines if not line.startswith(b"Content-Type")) <= 78
    assert first.isascii()


def test_an_identifier_is_of_one_draft_to_one_reviewer():
    """The same again for the same; another for another book, draft, reviewer or address."""
    base = ("a-book", "2026-11-30", "mary", MARY)
    others = [
        ("b-book", *base[1:]), (base[0], "2026-12-01", *base[2:]), (*base[:2], "mary-2", MARY),
        (*base[:3], ANN),
    ]  # fmt: skip
    made = {identifier(*one, ANN) for one in [base, base, *others]}
    assert len(made) == 5
    assert identifier(*base, ANN).endswith("@example.org>")
    assert identifier(*base, None).endswith("@geppetto.invalid>")
    assert identifier("b", "草稿 1\r\nX: y", "m", MARY, ANN).isprintable()


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Mary Shelley", b"To: Mary Shelley <m@x.org>\r\n"),
        ("Shelley, Mary", b'To: "Shelley, Mary" <m@x.org>\r\n'),
        ('Mary "M." Shelley', b'To: "Mary \\"M.\\" Shelley" <m@x.org>\r\n'),
        ("José", b"To: =?utf-8?b?Sm9zw6k=?= <m@x.org>\r\n"),
        ("", b"To: m@x.org\r\n"),
    ],
)
def test_names_in_headers(name, written):
    """Plain, quoted, or encoded."""
    assert written in _compose(to=addressed(name, "m@x.org")).content


def test_international_addresses():
    """A domain is written in ASCII; a local part as it is, in UTF-8 (RFC 6532)."""
    to = mailbox("Jörg <jörg@münchen.example>")
    message = _compose(to=to)
    assert message.needs_utf8
    line = "To: =?utf-8?b?SsO2cmc=?= <jörg@xn--mnchen-3ya.example>\r\n"
    assert line.encode() in message.content


@given(NAMES, NAMES)
@example('Ünï, Ann (x) @home; b@c.de: \\ "', "=?utf-8?q?=2C?=")
@example("漢" * 60, "a" * 150)
def test_any_name_and_subject_come_back_alone(name, subject):
    """One sender, one recipient, one subject: whatever they are called, no header more."""
    to = addressed(name, "mary@example.com")
    subject = " ".join(subject.split())
    letter = Letter(subject, "Hello\n", "<p>Hello</p>\n", "en")
    message = _compose(letter, (), to, addressed(name, "ann@example.org"))
    read = _read(message)
    for header, address in (("From", "ann@example.org"), ("To", "mary@example.com")):
        [found] = read[header].addresses
        assert found.addr_spec == address
        assert " ".join(_name(message, header).split()) == to.name
    assert " ".join(str(read["Subject"]).split()) == subject
    assert sorted(read.keys()) == sorted(
        ["Date", "Message-ID", "From", "To", "Subject", "X-Unsent", "MIME-Version", "Content-Type"]
    )
    assert read["Bcc"] is None


@given(st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=120))
@example("Überarbeitung – «пьеса» 漢字 (2).pdf")
@example("a'b\"c;d=e%20.pdf")
def test_any_file_name_comes_back(name):
    """By RFC 2231 where it is beyond ASCII, or long."""
    name = " ".join(name.split()) or "a"
    read = _read(_compose(enclosed=(Enclosure(name, "pdf", b"%PDF"),)))
    [found] = read.iter_attachments()
    assert found.get_content() == b"%PDF"
    assert found.get_content_type() == "application/pdf"
    assert found.get_filename() == name


@given(st.text(st.characters(codec="utf-8")), st.binary(max_size=300))
def test_any_letter_and_file_come_back(text, content):
    """Neither can end its own part."""
    words = text.replace("\r\n", "\n").replace("\r", "\n") + "\n"
    letter = Letter("S", words, "<p>x</p>\n", "en")
    read = _read(_compose(letter, (Enclosure("a.pdf", "pdf", content),)))
    [found] = read.iter_attachments()
    assert found.get_content() == content
    body = read.get_body(("plain",)).get_content()
    assert body.splitlines() == words.splitlines()
