"""Asks git about the folder a book stands in, so that nothing of that folder starts a program."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from geppetto import tools

_NO_PROGRAMS = (
    "--no-pager",
    *("-c", "log.showSignature=false", "-c", "core.fsmonitor=false"),
    *("-c", "core.sshCommand=false", "-c", "protocol.allow=never"),
)
"""What keeps a folder's own `.git/config` from starting a program."""
_ENVIRONMENT = {
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_DISCOVERY_ACROSS_FILESYSTEM": "1",
    "GIT_OPTIONAL_LOCKS": "0",
}


def git(root: Path, *arguments: str, stdin: bytes = b"") -> tools.Result:
    """Run git in a book's folder; it can write nothing, and reach no network."""
    places = folders(root)
    return tools.run(
        ["git", *_NO_PROGRAMS, *arguments],
        access=tools.Access(read=(root, *places, *_borrowed([*places, root]), *_settings())),
        stdin=stdin,
        cwd=root,
        environment=_ENVIRONMENT,
    )


def folders(root: Path) -> list[Path]:
    """Give the folders in which git keeps the history; a worktree's `.git` names them (gitrepository-layout(5))."""
    dot = next((p / ".git" for p in (root, *root.parents) if (p / ".git").exists()), None)
    if dot is None or dot.is_dir():
        return [] if dot is None else [dot]
    named = dot.read_text("utf-8", "replace").removeprefix("gitdir:").strip()
    folder = (dot.parent / named).resolve()
    common = folder / "commondir"
    shared = folder / common.read_text("utf-8", "replace").strip() if common.is_file() else folder
    return [dot, folder, shared.resolve()]


def _borrowed(places: Sequence[Path]) -> list[Path]:
    """Give the folders from which a shared clone takes its objects (gitrepository-layout(5))."""
    found: list[Path] = []
    for objects in (place / "objects" for place in places):
        listed = objects / "info/alternates"
        if listed.is_file():
            lines = listed.read_text("utf-8", "replace").splitlines()
            found += [(objects / line).resolve() for line in lines if line and line[0] != "#"]
    return [path for path in found if path.is_dir()]


def _settings() -> list[Path]:
    """Give the author's own settings: they say whose folders git may trust."""
    return [Path.home() / ".gitconfig", Path.home() / ".config/git"]
