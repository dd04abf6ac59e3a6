"""Drafts go out: as files, by mail, never twice, and one failure does not stop the others."""

from __future__ import annotations

import datetime
import email
import json
import subprocess
import sys
from email import policy

import pytest

from geppetto.diagnostics import ExitCode, GeppettoError, Severity
from geppetto.pipeline import sending
from geppetto.pipeline.sending import Request
from geppetto.review import ledger
from geppetto.review.ledger import Failed, Sending, Sent
from geppetto.review.mailing.smtp import Patience, Session
from kept import SEA, WHALE, keep
from mailservers import Box, Scripted, certificate, free_port, login, serving

ANN = "- {name: Ann, email: ann@example.com, note: Mind the whale.}\n"
BO = "- {name: Bo, email: bo@example.com, formats: [pdf, docx], chapters: [2], lang: de}\n"
CY = "- {name: Cy, email: cy@example.com}\n"
COPIES = [
    ("ann", "Ann", "pdf", b"%PDF ann"), ("bo", "Bo", "pdf", b"%PDF bo"),
    ("bo", "Bo", "docx", b"PK bo"), ("cy", "Cy", "pdf", b"%PDF cy"),
]  # fmt: skip
QUICK = Patience(usual=5, message=1)
ZONE = datetime.timezone(datetime.timedelta(hours=1))


class Clock:
    """A clock that goes on by a second whenever it is looked at."""

    def __init__(self):
        self.time = datetime.datetime(2026, 11, 30, 18, 0, tzinfo=ZONE)

    def __call__(self):
        """Give the time."""
        self.time += datetime.timedelta(seconds=1)
        return self.time


@pytest.fixture
def book(make_book):
    """A book with three reviewers and a draft for each."""

    def make(port=None, more="", people=ANN + BO + CY):
        smtp = f"  smtp: {{host: 127.0.0.1, port: {port}, security: none}}\n" if port else ""
        text = f"title: A Book\nauthor: A. Writer\nreview:\n  from: A. Writer <a@example.org>\n{smtp}{more}"
        root = make_book({"book.yaml": text, "reviewers.yaml": people})
        if not (root / "build").exists():
            keep(root, copies=COPIES)
        return root

    return make


def _send(root, *to, environment=None, **asked):
    request = Request(root, to, **asked)
    return sending.send(request, Clock(), lambda _: None, environment or {}, QUICK)


def _codes(outcome):
    return [d.code for d in outcome.diagnostics]


def _refused(root, *to, **asked):
    """Give what is said where nothing is begun."""
    with pytest.raises(GeppettoError) as caught:
        _send(root, *to, **asked)
    assert caught.value.exit_code is ExitCode.USAGE
    return [(d.code, d.message) for d in caught.value.diagnostics]


def _read(path):
    return email.message_from_bytes(path.read_bytes(), policy=policy.default)


def _text(message):
    return message.get_body(("plain",)).get_content().replace("\r\n", "\n")


def test_a_file_for_each_reviewer(book):
    """With all of the reviewer's copies and a letter in their language."""
    root = book()
    outcome = _send(root)
    assert (outcome.draft, outcome.diagnostics, outcome.exit_code) == ("d1", (), ExitCode.BUILT)
    folder = root / "build/drafts/d1"
    assert [one.path for one in outcome.posted] == [
        folder / f"{n}.eml" for n in ("ann", "bo", "cy")
    ]
    ann, bo = _read(folder / "ann.eml"), _read(folder / "bo.eml")
    assert (ann["To"], ann["From"]) == ("Ann <ann@example.com>", '"A. Writer" <a@example.org>')
    assert ann["X-Unsent"] == "1"
    assert ann["Subject"] == "A Book: the draft of 1 November 2026, for your review"
    assert "Mind the whale." in _text(ann)
    assert bo["Subject"] == "A Book: Entwurf vom 1. November 2026 zur Durchsicht"
    assert "- 2. The Sea" in _text(bo)
    assert "Word" in _text(bo)
    found = [(a.get_filename(), a.get_content()) for a in bo.iter_attachments()]
    assert found == [("a-book-bo.pdf", b"%PDF bo"), ("a-book-bo.docx", b"PK bo")]


def test_what_was_written_stands_in_the_ledger(book):
    """With the message's identifier, and the moment."""
    root = book()
    _send(root, "ann")
    [record] = ledger.read(root).records
    written = _read(root / "build/drafts/d1/ann.eml")
    moment = written["Date"].datetime
    assert record == Sent(
        "d1", "ann", written["Message-ID"], moment.isoformat(), "ann@example.com", "eml"
    )  # fmt: skip


def test_a_file_that_is_written_again_is_the_same(book):
    """Hours later, too; the ledger has it once."""
    root = book()
    _send(root)
    files = sorted((root / "build/drafts/d1").glob("*.eml"))
    before = [(f.read_bytes(), f.stat().st_mtime_ns) for f in files]
    noted = (root / ledger.PATH).read_bytes()
    _send(root)
    assert [(f.read_bytes(), f.stat().st_mtime_ns) for f in files] == before
    assert (root / ledger.PATH).read_bytes() == noted


def test_a_dry_run_writes_nothing(book):
    """It shows the letters."""
    root = book()
    before = sorted(root.rglob("*"))
    outcome = _send(root, dry=True)
    assert [(one.done, one.path) for one in outcome.posted] == [("ready", None)] * 3
    assert "Mind the whale." in outcome.posted[0].letter.text
    assert sorted(root.rglob("*")) == before


def test_a_sender_need_not_be_named_for_files(make_book):
    """The mail program knows it; the author signs."""
    root = make_book({"book.yaml": "title: A Book\nauthor: Z. Writer\n", "reviewers.yaml": ANN})
    keep(root)
    assert _send(root).exit_code is ExitCode.BUILT
    written = _read(root / "build/drafts/d1/ann.eml")
    assert written["From"] is None
    assert _text(written).endswith("Z. Writer\n")


def test_one_reviewer_alone(book):
    """By name, address or slug."""
    root = book()
    assert [one.reviewer.slug for one in _send(root, "cy@example.com", "Ann").posted] == [
        "ann",
        "cy",
    ]
    assert len(_send(root, "all").posted) == 3


@pytest.mark.parametrize(
    ("to", "says"),
    [
        ("Anne", ("reviewer-unknown", "No reviewer is called 'Anne'.")),
        ("Di", ("reviewer-unknown", "The draft d1 has no copy for Di.")),
    ],
)
def test_who_cannot_be_sent_it(book, to, says):
    """An unknown name, or one for whom no copy was made."""
    root = book(people=ANN + BO + CY + "- {name: Di, email: di@example.com}\n")
    assert _refused(root, to) == [says]
    assert not (root / ledger.PATH).exists()


def test_a_copy_for_somebody_who_is_no_longer_listed(book):
    """Nobody is sent anything before that is cleared up; others can be named."""
    root = book(people=ANN + BO)
    assert _refused(root) == [
        ("reviewer-unknown", "The draft d1 has a copy for Cy, who is not in the list of reviewers.")
    ]
    assert len(_send(root, "ann").posted) == 1


def test_a_damaged_copy_is_not_sent(book):
    """Nor one that is gone; both are named, and nothing is written."""
    root = book()
    (root / "build/drafts/d1/a-book-ann.pdf").write_bytes(b"other")
    (root / "build/drafts/d1/a-book-bo.docx").unlink()
    assert _refused(root) == [
        ("draft-damaged", "The copy a-book-ann.pdf of the draft d1 has been changed since it was made."),
        ("draft-damaged", "The copy a-book-bo.docx of the draft d1 is not there."),
    ]  # fmt: skip
    assert not list(root.rglob("*.eml"))


@pytest.mark.parametrize("file", ["../../../book.yaml", "/etc/passwd"])
def test_a_draft_that_names_other_files(book, file):
    """Only what lies in the draft's folder is sent."""
    root = book()
    record = root / "build/drafts/d1/draft.json"
    data = json.loads(record.read_text())
    data["copies"][0]["file"] = file
    record.write_text(json.dumps(data))
    [(code, message)] = _refused(root, "ann")
    assert (code, "is none that can be sent" in message) == ("draft-damaged", True)


def test_there_is_no_draft(make_book):
    """It is said how to make one."""
    root = make_book({"reviewers.yaml": ANN})
    assert _refused(root) == [("draft-unknown", "There is no draft yet.")]
    assert _refused(root, draft="d9")[0][0] == "draft-unknown"


def test_the_newest_draft_is_sent(book):
    """Or the one that is named."""
    root = book()
    keep(root, "d0", "2026-11-20", copies=COPIES)
    assert _send(root).draft == "d0"
    assert _send(root, draft="d1").draft == "d1"


def test_what_changed_since_the_last_draft(book):
    """That the reviewer was sent; of the chapters that the reviewer gets."""
    root = book()
    _send(root)
    texts = {
        "chapters/1.md": WHALE + "\nMore to say.\n",
        "chapters/2.md": SEA.replace("insular ", ""),
    }
    keep(root, "d2", "2026-11-20", texts, COPIES)
    _send(root)
    ann, bo = (_text(_read(root / f"build/drafts/d2/{n}.eml")) for n in ("ann", "bo"))
    assert "Since the draft of 1 November 2026" in ann
    assert (
        "- 1. The Whale: words added: 3, removed: 0\n- 2. The Sea: words added: 0, removed: 1"
        in ann
    )
    assert "The Whale" not in bo
    assert "- 2. The Sea: Wörter hinzugekommen: 0, entfallen: 1" in bo


def test_an_earlier_draft_sent_later_compares_with_nothing_newer(book):
    """What changed is said forwards only."""
    root = book()
    keep(root, "d2", "2026-11-20", copies=COPIES)
    _send(root, draft="d2")
    _send(root, draft="d1")
    assert "20 November 2026" not in _text(_read(root / "build/drafts/d1/ann.eml"))


def test_a_last_draft_that_is_not_kept(book):
    """The letter does not speak of changes; that is said."""
    root = book()
    _send(root, "ann")
    (root / "build/drafts/d1/draft.json").unlink()
    keep(root, "d2", "2026-11-20", copies=COPIES)
    outcome = _send(root, "ann")
    assert [(d.code, d.severity) for d in outcome.diagnostics] == [("draft-unknown", Severity.NOTE)]
    assert outcome.exit_code is ExitCode.BUILT
    assert "Since" not in _text(_read(root / "build/drafts/d2/ann.eml"))


def test_a_message_that_is_too_large(book):
    """It is refused with advice; the others are written."""
    root = book(more="  limit: 5kB\n")
    (root / "build/drafts/d1/draft.json").unlink()
    keep(root, "d2", copies=[("ann", "Ann", "pdf", b"x" * 9000), *COPIES[1:]])
    outcome = _send(root)
    assert _codes(outcome) == ["mail-large"]
    assert "the limit in book.yaml is 5.0 kB" in outcome.diagnostics[0].message
    assert "send a link" in outcome.diagnostics[0].hint
    assert outcome.exit_code is ExitCode.MACHINERY
    assert [one.reviewer.slug for one in outcome.posted] == ["bo", "cy"]
    assert not (root / "build/drafts/d2/ann.eml").exists()


def test_by_mail(book):
    """Each message is noted before and after; a second run sends nothing."""
    box = Box()
    with serving(box) as port:
        root = book(port)
        outcome = _send(root, smtp=True)
        assert [one.done for one in outcome.posted] == ["sent"] * 3
        again = _send(root, smtp=True)
    assert (again.posted, _codes(again), again.exit_code) == ((), ["mail-sent"] * 3, ExitCode.BUILT)
    assert box.recipients == ["ann@example.com", "bo@example.com", "cy@example.com"]
    records = ledger.read(root).records
    assert [r.event for r in records] == ["sending", "sent"] * 3
    assert [r.how for r in records if isinstance(r, Sent)] == ["smtp"] * 3
    assert box.taken[0][0] == "a@example.org"
    read = email.message_from_bytes(box.taken[1][2], policy=policy.default)
    assert (read["X-Unsent"], read["Message-ID"]) == (None, records[2].message)
    assert len(list(read.iter_attachments())) == 2


def test_again_if_it_is_asked_for(book):
    """The same message, by its identifier; the others stay."""
    box = Box()
    with serving(box) as port:
        root = book(port)
        _send(root, smtp=True)
        outcome = _send(root, smtp=True, again=("Bo",))
    assert [one.reviewer.slug for one in outcome.posted] == ["bo"]
    sent = [m for m in box.taken if m[1] == ("bo@example.com",)]
    names = {email.message_from_bytes(content)["Message-ID"] for _, _, content in sent}
    assert (len(sent), len(names)) == (2, 1)


def test_what_was_written_as_a_file_is_not_mailed_too(book):
    """It may have been sent by hand."""
    box = Box()
    with serving(box) as port:
        root = book(port)
        _send(root, "ann")
        outcome = _send(root, smtp=True)
    assert box.recipients == ["bo@example.com", "cy@example.com"]
    assert [d.message for d in outcome.diagnostics] == [
        "A letter to Ann was written on 2026-11-30, ready to be sent; it is not mailed too."
    ]


def test_another_address_is_sent_it(book):
    """Who was misspelt was sent nothing."""
    box = Box()
    with serving(box) as port:
        root = book(port)
        _send(root, "cy", smtp=True)
        (root / "reviewers.yaml").write_text(ANN + BO + CY.replace("cy@", "cyril@"))
        _send(root, "cy", smtp=True)
    assert box.recipients == ["cy@example.com", "cyril@example.com"]


def test_another_sender_is_no_reason_to_send_again(book):
    """The letter is the same."""
    box = Box()
    with serving(box) as port:
        root = book(port)
        _send(root, "cy", smtp=True)
        file = root / "book.yaml"
        file.write_text(file.read_text().replace("a@example.org", "a@other.example"))
        assert _codes(_send(root, "cy", smtp=True)) == ["mail-sent"]
    assert len(box.taken) == 1


def test_one_refusal_does_not_stop_the_others(book):
    """It can be tried again when the address is right."""
    box = Box(refused={"bo@example.com"})
    with serving(box) as port:
        root = book(port)
        outcome = _send(root, smtp=True)
        assert _codes(outcome) == ["mail-refused"]
        assert "550 5.1.1 no such mailbox" in outcome.diagnostics[0].message
        assert str(outcome.diagnostics[0].location) == "reviewers.yaml:2:3"
        assert outcome.exit_code is ExitCode.MACHINERY
        box.refused = set()
        assert [one.reviewer.slug for one in _send(root, smtp=True).posted] == ["bo"]
    assert sorted(box.recipients) == ["ann@example.com", "bo@example.com", "cy@example.com"]


def test_a_refusal_of_the_whole_message_leaves_no_doubt(book):
    """What was begun is noted as ended; it can be tried again."""
    box = Box(answer="554 5.7.1 looks like spam")
    with serving(box) as port:
        root = book(port)
        assert _codes(_send(root, "ann", smtp=True)) == ["mail-refused"]
        begun, failed = ledger.read(root).records
        assert isinstance(begun, Sending)
        assert (failed.begun, failed.why) == (begun.when, "554 5.7.1 looks like spam")
        box.answer = "250 well"
        assert len(_send(root, "ann", smtp=True).posted) == 1


def test_the_server_takes_less(book):
    """Its own limit is honoured."""
    box = Box()
    with serving(box, data_size_limit=6000) as port:
        root = book(port)
        (root / "build/drafts/d1/draft.json").unlink()
        keep(root, "d2", copies=[("ann", "Ann", "pdf", b"x" * 9000), *COPIES[1:]])
        outcome = _send(root, smtp=True)
    assert _codes(outcome) == ["mail-large"]
    assert "the server takes 6.0 kB" in outcome.diagnostics[0].message
    assert box.recipients == ["bo@example.com", "cy@example.com"]


@pytest.mark.parametrize("at", ["end", "data"])
def test_a_server_that_dies_leaves_a_doubt(book, at):
    """The next run does not send it; only who asks for it sends it again."""
    with Scripted(at, well=1) as server:
        root = book(server.port)
        outcome = _send(root, "ann", "bo", smtp=True)
    assert [one.reviewer.slug for one in outcome.posted] == ["ann"]
    assert _codes(outcome) == ["mail-doubtful"]
    assert outcome.exit_code is ExitCode.MACHINERY
    box = Box()
    with serving(box) as port:
        root = book(port)
        outcome = _send(root, smtp=True)
        assert _codes(outcome) == ["mail-sent", "mail-doubtful"]
        assert '--again "Bo"' in outcome.diagnostics[1].hint
        assert box.recipients == ["cy@example.com"]
        assert _codes(_send(root, "bo", smtp=True, again=("bo",))) == []
        assert _codes(_send(root, "bo", smtp=True)) == ["mail-sent"]
    assert box.recipients == ["cy@example.com", "bo@example.com"]


def test_a_server_that_keeps_dying_is_left_alone(book):
    """Else every message would be in doubt."""
    with Scripted("end") as server:
        root = book(server.port)
        outcome = _send(root, smtp=True)
    assert sorted(_codes(outcome)) == ["mail-doubtful", "mail-doubtful", "mail-server"]
    assert any("the others were not tried" in d.message for d in outcome.diagnostics)
    assert len(ledger.read(root).records) == 2
    assert server.connections == 2


def test_a_run_that_is_killed_between_acceptance_and_note(book, monkeypatch):
    """The server has the message, the ledger has only that it was begun."""
    box = Box()
    deliver = Session.deliver

    def killed(session, message, begin):
        deliver(session, message, begin)
        raise KeyboardInterrupt

    with serving(box) as port:
        root = book(port)
        monkeypatch.setattr(Session, "deliver", killed)
        with pytest.raises(KeyboardInterrupt):
            _send(root, smtp=True)
        monkeypatch.undo()
        outcome = _send(root, smtp=True)
    assert _codes(outcome) == ["mail-doubtful"]
    assert box.recipients == ["ann@example.com", "bo@example.com", "cy@example.com"]


@pytest.mark.tools
def test_a_killed_process_leaves_a_doubt(book):
    """Killed while the server has the message and has not answered."""
    program = [sys.executable, "-c", "from geppetto.cli import main; main()"]
    with Scripted("end", "sleep", well=1) as server:
        root = book(server.port)
        running = subprocess.Popen([*program, "-C", str(root), "send", "--smtp", "--quiet"])
        assert server.reached.wait(60)
        running.kill()
        running.wait()
    assert [r.event for r in ledger.read(root).records] == ["sending", "sent", "sending"]
    box = Box()
    with serving(box) as port:
        outcome = _send(book(port), smtp=True)
    assert _codes(outcome) == ["mail-sent", "mail-doubtful"]
    assert box.recipients == ["cy@example.com"]


def test_a_connection_that_breaks_before_the_message_is_whole(book):
    """It is known not to be sent, and sent by the next run."""
    box = Box()
    with Scripted("data") as dying, serving(box) as port:
        root = book(dying.port)
        (root / "build/drafts/d1/draft.json").unlink()
        keep(root, "d2", copies=[("ann", "Ann", "pdf", b"x" * 12_000_000)])
        outcome = _send(root, smtp=True)
        assert _codes(outcome) == ["mail-server"]
        assert [type(r) for r in ledger.read(root).records] == [Sending, Failed]
        root = book(port)
        assert len(_send(root, smtp=True).posted) == 1
    assert len(box.taken) == 1


def test_another_process_was_quicker(book, monkeypatch):
    """Between the look at the ledger and the note a second run may begin: one of them sends."""
    box = Box()
    deliver = Session.deliver

    def late(session, message, begin):
        monkeypatch.undo()
        assert len(_send(root, "ann", smtp=True).posted) == 1
        return deliver(session, message, begin)

    with serving(box) as port:
        root = book(port)
        monkeypatch.setattr(Session, "deliver", late)
        outcome = _send(root, "ann", smtp=True)
    assert (outcome.posted, _codes(outcome)) == ((), ["mail-sent"])
    assert len(box.taken) == 1


def test_nobody_is_there(book):
    """Said once; nothing is noted."""
    root = book(free_port())
    outcome = _send(root, smtp=True)
    assert (_codes(outcome), outcome.exit_code) == (["mail-server"], ExitCode.MACHINERY)
    assert ledger.read(root).records == ()


def test_a_dry_run_asks_no_server(book):
    """Nor does it need a password."""
    root = book(free_port())
    assert [one.done for one in _send(root, smtp=True, dry=True).posted] == ["ready"] * 3


@pytest.mark.parametrize(
    ("text", "lacks"),
    [
        ("title: A Book\n", "'review: from' and 'review: smtp: host'"),
        ("title: A Book\nreview: {from: a@b.org}\n", "'review: smtp: host'"),
        ("title: A Book\nreview: {smtp: {host: b.org}}\n", "'review: from'"),
    ],
)
def test_what_mailing_needs(make_book, text, lacks):
    """The keys are named."""
    root = make_book({"book.yaml": text, "reviewers.yaml": ANN})
    keep(root)
    assert _refused(root, smtp=True) == [
        ("mail-settings", f"book.yaml lacks {lacks}, which sending mail needs.")
    ]


@pytest.mark.tools
def test_by_mail_with_a_password(book, tmp_path, monkeypatch):
    """From the environment; it stands nowhere afterwards."""
    context, file = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    box = Box()
    options = {
        "tls_context": context,
        "require_starttls": True,
        "authenticator": login("ann", "s3cret-x"),
    }
    with serving(box, **options) as port:
        smtp = f"  smtp: {{host: localhost, port: {port}, security: starttls, user: ann}}\n"
        root = book(more=smtp)
        wrong = _send(root, "ann", smtp=True, environment={"GEPPETTO_SMTP_PASSWORD": "wr0ng-x"})
        assert _codes(wrong) == ["mail-password"]
        secret = {"GEPPETTO_SMTP_PASSWORD": "s3cret-x"}
        assert _send(root, smtp=True, environment=secret).exit_code is ExitCode.BUILT
    assert len(box.taken) == 3
    assert box.users == [("ann", False), ("ann", True)]
    for path in (p for p in root.rglob("*") if p.is_file()):
        assert b"s3cret-x" not in path.read_bytes(), path
    assert "wr0ng-x" not in repr(wrong)
