"""How many of a thousand random remarks of 1 to 8 words are led to their exact line.

    python benchmarks/remarks.py [BOOK|FILE] [COUNT] [SEED] [-v]

BOOK is `real` (this repository's), or a folder, or a name that `books.py` knows,
as M; `M:18` are its first 18 chapters. The book is built, random words of its
PDF are highlighted as reviewers' programs do it, and the file is read as one
that came back. FILE is a PDF or DOCX that `geppetto draft` made, in the folder of
its draft; words of a DOCX are commented on. `judging.py` says what is right.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import commented
import pikepdf
import pypdfium2 as pdfium
from judging import Corners, Judge, Trial, Word, letters, report, trials

from books import SIZES, write
from geppetto import store
from geppetto.pagemap import stored
from geppetto.pipeline import building
from geppetto.pipeline.edition import Request
from geppetto.review import drafts, returned

HERE = Path(__file__).parents[1]


def words_of(pdf: Path) -> list[Word]:
    """Give the words of a PDF in the order of its content; those broken over lines as one."""
    document = pdfium.PdfDocument(pdf)
    found: list[Word] = []
    for number in range(len(document)):
        page = document[number]
        text = page.get_textpage()
        boxes: list[tuple[float, float, float, float]] = []
        spelled, before = "", (0.0, 0.0, 0.0, 0.0)
        is_broken = False
        for index in range(text.count_chars()):
            character = text.get_text_range(index, 1)
            box = text.get_charbox(index)
            if not character.strip() and not spelled.endswith(("-", "\ufffe", "\x02")):
                if letters(spelled):
                    found.append(Word(number, letters(spelled), tuple(boxes), is_broken))
                spelled, boxes, is_broken = "", [], False
            elif character.strip():
                next_line = bool(boxes) and abs(box[1] - before[1]) > 8 and box[0] < before[0]
                is_broken = is_broken or next_line
                spelled += character
                boxes = _grown(boxes, box, next_line=next_line)
                before = box
        if letters(spelled):
            found.append(Word(number, letters(spelled), tuple(boxes), is_broken))
    return found


def _grown(boxes: list[Corners], box: Corners, *, next_line: bool) -> list[Corners]:
    if not boxes or next_line:
        return [*boxes, box]
    last = boxes[-1]
    low, high = min(last[1], box[1]), max(last[3], box[3])
    return [*boxes[:-1], (min(last[0], box[0]), low, max(last[2], box[2]), high)]


def highlighted(pdf: Path, chosen: Sequence[Trial], to: Path) -> None:
    """Write a copy of a PDF with a highlight for each trial, a line of text a quadrilateral."""
    with pikepdf.open(pdf) as made:
        if "/GeppettoDraft" not in made.docinfo:
            made.docinfo["/GeppettoDraft"] = "trial/reviewer"
        for number, trial in enumerate(chosen):
            page = made.pages[trial.words[0].page]
            quads: list[float] = []
            for box in _lines(trial.words):
                left, low, right, high = box
                quads += [left, high, right, high, left, low, right, low]
            entries = {
                "/Type": pikepdf.Name.Annot, "/Subtype": pikepdf.Name.Highlight,
                "/Rect": [min(quads[::2]), min(quads[1::2]), max(quads[::2]), max(quads[1::2])],
                "/QuadPoints": quads, "/NM": str(number), "/Contents": f"remark {number}",
                "/CreationDate": f"D:2026{number // 31 % 12 + 1:02}{number % 28 + 1:02}{number % 24:02}{number % 60:02}00",
            }  # fmt: skip
            note: Any = made.make_indirect(pikepdf.Dictionary(entries))
            if "/Annots" not in page.obj:
                page.obj["/Annots"] = pikepdf.Array()
            page.obj["/Annots"].append(note)
        made.save(to)


def _lines(words: Sequence[Word]) -> list[Corners]:
    """Join the boxes of words on one line, as a program that marks text does."""
    made: list[Corners] = []
    for box in (box for word in words for box in word.boxes):
        last = made[-1] if made else None
        if last and last[1] - 4 < (box[1] + box[3]) / 2 < last[3] + 4 and box[0] >= last[0]:
            made[-1] = (last[0], min(last[1], box[1]), box[2], max(last[3], box[3]))
        else:
            made.append(box)
    return made


def keep(root: Path, pdf: Path, folder: Path) -> Path:
    """Keep a draft of a built book in a folder of its own; give the folder."""
    made = stored.unpacked(stored.beside(pdf).read_bytes())
    place = drafts.folder(folder) / "trial"
    for path in made.sources:
        (place / drafts.SOURCES / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / path, place / drafts.SOURCES / path)
    shutil.copyfile(stored.beside(pdf), place / f"single{stored.SUFFIX}")
    shutil.copyfile(pdf, place / "reviewer.pdf")
    copy = drafts.Copy("reviewer", "reviewer", "pdf", "reviewer.pdf", store.digest(pdf))
    draft = drafts.Draft("trial", "2026-01-01", "", pdf.stem, dict(made.sources), (copy,))
    (place / drafts.RECORD).write_text(drafts.record(draft), "utf-8")
    (place / drafts.BLOCKS).write_text(drafts.blocks([]), "utf-8")
    return folder


def _build(book: str, folder: Path) -> tuple[Path, Path]:
    """Give a book's folder and its PDF."""
    if book == "real":
        root = folder / "book"
        shutil.copytree(
            HERE, root, ignore=shutil.ignore_patterns("build", ".git", ".venv", "tests")
        )
    elif book.partition(":")[0] in SIZES:
        name, _, few = book.partition(":")
        root = write(name, folder / "book")
        for path in sorted((root / "chapters").glob("*.md"))[int(few or 1_000) :]:
            path.unlink()
    else:
        root = Path(book)
    outcome = building.build(Request(root, ("pdf",)), lambda _: None)
    return root, next(one.path for one in outcome.artifacts if one.kind == "pdf")


def main(book: str = "real", count: str = "1000", seed: str = "1") -> None:
    """Mark, read, and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if book.endswith((".pdf", ".docx")):
            file = Path(book).resolve()
            root = file.parents[3]
        else:
            built, pdf = _build(book, folder)
            root = keep(built, pdf, folder / "kept")
            file = drafts.folder(root) / "trial" / "reviewer.pdf"
        kept = drafts.find(root, file.parent.name)
        judge = Judge({path: kept.source(path) for path in kept.draft.sources})
        is_word = file.suffix == ".docx"
        words = commented.words_of(file) if is_word else words_of(file)
        chosen, unknown, rare = trials(words, judge, int(count), int(seed))
        back = folder / f"back{file.suffix}"
        (commented.marked if is_word else highlighted)(file, [*chosen, *rare], back)
        found, _ = returned.read(back, root)
    report(chosen, rare, found.remarks, judge)
    print(f"{unknown} more were random, but the judge does not know their places")


if __name__ == "__main__":
    main(*[a for a in sys.argv[1:] if a != "-v"])
