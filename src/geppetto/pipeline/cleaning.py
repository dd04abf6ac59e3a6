"""Removes what Geppetto made in a book's build folder, and nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

from geppetto import config, manuscript, store

FOLDERS = ("latex", "epub", "check.json")
EDITIONS = (".pdf", ".epub", ".pagemap", ".synctex.gz")


def clean(root: Path) -> list[Path]:
    """Remove the outputs and the work folders; give what was removed."""
    folder = root / "build"
    if not folder.is_dir():
        return []
    slug = manuscript.book_slug(config.load(root).settings)
    made = [folder / f"{slug}{suffix}" for suffix in EDITIONS]
    made += [folder / name for name in FOLDERS]
    made += folder.glob(f"{store.PREFIX}*")
    removed = [path for path in made if path.exists()]
    for path in removed:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    return removed
