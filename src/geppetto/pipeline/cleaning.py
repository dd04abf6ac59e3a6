"""Removes what Geppetto made in a book's build folder, and nothing else.

What was put there is in the folder's record, so that neither a readable
book.yaml is needed nor the title that the book had then. Beside it there are
the work folders, which are Geppetto's own. Drafts stay: what was sent out cannot be
made again, and by what is kept of it remarks find their lines.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

from geppetto import config, manuscript, store
from geppetto.diagnostics import GeppettoError
from geppetto.pipeline import edition, pacing
from geppetto.store import shelf

FOLDERS = (
    *("latex", "epub", "docx", edition.DOUBLE, edition.PRINT, edition.TAGGED, shelf.FOLDER),
    *("check.json", "pdf.json", "epub.json", "docx.json", pacing.FILE),
)
EDITIONS = (".pdf", ".epub", ".docx", ".pagemap", ".synctex.gz")


def clean(root: Path) -> list[Path]:
    """Remove the outputs and the work folders; give what was removed.

    Raises:
        GeppettoError: a build is at work there.
    """
    folder = root / "build"
    if not folder.is_dir():
        return []
    with store.locked(folder):
        names = dict.fromkeys([*store.recorded(folder), *_by_title(root), *FOLDERS])
        made = [folder / name for name in names] + sorted(folder.glob(f"{store.PREFIX}*"))
        removed = [path for path in made if path.exists() or path.is_symlink()]
        for path in removed:
            _remove(path)
        for path in (folder / store.RECORD, folder / ".lock"):
            path.unlink(missing_ok=True)
        with suppress(OSError):  # something of the author's is there, or it is a link
            folder.rmdir()
    return removed


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def _by_title(root: Path) -> list[str]:
    """Give the outputs of builds that kept no record."""
    try:
        slug = manuscript.book_slug(config.load(root).settings)
    except GeppettoError:
        return []
    return [f"{slug}{suffix}" for suffix in EDITIONS]
