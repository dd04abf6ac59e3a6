"""A book of which only some parts were set again is the book that one full run would give."""

from __future__ import annotations

import random
import shutil
import threading
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from geppetto.diagnostics import GeppettoError
from geppetto.latex import again, auxiliary
from geppetto.pipeline import excerpting
from geppetto.pipeline.building import build
from geppetto.pipeline.edition import Request
from geppetto.progress import Step
from sameness import differences

WORDS = (
    *("lorem", "ipsum", "dolor", "sit", "amet", "consectetur", "adipiscing", "elit"),
    *("narrow", "wide", "of", "the"),
)
YAML = """title: A Book of Parts
date: 2026-01-02
number-sections: true
frontmatter: [preface.md]
chapters:
- part: The First Part
  chapters: [one.md, two.md]
- part: The Second Part
  chapters: [three.md, four.md]
appendices: [data.md]
"""
CHAPTER = """# Chapter {0} {{#{0}}}

{1}

## The first of {0} {{#first-{0}}}

A claim [@a, 3], a note,[^n] the formula $a^2 + b^2 = c^2$, and @sec:far.

[^n]: {2}

$$ x_{{1}} = \\frac{{-b}}{{2a}} $$ {{#eq:{0}}}

| Left | Right |
|------|-------|
| a    | b     |

: A table. {{#tbl:{0}}}

```python
def {0}(): return "code"
```

See @tbl:{0}, @eq:{0}, and [the claim](#first-{0}).

{3}
"""


def prose(source: random.Random, words: int) -> str:
    return " ".join(source.choices(WORDS, k=words)).capitalize() + "."


def chapter(name: str, source: random.Random, paragraphs: int = 6) -> str:
    texts = ["\n\n".join(prose(source, 90) for _ in range(paragraphs)) for _ in range(2)]
    return CHAPTER.format(name, texts[0], prose(source, 20), texts[1])


@pytest.fixture(scope="module")
def original(tmp_path_factory) -> Path:
    root, source = tmp_path_factory.mktemp("again") / "book", random.Random(7)  # noqa: S311 - the same each time
    root.mkdir()
    (root / "book.yaml").write_text(YAML)
    (root / "references.bib").write_text("@book{a, title={A Book}, author={One, A.}, year=2001}\n")
    (root / "preface.md").write_text(f"# Preface\n\n{prose(source, 300)}\n")
    for name in ("one", "two", "three", "four"):
        (root / f"{name}.md").write_text(chapter(name, source))
    (root / "data.md").write_text(f"# Data {{#sec:far}}\n\n{prose(source, 100)}\n")
    assert typeset(root)[-1] == "putting the outputs in place"
    return root


def typeset(root: Path) -> list[str]:
    steps: list[Step] = []
    outcome = build(Request(root, ("pdf",)), steps.append)
    assert outcome.artifacts, outcome.diagnostics
    return [step.name for step in steps]


def bytes_of(root: Path) -> bytes:
    return (root / "build/a-book-of-parts.pdf").read_bytes()


def passes(steps: list[str]) -> list[str]:
    return [step.removeprefix("typesetting, ") for step in steps if step.startswith("typesetting")]


def the_same(root: Path, tmp_path: Path) -> list[str]:
    """Compare with a build of the same files from nothing."""
    clean = tmp_path / "clean" / "book"
    shutil.copytree(root, clean, ignore=shutil.ignore_patterns("build"))
    typeset(clean)
    pdf = "build/a-book-of-parts.pdf"
    found = differences(root / pdf, clean / pdf)
    for suffix in (".places", ".toc"):
        one, other = (r / "build/latex" / f"book{suffix}" for r in (root, clean))
        found += [] if one.read_bytes() == other.read_bytes() else [suffix]
    shutil.rmtree(clean.parent)
    return found


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


@pytest.mark.tools
def test_only_what_has_changed_is_set_again(original, tmp_path):
    root = tmp_path / "book"
    shutil.copytree(original, root)
    replace(root / "two.md", "A claim", "One claim")
    assert passes(typeset(root)) == ["two"]
    assert the_same(root, tmp_path) == []
    replace(root / "three.md", "## The first of", "## The very first of")
    replace(root / "preface.md", "lorem", "Lorem")
    assert passes(typeset(root)) == ["2 parts", "contents"]
    assert the_same(root, tmp_path) == []
    replace(root / "four.md", "A claim", "A claim without a page; [@a, 3]. One")
    assert passes(typeset(root)) == ["four"]
    assert the_same(root, tmp_path) == []
    joined = bytes_of(root)
    clean = tmp_path / "elsewhere"
    shutil.copytree(root, clean, ignore=shutil.ignore_patterns("build"))
    for folder in (root, clean):
        assert build(Request(folder, ("pdf",), whole=True), lambda _: None).artifacts
    assert bytes_of(root) == bytes_of(clean) != joined


class _Looks:
    """Looks at each step while it is at work: how much was done at first, and at most."""

    def __init__(self):
        self.found: dict[str, tuple[int, int, int]] = {}
        self._step: Step | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *fault):
        self._ended.set()
        self._thread.join()

    def begin(self, step: Step) -> None:
        if step.count is not None:
            self.found[step.name] = (step.count.of, step.count.done(), 0)
        self._step = step

    def _look(self) -> None:
        while not self._ended.wait(0.005):
            step = self._step
            if step is not None and step.count is not None:
                of, first, most = self.found[step.name]
                self.found[step.name] = (of, first, max(most, step.count.done()))


@pytest.mark.tools
def test_pages_and_parts_are_counted_while_they_are_set(original, tmp_path):
    """Nothing of the pass before is taken for this one's."""
    root = tmp_path / "book"
    shutil.copytree(original, root)
    pages = []
    for names in ((), ("one",), ("one", "three")):
        for name in names:
            replace(root / f"{name}.md", ".", " again.")
        with _Looks() as looks:
            outcome = build(Request(root, ("pdf",), whole=not names), looks.begin)
        pages.append(outcome.artifacts[0].count)
        found = {n: f for n, f in looks.found.items() if n.startswith("typesetting")}
        if not names:
            assert found["typesetting, pass 1"] == (pages[0], 0, pages[0])
        elif len(names) == 1:
            of, first, most = found["typesetting, one"]
            assert (first, most) == (0, of)
            assert 1 < of < pages[0]
        else:
            assert found["typesetting, 2 parts"] == (2, 0, 2)
    assert len(set(pages)) == 1


@pytest.mark.tools
def test_what_moves_is_set_again_until_nothing_moves(original, tmp_path):
    root = tmp_path / "book"
    shutil.copytree(original, root)
    source = random.Random(3)  # noqa: S311 - the same each time
    with (root / "one.md").open("a") as text:
        text.write("\n\n".join(prose(source, 120) for _ in range(8)))
    assert passes(typeset(root)) == ["one", "5 parts", "contents"]
    assert the_same(root, tmp_path) == []


@pytest.mark.tools
def test_what_others_may_read_asks_for_the_whole_book(original, tmp_path):
    root = tmp_path / "book"
    shutil.copytree(original, root)
    with (root / "two.md").open("a") as text:
        text.write("\n## Another heading\n\nWith words.\n")
    assert passes(typeset(root)) == ["two", "pass 1", "preface"]
    with (root / "two.md").open("a") as text:
        text.write("\n`\\newcommand\\said{Words}`{=latex}\n")
    assert passes(typeset(root)) == ["pass 1"]
    with (root / "three.md").open("a") as text:
        text.write("\n`\\said`{=latex}\n")
    assert passes(typeset(root)) == ["pass 1"]
    assert the_same(root, tmp_path) == []


@pytest.mark.tools
def test_a_chapter_is_taken_out_with_the_numbers_of_the_book(original, tmp_path):
    root = tmp_path / "book"
    shutil.copytree(original, root)
    book = build(Request(root, ("pdf",)), lambda _: None).artifacts[0]
    for name in ("3", "three.md", "three"):
        made = excerpting.take(root, name, book)
        assert made.path == root / "build/a-book-of-parts-three.pdf"
    with pikepdf.open(book.path) as whole, pikepdf.open(made.path) as part:
        labels = [page.label for page in part.pages]
        first = [page.label for page in whole.pages].index(labels[0])
        texts = [
            document[n].get_textpage().get_text_bounded()
            for document, n in (
                (pypdfium2.PdfDocument(book.path), first),
                (pypdfium2.PdfDocument(made.path), 0),
            )
        ]
        assert texts[0] == texts[1]
        assert "The Second Part" in texts[0]
        with part.open_outline() as outline:
            titles = [entry.title for entry in outline.root]
            below = [entry.title for entry in outline.root[0].children]
        assert titles == ["The Second Part"]
        assert below == ["3 Chapter three"]
        links = [a.A for page in part.pages for a in page.obj.get("/Annots", ())]
        names = set(pikepdf.NameTree(part.Root.Names.Dests).keys())
        assert links
        assert {str(link.D) for link in links} <= names
        assert "ref-a" not in names
    with pytest.raises(GeppettoError) as caught:
        excerpting.take(root, "thre.md", book)
    assert caught.value.diagnostics[0].code == "place-unknown"
    assert caught.value.diagnostics[0].hint == "Did you mean three.md?"


TEXT = "a\nopens 1 5\nb\ncloses 1\nc\npasses 2\nd\nopens 3\ne\ncloses 3\nf\n"


def test_a_text_is_cut_where_files_are_included():
    made = again.cut(TEXT)
    assert made.between == ("a\n", "c\n", "d\n", "f\n")
    assert made.parts == ("opens 1 5\nb\ncloses 1\n", "", "opens 3\ne\ncloses 3\n")
    assert made.joined() == TEXT.replace("passes 2\n", "")
    assert again.cut("x\n").between == ("x\n",)


@pytest.mark.parametrize(
    "text", ["opens 1\n", "opens 1\nopens 2\ncloses 2\n", "opens 2\ncloses 2\n", "closes 1\n"]
)
def test_files_that_stand_within_each_other_are_not_cut(text):
    with pytest.raises(again.WholeError):
        again.cut(text)


COUNTERS = b"\\@setckpt{parts/one}{\n\\setcounter{page}{7}\n\\setcounter{LN@truepage}{9}\n}\n"


def test_a_parts_auxiliary_file_is_read():
    lines = b"\\relax \n\\@writefile{toc}{\\contentsline {chapter}{One}{1}{chapter.one}}\n"
    found = auxiliary.left(lines + b"\\newlabel{x}{{1}{2}}\n" + COUNTERS)
    assert found.contents == (lines.splitlines()[1],)
    assert found.others == (b"\\newlabel{x}{{1}{2}}",)
    assert b"page}{7}" in found.counters
    assert b"truepage" not in found.counters
    assert auxiliary.left(lines) is None
    assert auxiliary.kinds(found.contents) == [b"toc chapter"]


def test_bookmarks_are_read_and_put_in_place():
    entry = rb"\BKM@entry{id=%d,dest={%s},srcline={%d},srcfile={%s}}{%s}"

    def line(number: int, name: bytes, at: int, title: str) -> bytes:
        escaped = b"".join(b"\\%03o" % byte for byte in b"\xfe\xff" + title.encode("utf-16-be"))
        parts = (name.hex().upper().encode(), b"./parts/one.tex".hex().upper().encode())
        return entry % (number, parts[0], at, parts[1], escaped.hex().upper().encode())

    old = b"\n".join([b"\\@input{parts/one.aux}", line(4, b"chapter.one", 8, "Öld (1)"), b"\\x"])
    new = b"\n".join([b"\\@input{parts/one.aux}", line(2, b"chapter.one", 9, "New ☃ 2")])
    assert [one.title for one in auxiliary.bookmarks(old)] == ["Öld (1)"]
    made = auxiliary.with_bookmarks(old, new, "./parts/one.tex")
    assert made == old.replace(old.split(b"\n")[1], line(4, b"chapter.one", 9, "New ☃ 2"))
    assert auxiliary.included(old) == ["parts/one"]
    with pytest.raises(ValueError, match="fewer"):
        auxiliary.with_bookmarks(old, b"", "./parts/one.tex")
