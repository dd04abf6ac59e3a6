"""The first book's text and bibliography: what its editor checked, so that it stays checked.

How the book is set is seen in test_a_real_boy.py; here it is only read.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from geppetto import bibliography, pandoc
from geppetto.ast import nodes, rewrite, stringify
from geppetto.model.settings import Settings
from geppetto.references import constructs

pytestmark = pytest.mark.tools

ROOT = Path(__file__).parents[1]
TITLES = [
    "The dream",
    "The dreamee",
    "Anthropic wants to create a Neo",
    "The dreamer",
    "The dreaming",
]
# What only the author can supply, chapter by chapter: the post that the abstraction leaks in;
# the picture; the posts on capability and on base models; the lucid dream.
REQUIRED = {1: 0, 2: 1, 3: 1, 4: 2, 5: 1}
# Spellings that this book does not use. Quotations and titles keep their own.
FOREIGN = re.compile(
    r"\b(toward|color\w*|behavior\w*|center\w*|gray|labor|favor\w*|neighbor\w*|judgment|dreamed"
    r"|learned|spilled|email\w*|runtime|\w+iz(?:e|es|ed|ing|ation)s?)\b"
)
ALLOWED = {"size", "sizes", "seize", "seized", "prize"}
NAMES = "Center on Long-Term Risk"
FILLER = re.compile(
    r"\b(delve|tapestry|testament to|it is worth (noting|remarking|saying)|it is important to note"
    r"|in conclusion|at its core|not just \w+ but)\b",
    re.I,
)
STYLES = ["plain", "unsrt", "alpha", "abbrv", "apalike"]


@pytest.fixture(scope="module")
def sources():
    """The chapters' own text, in order."""
    return [path.read_text() for path in sorted((ROOT / "chapters").glob("*.md"))]


@pytest.fixture(scope="module")
def chapters(sources):
    """The chapters as Pandoc reads them, without the author's notes."""
    texts = {str(i): re.sub(r"\A---\n.*?\n---\n", "", t, flags=re.S) for i, t in enumerate(sources)}
    blocks, _ = pandoc.read(texts)
    return [constructs.without_author_notes(blocks[str(i)])[0] for i in range(len(sources))]


@pytest.fixture(scope="module")
def citations(chapters):
    """Every citation of a reference, one for each key that it names."""
    cites = [node for node in nodes(chapters) if node["t"] == "Cite"]
    parts = [part for node in cites for part in node["c"][0]]
    return [part for part in parts if ":" not in part["citationId"]]


@pytest.fixture(scope="module")
def references():
    """The bibliography as Geppetto reads it."""
    found, said = bibliography.read(ROOT, Settings(title="x", bibliography=["references.bib"]))
    assert said == []
    return found


def _prose(blocks):
    """The words in the author's own voice: no quotation, no citation."""
    kept = [block for block in blocks if block["t"] != "BlockQuote"]
    return stringify(rewrite(kept, lambda _: [], {"Cite"})).replace(NAMES, "")


def _figures(chapters):
    return [node for node in nodes(chapters) if node["t"] == "Figure"]


def test_five_chapters_in_the_order_of_the_outline(chapters):
    """Each chapter has the outline's heading, and one heading of the first level."""
    heads = [
        [stringify(b["c"][2]) for b in blocks if b["t"] == "Header" and b["c"][0] == 1]
        for blocks in chapters
    ]
    assert heads == [[title] for title in TITLES]


def test_the_length(chapters):
    """The whole, read without the author's notes, is between 14,000 and 19,000 words."""
    assert 14_000 <= sum(len(stringify(blocks).split()) for blocks in chapters) <= 19_000


def test_it_uses_what_a_book_has(chapters):
    """Tables, footnotes, block quotations and a definition list, beside the figures."""
    kinds = Counter(node["t"] for node in nodes(chapters))
    assert kinds["Table"] >= 2
    assert kinds["Note"] >= 8
    assert kinds["BlockQuote"] >= 1
    assert kinds["DefinitionList"] >= 1


def test_what_only_the_author_can_supply_is_asked_for(sources):
    """An author's note that begins with REQUIRED stands in each place that needs one."""
    asked = {
        i: len(re.findall(r"^::: \{\.author-note\}\nREQUIRED\b", text, re.M))
        for i, text in enumerate(sources, 1)
    }
    assert asked == REQUIRED


def test_every_reference_is_cited_and_every_citation_has_a_reference(citations, references):
    """At least 45 references; the bibliography holds those that the text names, and no other."""
    cited = {part["citationId"] for part in citations}
    assert len(cited) >= 45
    assert cited == set(references.references)


def test_claims_on_a_page_or_in_a_section_say_where(citations):
    """Locators: at least twenty citations, of at least ten works, name the place."""
    placed = [c for c in citations if re.search(r"\d|section", stringify(c["citationSuffix"]))]
    assert len(placed) >= 20
    assert len({c["citationId"] for c in placed}) >= 10


def test_quotations_name_their_source(chapters):
    """A block quotation ends with a citation."""
    quoted = [node for node in nodes(chapters) if node["t"] == "BlockQuote"]
    assert quoted
    for quotation in quoted:
        assert quotation["c"][-1]["c"][-1]["t"] == "Cite", stringify(quotation["c"])


def test_figures_and_tables_are_spoken_of(sources, chapters):
    """Each figure and table is referred to, and each figure described in under 300 characters."""
    text = "\n".join(sources)
    labels = re.findall(r"\{#((?:fig|tbl):[\w-]+)", text)
    assert len(labels) == len(set(labels)) >= 5
    assert [label for label in labels if f"@{label}" not in text] == []
    images = [node for node in nodes(_figures(chapters)) if node["t"] == "Image"]
    described = [stringify(image["c"][1]) for image in images]
    assert len(described) == len(_figures(chapters)) >= 4
    assert [alt for alt in described if not 60 <= len(alt) < 300] == []


def test_chapters_refer_to_one_another(chapters):
    """Every chapter but the first looks back or forward to another."""
    for i, blocks in enumerate(chapters):
        links = [node["c"][2][0] for node in nodes(blocks) if node["t"] == "Link"]
        named = [
            part["citationId"]
            for node in nodes(blocks)
            if node["t"] == "Cite"
            for part in node["c"][0]
        ]
        own = blocks[0]["c"][1][0]
        others = [name for name in named if name.startswith("sec:") and name != own]
        assert others or [link for link in links if ".md#" in link], TITLES[i]


def test_one_spelling(chapters):
    """British spelling, with -ise; towards, dreamt, learnt; e-mail, run-time."""
    found = {m[0] for blocks in chapters for m in FOREIGN.finditer(_prose(blocks).casefold())}
    assert found - ALLOWED == set()


def test_no_stock_phrases(sources):
    """None of the phrases that nobody needs."""
    assert [m[0] for text in sources for m in FILLER.finditer(text)] == []


def test_pandoc_sets_every_reference(references):
    """Citeproc sets each entry of references.bib without a word of complaint."""
    everything = pandoc.Citing(references.subset(set(references.references)), nocite=("*",))
    cited, said = pandoc.cite({"all": []}, everything)
    assert said == []
    entries = [n for n in nodes(cited["all"]) if n["t"] == "Div" and "csl-entry" in n["c"][0][1]]
    assert len(entries) == len(references.references)


@pytest.mark.parametrize("style", STYLES)
def test_bibtex_sets_every_reference(style, references, tmp_path):
    """BibTeX itself, in its standard styles, has no warning and leaves no entry out."""
    shutil.copy(ROOT / "references.bib", tmp_path)
    aux = f"\\citation{{*}}\n\\bibstyle{{{style}}}\n\\bibdata{{references}}\n"
    (tmp_path / "book.aux").write_text(aux)
    ended = subprocess.run(
        ["bibtex", "book"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    said = ended.stdout + ended.stderr
    assert ended.returncode == 0, said
    assert "warning" not in said.casefold(), said
    written = (tmp_path / "book.bbl").read_text()
    assert written.count("\\bibitem") == len(references.references)
