"""The whole loop on *A Real Boy*: drafts for three reviewers, letters, remarks that come home.

Three reviewers with three formats get a draft; a PDF and a DOCX come back with thirty
remarks each, planted on words that stand once in the book; then the chapters change, and
every remark is to be found on the line on which its words stand then.
"""

from __future__ import annotations

import datetime
import email
import email.policy
import random
import re
import shutil
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pytest
from lxml import etree
from pikepdf import Array, Dictionary, Name, String

from geppetto.pipeline import amending, commenting, drafting, sending, taking
from geppetto.pipeline.commission import Order
from geppetto.review import drafts, ledger
from geppetto.review.kept.carrying import Fate
from geppetto.review.remarks import Certainty, Kind
from geppetto.review.returned import read

pytestmark = pytest.mark.tools
HERE = Path(__file__).parents[1]
PLANTED = 30
PHRASE = re.compile(r"(?<![\w*_\[\]@`{-])[A-Za-z]{3,}(?: [A-Za-z]{3,}){3}(?![\w*_\]`}-])")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
REVIEWERS = """- name: Ada Lovelace
  email: ada@example.org
  formats: pdf
- name: Ben Okri
  email: ben@example.org
  formats: docx
  lang: fr
- name: Cleo Ng
  email: cleo@example.org
  formats: epub
  chapters: [1, 3]
"""


@dataclass(frozen=True)
class Plant:
    """Words that stand once in the book: in which chapter, on which line."""

    path: str
    line: int
    words: str


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    """A copy of the book, under git, with three reviewers."""
    folder = tmp_path_factory.mktemp("review") / "book"
    folder.mkdir()
    for name in ("book.yaml", "references.bib"):
        shutil.copyfile(HERE / name, folder / name)
    shutil.copytree(HERE / "chapters", folder / "chapters")
    with (folder / "book.yaml").open("a") as book:
        book.write("\nreview:\n  from: The Author <author@example.org>\n")
    (folder / "reviewers.yaml").write_text(REVIEWERS)
    (folder / ".gitignore").write_text("build/\n")
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "one"]):
        identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
        subprocess.run(["git", *identity, *command], cwd=folder, check=True)
    return folder


@pytest.fixture(scope="module")
def kept(root) -> drafts.Kept:
    """The draft for all three."""
    made = drafting.draft(Order(root, "2026-11-30", ("all",)), lambda _: None)
    assert [d.code for d in made.diagnostics] == []
    return drafts.find(root, made.draft.id)


def file_of(kept, name, kind):
    return kept.folder / kept.copy(name, kind).file


def plants(root, seed):
    """Choose words of the chapters that stand once in the book, on one line, from all chapters."""
    texts = {p: p.read_text("utf-8") for p in sorted((root / "chapters").glob("*.md"))}
    every = " ".join(re.sub(r"\s+", " ", text) for text in texts.values()).casefold()
    found: list[Plant] = []
    for path, text in texts.items():
        for number, line in enumerate(text.split("\n"), 1):
            found += (
                Plant(f"chapters/{path.name}", number, match[0])
                for match in PHRASE.finditer(line)
                if every.count(match[0].casefold()) == 1
            )
    random.Random(seed).shuffle(found)  # noqa: S311 - nothing secret
    return found


def marked_pdf(file, wanted):
    """Mark words of a PDF as a reader's program does; give the file, and what was planted."""
    planted: list[Plant] = []
    with pdfium.PdfDocument(file) as document, pikepdf.open(file) as made:
        pages = [page.get_textpage() for page in document]
        for plant in wanted:
            hits = [(n, at) for n, text in enumerate(pages) for at in _hits(text, plant.words)]
            if len(hits) != 1 or len(planted) == PLANTED:
                continue
            page, (start, count) = hits[0]
            boxes = _boxes(pages[page], start, count)
            _annotate(made, page, boxes, plant, len(planted))
            planted.append(plant)
        back = file.with_name("returned.pdf")
        made.save(back)
    return back, planted


def _hits(text, words):
    search = text.search(words, match_case=True)
    return list(iter(search.get_next, None))


def _boxes(text, start, count):
    """Give the rectangles of characters, one for each line."""
    boxes: list[list[float]] = []
    for index in range(start, start + count):
        left, low, right, high = text.get_charbox(index)
        if right <= left:
            continue
        if boxes and abs(boxes[-1][1] - low) < 6:
            box = boxes[-1]
            boxes[-1] = [box[0], min(box[1], low), right, max(box[3], high)]
        else:
            boxes.append([left, low, right, high])
    return boxes


KINDS = ("Highlight", "StrikeOut", "Underline", "Text", "Squiggly", "Replace")


def _annotate(made, page, boxes, plant, number):
    """Put one annotation, or the two of a replacement, on a page."""
    kind = KINDS[number % len(KINDS)]
    quads = [n for b in boxes for n in (b[0], b[3], b[2], b[3], b[0], b[1], b[2], b[1])]
    first = boxes[0]
    entries = Dictionary(
        Type=Name.Annot,
        Subtype=Name(f"/{'StrikeOut' if kind == 'Replace' else kind}"),
        T=String("Ada"),
        NM=String(f"ada-{number}"),
        M=String(f"D:202612{number % 28 + 1:02}101500Z"),
        Contents=String(f"remark {number} on {plant.words}"),
        Rect=Array([first[0], first[1], first[2], first[3]]),
    )
    if kind == "Text":
        entries.Rect = Array([first[0], first[1], first[0] + 12, first[3]])
    else:
        entries.QuadPoints = Array(quads)
    target = made.pages[page].obj
    if "/Annots" not in target:
        target.Annots = Array()
    one = made.make_indirect(entries)
    target.Annots.append(one)
    if kind == "Replace":
        last = boxes[-1]
        caret = Dictionary(
            Type=Name.Annot,
            Subtype=Name.Caret,
            T=String("Ada"),
            NM=String(f"caret-{number}"),
            Contents=String(f"better words {number}"),
            Rect=Array([last[2] - 2, last[1], last[2] + 2, last[3]]),
            RC=String(f"<body><p>better words {number}</p></body>"),
        )
        del one["/Contents"]
        one.IRT = caret_ref = made.make_indirect(caret)
        one.RT = Name.Group
        target.Annots.append(caret_ref)


def marked_docx(file, wanted):
    """Comment on words of a DOCX, and replace some, as Word does; give the file and the plants."""
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    root = etree.fromstring(parts["word/document.xml"])
    planted: list[Plant] = []
    comments: list[str] = []
    for plant in wanted:
        texts = [t for t in root.iter(f"{W}t") if plant.words in (t.text or "")]
        if len(texts) != 1 or len(planted) == PLANTED:
            continue
        _comment(texts[0], plant.words, len(planted))
        if len(planted) % 3 != 2:
            comments.append(
                f'<w:comment w:id="{len(planted)}" w:author="Ben" w:date="2026-12-02T10:00:00Z">'
                f"<w:p><w:r><w:t>remark {len(planted)}</w:t></w:r></w:p></w:comment>"
            )
        planted.append(plant)
    parts["word/document.xml"] = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    parts["word/comments.xml"] = (
        f'<w:comments xmlns:w="{W[1:-1]}">{"".join(comments)}</w:comments>'.encode()
    )
    _declare(parts)
    back = file.with_name("returned.docx")
    with zipfile.ZipFile(back, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return back, planted


def _comment(text, words, number):
    """Part a run at some words; every third is replaced, the others have a comment."""
    run = text.getparent()
    before, _, after = text.text.partition(words)
    pieces = [_run(run, before), _run(run, words), _run(run, after)]
    if number % 3 == 2:
        taken = etree.Element(f"{W}del", {f"{W}id": str(900 + number), f"{W}author": "Ben"})
        put = etree.Element(f"{W}ins", {f"{W}id": str(950 + number), f"{W}author": "Ben"})
        pieces[1].find(f"{W}t").tag = f"{W}delText"
        taken.append(pieces[1])
        put.append(_run(run, f"better words {number}"))
        middle = [taken, put]
    else:
        key = {f"{W}id": str(number)}
        reference = etree.Element(f"{W}r")
        etree.SubElement(reference, f"{W}commentReference", key)
        start, end = (etree.Element(f"{W}commentRange{edge}", key) for edge in ("Start", "End"))
        middle = [start, pieces[1], end, reference]
    for piece in reversed([pieces[0], *middle, pieces[2]]):
        run.addnext(piece)
    run.getparent().remove(run)


def _run(run, words):
    made = etree.Element(f"{W}r")
    properties = run.find(f"{W}rPr")
    if properties is not None:
        made.append(etree.fromstring(etree.tostring(properties)))
    text = etree.SubElement(made, f"{W}t")
    text.text = words
    text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return made


def _declare(parts):
    """Say that the package has comments."""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
    links, types = "word/_rels/document.xml.rels", "[Content_Types].xml"
    parts[links] = parts[links].replace(
        b"</Relationships>",
        f'<Relationship Id="rIdC" Type="{office}" Target="comments.xml"/></Relationships>'.encode(),
    )
    parts[types] = parts[types].replace(
        b"</Types>",
        f'<Override PartName="/word/comments.xml" ContentType="{kind}"/></Types>'.encode(),
    )


@pytest.fixture(scope="module")
def returned(root, kept):
    """The two files that came back, with what was planted in each."""
    ada = marked_pdf(file_of(kept, "ada-lovelace", "pdf"), plants(root, 1))
    ben = marked_docx(file_of(kept, "ben-okri", "docx"), plants(root, 2))
    assert len(ada[1]) == len(ben[1]) == PLANTED
    assert len({plant.path for plant in ada[1]}) == len({plant.path for plant in ben[1]}) == 5
    return ada, ben


@pytest.fixture(scope="module")
def taken(root, returned):
    """The remarks are taken before the chapters change."""
    files = [back for back, _ in returned]
    return taking.take(root, files, lambda _: None, "2026-12-03T09:00:00+00:00")


def line_today(root, plant):
    """Give the line on which the words stand today, None where they do not."""
    lines = (root / plant.path).read_text("utf-8").split("\n")
    return next((n for n, line in enumerate(lines, 1) if plant.words in line), None)


def test_three_letters_that_a_mail_program_opens(root, kept):
    """Each is ready to be sent, and has what its reviewer is to have, in their language."""
    when = datetime.datetime(2026, 11, 30, 18, tzinfo=datetime.UTC)
    outcome = sending.send(sending.Request(root), lambda: when, lambda _: None, {})
    assert [d.code for d in outcome.diagnostics] == []
    found = {}
    for file in kept.folder.glob("*.eml"):
        letter = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        assert letter["X-Unsent"] == "1"
        held = [part.get_filename() for part in letter.iter_attachments()]
        found[letter["To"]] = (held, letter.get_body(("plain",)).get_content().split()[0])
    own = {one.name: one.file for one in kept.draft.copies}
    assert found == {
        "Ada Lovelace <ada@example.org>": ([own["ada-lovelace"]], "Dear"),
        "Ben Okri <ben@example.org>": ([own["ben-okri"]], "Bonjour"),
        "Cleo Ng <cleo@example.org>": ([own["cleo-ng"]], "Dear"),
    }


def test_nothing_is_lost_on_the_way(root, kept, taken):
    """Each file's remarks are all there, of its draft and its reviewer; the ledger says so."""
    found, said, _ = taken
    assert [(one.draft, one.reviewer, one.remarks) for one in found] == [
        (kept.draft.id, "ada-lovelace", PLANTED),
        (kept.draft.id, "ben-okri", PLANTED),
    ]
    assert said == []
    assert [r.reviewer for r in ledger.read(root).returned()] == ["ada-lovelace", "ben-okri"]


@pytest.mark.parametrize(("name", "which"), [("ada-lovelace", 0), ("ben-okri", 1)])
def test_every_remark_is_on_its_line(root, returned, taken, name, which):
    """In the draft's text the place is exact: path, line, and the words at its columns."""
    assert taken
    listed = commenting.listed(root, commenting.Choice(reviewer=name)).remarks
    places = {(one.entry.remark.place.path, one.entry.remark.place.line) for one in listed}
    assert places == {(plant.path, plant.line) for plant in returned[which][1]}
    for one in listed:
        remark = one.entry.remark
        if remark.kind is not Kind.NOTE:
            assert remark.certainty is Certainty.EXACT
            line = (root / remark.place.path).read_text("utf-8").split("\n")[remark.place.line - 1]
            assert line[remark.place.column - 1 :].startswith(remark.quote)


@pytest.fixture(scope="module")
def changed(root, returned, taken):
    """The chapters after they have changed: much above, two passages gone, one rewritten within."""
    assert taken
    gone, rewritten = returned[0][1][0], returned[0][1][1]
    for path in sorted((root / "chapters").glob("*.md")):
        lines = path.read_text("utf-8").split("\n")
        name = f"chapters/{path.name}"
        if gone.path == name:
            lines[gone.line - 1] = "What stood here is gone, and something else is said."
        if rewritten.path == name:
            words = rewritten.words.split()
            less = " ".join([words[0], "quite", "other", words[-1]])
            lines[rewritten.line - 1] = lines[rewritten.line - 1].replace(rewritten.words, less)
        head = next(n for n, line in enumerate(lines) if line.startswith("# "))
        lines[head + 1 : head + 1] = [
            "",
            "A paragraph that was not there before.",
            "It has two lines.",
        ]
        path.write_text("\n".join(lines), encoding="utf-8")
    return gone, rewritten


def test_every_remark_is_on_its_line_after_the_chapters_have_changed(root, returned, changed):
    """Where the words still stand, there; where they do not, it is said so."""
    gone, rewritten = changed
    listed = commenting.listed(root, commenting.Choice()).remarks
    assert len(listed) == 2 * PLANTED
    fates = {}
    for one in listed:
        old = one.entry.remark.place
        plant = next(
            p for _, some in returned for p in some if (p.path, p.line) == (old.path, old.line)
        )
        fates[plant] = one.fate
        if plant not in changed:
            assert one.fate is Fate.SAME or one.fate is Fate.MOVED
            assert (one.location.path, one.location.line) == (plant.path, line_today(root, plant))
    assert fates[rewritten] is Fate.CHANGED
    assert fates[gone] in {Fate.CHANGED, Fate.GONE}


def test_taken_again_they_are_no_more(root, returned, changed):
    """A file that is read twice adds nothing."""
    assert changed
    files = [back for back, _ in returned]
    found, _, _ = taking.take(root, files, lambda _: None, "2026-12-04T09:00:00+00:00")
    assert [(one.new, one.updated) for one in found] == [(0, 0), (0, 0)]
    assert len(ledger.read(root).returned()) == 2


def test_a_file_without_a_label_is_known_by_its_feet(root, kept, returned, tmp_path):
    """Info and XMP are gone, as after printing to a PDF; the foot names draft and reviewer."""
    back, planted = returned[0]
    bare = tmp_path / "bare.pdf"
    with pikepdf.open(back) as made:
        del made.trailer["/Info"]
        del made.Root["/Metadata"]
        made.save(bare)
    found, said = read(bare, root)
    assert (found.draft, found.copy, said) == (kept.draft.id, "ada-lovelace", [])
    places = {(one.place.path, one.place.line) for one in found.remarks}
    assert places == {(plant.path, plant.line) for plant in planted}


def test_proposals_are_applied_and_nothing_else_changes(root, changed):
    """Of the proposals that still fit, each puts its words in the place of the old, on that line."""
    assert changed
    wanted = [
        one
        for one in commenting.listed(root, commenting.Choice(reviewer="ben-okri")).remarks
        if one.entry.remark.kind is Kind.REPLACEMENT
    ]
    assert len(wanted) == PLANTED // 3
    before = {p: p.read_text("utf-8") for p in (root / "chapters").glob("*.md")}
    amending.apply(root, [one.entry.remark.id for one in wanted], lambda _: None)
    after = {p: p.read_text("utf-8") for p in before}
    for one in wanted:
        remark = one.entry.remark
        path = root / remark.place.path
        before[path] = before[path].replace(remark.quote, remark.replacement)
        assert remark.replacement in after[path].split("\n")[one.location.line - 1]
    assert after == before
