"""The one place that runs Pandoc, found through pypandoc.

What it is told to do stands here, what it is given and gives back in `batch`,
what it says in `messages`.
Chapters are read without Pandoc's metadata blocks: a chapter's YAML belongs to
`manuscript`, and never steers the book.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self

from geppetto import installed, store, tools
from geppetto.ast import Block, indexed
from geppetto.diagnostics import Diagnostic, GeppettoError
from geppetto.pandoc import messages, slim
from geppetto.pandoc.batch import OLDEST, Batch, Job, Report, program, run
from geppetto.pandoc.joined import joined

__all__ = [
    "OLDEST", "Citing", "Reading", "cite", "highlighting_macros", "makers", "program", "read",
    "unreadable", "write", "write_docx",
]  # fmt: skip

MARKDOWN = "markdown-yaml_metadata_block-pandoc_title_block+alerts+east_asian_line_breaks"
DEEPEST = 240  # lists and mappings of the JSON: 120 quotations, or 80 lists
API_VERSION = [1, 23, 1]
WRITER: dict[str, dict[str, Any]] = {
    "latex": {"top_level_division": "top-level-chapter", "wrap_text": "preserve"},
    "html": {"html_math_method": "mathml", "wrap_text": "preserve", "email_obfuscation": "none"},
}
FORMATS = {"latex": "latex", "html": "html5"}


def makers() -> tuple[str, str]:
    """Give what a tree that was read or written depends on, beside what it was made from."""
    return installed.digest(), store.stamp(program())


@dataclass(frozen=True)
class Citing:
    """What citeproc is given: BibTeX text, a style's path, the language, the links, `nocite`."""

    bibtex: str
    csl: Path | None = None
    lang: str = "en"
    link_citations: bool = True
    nocite: tuple[str, ...] = ()


class Reading:
    """Markdown chapters on their way to blocks; a context, which starts and ends Pandoc.

    `texts` maps a chapter's path to its text. Notes are scoped to their
    chapter, since each text is read by itself. Iterating gives each chapter's
    path and blocks as it is read, none where that failed; then `diagnostics`
    has what is wrong.
    """

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = texts
        self.diagnostics: list[Diagnostic] = []
        sources = {path: text.encode() for path, text in texts.items()}
        self._batch = Batch(Job("read", source=MARKDOWN), sources)

    def __enter__(self) -> Self:
        self._batch.__enter__()
        return self

    def __exit__(self, *fault: Any) -> None:
        self._batch.__exit__(*fault)

    def __iter__(self) -> Iterator[tuple[str, list[Block]]]:
        deep: set[str] = set()
        for path, output in self._batch:
            tree = _tree(output) if output else None
            if tree is not None:
                yield path, tree
            elif output:
                deep.add(path)
        for path in self.texts:
            self.diagnostics += self._said(path, self._batch.reports[path])
            self.diagnostics += [messages.too_deep(path)] if path in deep else []

    def _said(self, path: str, report: Report) -> list[Diagnostic]:
        if report.failure is not None:
            looping = messages.looping(path, self.texts[path], report.failure)
            return [looping or messages.failure(path, report.failure)]
        heard = (messages.heard(path, message) for message in report.messages)
        return [diagnostic for diagnostic in heard if diagnostic is not None]


def read(texts: Mapping[str, str]) -> tuple[dict[str, list[Block]], list[Diagnostic]]:
    """Read Markdown chapters to blocks, all at once; see `Reading`."""
    with Reading(texts) as reading:
        blocks = dict(reading)
        return {path: blocks[path] for path in texts if path in blocks}, reading.diagnostics


def _tree(output: str) -> list[Block] | None:
    """Give the blocks of a document; None where they are nested deeper than can be walked."""
    try:
        blocks: list[Block] = indexed(json.loads(output)["blocks"], DEEPEST)
    except RecursionError:
        return None
    return blocks


def cite(
    documents: Mapping[str, Sequence[Block]], citing: Citing
) -> tuple[dict[str, list[Block]], list[Diagnostic]]:
    """Run citeproc over documents, each with a bibliography of its own at its end."""
    with store.workspace() as folder:
        bib = folder / "references.bib"
        bib.write_text(citing.bibtex, encoding="utf-8")
        meta = _cite_meta(citing, bib)
        slimmed = {name: slim.CUTTER.cut(blocks) for name, blocks in documents.items()}
        sources = {name: _json(blocks, meta) for name, (blocks, _) in slimmed.items()}
        style = () if citing.csl is None else (citing.csl,)
        results = run(Job("cite", read=(bib, *style), alone=True), sources)
    diagnostics: list[Diagnostic] = []
    cited: dict[str, list[Block]] = {}
    for name, (output, report) in results.items():
        if report.failure is not None:
            diagnostics.append(messages.citing_failure(citing.csl, report.failure))
            continue
        diagnostics.extend(d for m in report.messages if (d := messages.heard(None, m)) is not None)
        whole = slim.CUTTER.restore(json.loads(output)["blocks"], slimmed[name][1])
        cited[name] = indexed(whole, 2 * DEEPEST)
    return cited, list(dict.fromkeys(diagnostics))


def unreadable(entries: Mapping[str, str]) -> dict[str, str]:
    """Give what Pandoc says of each piece of BibTeX that it cannot read."""
    sources = {key: text.encode() for key, text in entries.items()}
    results = run(Job("read", source="biblatex"), sources)
    return {key: r.failure for key, (_, r) in results.items() if r.failure is not None}


def write(
    documents: Mapping[str, Sequence[Block]], form: Literal["latex", "html"], *, lang: str = "en"
) -> Iterator[tuple[str, str]]:
    """Write documents as fragments of LaTeX or XHTML (HTML 5 with MathML).

    Gives each document's name and fragment as it is written.

    Raises:
        GeppettoError: Pandoc could not write one of them.
    """
    meta = {"lang": _meta_string(lang)}
    sources = {name: _json(joined(list(blocks)), meta) for name, blocks in documents.items()}
    with Batch(Job("write", target=FORMATS[form], options=WRITER[form]), sources) as batch:
        yield from batch
        reports = batch.reports
    failed = {name: r.failure for name, r in reports.items() if r.failure is not None}
    if failed:
        raise GeppettoError([messages.failure(name, words) for name, words in failed.items()])


def write_docx(
    blocks: Sequence[Block],
    reference: bytes,
    media: Mapping[str, tuple[str, bytes]],
    *,
    lang: str = "en",
    direction: str = "ltr",
) -> tuple[bytes, tuple[dict[str, Any], ...]]:
    """Write one document as a DOCX; give its bytes, and the messages of Pandoc's log.

    `reference` is a DOCX with its styles and its page, `media` its images by the
    names that stand in the blocks: their media types and their bytes.

    Raises:
        GeppettoError: Pandoc could not write it.
    """
    meta = {"lang": _meta_string(lang), "dir": _meta_string(direction)}
    with store.workspace() as folder:
        named = _spread(folder, media)
        (folder / "reference.docx").write_bytes(reference)
        options = {"reference_doc": str(folder / "reference.docx")}
        job = Job("write", "json", "docx", options, (folder / "reference.docx",), named)
        with Batch(job, {"the book": _json(joined(list(blocks)), meta)}) as batch:
            written = dict(batch.finished())["the book"]
        report = batch.reports["the book"]
    if report.failure is not None:
        raise GeppettoError(messages.unwritten("DOCX", report.failure))
    return written, report.messages


def _spread(folder: Path, media: Mapping[str, tuple[str, bytes]]) -> dict[str, tuple[str, Path]]:
    """Put images into files of a folder, for Pandoc to read."""
    named: dict[str, tuple[str, Path]] = {}
    for number, (name, (kind, data)) in enumerate(media.items()):
        path = folder / f"{number}.image"
        path.write_bytes(data)
        named[name] = (kind, path)
    return named


@functools.cache
def highlighting_macros() -> str:
    """Give the LaTeX definitions that highlighted code needs (Shaded, Highlighting, …Tok)."""
    with store.workspace() as folder:
        template = folder / "macros.latex"
        template.write_text("$highlighting-macros$", encoding="utf-8")
        result = tools.run(
            [program(), "--from=markdown", "--to=latex", f"--template={template}"],
            access=tools.Access(read=(template,)),
            stdin=b"```python\nx\n```\n",
        )
    return result.stdout.decode()


def _json(blocks: Sequence[Block], meta: Mapping[str, Any]) -> bytes:
    document = {"pandoc-api-version": API_VERSION, "meta": meta, "blocks": list(blocks)}
    return json.dumps(document, ensure_ascii=False).encode("utf-8", errors="replace")


def _meta_string(value: str) -> dict[str, Any]:
    return {"t": "MetaString", "c": value}


def _cite_meta(citing: Citing, bib: Path) -> dict[str, Any]:
    meta: dict[str, Any] = {
        "bibliography": _meta_string(str(bib)),
        "lang": _meta_string(citing.lang),
        "link-citations": {"t": "MetaBool", "c": citing.link_citations},
    }
    if citing.csl is not None:
        meta["csl"] = _meta_string(str(citing.csl))
    if citing.nocite:
        meta["nocite"] = {"t": "MetaInlines", "c": [_nocite(key) for key in citing.nocite]}
    return meta


def _nocite(key: str) -> dict[str, Any]:
    citation = {
        "citationId": key,
        "citationPrefix": [],
        "citationSuffix": [],
        "citationMode": {"t": "AuthorInText"},
        "citationNoteNum": 0,
        "citationHash": 0,
    }
    return {"t": "Cite", "c": [[citation], [{"t": "Str", "c": f"@{key}"}]]}
