"""`geppetto docx --answer`: what changed and what was remarked, in one DOCX that can come back."""

from __future__ import annotations

import hashlib
import io
import re
import shutil
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from lxml import etree

from geppetto.cli import cli
from geppetto.diagnostics import ExitCode, GeppettoError
from geppetto.pipeline import answering, building, changing, commenting, taking
from geppetto.pipeline.answering import Request
from geppetto.pipeline.edition import Request as BuildRequest
from geppetto.review import answers, drafts, ledger
from geppetto.review.drafts import Copy, Draft
from geppetto.review.kept import keeping
from geppetto.review.kept.offsets import span
from geppetto.review.records import Returned
from geppetto.review.remarks import Certainty, Kind, Remark, Reply
from geppetto.review.returned.word import story
from geppetto.review.returned.word.package import Package

sys.path.insert(0, str(Path(__file__).parents[1] / "docx"))
from docx_soundness import faults

BOOKS = Path(__file__).parents[1] / "books" / "changed"
OLD, NEW = BOOKS / "old", BOOKS / "new"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
W15 = "{http://schemas.microsoft.com/office/word/2012/wordml}"
FIRST = "chapters/01-everything.md"
DRAFT = "bbb222"
REVIEWERS = """\
- name: Ann
  email: ann@example.org
- name: Ben
  email: ben@example.org
"""


def ignore(_):
    """Nothing is said of steps."""


def remark(number, kind, words, quote="", *, text="", path=FIRST, **more):
    """Make a remark of Ann's on words of the old revision."""
    place = None
    if words:
        source = (OLD / path).read_text("utf-8")
        assert source.count(words) == 1, words
        start = source.index(words)
        place = span(path, source, start, start + len(words))
    known = {"certainty": Certainty.EXACT if place else Certainty.LOST, **more}
    return Remark(
        f"{number:02d}{hashlib.sha256(words.encode()).hexdigest()[:8]}", DRAFT,
        known.pop("reviewer", "ann"), kind, known.pop("author", "Ann"),
        known.pop("date", f"2026-01-03T10:{number:02d}:00Z"), text, quote or words,
        place=place, **known,
    )  # fmt: skip


SAME, CHANGED, NOTE, CELL, HEADING, CITED, GONE, GONE_CHAPTER, GONE_BLOCK, LOST, BLOCK, BENS, SETTLED = (
    remark(1, Kind.HIGHLIGHT, "believed a word of it", text="Nobody at all?\nReally?",
           replies=(Reply("Ben", "2026-01-04", "I would."), Reply("Ann", "", "", "Rejected"))),
    remark(2, Kind.REPLACEMENT, "told the truth on Monday", replacement="lied", text="Shorter."),
    remark(3, Kind.STRIKEOUT, "speaks of wood"),
    remark(4, Kind.COMMENT, "pine", text="Which pine?"),
    remark(5, Kind.COMMENT, "Moves", text="Where to?", path="chapters/02-moves.md"),
    remark(6, Kind.COMMENT, "[@collodi1883, 12]", "(Collodi 1883, 12)", text="Which edition?"),
    remark(7, Kind.COMMENT, "with all that it says", text="Why?"),
    remark(8, Kind.COMMENT, "Cuckoo", text="A bird?", path="chapters/03-gone.md"),
    remark(14, Kind.COMMENT, "A heading that goes away", text="Keep it!"),
    remark(9, Kind.NOTE, "", text="A fine book."),
    remark(10, Kind.NOTE, "A quotation about wood", text="Whose?", certainty=Certainty.BLOCK),
    remark(11, Kind.COMMENT, "nothing changes", text="Ben asks.", reviewer="ben", author="Ben"),
    remark(12, Kind.COMMENT, "Three items", text="Done."),
)  # fmt: skip
EVERY = [
    SAME,
    CHANGED,
    NOTE,
    CELL,
    HEADING,
    CITED,
    GONE,
    GONE_CHAPTER,
    GONE_BLOCK,
    LOST,
    BLOCK,
    SETTLED,
]


def put(source, root):
    shutil.copytree(source, root, dirs_exist_ok=True)


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """Give the new revision of a book whose old one was sent, with the remarks that came back."""
    root = tmp_path_factory.mktemp("answer") / "book"
    put(NEW, root)
    (root / "reviewers.yaml").write_text(REVIEWERS)
    folder = drafts.folder(root) / DRAFT
    listed = [p for p in sorted(OLD.rglob("*")) if p.suffix in {".md", ".bib", ".yaml"}]
    for path in listed:
        target = folder / "sources" / path.relative_to(OLD)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    sources = {
        p.relative_to(OLD).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in listed
    }
    copies = tuple(Copy(n.lower(), n, "docx", f"{n}.docx", "0" * 64) for n in ("Ann", "Ben"))
    draft = Draft(DRAFT, "2026-01-02", "", "a-changed-book", sources, copies)
    (folder / drafts.RECORD).write_text(drafts.record(draft))
    keeping.add((), root, EVERY)
    keeping.add(keeping.read(root)[0], root, [BENS])
    files, _ = keeping.read(root)
    keeping.change(files, {
        SETTLED.id: keeping.Change("resolved"),
        CELL.id: keeping.Change(note="The *white* one."),
    })  # fmt: skip
    return root


@pytest.fixture(scope="module")
def made(root):
    """Give the answer to Ann."""
    return answered(root)


def answered(root, **more):
    done = answering.answer(Request(root, "2026-02-03", "Ann", **more), ignore)
    assert done.outcome.artifacts, done.outcome.diagnostics
    return done


@pytest.fixture(scope="module")
def data(made):
    return made.outcome.artifacts[0].path.read_bytes()


def parts(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def part(data, name):
    return etree.fromstring(parts(data)[f"word/{name}.xml"])


def words_of(data):
    """Give the comments by their initials: on which words each stands, whose it is, what it says."""
    changes = part(data, "document").iter(f"{W}ins", f"{W}del")
    hands = {answers.Hand(one.get(f"{W}author"), one.get(f"{W}date")) for one in changes}
    told = story.stories(Package(data), hands)
    ranges = {key: one.text[slice(*at)] for one in told for key, at in one.ranges.items()}
    found = {}
    for one in part(data, "comments"):
        said = "\n".join("".join(p.itertext()) for p in one.iter(f"{W}p"))
        where = ranges[one.get(f"{W}id")]
        found.setdefault(one.get(f"{W}initials"), []).append((where, one.get(f"{W}author"), said))
    return found


def on(data, remark):
    """Give the words on which a remark stands, and what is said of it."""
    own = [said for name, said in words_of(data).items() if remark.id.startswith(name)]
    assert len(own) == 1, remark
    return own[0]


@pytest.mark.tools
@pytest.mark.parametrize(
    ("remark", "words", "said"),
    [
        (SAME, "believed a single word of it", "Highlighted: “believed a word of it”.\nNobody at"),
        (CHANGED, "told a lie on Tuesday", "Instead of “told the truth on Monday”: “lied”."),
        (NOTE, "here.", "In the note: “speaks of wood”."),
        (CELL, "pine", "Which pine?"),
        (HEADING, "Moves", "Where to?"),
        (CITED, "Collodi 1883, 14", "The words have changed since. It was on “(Collodi 1883, 12)”"),
        (GONE, "new.", "In the note: “is new, and says so”."),
        (GONE_CHAPTER, "A Changed Book", "There is no place for this remark in the book"),
        (GONE_BLOCK, "A heading that has changed", "The passage is gone; it stood near here."),
        (LOST, "A Changed Book", "A fine book."),
        (BLOCK, "A quotation about wood, about paint, and about lies.", "Whose?"),
    ],
    ids=["same words", "changed words", "a note", "a cell", "a heading", "a citation",
         "a note that is another now", "a chapter that is gone", "a block that is gone",
         "nowhere", "only the block"],
)  # fmt: skip
def test_remarks_stand_on_todays_words(data, remark, words, said):
    """Deleted words are not counted; the comment says what the remark was and proposed."""
    where, author, spoken = on(data, remark)[0]
    assert where.startswith(words)
    assert author == "Ann"
    assert said in spoken


@pytest.mark.tools
def test_replies_and_the_authors_answer(data):
    """They answer the remark's comment, in their order, each by who said it."""
    assert [one[1:] for one in on(data, SAME)[1:]] == [
        ("Ben", "I would."),
        ("Ann", "Marked as: Rejected."),
    ]
    assert on(data, CELL)[1][1:] == ("A. Writer", "The *white* one.")
    ends = {one.get(f"{W15}paraId"): one for one in part(data, "commentsExtended")}
    first, second, *_ = (
        [p.get(f"{W14}paraId") for p in one.iter(f"{W}p")][-1]
        for one in part(data, "comments")
        if SAME.id.startswith(one.get(f"{W}initials"))
    )
    assert ends[second].get(f"{W15}paraIdParent") == first
    assert ends[first].get(f"{W15}paraIdParent") is None


@pytest.mark.tools
def test_what_is_not_in_it(data):
    """Neither settled remarks nor other reviewers' are."""
    names = words_of(data)
    for other in (SETTLED, BENS):
        assert not any(other.id.startswith(name) for name in names)


@pytest.mark.tools
def test_remarks_of_every_reviewer(root, tmp_path):
    """If they are asked for."""
    done = answered(root, every=True, output=tmp_path / "all.docx")
    assert on((tmp_path / "all.docx").read_bytes(), BENS)[0] == (
        "nothing changes",
        "Ben",
        "Ben asks.",
    )
    assert done.remarks == len(EVERY)


@pytest.mark.tools
def test_a_package_that_word_opens(data):
    """Every comment has a range, a reference and ids of its own."""
    assert faults(data) == []
    ids = [one.get(f"{W}id") for one in part(data, "comments")]
    assert len(set(ids)) == len(ids)
    document = part(data, "document")
    for kind in ("commentRangeStart", "commentRangeEnd", "commentReference"):
        assert sorted(one.get(f"{W}id") for one in document.iter(f"{W}{kind}")) == sorted(ids)
    names = [p.get(f"{W14}paraId") for p in part(data, "comments").iter(f"{W}p")]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch("[0-7][0-9A-F]{7}", name) for name in names)
    for change in document.iter(f"{W}ins", f"{W}del"):
        assert change.find(f"{W}hyperlink") is None


def side(file, gone):
    """Give the text of the chapters and notes, without what was put in, or what was taken out."""
    said = []
    for name in ("document", "footnotes"):
        tree = part(file.read_bytes(), name)
        for one in list(tree.iter(W + gone)):
            one.getparent().remove(one)
        for paragraph in tree.iter(f"{W}p"):
            said.append("".join(t.text or "" for t in paragraph.iter(f"{W}t", f"{W}delText")))
    words = " ".join(" ".join(said).split())
    return words[words.rindex("1 Everything at") :]


@pytest.mark.tools
def test_accepted_it_is_todays_book(root, made):
    """All its words are those of the book's DOCX, in order, but an author's own LaTeX and HTML."""
    outcome = building.build(BuildRequest(root, ("docx",)), ignore)
    today = side(outcome.artifacts[0].path, "del")
    accepted = side(made.outcome.artifacts[0].path, "del")
    own = (
        r"\textbf{set anew by LaTeX} and <b>still by HTML</b>. ",
        r"\begin{center}An author’s other LaTeX\end{center} ",
    )
    for source in own:
        assert source in accepted
        accepted = accepted.replace(source, "")
    assert accepted == today.replace("A callout that says a little more. and . ",
                                     "A callout that says a little more. ")  # fmt: skip


@pytest.mark.tools
def test_rejected_it_is_the_draft(root, made, tmp_path):
    """It has the changes that `geppetto changes` shows, and no others."""
    alone = changing.Request(root, reviewer="ann", form="docx", output=tmp_path / "changes.docx")
    changing.change(alone, ignore)
    rejected = side(made.outcome.artifacts[0].path, "ins")
    assert rejected == side(tmp_path / "changes.docx", "ins")
    for words in ("the truth on Monday", "(Eco 1979)", "A heading that goes away", "Cuckoo"):
        assert words in rejected
    for words in ("a lie on Tuesday", "(Calvino 1979)", "An inserted paragraph", "Friday"):
        assert words not in rejected


def texts(root):
    return {path.name: path.read_text() for path in sorted((root / "reviews").glob("*.md"))}


@pytest.fixture
def home(root, made, tmp_path):
    """Give a copy of the book with its answer, which may be changed."""
    assert made.draft
    return Path(shutil.copytree(root, tmp_path / "home"))


def as_it_is(held):
    """Nothing is changed."""


def back(home, data, change=as_it_is):
    """Let a file come back, changed as a program does."""
    held = parts(data)
    change(held)
    file = home.parent / "returned.docx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in held.items():
            archive.writestr(name, content)
    found, said, code = taking.take(home, [file], ignore, "2026-02-10T10:00:00+00:00")
    assert code is ExitCode.BUILT, said
    return found[0]


def other_zone(held):
    """Write times an hour later, and no threads, as programs do that know of none."""
    for name in ("word/document.xml", "word/footnotes.xml"):
        held[name] = held[name].replace(b"2026-01-02T00:00:00Z", b"2026-01-02T01:00:00Z")
    del held["word/commentsExtended.xml"]
    links = "word/_rels/document.xml.rels"
    held[links] = re.sub(rb"<Relationship [^>]*commentsExtended[^>]*/>", b"", held[links])


def no_initials(held):
    name = "word/comments.xml"
    held[name] = re.sub(rb'w:initials="[^"]*"', b"", held[name])


@pytest.mark.tools
@pytest.mark.parametrize(
    "change",
    [as_it_is, other_zone, no_initials],
    ids=["as it is", "no threads", "no initials"],
)
def test_read_back_it_adds_nothing(home, data, change):
    """Neither the remarks nor the changes that it was sent with are new."""
    before = texts(home)
    found = back(home, data, change)
    assert (found.new, found.updated) == (0, 0)
    assert texts(home) == before


def answers_to(held, remark, words, *, done=False):
    """Answer a remark's comment, as Word does, or mark it as resolved."""
    comments, extended = "word/comments.xml", "word/commentsExtended.xml"
    tree, ends = etree.fromstring(held[comments]), etree.fromstring(held[extended])
    first = next(one for one in tree if remark.id.startswith(one.get(f"{W}initials")))
    last = first.findall(f"{W}p")[-1].get(f"{W14}paraId")
    if done:
        next(one for one in ends if one.get(f"{W15}paraId") == last).set(f"{W15}done", "1")
    if words:
        new = etree.SubElement(tree, f"{W}comment")
        for key, value in (("id", "900"), ("author", "Ann"), ("date", "2026-02-09T10:00:00Z")):
            new.set(f"{W}{key}", value)
        paragraph = etree.SubElement(new, f"{W}p")
        paragraph.set(f"{W14}paraId", "7ABCDEF0")
        etree.SubElement(etree.SubElement(paragraph, f"{W}r"), f"{W}t").text = words
        reply = etree.SubElement(ends, f"{W15}commentEx")
        reply.set(f"{W15}paraId", "7ABCDEF0")
        reply.set(f"{W15}paraIdParent", last)
    held[comments], held[extended] = etree.tostring(tree), etree.tostring(ends)


def written_in(held):
    """Answer two remarks, settle one, and take a word out of what was put in."""
    answers_to(held, CHANGED, "Better.")
    answers_to(held, CELL, "", done=True)
    name = "word/document.xml"
    words = b'<w:r><w:t xml:space="preserve">An inserted paragraph stands here,'
    assert held[name].count(words) == 1
    out = (
        b'<w:del w:id="990" w:author="Ann" w:date="2026-02-09T11:00:00Z"><w:r><w:delText>'
        b"An inserted paragraph</w:delText></w:r></w:del>"
    )
    rest = b'<w:r><w:t xml:space="preserve"> stands here,'
    held[name] = held[name].replace(words, out + rest)


@pytest.mark.tools
def test_what_the_reviewer_added_comes_home(home, data):
    """A reply to its remark, a state to its own; a change in words that were put in is a remark."""
    found = back(home, data, written_in)
    assert (found.new, found.updated) == (1, 2)
    files, _ = keeping.read(home)
    kept = {part.entry.remark.id: part.entry for file in files for part in file.sheet.parts}
    assert kept[CHANGED.id].remark.replies == (Reply("Ann", "2026-02-09T10:00:00Z", "Better."),)
    assert kept[CHANGED.id].state == "open"
    assert kept[CELL.id].state == "resolved"
    (new,) = [
        one.remark for name, one in kept.items() if name not in {r.id for r in [*EVERY, BENS]}
    ]
    assert (new.kind, new.quote, new.certainty) == (Kind.DELETION, "An inserted paragraph", "exact")
    source = (home / FIRST).read_text().split("\n")
    assert source[new.place.line - 1][new.place.column - 1 :].startswith("An inserted paragraph")


@pytest.mark.tools
def test_the_same_file_again(home, data):
    """Nothing is added twice, and what the author has opened again stays open."""
    back(home, data, written_in)
    commenting.settle(home, [CELL.id], keeping.Change("open"))
    before = texts(home)
    found = back(home, data, written_in)
    assert (found.new, found.updated) == (0, 0)
    assert texts(home) == before


@pytest.mark.tools
def test_the_same_bytes(home, made, data):
    """In another folder; and an answer that nobody is known to have got changes nothing."""
    again = answered(home)
    assert again.outcome.artifacts[0].path.read_bytes() == data
    assert again.draft == made.draft
    kept = drafts.find(home, again.draft)
    assert (kept.folder / kept.draft.copies[0].file).read_bytes() == data
    assert answers.of(kept).since == DRAFT


@pytest.mark.tools
def test_an_answer_that_came_back_is_what_they_have_read(home, made):
    """The next shows what changed since."""
    when = "2026-02-10T10:00:00Z"
    ledger.append(home, [Returned(made.draft, "ann", "a.docx", "0" * 64, when, 0)])
    path = home / FIRST
    path.write_text(path.read_text().replace("on Tuesday", "on Friday"))
    again = answered(home)
    assert answers.of(drafts.find(home, again.draft)).since == made.draft
    assert again.changes == 1


@pytest.mark.tools
def test_who_cannot_be_answered(home):
    """One who is not in the list, and one who has got no draft."""
    with pytest.raises(GeppettoError) as unknown:
        answering.answer(Request(home, "2026-02-03", "Zoe"), ignore)
    (home / "reviewers.yaml").write_text(REVIEWERS + "- name: Zoe\n  email: z@example.org\n")
    with pytest.raises(GeppettoError) as unsent:
        answering.answer(Request(home, "2026-02-03", "Zoe"), ignore)
    found = [fault.value.diagnostics[0].code for fault in (unknown, unsent)]
    assert found == ["reviewer-unknown", "draft-unknown"]
    assert unsent.value.exit_code is ExitCode.USAGE


@pytest.mark.tools
def test_the_command(home, monkeypatch):
    """It says what stands in the answer, and where it is."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1770076800")
    done = CliRunner().invoke(cli, ["-C", str(home), "docx", "--answer", "ann"])
    assert done.exit_code == 0, done.output
    assert "build/a-changed-book-answer-ann.docx" in done.output
    assert f"{len(EVERY) - 1} open remarks, " in done.output


@pytest.mark.parametrize(
    "options", [["--all-remarks"], ["--answer", "ann", "--whole"]], ids=["alone", "with another"]
)
def test_options_that_do_not_go_together(make_book, options):
    """They are refused before anything is read."""
    done = CliRunner().invoke(cli, ["-C", str(make_book()), "docx", *options])
    assert done.exit_code == ExitCode.USAGE
    assert "--answer" in done.output
