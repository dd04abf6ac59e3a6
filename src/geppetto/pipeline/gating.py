"""The gates of publishing: each asks one thing of a release, and gives the evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from geppetto import stores, verapdf
from geppetto.ast import stringify
from geppetto.diagnostics import (
    CATALOGUE,
    Diagnostic,
    ExitCode,
    GeppettoError,
    Location,
    Severity,
)
from geppetto.epub import ace, shops
from geppetto.epub import check as epubcheck
from geppetto.pipeline import checking, marginalia, verifying
from geppetto.pipeline.preflighting import Question, asked
from geppetto.pipeline.releasing import Release, is_of_print
from geppetto.pipeline.repeating import differences
from geppetto.preflight import examine
from geppetto.publish import demands, embedding, onix
from geppetto.publish.gates import Gate, State, counted, judged, missing, needless
from geppetto.verification import edition
from geppetto.verification.ink import ink

Ask = Callable[[Release], Gate]
LETTERS = 16
"""A note with fewer letters may stand anywhere by chance."""
DOCTOR = "'geppetto doctor' prints the line that installs it."


def run(name: str, release: Release) -> Gate:
    """Ask one gate; what keeps it from an answer is its answer."""
    try:
        return EVERY[name](release)
    except GeppettoError as stopped:
        said = stopped.diagnostics
        if stopped.exit_code is ExitCode.TOOL:
            return Gate(name, State.NOT_RUN, said[0].message, said)
        return Gate(name, State.FAILED, f"could not be asked; {counted(said)}", said)


def _check(release: Release) -> Gate:
    found = checking.check(release.root, (), release.on_step, strict=True).diagnostics
    count = len(release.book.chapters)
    return judged("check", f"{count} chapters, warnings counted as errors", found)


def _build(release: Release) -> Gate:
    """All files are made, without a fault that is only marked on the page."""
    files = release.files()
    marked = [_grave(d) for d in release.diagnostics() if CATALOGUE[d.code].markable]
    others = [d for d in release.diagnostics() if not CATALOGUE[d.code].markable]
    pages = ", ".join(f"{n} pages in {name}" for name, n in release.pages().items())
    return judged("build", f"{len(files)} files; {pages}", [*marked, *others])


def _grave(diagnostic: Diagnostic) -> Diagnostic:
    """Give a fault that was passed over as what it is, an error."""
    is_fault = diagnostic.severity is Severity.WARNING
    return replace(diagnostic, severity=Severity.ERROR) if is_fault else diagnostic


def _verify(release: Release) -> Gate:
    files = release.editions()
    found = verifying.verify(release.root, files, release.on_step, checked=True).diagnostics
    return judged("verify", f"every word of the chapters, looked for in {_named(files)}", found)


def _epubcheck(release: Release) -> Gate:
    if not epubcheck.available():
        return missing("epubcheck", "EPUBCheck, or Java,", DOCTOR)
    files = release.epubs()
    found = [d for said in release.epubchecked.values() for d in said]
    version = epubcheck.version() or ""
    return judged("epubcheck", f"EPUBCheck {version} of {_named(files)}", found, strict=True)


def _ace(release: Release) -> Gate:
    if not ace.available():
        return missing("ace", "DAISY Ace, or Node or Chromium,", ace.remedy())
    files = release.epubs()
    found = [d for file in files for d in ace.check(file, release.find_in(file))]
    return judged("ace", f"Ace {ace.version() or ''} of {_named(files)}", found, strict=True)


def _verapdf(release: Release) -> Gate:
    """The tagged PDF is what its standard asks for; TeX Live before 2025 makes none."""
    flavours = verapdf.FLAVOURS[release.book.settings.pdf.standard]
    if not flavours:
        return needless("verapdf", "book.yaml asks for no tags (pdf: standard)")
    untagged = [d for d in release.screen.diagnostics if d.code == "pdf-untagged"]
    if untagged:
        return needless("verapdf", f"the PDF has no tags: {untagged[0].message}")
    if not verapdf.available():
        return missing("verapdf", "veraPDF", verapdf.remedy())
    looked = [verapdf.examine(release.pdf, flavour) for flavour in flavours]
    passed = ", ".join(f"{one.flavour}: {one.passed} checks passed" for one in looked)
    found = [d for one in looked for d in one.diagnostics]
    return judged("verapdf", f"veraPDF {verapdf.version() or ''}, {passed}", found, strict=True)


def _notes(release: Release) -> Gate:
    """No word that the author noted for themselves stands in what is published."""
    noted = [
        (note, words)
        for note in marginalia.author_notes(release.book)
        for paragraph in note.words
        if len(words := ink(paragraph.removesuffix(" …"))) >= LETTERS
    ]
    files = release.editions()
    texts = {file.name: ink(edition.read(file).text) for file in files} if noted else {}
    own = _own(release) if noted else ""
    found = [
        Diagnostic(
            "notes-left",
            f"What the author noted here for themselves stands in {name}.",
            Location(note.path, note.line),
            "A template prints it: see templates/ in the book's folder.",
        )
        for note, words in noted
        for name, text in texts.items()
        if words in text and words not in own
    ]
    return judged(
        "notes", f"{len(noted)} of the author’s notes, looked for in {_named(files)}", found
    )


def _own(release: Release) -> str:
    """Give the letters of what the chapters say apart from notes."""
    trees = [list(document.blocks) for document in release.resolved.documents]
    return ink(" ".join(stringify(blocks) for blocks in trees))


def _fonts(release: Release) -> Gate:
    pdfs = {file.name: embedding.of_pdf(file) for file in release.pdfs()}
    epubs = {file.name: embedding.of_epub(file) for file in release.epubs()}
    found = [d for name, used in {**pdfs, **epubs}.items() for d in embedding.faults(name, used)]
    names = {font.name for used in {**pdfs, **epubs}.values() for font in used}
    silent = embedding.silent(font for used in pdfs.values() for font in used)
    words = f"{len(names)} fonts in {len(pdfs)} PDFs, and {sum(map(len, epubs.values()))} in EPUBs"
    words += f"; of {', '.join(silent)} nothing is known" if silent else ""
    return judged("fonts", words, found)


def _limits(release: Release) -> Gate:
    """What each store says of its own files, in numbers."""
    found = []
    for file in release.epubs():
        takers = [store for store in release.stores if release.epub_for(store) == file]
        faults = sum(d.is_error for d in release.epubchecked[file])
        found += shops.examine(file, takers, release.find_in(file), faults=faults)
    names = ", ".join(store.name for store in release.stores)
    return judged("limits", f"what {names} take, as of {stores.checked()}", found)


def _print(release: Release) -> Gate:
    """The printers' files are what the printers ask for."""
    files = release.printed.files
    if not files:
        return needless("print", "no store that is named prints books")
    found = [d for d in release.printed.diagnostics if is_of_print(d)]
    for one in files:
        cover = release.cover(one.store.key)
        ask = Question(cover, one.store.key, cover=True, pages=one.pages)
        found += examine(cover, asked(ask, release.book.settings))
    words = ", ".join(f"{one.pages} pages and a cover for {one.store.name}" for one in files)
    return judged("print", words, found)


def _metadata(release: Release) -> Gate:
    found = demands.lacking(release.book.settings, release.stores)
    names = ", ".join(store.name for store in release.stores)
    return judged("metadata", f"what {names} must be told", found)


def _onix(release: Release) -> Gate:
    if not onix.checkable():
        hint = "pip install 'geppetto-book[publish]' brings it."
        return missing("onix", "onixcheck", hint)
    return judged("onix", f"ONIX 3.1, onixcheck {onix.checker()}", onix.check(release.record))


def _bytes(release: Release) -> Gate:
    """A second build in another folder gives the same bytes."""
    found = differences(release)
    return judged("bytes", f"{len(release.files())} files made again in another folder", found)


EVERY: Mapping[str, Ask] = {
    "check": _check,
    "build": _build,
    "verify": _verify,
    "epubcheck": _epubcheck,
    "ace": _ace,
    "verapdf": _verapdf,
    "notes": _notes,
    "fonts": _fonts,
    "limits": _limits,
    "print": _print,
    "metadata": _metadata,
    "onix": _onix,
    "bytes": _bytes,
}
"""Every gate, in the order in which they are asked."""


def _named(files: Iterable[Path]) -> str:
    return ", ".join(file.name for file in files)
