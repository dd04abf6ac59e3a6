"""The ledger: read strictly, merged by git line by line, written by one at a time."""

from __future__ import annotations

import fcntl
import os
import random
import shutil
import subprocess
import threading

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from geppetto import store
from geppetto.diagnostics import ExitCode, GeppettoError
from geppetto.review import ledger
from geppetto.review.ledger import Drafted, Failed, File, Ledger, Letter, Returned, Sending, Sent
from geppetto.review.records import written

DRAFTED = Drafted("d1", "ann", "2026-11-01", "abc1234+", ("pdf",), (File("a.pdf", "00"),))
BEGUN = Sending("d1", "ann", "<m1@x.org>", "2026-11-02T10:00:00+01:00", "ann@x.org")
DONE = Sent("d1", "ann", "<m1@x.org>", "2026-11-02T10:00:03+01:00", "ann@x.org", "smtp", BEGUN.when)
NOT_TAKEN = Failed("d1", "ann", "<m1@x.org>", "2026-11-02T10:00:02+01:00", BEGUN.when, "552 full")
BACK = Returned("d1", "ann", "a (1).pdf", "ff", "2026-11-20T09:00:00Z", 12)
LATER = Sent("d2", "ann", "<m2@x.org>", "2026-12-02T10:00:00Z", "ann@x.org", "eml")
EVERY = (DRAFTED, BEGUN, NOT_TAKEN, DONE, BACK, LATER)
SHOWN = st.text(st.characters(codec="utf-8"))
MOMENTS = st.datetimes(timezones=st.timezones()).map(lambda m: m.isoformat())
RECORDS = st.one_of(
    st.builds(
        Drafted, SHOWN, SHOWN, st.dates().map(str), SHOWN,
        st.lists(SHOWN).map(tuple), st.lists(st.builds(File, SHOWN, SHOWN)).map(tuple),
    ),
    st.builds(Sending, SHOWN, SHOWN, SHOWN, MOMENTS, SHOWN),
    st.builds(Sent, SHOWN, SHOWN, SHOWN, MOMENTS, SHOWN, SHOWN, SHOWN),
    st.builds(Failed, SHOWN, SHOWN, SHOWN, MOMENTS, SHOWN, SHOWN),
    st.builds(Returned, SHOWN, SHOWN, SHOWN, SHOWN, MOMENTS, st.integers(min_value=0)),
)  # fmt: skip


@pytest.fixture
def faults(tmp_path):
    """Give what is said of a ledger: line, message, hint."""

    def say(text):
        _write(tmp_path, text)
        with pytest.raises(GeppettoError) as caught:
            ledger.read(tmp_path)
        assert caught.value.exit_code is ExitCode.USAGE
        assert {d.code for d in caught.value.diagnostics} == {"ledger-damaged"}
        return [(d.location.line, d.message, d.hint) for d in caught.value.diagnostics]

    return say


def _write(root, text):
    path = root / ledger.PATH
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


def test_a_ledger_that_is_not_there_is_empty(tmp_path):
    """Nothing is made by looking."""
    assert ledger.read(tmp_path) == Ledger()
    assert list(tmp_path.iterdir()) == []


def test_what_is_appended_is_read_in_the_order_of_time(tmp_path):
    """Whatever the order of the lines."""
    assert ledger.append(tmp_path, reversed(EVERY))
    assert ledger.read(tmp_path).records == EVERY


def test_a_record_is_added_once(tmp_path):
    """The same record again changes nothing."""
    ledger.append(tmp_path, [DRAFTED, DRAFTED])
    before = (tmp_path / ledger.PATH).read_bytes()
    ledger.append(tmp_path, [DRAFTED])
    assert (tmp_path / ledger.PATH).read_bytes() == before
    assert before.count(b'"drafted"') == 1


def test_the_file_is_yaml_with_a_record_a_line(tmp_path):
    """Any reader of YAML reads it."""
    ledger.append(tmp_path, EVERY)
    text = (tmp_path / ledger.PATH).read_text("utf-8")
    loaded = yaml.safe_load(text)
    assert [one["event"] for one in loaded] == [r.event for r in EVERY]
    assert loaded[0]["files"] == [{"name": "a.pdf", "sha256": "00"}]
    assert len([line for line in text.splitlines() if line.startswith("- ")]) == len(EVERY)


@given(st.lists(RECORDS), st.integers())
def test_any_record_survives_in_any_order_and_number(records, seed):
    """A union merge shuffles lines and doubles them: the ledger is the same."""
    lines = [written(r) for r in records]
    merged = lines + lines[: len(lines) // 2]
    random.Random(seed).shuffle(merged)  # noqa: S311 - no secret
    assert ledger._parsed("".join(merged)) == ledger._parsed("".join(lines))
    assert set(ledger._parsed("".join(lines)).records) == set(records)
    assert all(len(line.splitlines()) == 1 for line in lines)


@given(st.lists(st.one_of(st.text(max_size=40), st.from_regex(r"\A- \{.{0,40}\}\Z")), max_size=4))
def test_any_text_is_a_ledger_or_has_faults(lines):
    """Each at its line."""
    text = "\n".join(lines)
    faults = ()
    try:
        assert ledger._parsed(text).records == ()
    except GeppettoError as fault:
        faults = fault.diagnostics
    assert all(1 <= d.location.line <= len(text.split("\n")) for d in faults)


def test_git_merges_two_ledgers_without_a_conflict(tmp_path):
    """Two branches append, `merge=union` keeps both."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")

    def git(*words):
        names = ("-c", "user.name=a", "-c", "user.email=a@b.org", "-c", "init.defaultBranch=main")
        subprocess.run(["git", *names, *words], cwd=tmp_path, check=True, capture_output=True)

    git("init", "-q")
    (tmp_path / ".gitattributes").write_text(f"{ledger.PATH} merge=union\n")
    ledger.append(tmp_path, [DRAFTED])
    git("add", "."), git("commit", "-qm", "a"), git("switch", "-qc", "other")
    ledger.append(tmp_path, [BEGUN, DONE])
    git("commit", "-qam", "b"), git("switch", "-q", "main")
    ledger.append(tmp_path, [BACK, LATER])
    git("commit", "-qam", "c"), git("merge", "-q", "other", "-m", "d")
    assert ledger.read(tmp_path).records == (DRAFTED, BEGUN, DONE, BACK, LATER)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("drafted: d1", "it is no item of the list"),
        ("- d1", "it is no item of the list"),
        ('- {"event": "eaten"}', "its event is not known"),
        ('- {"event": "returned", "draft": "d1"}', "its keys are not those of its event"),
        (written(BACK)[:-2].replace("12", '"12"') + "}", "its remarks has the wrong form"),
        (written(BACK)[:-2].replace("12", "-1") + "}", "its remarks has the wrong form"),
        (written(BACK)[:-2].replace('"a (1).pdf"', "1") + "}", "its file has the wrong form"),
        (written(DRAFTED)[:-2].replace('["pdf"]', '"pdf"') + "}", "its formats has the wrong form"),
        (written(DRAFTED)[:-2].replace("2026-11-01", "soon") + "}", "Invalid isoformat string: 'soon'"),
    ],
)  # fmt: skip
def test_a_line_that_is_no_record(faults, line, why):
    """Its number and the reason are said."""
    [said] = faults(f"{ledger.HEAD}{line}\n")
    assert said[:2] == (4, f"The ledger of reviews cannot be read here: {why}.")
    assert "take the line as it was from git" in said[2]


def test_every_faulty_line_is_named(faults):
    """Among them the marks that a merge without `union` leaves."""
    text = f"<<<<<<< HEAD\n{written(DONE)}=======\n{written(BACK)}>>>>>>> other\n"
    assert [line for line, *_ in faults(text)] == [1, 3, 5]
    assert {hint for *_, hint in faults(text)} == {
        "Keep the records of both sides, and take the marks out."
    }


def test_bytes_that_are_no_text(faults):
    """The line is found."""
    assert faults(b"# a\n# b\n- \xff\n")[0][:2] == (
        3, "The ledger of reviews cannot be read here: it is not UTF-8."
    )  # fmt: skip


def test_a_ledger_that_is_too_large(faults, monkeypatch):
    """It is not read into memory."""
    monkeypatch.setattr(ledger, "LARGEST", 10)
    assert "larger than" in faults("#" * 11)[0][1]


def test_a_damaged_ledger_is_not_written_to(tmp_path):
    """Else what is damaged would be lost."""
    _write(tmp_path, "what?\n")
    with pytest.raises(GeppettoError):
        ledger.append(tmp_path, [DRAFTED])
    assert (tmp_path / ledger.PATH).read_text() == "what?\n"


def test_a_last_line_without_an_end_stays_apart(tmp_path):
    """Editors leave such lines."""
    _write(tmp_path, written(DRAFTED).rstrip("\n"))
    ledger.append(tmp_path, [BACK])
    assert ledger.read(tmp_path).records == (DRAFTED, BACK)


def test_what_was_last_sent():
    """The newest draft, or the newest other than one."""
    book = Ledger(EVERY)
    assert book.newest_sent("ann") == LATER
    assert book.newest_sent("ann", other_than="d2") == DONE
    assert book.newest_sent("bo") is None


@pytest.mark.parametrize(
    ("records", "is_sent", "is_doubtful"),
    [
        ((), False, False),
        ((BEGUN,), False, True),
        ((BEGUN, NOT_TAKEN), False, False),
        ((BEGUN, DONE), True, False),
        ((NOT_TAKEN, DONE), True, False),
    ],
)
def test_what_is_known_of_a_message(records, is_sent, is_doubtful):
    """An attempt that has no end is doubtful."""
    book = Ledger(records)
    assert (book.sent(BEGUN.letter) is not None) is is_sent
    assert (book.doubtful(BEGUN.letter) is not None) is is_doubtful


def test_another_address_is_another_letter():
    """Who was sent nothing there may be sent it."""
    assert Ledger(EVERY).sent(Letter("d1", "ann", "ann@y.org")) is None
    assert Ledger((BEGUN,)).doubtful(Letter("d1", "ann", "ann@y.org")) is None


def test_what_came_back():
    """By reviewer and draft."""
    book = Ledger(EVERY)
    assert book.returned() == book.returned("ann") == book.returned(draft="d1") == [BACK]
    assert book.returned("bo") == book.returned(draft="d2") == []
    assert book.drafted("d1") == [DRAFTED]


def test_nothing_is_added_where_the_ledger_says_no(tmp_path):
    """The question is asked while nobody else writes."""
    ledger.append(tmp_path, [BEGUN])
    refused = ledger.append(tmp_path, [DONE], unless=lambda book: BEGUN in book.records)
    assert refused is False
    assert ledger.read(tmp_path).records == (BEGUN,)


def test_many_write_at_once_and_nothing_is_lost(tmp_path):
    """Each waits for the others."""

    def add(name):
        for n in range(10):
            ledger.append(tmp_path, [Returned("d", name, f"{n}.pdf", "", "2026-01-01", n)])

    threads = [threading.Thread(target=add, args=(f"r{i}",)) for i in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(ledger.read(tmp_path).records) == 40


def test_a_lock_that_is_never_given_up(tmp_path, monkeypatch):
    """After a while it is said; the ledger stays as it is."""
    monkeypatch.setattr(store, "PAUSE", 0.001)
    (tmp_path / "reviews").mkdir()
    handle = os.open(tmp_path / "reviews", os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        with pytest.raises(GeppettoError, match="Another process") as caught:
            ledger.append(tmp_path, [DRAFTED])
    finally:
        os.close(handle)
    assert caught.value.exit_code is ExitCode.MACHINERY
    assert ledger.read(tmp_path) == Ledger()
