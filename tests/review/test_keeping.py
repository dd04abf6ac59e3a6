"""Remarks kept in files: imported twice, changed, and an author's own text left alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_sheets import REMARK, REMARKS

from geppetto.diagnostics import GeppettoError
from geppetto.review.kept import keeping
from geppetto.review.kept.keeping import Added, Change
from geppetto.review.remarks import Reply, Span

OTHER = replace(REMARK, id="77aa", text="Another.", replies=())


def _files(root):
    files, faults = keeping.read(root)
    assert not faults
    return files


def _add(root, *remarks):
    return keeping.add(_files(root), root, remarks, "abc1234")


def _entries(root):
    return {p.entry.remark.id: p.entry for f in _files(root) for p in f.sheet.parts}


def _path(root):
    return root / "reviews" / "ann-2026-11-30-book.md"


def test_remarks_imported_twice_are_kept_once(tmp_path):
    assert _add(tmp_path, REMARK, OTHER) == Added(2, 0)
    before = _path(tmp_path).read_bytes()
    assert _add(tmp_path, OTHER, REMARK) == Added(0, 0)
    assert _path(tmp_path).read_bytes() == before
    assert [e.remark for e in _entries(tmp_path).values()] == [REMARK, OTHER]


def test_a_later_return_adds_what_is_new_and_keeps_what_the_author_wrote(tmp_path):
    _add(tmp_path, REMARK)
    text = _path(tmp_path).read_text("utf-8").replace("- state: open", "- state: rejected")
    _path(tmp_path).write_text(text + "\nNo: see page 3.\n", "utf-8")
    later = replace(
        REMARK,
        text="Why?",
        replies=(*REMARK.replies, Reply("Ann", "2026-12-01", "Well?")),
        resolved=True,
    )
    assert _add(tmp_path, later, OTHER) == Added(1, 1)
    entry = _entries(tmp_path)[REMARK.id]
    assert entry.remark == later
    assert (entry.state, entry.answer) == ("rejected", "No: see page 3.")
    after = _path(tmp_path).read_text("utf-8")
    assert set(text.split("\n")) - set(after.split("\n")) == {
        "> Why not \\*shorter\\*?",
        "> \\# Really",
    }


def test_what_is_settled_in_the_returned_file_is_settled_unless_the_author_said_otherwise(tmp_path):
    _add(tmp_path, REMARK)
    _add(tmp_path, replace(REMARK, resolved=True))
    assert _entries(tmp_path)[REMARK.id].state == "resolved"
    _add(tmp_path, REMARK)
    assert _entries(tmp_path)[REMARK.id].state == "open"


def test_an_earlier_return_that_is_read_late_takes_nothing_away(tmp_path):
    _add(tmp_path, REMARK)
    before = _path(tmp_path).read_bytes()
    earlier = replace(REMARK, text="Old.", replies=REMARK.replies[:1])
    assert _add(tmp_path, earlier) == Added(0, 0)
    assert _add(tmp_path, replace(REMARK, date="2026-11-01", text="Older.")) == Added(0, 0)
    assert _path(tmp_path).read_bytes() == before


def test_a_place_that_was_lost_is_put_in_when_it_is_found(tmp_path):
    _add(tmp_path, replace(REMARK, place=None))
    _add(tmp_path, REMARK)
    assert _entries(tmp_path)[REMARK.id].remark == REMARK
    moved = replace(REMARK, place=Span("chapters/1.md", 1, 1, 1, 2))
    assert _add(tmp_path, moved) == Added(0, 0)


def test_a_reviewer_named_like_a_path_leads_nowhere_else(tmp_path):
    strange = replace(REMARK, reviewer="../../etc/x y", draft="../d")
    _add(tmp_path, strange)
    assert [p.name for p in (tmp_path / "reviews").iterdir()] == ["--..-etc-x-y-..-d.md"]
    assert _entries(tmp_path)[REMARK.id].remark == strange


def test_changes_touch_the_lines_they_must(tmp_path):
    _add(tmp_path, REMARK, OTHER)
    before = _path(tmp_path).read_text("utf-8").replace("\n", "\r\n")
    _path(tmp_path).write_bytes(before.encode())
    count = keeping.change(
        _files(tmp_path),
        {
            REMARK.id: Change("resolved", note="Done:\n## not a heading"),
            OTHER.id: Change(assigned="Carl"),
        },
    )
    assert count == 2
    after = _path(tmp_path).read_bytes().decode()
    assert "\n" not in after.replace("\r\n", "")
    expected = before.replace("- state: open", "- state: resolved", 1)
    expected = expected.replace(
        "\r\n\r\n## 77aa", "\r\n\r\nDone\\:\r\n\\## not a heading\r\n\r\n## 77aa"
    )
    at = expected.rindex("- state: open\r\n") + len("- state: open\r\n")
    assert after == expected[:at] + "- assigned: Carl\r\n" + expected[at:]
    entries = _entries(tmp_path)
    assert (entries[REMARK.id].state, entries[OTHER.id].assigned) == ("resolved", "Carl")
    assert keeping.change(_files(tmp_path), {REMARK.id: Change("resolved")}) == 0


def test_ids_may_be_shortened_and_a_wrong_one_is_said_with_the_nearest(tmp_path):
    _add(tmp_path, REMARK, OTHER, replace(REMARK, id="3f2b"))
    files = _files(tmp_path)
    assert [p.entry.remark.id for p in keeping.named(files, ["77", "3f2a9c1b"])] == [
        "77aa",
        REMARK.id,
    ]
    with pytest.raises(GeppettoError) as caught:
        keeping.named(files, ["3f", "77ab", "xx", ""])
    hints = [(d.message, d.hint) for d in caught.value.diagnostics]
    assert hints[0] == (
        "More than one remark could be meant by 3f.",
        "Write more of it: 3f2a9c1b, 3f2b.",
    )
    assert hints[1] == ("There is no remark 77ab.", "Did you mean 77aa?")
    assert len(hints) == 4
    assert caught.value.exit_code == 2


def test_a_file_that_is_not_utf8_is_said_and_left_alone(tmp_path):
    (tmp_path / "reviews").mkdir()
    (tmp_path / "reviews" / "a.md").write_bytes(b"- draft: x\n\xff")
    (tmp_path / "reviews" / "README.md").write_text("# What is here\n\n- a: list\n")
    files, faults = keeping.read(tmp_path)
    assert not files
    assert [(f.code, f.location.path) for f in faults] == [("review-fault", "reviews/a.md")]


ANSWERS = st.text(alphabet="ab #>-:\n`", max_size=40)


@given(
    st.lists(REMARKS, min_size=1, max_size=3, unique_by=lambda r: r.id),
    st.lists(ANSWERS, min_size=3, max_size=3),
    st.data(),
)
def test_whatever_is_changed_an_authors_text_stays(tmp_path_factory, remarks, answers, data):
    """Fields, replies and notes go in; the author's own lines stand where they stood."""
    root = tmp_path_factory.mktemp("book")
    keeping.add((), root, remarks)
    path = next((root / "reviews").iterdir())
    pieces = path.read_text("utf-8").split("\n## ")
    pieces = [pieces[0]] + [
        p + "\nMine: " + a.strip() + "\n" for p, a in zip(pieces[1:], answers, strict=False)
    ]
    path.write_text("\n## ".join(pieces), "utf-8")
    mine = path.read_text("utf-8").split("\n")
    chosen = data.draw(st.sampled_from(remarks))
    files, _ = keeping.read(root)
    before = {p.entry.remark.id: p.entry.answer for f in files for p in f.sheet.parts}
    keeping.change(
        files,
        {chosen.id: Change(data.draw(st.sampled_from(["open", "resolved"])), "Carl", "a note")},
    )
    later = [replace(r, replies=(*r.replies, Reply("Z", "2027", "new"))) for r in remarks]
    files, _ = keeping.read(root)
    keeping.add(files, root, later)
    files, _ = keeping.read(root)
    entries = {p.entry.remark.id: p.entry for f in files for p in f.sheet.parts}
    assert set(entries) == {r.id for r in remarks}
    for remark in later:
        assert entries[remark.id].remark.replies[-1] == Reply("Z", "2027", "new")
        assert before[remark.id] in entries[remark.id].answer or "Mine" not in before[remark.id]
    left = path.read_text("utf-8").split("\n")
    states = ("- state:", "- assigned:")
    assert not [line for line in mine if line not in left and not line.startswith(states)]
