"""What changed in a book: chapters found again, those that are gone, images, the summary."""

from __future__ import annotations

from pathlib import Path

from marks_read import header, read, words

from geppetto.ast import attr, nodes, para, stringify, table_rows
from geppetto.model.book import Book, Chapter, Document, Resolved, Role
from geppetto.model.changes import mark_of
from geppetto.model.settings import Settings
from geppetto.review.changes import documents, edition, tracked
from geppetto.review.changes.documents import Fate
from geppetto.review.changes.summary import Sides

LONG = "It speaks of strings and wires, of a stage with a curtain, and of an audience that laughs."
SIDES = Sides("the old", "the new", (("The title", "One", "Two"),))


def document(slug, *blocks, path=None, role=Role.MAIN, title="A chapter", number=None):
    chapter = Chapter(path or f"chapters/{slug}.md", slug, role, "") if role is Role.MAIN else None
    head = header(title, level=1, name=slug)
    return Document(slug, role, title, (head, *blocks), number=number, chapter=chapter)


def book(*listed, images=None):
    held = Book(Path("/nowhere"), Settings(title="A Book"), ())
    homes = {one.slug: one.slug for one in listed}
    return Resolved(held, tuple(listed), homes, images or {})


def fates(comparison):
    return [(one.document.slug, one.fate) for one in comparison.documents]


def test_chapters_by_their_files():
    """Whatever they say now."""
    old = book(document("1", words(LONG)), document("2", words("Two.")))
    new = book(document("2", words("Two.")), document("1", words("Something else.")))
    found = documents.compare(old, new)
    assert fates(found) == [("2", Fate.SAME), ("1", Fate.CHANGED)]


def test_a_chapter_whose_file_was_renamed():
    """It is found by what it says."""
    old = book(document("1", words(LONG)), document("2", words("Other things are said here.")))
    new = book(
        document("one", words(LONG.replace("wires", "threads"))),
        document("2", words("Other things are said here.")),
    )
    found = documents.compare(old, new).documents
    assert [one.fate for one in found] == [Fate.CHANGED, Fate.SAME]
    assert found[0].earlier_name == "chapters/1.md"
    assert "[-wires-]{+threads+}" in read(list(found[0].document.blocks))


def test_chapters_that_came_and_went():
    """What is gone stands where it stood."""
    old = book(
        document("0", words("Nothing of it was ever kept, nor will it be."), title="Zero"),
        document("1", words("Somebody once carved a marionette, says this."), title="Wood"),
        document("2", words(LONG)),
    )
    new = book(
        document("2", words(LONG)),
        document("3", words("Fresh pages about quite different matters follow."), title="Tin"),
    )
    found = documents.compare(old, new)
    gone, fresh = Fate.GONE, Fate.NEW
    assert fates(found) == [("0", gone), ("1", gone), ("2", Fate.SAME), ("3", fresh)]
    assert found.total.changes == 3


def test_a_title_is_compared_however_it_was_worded():
    """A chapter has one."""
    found = documents.compare(
        book(document("1", words(LONG), title="Wood")),
        book(document("1", words(LONG), title="Tin")),
    )
    assert read(found.documents[0].document.blocks[0]) == "[-Wood-]{+Tin+}|"


def test_the_bibliography_is_found_again():
    """It has no file."""
    old, new = (
        book(document("refs", words(text), role=Role.BACK)) for text in (LONG, LONG + " So.")
    )
    assert fates(documents.compare(old, new)) == [("refs", Fate.CHANGED)]


def both(old, new):
    return edition.both(old, new, documents.compare(old, new), SIDES)


def test_a_book_with_both():
    """The summary first; what is gone has no number, no chapter, and a name of its own."""
    old = book(document("1", words(LONG)), document("deleted-1", words("Gone."), title="Gone"))
    new = book(document("1", words(LONG + " More.")), document("deleted-deleted-1", words("New.")))
    made = both(old, new)
    summary, one, gone, _ = made.documents
    assert summary.role is Role.SUMMARY
    assert gone.slug == "deleted-deleted-1-2"
    assert (gone.number, gone.chapter) == (None, None)
    assert gone.blocks[0]["c"][1] == [gone.slug, ["unnumbered"], []]
    marks = [n for d in (one, gone) for n in nodes(list(d.blocks)) if mark_of(n)]
    anchors = {n["c"][0][0]: d for n in marks if (d := n["c"][0][0])}
    assert anchors.keys() <= made.homes.keys()


def test_the_summary_counts_and_leads():
    """By chapter; to the first change of each."""
    old = book(document("1", words(LONG)), document("2", words("Same.")))
    new = book(document("1", words(LONG + " And more."), number="1"), document("2", words("Same.")))
    summary = both(old, new).documents[0]
    rows = [[stringify(cell[4]) for cell in row[1]] for row in table_rows(summary.blocks[3])]
    assert rows[1:] == [["1 A chapter", "1", "2", "0", "0"], ["The whole book", "1", "2", "0", "0"]]
    assert [node["c"][2][0] for node in nodes(summary.blocks[3], {"Link"})] == [
        "#passage-changed-1"
    ]
    assert stringify(summary.blocks[1]) == "What changed between the old and the new."
    assert stringify(summary.blocks[4]) == "The title: “One” is now “Two”."


def test_two_revisions_that_are_the_same():
    """Then the summary says so."""
    same = book(document("1", words(LONG)))
    made = edition.both(same, same, documents.compare(same, same), Sides("a", "b"))
    assert stringify(made.documents[0].blocks[-1]) == "No words did."


def picture(target):
    image = {"t": "Image", "c": [attr(), [], [target, ""]]}
    return para([image])


def test_images():
    """One whose file was changed is another; one whose file was renamed is not."""
    names = ("same", "other", "before", "after")
    same, other, before, after = (Path(f"/{name}.png") for name in names)
    digests = {same: "1", other: "2", before: "1", after: "3"}
    old = book(
        document("1", picture("a.png"), picture("b.png"), picture("c.png")),
        images={"a.png": same, "b.png": other, "c.png": before},
    )
    new = book(
        document("1", picture("a.png"), picture("b.png")), images={"a.png": same, "b.png": after}
    )
    own = edition.with_own_images(old, new, digests)
    targets = [node["c"][2][0] for node in nodes(list(own.documents[0].blocks), {"Image"})]
    assert targets == ["a.png", "b.png before", "a.png"]
    assert own.images == {"a.png": before, "b.png before": other}


def test_tracked_changes():
    """What the DOCX writer takes for them; the summary's own marks are none."""
    old = book(
        document(
            "1",
            words(LONG),
            words("It goes away, and far."),
            words("It stays here, where it has always stood until now."),
        )
    )
    new = book(
        document(
            "1",
            words(LONG + " More."),
            words("It stays here, where it has always stood until now."),
            words("It goes away, and far."),
        )
    )
    made = tracked.book(both(old, new), tracked.Hand("A. Writer", 1767312000))
    spans = [node for d in made.documents for node in nodes(list(d.blocks), {"Span"})]
    stamp = [["author", "A. Writer"], ["date", "2026-01-02T00:00:00Z"]]
    assert all(node["c"][0][2] == stamp for node in spans if node["c"][1])
    assert all(node["c"][0][0] for node in spans if not node["c"][1]), "only places of links"
    said = [node for node in spans if node["c"][1]]
    classes = [(node["c"][0][1][0], stringify(node["c"][1])) for node in said]
    assert classes == [
        ("insertion", "More."),
        ("deletion", "It goes away, and far."),
        ("insertion", "It goes away, and far."),
    ]
