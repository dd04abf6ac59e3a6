"""A book that is resolved by the cores of its chapters is the book that is resolved whole."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from geppetto import pandoc
from geppetto.ast import stringify
from geppetto.pipeline import citing, reading
from geppetto.pipeline.opening import Opening
from geppetto.pipeline.resolving import resolve
from geppetto.store.shelf import NOTHING, Shelf

TESTS = Path(__file__).parents[1]
WORDS = (
    *("word", "a", '"straight', 'end."', "so,", "(open", "it’s", "—", "*stress*", "`code`"),
    *("`code`{#named-%}", "$x$", "[link](#first)", "[a span]{.c lang=fr}", '"q u o"', "H~2~O"),
    *("![](dot.png)", "[@k1, p. 3]", "@k2", "[-@k1; @k3]", "@sec:x", "@fig:f", "^[A note [@k2].]"),
    *(
        "`x`{=geppetto-core}",
        "ꙮ0ꙮ",
        "ꙮ",
        "`0`{=geppetto-core}",
        "**bold *and [@k3] more* bold**",
        "[](#first)",
        "[](two.md)",
    ),
)
BIBTEX = "\n".join(
    f"@book{{k{n}, title = {{Title {n}}}, author = {{Smith, A.}}, year = 2001}}" for n in (1, 2, 3)
)


def told(resolved):
    """Give everything that an edition is made from."""
    documents = [
        (d.slug, d.role, d.title, list(d.blocks), d.number, d.title_inlines, d.part, d.headings)
        for d in resolved.documents
    ]
    return documents, dict(resolved.homes), dict(resolved.images)


def found(book, csl, shelf=NOTHING):
    resolved, diagnostics = resolve(book, csl, lambda _: None, shelf)
    return told(resolved), sorted(map(str, diagnostics))


def at_random(seed: int) -> str:
    chance = random.Random(seed)  # noqa: S311 - texts, not secrets
    blocks = [f"# A chapter {{#{'sec:x' if seed == 1 else f'y{seed}'}}}"]
    for number in range(chance.randrange(3, 9)):
        words = chance.choices(WORDS, k=chance.choice([2, 9, 30, 60]))
        text = " ".join(w.replace("%", f"{seed}-{number}-") for w in words)
        kind = chance.choice(
            ["{}", "> {}", "1. {}\n2. {}", "## {}", f"::: {{{{#d{seed}-{number}}}}}\n{{}}\n:::"]
        )
        blocks.append(kind.format(text, "plain words"))
    return "\n\n".join(blocks) + "\n"


@pytest.mark.tools
@pytest.mark.parametrize("name", ["unlike", "a real boy"])
def test_books_are_the_same_by_their_cores(name, tmp_path):
    root = TESTS / "books" / "unlike" if name == "unlike" else TESTS.parent
    book, csl, _ = reading.read(root)
    whole = found(book, csl)
    assert found(book, csl, Shelf(tmp_path)) == whole
    assert found(book, csl, Shelf(tmp_path)) == whole


@pytest.mark.tools
@pytest.mark.parametrize("per", ["book", "chapter"])
def test_random_chapters_are_the_same_by_their_cores(per, make_book, tmp_path):
    files = {f"chapters/{n}.md": at_random(n) for n in range(24)}
    files["chapters/two.md"] = "# Two\n\n![A figure.](dot.png){#fig:f}\n\n[first words]{#first}\n"
    shutil.copy(TESTS / "books/unlike/chapters/f.png", tmp_path / "dot.png")
    root = make_book({**files, "references.bib": BIBTEX, "chapters/dot.png": b""})
    shutil.copy(TESTS / "books/unlike/chapters/f.png", root / "chapters/dot.png")
    (root / "book.yaml").write_text(f"title: T\nbibliography-per: {per}\n")
    book, csl, _ = reading.read(root)
    whole = found(book, csl)
    shelf = Shelf(tmp_path / "store")
    assert found(book, csl, shelf) == whole
    (root / "chapters/3.md").write_text(at_random(99))
    changed, csl, _ = reading.read(root)
    assert found(changed, csl, shelf) == found(changed, csl)


@pytest.mark.tools
def test_only_the_chapter_that_has_changed_is_read(make_book, tmp_path, monkeypatch):
    root = make_book({f"chapters/{n}.md": f"# C{n}\n\nWords, {n}.\n" for n in range(3)})
    book, csl, _ = reading.read(root)
    found(book, csl, Shelf(tmp_path))
    (root / "chapters/1.md").write_text("# C1\n\nOther words.\n")
    book, csl, _ = reading.read(root)
    read, reader = [], pandoc.Reading
    monkeypatch.setattr(pandoc, "Reading", lambda texts: read.extend(texts) or reader(texts))
    resolved, _ = resolve(book, csl, lambda _: None, Shelf(tmp_path))
    assert read == ["chapters/1.md"]
    assert [stringify(list(d.blocks)[1:]) for d in resolved.documents] == [
        "Words, 0.", "Other words.", "Words, 2.",
    ]  # fmt: skip


@pytest.mark.tools
def test_faults_of_a_kept_chapter_are_said_again(make_book, tmp_path):
    text = "# One\n\nSee @fig:none, [@none], a note[^x] and ![](none.png).\n\n::: {.author-note}\nX\n:::\n"
    root = make_book({"chapters/1.md": text, "chapters/2.md": "# Two\n"})
    book, csl, _ = reading.read(root)
    first = found(book, csl, Shelf(tmp_path))
    assert len(first[1]) > 3
    assert found(book, csl, Shelf(tmp_path)) == first


@pytest.mark.tools
def test_a_word_beside_a_citation_or_in_a_note_asks_nothing_of_citeproc(
    make_book, tmp_path, monkeypatch
):
    text = "# One\n\nThe claim, [@k1] a word.^[In the note, see @k2.]\n"
    root = make_book({"chapters/1.md": text, "references.bib": BIBTEX})
    book, csl, _ = reading.read(root)
    found(book, csl, Shelf(tmp_path))
    (root / "chapters/1.md").write_text(
        text.replace("claim", "assertion").replace("the note", "a note")
    )
    book, csl, _ = reading.read(root)
    whole = found(book, csl)
    monkeypatch.setattr(citing, "cite", lambda *_: pytest.fail("citeproc was run"))
    assert found(book, csl, Shelf(tmp_path)) == whole


@pytest.mark.tools
@pytest.mark.parametrize("kind", ["core", "rest", "opened", "resolved", "set"])
def test_what_has_gone_from_the_shelf_is_made_again(kind, make_book, tmp_path):
    root = make_book({"chapters/1.md": "# One\n\nWords.\n", "chapters/2.md": "# Two\n\nMore.\n"})
    book, csl, _ = reading.read(root)
    whole = found(book, csl, Shelf(tmp_path / "store"))
    gone = sorted((tmp_path / "store").glob(f"{kind}-*"))
    gone[0].unlink()
    assert found(book, csl, Shelf(tmp_path / "store")) == whole
    assert gone[0].is_file()


@pytest.mark.tools
def test_two_editions_may_ask_for_a_chapter_at_once(make_book, tmp_path):
    """What the one no longer needs is not taken from the other's hands."""
    words = "Words upon words, so that some of them are taken out of the tree here. " * 9
    root = make_book({"chapters/1.md": f"# One\n\n{words}[a link](https://x.org) {words}\n"})
    book, _, _ = reading.read(root)
    shelf = Shelf(tmp_path / "store")
    with Opening(book, shelf) as opening:
        (opened,), _ = opening.finish()
    whole = opened.whole(opened.core, NOTHING)
    assert opened.taken

    class Asked(list):
        """Inlines in the midst of which the other edition is done."""

        def __iter__(self):
            assert opened.whole(opened.core, shelf) == whole
            return super().__iter__()

    *head, last = opened.core
    assert opened.whole([*head, {**last, "c": Asked(last["c"])}], NOTHING) == whole
    assert not opened.taken
