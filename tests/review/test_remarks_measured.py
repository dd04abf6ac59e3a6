"""Random remarks on a real PDF, and comments on a real DOCX: how many come home."""

from __future__ import annotations

import importlib
import io
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pypandoc
import pytest

from geppetto.pandoc import read as read_chapters
from geppetto.pipeline import building
from geppetto.pipeline.edition import Request
from geppetto.review import drafts, returned
from geppetto.review.drafts import Document, Stop
from geppetto.review.remarks import Certainty

pytestmark = pytest.mark.tools
ROOT = Path(__file__).parents[2]
UNLIKE = ROOT / "tests" / "books" / "unlike"


@pytest.fixture(scope="module")
def benchmarks():
    """Import scripts of the benchmarks by their names."""
    sys.path.insert(0, str(ROOT / "benchmarks"))
    before = set(sys.modules)
    yield importlib.import_module
    sys.path.remove(str(ROOT / "benchmarks"))
    for name in set(sys.modules) - before:
        if (ROOT / "benchmarks" / f"{name}.py").is_file():
            del sys.modules[name]


@pytest.fixture(scope="module")
def draft(tmp_path_factory, benchmarks):
    """A book of odd things, built and kept as a draft: its root, and its PDF."""
    folder = tmp_path_factory.mktemp("measured")
    book = Path(shutil.copytree(UNLIKE, folder / "book"))
    made = building.build(Request(book, ("pdf",)), lambda _: None)
    pdf = made.artifacts[0].path
    root = benchmarks("remarks").keep(book, pdf, folder / "kept")
    return root, drafts.folder(root) / "trial" / "reviewer.pdf"


def test_highlights_on_a_pdf_come_home(benchmarks, draft, tmp_path):
    """Of random words in tables, code, lists, notes and tongues 98 of 100 come to their line."""
    remarks, judging = benchmarks("remarks"), benchmarks("judging")
    root, pdf = draft
    kept = drafts.find(root, "trial")
    judge = judging.Judge({path: kept.source(path) for path in kept.draft.sources})
    chosen, _, _ = judging.trials(remarks.words_of(pdf), judge, 250, 7)
    remarks.highlighted(pdf, chosen, tmp_path / "back.pdf")
    found, _ = returned.read(tmp_path / "back.pdf", root)
    said = {int(remark.text.split()[1]): remark for remark in found.remarks}
    right = [judging.right_line(trial, said.get(n)) for n, trial in enumerate(chosen)]
    assert sum(right) >= 0.98 * len(chosen)
    sure = [n for n, remark in said.items() if remark.certainty is Certainty.EXACT]
    assert sum(right[n] for n in sure) >= 0.98 * len(sure)


CHAPTER = """# The dream

The *quick* fox, who jumps over the dog, was the
second of three foxes[^n] in "it" -- all of them `quick`.

- an item of the list
- another item of the list

| one | two |
|-----|-----|
| of  | the |

> Words that somebody said, and
> words that nobody did.

[^n]: A note that says a thing
    or two of the foxes.

``` python
quick = 1
```
"""


def _with_stops(path):
    """Give the chapter's blocks with a span at the beginning of each, and their lines."""
    (blocks,) = read_chapters({path: CHAPTER})[0].values()
    lines = {"The dream": 1, "The": 3, "an": 6, "another": 7, "one": 9, "two": 9, "of": 11,
             "the": 11, "Words": 13, "A": 16}  # fmt: skip
    stops = []

    def mark(inlines):
        words = [n.get("c") for n in inlines if n["t"] == "Str"]
        line = lines.get("The dream" if words[:2] == ["The", "dream"] else words[0])
        stops.append(Stop(path, line, begins=True))
        span = {"t": "Span", "c": [[f"src_1_{len(stops)}", [], []], []]}
        return [span, *inlines]

    def walk(value):
        if isinstance(value, list):
            return [walk(one) for one in value]
        if not isinstance(value, dict):
            return value
        if value.get("t") in ("Para", "Plain"):
            inside = mark(value["c"])
            return {**value, "c": [walk(one) for one in inside]}
        if value.get("t") == "Header":
            return {**value, "c": [*value["c"][:2], mark(value["c"][2])]}
        return {key: walk(one) for key, one in value.items()}

    return walk(list(blocks)), tuple(stops)


@pytest.fixture(scope="module")
def word(tmp_path_factory):
    """A chapter as Pandoc writes it to a DOCX, with bookmarks, kept as a draft."""
    root, path = tmp_path_factory.mktemp("word"), "chapters/1.md"
    blocks, stops = _with_stops(path)
    tree = {"pandoc-api-version": [1, 23, 1], "meta": {}, "blocks": blocks}
    file = drafts.folder(root) / "trial" / "reviewer.docx"
    (file.parent / drafts.SOURCES / "chapters").mkdir(parents=True)
    (file.parent / drafts.SOURCES / path).write_text(CHAPTER, "utf-8")
    copy = drafts.Copy("reviewer", "R", "docx", file.name, "x")
    record = drafts.Draft("trial", "2026-11-30", "", "book", {path: "x"}, (copy,))
    (file.parent / drafts.RECORD).write_text(drafts.record(record), "utf-8")
    documents = [Document("one", path, "1", stops)]
    (file.parent / drafts.BLOCKS).write_text(drafts.blocks(documents), "utf-8")
    pandoc = [pypandoc.get_pandoc_path(), "-f", "json", "-t", "docx", "-o", file]
    subprocess.run(pandoc, input=json.dumps(tree), text=True, check=True)
    _label(file)
    return root, file


def _label(file):
    """Say in the custom properties whose copy it is."""
    with zipfile.ZipFile(io.BytesIO(file.read_bytes())) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/"
    files["docProps/custom.xml"] = (
        f'<Properties xmlns="{kind}custom-properties" xmlns:v="{kind}docPropsVTypes">'
        '<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="GeppettoDraft">'
        "<v:lpwstr>trial/reviewer</v:lpwstr></property></Properties>"
    ).encode()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)


def test_comments_on_a_docx_of_pandocs_come_home(benchmarks, word, tmp_path):
    """Every one to the line of its first word."""
    commented, judging = benchmarks("commented"), benchmarks("judging")
    root, file = word
    judge = judging.Judge({"chapters/1.md": CHAPTER})
    chosen, _, _ = judging.trials(commented.words_of(file), judge, 60, 3)
    commented.marked(file, chosen, tmp_path / "back.docx")
    found, said = returned.read(tmp_path / "back.docx", root)
    by_number = {int(remark.text.split()[1]): remark for remark in found.remarks}
    wrong = [t for n, t in enumerate(chosen) if not judging.right_line(t, by_number.get(n))]
    assert (wrong, said) == ([], [])


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_what_libreoffice_saves_anew_says_the_same(benchmarks, word, tmp_path):
    """It renames and renumbers what it can; names and places of remarks stay."""
    commented, judging = benchmarks("commented"), benchmarks("judging")
    root, file = word
    judge = judging.Judge({"chapters/1.md": CHAPTER})
    body = [one for one in commented.words_of(file) if one.part == 0]  # 7.4 takes none in notes
    chosen, _, _ = judging.trials(body, judge, 12, 5)
    chosen = list({trial.offset: trial for trial in chosen}.values())
    commented.marked(file, chosen, tmp_path / "back.docx")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    form = "docx:MS Word 2007 XML"
    command = ["soffice", profile, "--headless", "--convert-to", form, "--outdir", tmp_path / "o"]
    subprocess.run([*command, tmp_path / "back.docx"], check=True, capture_output=True, timeout=240)
    before, _ = returned.read(tmp_path / "back.docx", root)
    after, _ = returned.read(tmp_path / "o" / "back.docx", root)
    assert {(r.id, r.place) for r in after.remarks} == {(r.id, r.place) for r in before.remarks}
