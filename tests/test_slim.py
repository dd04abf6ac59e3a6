"""What citeproc does not see, it would not have changed: differential tests against the whole tree."""

from __future__ import annotations

import random

import pytest

from geppetto import pandoc
from geppetto.pandoc import slim
from geppetto.references import citations

NOTE_STYLE = """<?xml version="1.0" encoding="utf-8"?>
<style xmlns="http://purl.org/net/xbiblio/csl" class="note" version="1.0" default-locale="en-US">
 <info><title>Notes</title><id>notes</id><updated>2026-01-01T00:00:00+00:00</updated></info>
 <citation et-al-min="4" et-al-use-first="1">
  <layout suffix="." delimiter="; ">
   <choose>
    <if position="ibid"><text term="ibid"/><text variable="locator" prefix=", "/></if>
    <else-if position="subsequent"><names variable="author"><name form="short"/></names>
     <text variable="first-reference-note-number" prefix=" (n " suffix=")"/>
     <text variable="locator" prefix=", "/></else-if>
    <else><names variable="author"/><text variable="title" font-style="italic" prefix=", "/>
     <text variable="locator" prefix=", "/></else>
   </choose>
  </layout>
 </citation>
 <bibliography><layout suffix="."><names variable="author"/><text variable="title" prefix=", "/>
 </layout></bibliography>
</style>
"""
AUTHORS = ("Smith, A.", "Smith, B.", "Jones, C. and Doe, D.", "Li, E.", "Smith, A.", "Ång, F.")
BIBTEX = "\n".join(
    f"@book{{k{n}, title = {{Title {n}}}, author = {{{author}}}, year = {2000 + n // 3}}}"
    for n, author in enumerate(AUTHORS)
)
WORDS = (
    *("word", "a", "“curly”", '"straight', 'end."', "so,", "then;", "(open", "close)", "it’s"),
    *("—", "...", "U.S.", "stop.", "why?", "*stress*", "`code`", "$x$", "[link](http://a.b)"),
    *(
        "`0`{=geppetto-cut}",
        "`no number`{=geppetto-cut}",
        "~~gone~~",
        "[a span]{.c}",
        '"q u o"',
        "\u00a0",
        "H~2~O",
    ),
)
CITATIONS = (
    *("[@{k}]", "[see @{k}, p. 3; also -@{j}]", "@{k}", "@{k} [p. 4]", "[-@{k}]", "[@{k}]^[after]"),
    *(
        '^[In a note [@{k}, 12] and "text." More words, which would be cut elsewhere.]',
        "^[No key.]",
    ),
    *('"quoted [@{k}]."', "*stressed @{k} more*", "[@unknown]"),
)


class _Uncut:
    """Takes nothing out."""

    cut = staticmethod(lambda blocks: (list(blocks), []))
    restore = staticmethod(lambda blocks, _: blocks)


class _Author:
    """Writes Markdown at random, with what citeproc looks at close to citations."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - texts, not secrets

    def words(self, *lengths: int) -> list[str]:
        return [self.chance.choice(WORDS) for _ in range(self.chance.choice(lengths))]

    def citation(self) -> str:
        k, j = (f"k{self.chance.randrange(len(AUTHORS))}" for _ in range(2))
        return self.chance.choice(CITATIONS).format(k=k, j=j)

    def cited(self) -> str:
        out: list[str] = []
        for _ in range(self.chance.randrange(1, 4)):
            out += self.words(0, 1, 3, 12, 25)
            mark = self.chance.choice(["", "", ".", ",", '."', "?", "; "])
            joined = self.chance.random() < 0.2 and out
            out.append((out.pop() if joined else "") + self.citation() + mark)
        return " ".join([*out, *self.words(0, 1, 2, 9, 20)])

    def plain(self) -> str:
        return " ".join(self.words(3, 12, 30))

    def block(self) -> str:
        made = (
            *(self.cited(), self.cited(), self.cited(), self.plain(), self.plain()),
            f"> {self.cited()}\n>\n> {self.plain()}",
            f"- {self.cited()}\n- {self.plain()}\n\n    {self.plain()}\n",
            f"::: {{.box}}\n{self.plain()}\n\n{self.plain()}\n:::",
            f"| a | b |\n|---|---|\n| {self.citation()} | words |\n\n: A caption {self.citation()}",
            f"## {self.cited()}",
            f"Term {self.citation()}\n\n:   {self.cited()}",
            "::: {#refs}\n:::",
            f"| a line {self.cited()}\n| two words",
        )
        return self.chance.choice(made)

    def text(self) -> str:
        return "\n\n".join(self.block() for _ in range(self.chance.randrange(1, 8)))


@pytest.fixture(scope="module")
def documents():
    read, _ = pandoc.read({f"{n}.md": _Author(n).text() for n in range(60)})
    return {name: citations.counted(list(blocks)) for name, blocks in read.items()}


@pytest.mark.parametrize("style", ["author-date", "note"])
def test_citations_are_set_as_in_the_whole_tree(documents, style, tmp_path, monkeypatch):
    csl = None
    if style == "note":
        csl = tmp_path / "notes.csl"
        csl.write_text(NOTE_STYLE)
    citing = pandoc.Citing(BIBTEX, csl, "en-GB")
    slimmed = pandoc.cite(documents, citing)
    monkeypatch.setattr(slim, "CUTTER", _Uncut)
    whole = pandoc.cite(documents, citing)
    assert len(slimmed[0]) == len(documents)
    assert slimmed == whole


def test_what_is_far_from_citations_is_taken_out_and_put_back():
    text = "Long " * 200 + "[@k1]" + " long" * 200 + "\n\nNothing here.\n\nNor here.\n"
    [blocks] = pandoc.read({"1.md": text})[0].values()
    shorter, taken = slim.CUTTER.cut(blocks)
    assert [b["t"] for b in shorter] == ["Para", "RawBlock"]
    assert len(shorter[0]["c"]) == 2 * (2 * slim.NEAR + 1) + 1
    assert len(taken) == 3
    assert slim.CUTTER.restore(shorter, taken) == blocks
