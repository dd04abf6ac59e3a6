"""A file that a reviewer sent back: which draft it is of, and the remarks made in it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium

from geppetto.diagnostics import Diagnostic, ExitCode, GeppettoError
from geppetto.review.answers import Echo
from geppetto.review.remarks import Certainty, Remark
from geppetto.review.returned import belonging, pdf, word
from geppetto.review.returned.belonging import Belonging

LARGEST = 1 << 29
"""The bytes of a file that is read, at most."""

_NOWHERE = {"pdf": "on a page that the draft does not have", "docx": "on nothing in the text"}


@dataclass(frozen=True)
class Returned:
    """What a returned file says.

    `draft` is the draft's id, `copy` the copy's name (the reviewer's slug, empty
    where the file no longer says whose it was), `kind` "pdf" or "docx", `digest`
    the file's SHA-256. `remarks` stand in the order of the file; each has its
    place in the sources of that draft. `echoes` say what is new of remarks that the
    copy was sent with, if it was an answer.
    """

    draft: str
    copy: str
    kind: str
    digest: str
    remarks: tuple[Remark, ...]
    echoes: tuple[Echo, ...] = ()


def read(file: Path, root: Path) -> tuple[Returned, list[Diagnostic]]:
    """Read a returned PDF or DOCX, and place each remark in the sources of its draft.

    `root` is the book's folder, in which the draft is kept. What is worth
    saying besides: the remarks without a place, and a file that does not say
    whose copy it is.

    Raises:
        GeppettoError: the file cannot be read, or is of no draft that is kept here.
    """
    data = _data(file)
    echoes: Sequence[Echo] = ()
    if b"%PDF-" in data[:1024]:
        kind, found, remarks = "pdf", *_of_pdf(data, root, file)
    elif data[:4] == b"PK\x03\x04":
        kind = "docx"
        found, remarks, echoes = _of_word(data, root, file)
    else:
        says = f"{file.name} is neither a PDF nor a DOCX."
        hint = "Ask for the copy that was sent; of an old .doc, for it saved as .docx."
        raise _unreadable(says, hint)
    digest = hashlib.sha256(data).hexdigest()
    whose = (found.kept.draft.id, found.copy.name, kind, digest)
    returned = Returned(*whose, tuple(remarks), tuple(echoes))
    return returned, _said(returned, found, file.name)


def _data(file: Path) -> bytes:
    try:
        if file.stat().st_size > LARGEST:
            raise _unreadable(f"{file.name} is larger than {LARGEST >> 20} MB.", "Is it the copy?")
        return file.read_bytes()
    except OSError as fault:
        says = f"{file.name} cannot be read: {fault.strerror or fault}."
        raise _unreadable(says, "Name a file that is there.") from fault


def _of_pdf(data: bytes, root: Path, file: Path) -> tuple[Belonging, Sequence[Remark]]:
    try:
        found = belonging.of(pdf.label(data), pdf.printed(data), "pdf", root, file.name)
        return found, pdf.remarks(data, found.kept, found.copy)
    except pikepdf.PasswordError as fault:
        says = f"{file.name} is locked with a password."
        hint = "Save it without one: in Acrobat, File > Properties > Security."
        raise GeppettoError(
            Diagnostic("returned-locked", says, hint=hint), ExitCode.USAGE
        ) from fault
    except (pikepdf.PdfError, pdfium.PdfiumError) as fault:
        raise _broken(file, fault) from fault


def _of_word(
    data: bytes, root: Path, file: Path
) -> tuple[Belonging, Sequence[Remark], Sequence[Echo]]:
    try:
        package = word.Package(data)
        found = belonging.of(word.label(package), word.printed(package), "docx", root, file.name)
        said = word.read(package, found.kept, found.copy)
        return found, said.remarks, said.echoes
    except word.Broken as fault:
        raise _broken(file, fault) from fault


def _said(returned: Returned, found: Belonging, shown: str) -> list[Diagnostic]:
    said = [] if found.is_named else [belonging.unknown(found, shown)]
    for one in returned.remarks:
        if one.certainty is Certainty.LOST:
            where = f"on page {one.page}" if one.page else _NOWHERE[returned.kind]
            words = f"“{_short(one.text or one.replacement or one.quote)}”"
            says = f"A remark of {one.author or 'somebody'}, {where}, has no place: {words}"
            hint = f"Look for it in {shown}; it is kept without a place."
            said.append(Diagnostic("remark-lost", says, hint=hint))
    return said


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= 60 else line[:59].rstrip() + "…"


def _broken(file: Path, fault: Exception) -> GeppettoError:
    says = f"{file.name} is broken: no remark can be read from it."
    hint = "Open it in the program that it came from and save it anew, or ask for it once more."
    return _unreadable(says, hint, str(fault))


def _unreadable(says: str, hint: str, detail: str | None = None) -> GeppettoError:
    return GeppettoError(
        Diagnostic("returned-unreadable", says, hint=hint, detail=detail), ExitCode.USAGE
    )
