"""What the benchmarks compute from what they measure, and the books that they measure with."""

from __future__ import annotations

import importlib
import os
import sys
from hashlib import sha256
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture
def benchmark(monkeypatch):
    """Import a script of the benchmarks by its name."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    before = set(sys.modules)
    yield importlib.import_module
    for name in set(sys.modules) - before:
        if (BENCHMARKS / f"{name}.py").is_file():
            del sys.modules[name]


def test_a_book_is_the_same_everywhere(benchmark, tmp_path):
    """Figures of two machines speak of the same words."""
    root = benchmark("books").write("S", tmp_path)
    content = b"".join(path.read_bytes() for path in sorted((root / "chapters").glob("*.md")))
    found = sha256(content + (root / "references.bib").read_bytes()).hexdigest()
    expected = "a57210e3cb56f4ad6ff54b29386e2100878c84937a79534db5eeca2d63c759e1"
    assert expected == found


def test_many_chapters_hold_every_kind_of_thing(benchmark):
    """Some short chapters in a row have, between them, what a long one has."""
    books = benchmark("books")
    text = "".join(books.chapter(number, books.SIZES["many"]) for number in range(28))
    kinds = ("[@key", "[^1]:", "\n## ", "![", "| Name |", "$$", "```python", "\n- ", "\n> ")
    assert not [kind for kind in kinds if kind not in text]


def test_another_word_is_changed_for_each_number(benchmark, tmp_path):
    """An edit changes one word of the first paragraph, and nothing else."""
    path = tmp_path / "a.md"
    path.write_text("# One two\n\nThree four\nfive *six* seven, aba ab cd. ef gh\n\nij kl\n")
    benchmark("books").change_a_word(path, 1)
    expected = "# One two\n\nThree four\nfive *six* seven, aba ab cd. fe gh\n\nij kl\n"
    assert expected == path.read_text()


def test_a_chapter_without_a_word_to_change_is_said(benchmark, tmp_path):
    """Else a benchmark would wait for a build that never comes."""
    path = tmp_path / "a.md"
    path.write_text("# One two\n\nThree aba Four\n\nij kl mn\n")
    with pytest.raises(ValueError, match=r"a\.md"):
        benchmark("books").change_a_word(path)


@pytest.mark.parametrize("power", [0.5, 1.0, 2.0])
def test_the_exponent_of_growth(benchmark, power):
    """CPU that is a power of the words gives this power."""
    growth, measuring = benchmark("growth"), benchmark("measuring")
    rows = [
        growth.Row("", "pdf", "cold", words, 1, measuring.Spent(0, 3 * words**power))
        for words in (20_000, 120_000, 480_000)
    ]
    assert pytest.approx(power) == growth.exponent(rows)
    assert growth.exponent(rows[:1]) is None


def test_verdicts_speak_of_the_books_that_there_are(benchmark):
    """`many` has other chapters, and takes no part in the exponent."""
    growth, measuring = benchmark("growth"), benchmark("measuring")
    cpu = {"S": 1, "M": 6, "L": 96, "many": 900}
    words = {"S": 20_000, "M": 120_000, "L": 480_000, "many": 480_000}
    rows = [
        growth.Row(book, "pdf", build, words[book], 1, measuring.Spent(cpu[book] / 2, cpu[book]))
        for book in cpu
        for build in ("cold", "one word")
    ]
    expected = [
        "pdf: from S to L CPU grows as words^1.42",
        "pdf: from M to L CPU grows as words^2.00",
        "pdf: an edit on L to one on M: CPU 16.00, wall 16.00",
    ]
    assert expected == growth.verdicts(rows, "pdf")
    assert not growth.verdicts(rows, "epub")


def test_memory_at_the_quarters(benchmark):
    """A single edit that took more does not show; steady growth does."""
    watching = benchmark("watching")
    memory = [1_000 + 8 * number for number in range(100)]
    memory[49] = 90_000
    marks = {"a quarter": 1_192, "half": 1_400, "three quarters": 1_592, "the end": 1_784}
    assert marks == watching.marks(memory)
    assert pytest.approx(8) == watching.growth(memory)
    assert watching.growth([5]) is None


@pytest.mark.parametrize(("found", "code"), [((), 130), (("ink of page 3",), 1)])
def test_interrupted_edits_give_the_count_so_far(benchmark, monkeypatch, capsys, found, code):
    """Every result is printed as it comes; a difference decides the exit code."""
    edits = benchmark("edits")

    def interrupted(*_):
        yield edits.Result("word in a.md", edits.PARTS, found)
        yield edits.Result("note in b.md", edits.BACK)
        raise KeyboardInterrupt

    monkeypatch.setattr(edits, "compared", interrupted)
    assert code == edits.main("book", "20", "1")
    same = "DIFFERS: ['ink of page 3']" if found else "the same"
    expected = [
        f"1: word in a.md: only parts set, {same}",
        "2: note in b.md: not built, taken back",
        "interrupted",
        f"2 edits: {{'only parts set': 1, 'not built, taken back': 1}}; {len(found)} books differed",
    ]
    assert expected == capsys.readouterr().out.splitlines()


def test_what_a_child_takes_is_counted(benchmark, tmp_path):
    """CPU and memory are of a command and all that it starts."""
    measuring = benchmark("measuring")
    work = "x = bytearray(200_000_000); t = sum(i * i for i in range(4_000_000))"
    spent = measuring.watched([["sh", "-c", f"{sys.executable} -c '{work}'; true"]], tmp_path)
    assert spent.peak > 150
    assert 0.1 < spent.cpu <= spent.wall * (os.cpu_count() or 1) + 0.1


def test_a_failed_build_says_why(benchmark, tmp_path):
    """The last words of the program are in the message."""
    with pytest.raises(RuntimeError, match=r"(?s)3.*no such font"):
        benchmark("measuring").watched([["sh", "-c", "echo no such font; exit 3"]], tmp_path)


def test_what_is_missing_is_named(benchmark):
    """Programs come first; R is asked for its packages only where it is there."""
    peers = benchmark("peers")
    peer = peers.Peer(lambda _: [], "x", ("sh", "no-such-program"), ("no.such.package",))
    expected = ["no-such-program"]
    assert expected == peer.missing()
    assert not peers.Peer(lambda _: [], "x", ("sh",)).missing()


@pytest.mark.tools
def test_bookdown_gets_every_chapter_in_order(benchmark, tmp_path):
    """Its files stand beside the chapters, and lead to them."""
    peers, books = benchmark("peers"), benchmark("books")
    root = books.write("S", tmp_path)
    peers.PEERS["bookdown xelatex"].prepare(root)
    listed = 'rmd_files: [index.Rmd, "001.md", "002.md", "003.md", "004.md", "005.md"]'
    assert listed in (root / "_bookdown.yml").read_text()
    assert (root / "chapters" / "003.md").samefile(root / "003.md")
    assert (root / "figure.pdf").read_bytes().startswith(b"%PDF")
