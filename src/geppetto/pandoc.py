"""The one place that runs Pandoc, found through pypandoc.

Documents go to Pandoc many at a time (`filters/batch.lua`): the program is
large, and starting it once for each chapter would cost more than the work.
Chapters are read without Pandoc's metadata blocks: a chapter's YAML belongs to
`manuscript`, and never steers the book.
"""

from __future__ import annotations

import functools
import json
import re
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import pypandoc

from geppetto import store, tools
from geppetto.ast import Block, is_deeper
from geppetto.diagnostics import Diagnostic, ExitCode, GeppettoError, Location

MARKDOWN = "markdown-yaml_metadata_block-pandoc_title_block+alerts+east_asian_line_breaks"
OLDEST = (3, 2)
DEEPEST = 240  # lists and mappings of the JSON: 120 quotations, or 80 lists
LIMITS = tools.Limits()
_OUT_OF_MEMORY = frozenset({251, 254})  # GHC's runtime: EXIT_HEAPOVERFLOW, EXIT_INTERNAL_ERROR
API_VERSION = [1, 23, 1]
WRITER: dict[str, dict[str, Any]] = {
    "latex": {"top_level_division": "top-level-chapter", "wrap_text": "preserve"},
    "html": {"html_math_method": "mathml", "wrap_text": "preserve", "email_obfuscation": "none"},
}
FORMATS = {"latex": "latex", "html": "html5"}


@dataclass(frozen=True)
class Citing:
    """What citeproc is given: BibTeX text, a style's path, the language, the links, `nocite`."""

    bibtex: str
    csl: Path | None = None
    lang: str = "en"
    link_citations: bool = True
    nocite: tuple[str, ...] = ()


@functools.cache
def program() -> Path:
    """Give the path of Pandoc.

    Raises:
        GeppettoError: Pandoc is missing, or older than 3.2, which has no log for Lua.
    """
    try:
        path = Path(pypandoc.get_pandoc_path())
        version = pypandoc.get_pandoc_version()
    except OSError as fault:
        raise GeppettoError(
            Diagnostic("tool-missing", "Pandoc is not installed.", hint="Run `make setup`."),
            ExitCode.TOOL,
        ) from fault
    if tuple(int(n) for n in version.split(".")[:2]) < OLDEST:
        raise GeppettoError(
            Diagnostic(
                "tool-old",
                f"Pandoc {version} is too old; 3.2 or newer is needed.",
                hint="Run `make setup`, which installs the right one.",
            ),
            ExitCode.TOOL,
        )
    return path


def read(texts: Mapping[str, str]) -> tuple[dict[str, list[Block]], list[Diagnostic]]:
    """Read Markdown chapters to blocks.

    `texts` maps a chapter's path to its text. Notes are scoped to their
    chapter, since each text is read by itself.
    """
    results = _batch("read", {path: text.encode() for path, text in texts.items()}, source=MARKDOWN)
    diagnostics: list[Diagnostic] = []
    blocks: dict[str, list[Block]] = {}
    for path, result in results.items():
        if result.failure is not None:
            diagnostics.append(
                _looping(path, texts[path], result.failure) or _failure(path, result.failure)
            )
            continue
        diagnostics.extend(d for m in result.messages if (d := _heard(path, m)) is not None)
        tree = _tree(result.output)
        if tree is None:
            diagnostics.append(_too_deep(path))
        else:
            blocks[path] = tree
    return blocks, diagnostics


def _tree(output: str) -> list[Block] | None:
    """Give the blocks of a document; None where they are nested deeper than can be walked."""
    try:
        blocks: list[Block] = json.loads(output)["blocks"]
    except RecursionError:
        return None
    return None if is_deeper(blocks, DEEPEST) else blocks


def _too_deep(path: str) -> Diagnostic:
    says = "Lists, quotations or divs stand in each other more deeply than a page can show."
    return Diagnostic(
        "nesting-deep", says, Location(_file(path)), "Nest less: six levels are many."
    )


def cite(
    documents: Mapping[str, Sequence[Block]], citing: Citing
) -> tuple[dict[str, list[Block]], list[Diagnostic]]:
    """Run citeproc over documents, each with a bibliography of its own at its end."""
    with store.workspace() as folder:
        bib = folder / "references.bib"
        bib.write_text(citing.bibtex, encoding="utf-8")
        meta = _cite_meta(citing, bib)
        sources = {name: _json(blocks, meta) for name, blocks in documents.items()}
        style = () if citing.csl is None else (citing.csl,)
        results = _batch("cite", sources, read=(bib, *style))
    diagnostics: list[Diagnostic] = []
    cited: dict[str, list[Block]] = {}
    for name, result in results.items():
        if result.failure is not None:
            diagnostics.append(_cite_failure(citing, result.failure))
            continue
        diagnostics.extend(d for m in result.messages if (d := _heard(None, m)) is not None)
        cited[name] = json.loads(result.output)["blocks"]
    return cited, list(dict.fromkeys(diagnostics))


def unreadable(entries: Mapping[str, str]) -> dict[str, str]:
    """Give what Pandoc says of each piece of BibTeX that it cannot read."""
    sources = {key: text.encode() for key, text in entries.items()}
    results = _batch("read", sources, source="biblatex")
    return {key: r.failure for key, r in results.items() if r.failure is not None}


def write(
    documents: Mapping[str, Sequence[Block]], form: Literal["latex", "html"], *, lang: str = "en"
) -> dict[str, str]:
    """Write documents as fragments of LaTeX or XHTML (HTML 5 with MathML).

    Raises:
        GeppettoError: Pandoc could not write one of them.
    """
    meta = {"lang": _meta_string(lang)}
    sources = {name: _json(blocks, meta) for name, blocks in documents.items()}
    results = _batch("write", sources, target=FORMATS[form], options=WRITER[form])
    failures = [_failure(name, r.failure) for name, r in results.items() if r.failure is not None]
    if failures:
        raise GeppettoError(failures)
    return {name: result.output for name, result in results.items()}


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


@dataclass(frozen=True)
class _Result:
    output: str
    messages: tuple[dict[str, Any], ...]
    failure: str | None


def _batch(  # noqa: PLR0913 - each is a part of the job
    action: str,
    sources: Mapping[str, bytes],
    *,
    source: str = "json",
    target: str = "json",
    options: Mapping[str, Any] | None = None,
    read: Sequence[Path] = (),
) -> dict[str, _Result]:
    """Put every source through one Pandoc process, which may read the files `read`."""
    if not sources:
        return {}
    with store.workspace() as folder:
        items = []
        for number, content in enumerate(sources.values()):
            (folder / f"{number}.in").write_bytes(content)
            items.append(
                {"source": str(folder / f"{number}.in"), "target": str(folder / f"{number}.out")}
            )
        job = {
            "action": action,
            "from": source,
            "to": target,
            "options": dict(options or {}),
            "items": items,
            "log": str(folder / "log.json"),
        }
        (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
        _run(folder, read, tuple(sources))
        reports = json.loads((folder / "log.json").read_text(encoding="utf-8"))
        return {
            path: _Result(
                "" if report["failure"] else Path(item["target"]).read_text(encoding="utf-8"),
                tuple(report["messages"]),
                report["failure"] or None,
            )
            for path, item, report in zip(sources, items, reports, strict=True)
        }


def _run(folder: Path, read: Sequence[Path], names: Sequence[str]) -> None:
    script = Path(str(files("geppetto") / "filters" / "batch.lua"))
    result = tools.run(
        [program(), "lua", script, folder / "job.json"],
        access=tools.Access(read=(script, *read), write=(folder,)),
        cwd=folder,
        limits=LIMITS,
    )
    if result.timed_out or result.returncode < 0 or result.returncode in _OUT_OF_MEMORY:
        raise GeppettoError(_stopped(result, _unfinished(folder, names)), ExitCode.MACHINERY)
    if result.returncode != 0 or not (folder / "log.json").exists():
        raise GeppettoError(
            Diagnostic(
                "pandoc-failed",
                "Pandoc failed.",
                hint="Run `geppetto doctor`.",
                detail=result.stderr.decode(errors="replace"),
            ),
            ExitCode.MACHINERY,
        )


def _unfinished(folder: Path, names: Sequence[str]) -> Location | None:
    """Give the chapter that Pandoc was at: the first without a result."""
    left = (name for n, name in enumerate(names) if not (folder / f"{n}.out").exists())
    name = _file(next(left, ""))
    return Location(name) if name.endswith((".md", ".markdown")) else None


def _stopped(result: tools.Result, place: Location | None) -> Diagnostic:
    hint = (
        "Look there for an extreme construct: brackets in brackets, a table of thousands of rows."
    )
    detail = result.stderr.decode(errors="replace")
    if result.timed_out or result.returncode == -signal.SIGXCPU:
        says = f"Pandoc did not come to an end within {LIMITS.seconds:g} seconds."
        return Diagnostic("tool-timeout", says, place, hint, detail)
    says = "Pandoc was stopped: it wanted more memory than it may have."
    return Diagnostic("tool-failed", says, place, hint, detail)


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


def _failure(path: str, words: str | None) -> Diagnostic:
    return Diagnostic(
        "pandoc-failed",
        "Pandoc could not take this chapter.",
        Location(_file(path)),
        hint="Take away what was changed last, and build again.",
        detail=words,
    )


def _looping(path: str, text: str, words: str) -> Diagnostic | None:
    """Say where a LaTeX macro that calls itself is defined (Text.Pandoc.Readers.LaTeX.Parsing)."""
    loop = re.search(r"Loop encountered in expanding macro (\S+)", words)
    if loop is None:
        return None
    name = f"\\{loop[1]}"
    defined = re.search(rf"\\\w+\*?\s*\{{?{re.escape(name)}(?![A-Za-z])", text)
    before = text[: defined.start()] if defined else ""
    place = (before.count("\n") + 1, len(before) - before.rfind("\n")) if defined else ()
    return Diagnostic(
        "pandoc-failed",
        f"The LaTeX macro {name} calls itself without end.",
        Location(_file(path), *place),
        "Mend its definition, or take it away.",
        detail=words,
    )


def _cite_failure(citing: Citing, words: str) -> Diagnostic:
    if citing.csl is not None and not words.startswith("Error reading bibliography"):
        return Diagnostic(
            "csl-broken",
            f"The citation style {citing.csl.name} cannot be read.",
            Location("book.yaml"),
            hint="Take the style anew from the CSL project, or leave `csl` out.",
            detail=words,
        )
    return Diagnostic(
        "pandoc-failed",
        f"The citations could not be set: {words.splitlines()[-1] if words else 'no reason given'}.",
        hint="Take away the entry that was changed last, and build again.",
        detail=words,
    )


def _heard(path: str | None, message: dict[str, Any]) -> Diagnostic | None:
    """Turn one of Pandoc's log messages (Text.Pandoc.Logging) into a diagnostic.

    Doubled notes and identifiers are found by `references`, with better places.
    """
    silent = {
        "DuplicateNoteReference",
        "DuplicateIdentifier",
        "NoteDefinedButNotUsed",
        "CouldNotParseYamlMetadata",
    }
    if message.get("verbosity") != "WARNING" or message["type"] in silent:
        return None
    place = None
    if path is not None:
        at = message.get("openpos", message)
        place = Location(_file(path), at.get("line"), at.get("column"))
    if message["type"] == "UnclosedDiv":
        says, hint = "A div is opened here and not closed.", "Write ::: or </div> where it ends."
        return Diagnostic("pandoc-warning", says, place, hint)
    return Diagnostic("pandoc-warning", str(message.get("pretty", message["type"])), place)


def _file(path: str) -> str:
    """A piece of a chapter's YAML block is named by the chapter's path, `#` and its key."""
    return path.partition("#")[0]
