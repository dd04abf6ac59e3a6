"""A book as it was: out of git's history, or out of a kept draft, in a folder of its own.

The work tree is not touched: what git keeps is read, and written elsewhere.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from geppetto import tools
from geppetto.diagnostics import Diagnostic, ExitCode, GeppettoError
from geppetto.pipeline import inputs, repository
from geppetto.review import answers, drafts, ledger

LARGEST = 256 * tools.MIB
"""Bytes of a file that is taken out of a history; a book's longest image is shorter."""
_AT_ONCE = 64 * tools.MIB
_SHOWN = 10  # figures of a commit's name
_PICTURES = frozenset(
    {".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".pdf", ".tif", ".tiff", ".eps", ".mpo"}
)


@dataclass(frozen=True)
class Revision:
    """A book at one time: its folder, a name fit for a file's, and what it is, in words."""

    root: Path
    name: str
    words: str


def today(root: Path) -> Revision:
    """Give the book as it is now."""
    return Revision(root, "now", "today’s files")


def find(root: Path, wanted: str | None, reviewer: str | None, folder: Path) -> Revision:
    """Write a book as it was into `folder`: of a kept draft, or of a revision in git.

    Without `wanted` it is the newest kept draft, or the newest that a reviewer was sent;
    an answer is one only once it is known that somebody got it.

    Raises:
        GeppettoError: there is no such draft or revision, or it cannot be read.
    """
    known = drafts.listed(root)
    if wanted is None:
        return _of_draft(_newest(root, known, reviewer), root, folder)
    if wanted in known:
        return _of_draft(drafts.find(root, wanted), root, folder)
    return _of_git(root, wanted, folder)


def _newest(root: Path, known: Sequence[str], reviewer: str | None) -> drafts.Kept:
    every = [drafts.find(root, name) for name in reversed(known)]
    if any(map(answers.is_answer, every)):
        told = ledger.read(root)
        every = [one for one in every if answers.has_arrived(one, told)]
    theirs = every if reviewer is None else [kept for kept in every if _names(kept, reviewer)]
    if theirs:
        sent = None if reviewer is None else _last_sent(root, theirs, reviewer)
        return next((kept for kept in theirs if kept.draft.id == sent), theirs[0])
    names = {copy.name for kept in every for copy in kept.draft.copies}
    if not every:
        says = "Since when? No draft is kept with which the book could be compared."
        hint: str | None = "Name a revision of git's, as in geppetto changes HEAD~1."
    else:
        says = f"No draft is kept that was made for {reviewer}."
        hint = f"There are drafts for {', '.join(sorted(names))}." if names else None
    raise GeppettoError(Diagnostic("draft-unknown", says, hint=hint), ExitCode.USAGE)


def _names(kept: drafts.Kept, reviewer: str) -> set[str]:
    """Give the names of the copies that a draft has for a reviewer."""
    copies = kept.draft.copies
    return {copy.name for copy in copies if reviewer in {copy.name, copy.reviewer}}


def _last_sent(root: Path, theirs: Sequence[drafts.Kept], reviewer: str) -> str | None:
    """Give the kept draft that the reviewer was sent last, as the ledger says."""
    told = ledger.read(root)
    kept = {one.draft.id for one in theirs}
    names = {name for one in theirs for name in (*_names(one, reviewer), reviewer)}
    sent = [one for name in sorted(names) if (one := told.newest_sent(name)) and one.draft in kept]
    return max(sent, key=lambda one: one.when).draft if sent else None


def _of_draft(kept: drafts.Kept, root: Path, folder: Path) -> Revision:
    """Write a draft's texts; of images it keeps none, so they are today's."""
    for name in _pictures(root):
        _write(folder, name, (root / name).read_bytes())
    for name in sorted(kept.draft.sources):
        if not _is_within(name):
            raise _unread(kept.draft.id, f"The draft names a file outside of the book: {name}.")
        _write(folder, name, kept.source(name).encode())
    words = f"the draft {kept.draft.id} of {kept.draft.date}"
    return Revision(folder, kept.draft.id, words)


def _pictures(root: Path) -> Iterator[str]:
    for name in sorted(inputs.stamps(root)):
        if Path(name).suffix.lower() in _PICTURES and (root / name).is_file():
            yield name


def _write(folder: Path, name: str, content: bytes) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _is_within(name: str) -> bool:
    path = PurePosixPath(name)
    return bool(name) and "\0" not in name and not path.is_absolute() and ".." not in path.parts


@dataclass(frozen=True)
class _Blob:
    """A file in git's history: its path from the book's folder, its object, its size."""

    path: str
    object: str
    size: int
    is_link: bool


def _of_git(root: Path, wanted: str, folder: Path) -> Revision:
    hint = "Install it: 'apt install git' (Debian), 'brew install git' (macOS)."
    tools.require("git", "keeps the book's earlier revisions", hint)
    commit = _commit(root, wanted)
    listed = list(_listed(root, commit))
    if not any(blob.path == "book.yaml" for blob in listed):
        raise _unread(wanted, "It has no book.yaml in the book's folder.")
    for blob, content in _contents(root, listed):
        _write(folder, blob.path, content)
    _follow_links(folder, [blob for blob in listed if blob.is_link])
    date = _said(root, "show", "-s", "--format=%cs", commit)
    return Revision(folder, commit[:_SHOWN], f"commit {commit[:_SHOWN]} of {date}")


def _said(root: Path, *arguments: str) -> str:
    result = repository.git(root, *arguments)
    return result.stdout.decode("utf-8", "replace").strip() if result.returncode == 0 else ""


def _commit(root: Path, wanted: str) -> str:
    """Give the commit that a revision names."""
    asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{wanted}^{{commit}}")
    commit = _said(root, *asked) if "\0" not in wanted else ""
    if commit:
        return commit
    if not _said(root, "rev-parse", "--git-dir"):
        says = f"There is no revision {wanted}: the book is in no git repository."
        hint = "Name a kept draft, or keep the book in git."
    else:
        says = f"There is no revision {wanted}, and no kept draft of that name."
        hint = "Ask git log for those that there are."
        if _said(root, "rev-parse", "--is-shallow-repository") == "true":
            hint = (
                "This clone has only the newest revisions: git fetch --unshallow gets the others."
            )
    raise GeppettoError(Diagnostic("revision-unknown", says, hint=hint), ExitCode.USAGE)


def _listed(root: Path, commit: str) -> Iterator[_Blob]:
    """Give the book's files in a commit (git-ls-tree(1), "Output format")."""
    result = repository.git(root, "ls-tree", "-r", "-z", "-l", commit)
    for entry in result.stdout.decode("utf-8", "surrogateescape").split("\0"):
        described, _, path = entry.partition("\t")
        fields = described.split()
        if len(fields) != 4 or fields[1] != "blob" or not fields[3].isdecimal():
            continue
        blob = _Blob(path, fields[2], int(fields[3]), fields[0] == "120000")
        if _is_within(path) and inputs.is_looked_at(path) and blob.size <= LARGEST:
            yield blob


def _contents(root: Path, listed: Sequence[_Blob]) -> Iterator[tuple[_Blob, bytes]]:
    """Give each file with its content, some at a time."""
    some: list[_Blob] = []
    for blob in listed:
        if some and sum(one.size for one in some) + blob.size > _AT_ONCE:
            yield from zip(some, _read(root, some), strict=True)
            some = []
        some.append(blob)
    yield from zip(some, _read(root, some), strict=True)


def _read(root: Path, blobs: Sequence[_Blob]) -> Iterator[bytes]:
    """Give the content of objects (git-cat-file(1), "Batch output")."""
    asked = "".join(f"{blob.object}\n" for blob in blobs).encode()
    said = repository.git(root, "cat-file", "--batch", stdin=asked).stdout
    at = 0
    for blob in blobs:
        line, end = said[at:].split(b"\n", 1)[0] if at < len(said) else b"", blob.size
        if line.split()[1:] != [b"blob", str(blob.size).encode()]:
            says = f"This clone has not got {blob.path}."
            raise _unread(blob.object[:_SHOWN], says, "git fetch --refetch gets what is missing.")
        at += len(line) + 1
        yield said[at : at + end]
        at += end + 1


def _follow_links(folder: Path, links: Sequence[_Blob]) -> None:
    """Put what a symbolic link leads to in its place, within the book; others lead nowhere."""
    for blob in links:
        path = folder / blob.path
        target = (path.parent / path.read_text("utf-8", "replace")).resolve()
        path.unlink()
        if target.is_relative_to(folder.resolve()) and target.is_file():
            shutil.copyfile(target, path)


def _unread(name: str, detail: str, hint: str | None = None) -> GeppettoError:
    says = f"The book as of {name} cannot be read. {detail}"
    return GeppettoError(Diagnostic("revision-unread", says, hint=hint), ExitCode.USAGE)
