r"""Keeps what luaotfload read of the fonts, for all books and apart from their LaTeX.

Reading a font takes luaotfload seconds, so it keeps what it read, as Lua, and
runs that Lua the next time. A manuscript's LaTeX may therefore write to a
cache in its own work folder only. The one that all books share is written by
a document of Geppetto's own, which reads a book's fonts before the book does;
to the book it is closed.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from geppetto import store, tools

OWN = "texmf-var"
NAMES = "luatex-cache/generic/names"
LOCK = ".lock"
_LIMITS = tools.Limits(seconds=300, cpu_seconds=300)
_PLAIN = re.compile(r"\[(?P<file>/[\w./ +,=()-]+)\][\w=;:()+-]*")
_READING = r"""\documentclass{book}
\usepackage{fontspec}
\IfFileExists{unicode-math.sty}{\usepackage{unicode-math}}{}
\begin{document}
%s
\end{document}
"""


def prepare(work: Path, version: str, fonts: Sequence[str]) -> tuple[dict[str, str], tools.Access]:
    """Read fonts (luaotfload's specifications) into the shared cache, if that has not been done.

    Gives the variables and the access with which LuaLaTeX finds the caches.
    Without a jail there is nothing to keep apart: the cache is TeX's own.
    """
    own = (work / OWN).absolute()
    if tools.protection().jail is None:
        return ({} if _tex_can_write() else _only(own)), tools.Access()
    own.mkdir(parents=True, exist_ok=True)
    access = tools.Access(read=(*trees(), *_folders(fonts)))
    shared = _shared(version)
    if shared is None or not _read_fonts(shared, fonts, access):
        return _only(own), access
    _take_names(shared, own)
    variables = {"TEXMFVAR": str(own), "TEXMFCACHE": f"{own}:{shared}"}
    return variables, access | tools.Access(read=(shared,))


def _only(own: Path) -> dict[str, str]:
    return {"TEXMFVAR": str(own), "TEXMFCACHE": str(own)}


def trees() -> tuple[Path, ...]:
    """Give the folders of the TeX installation: its programs, and every tree that it reads."""
    program = tools.find("kpsewhich")
    return _trees(program) if program else ()


@lru_cache(maxsize=4)
def _trees(program: Path) -> tuple[Path, ...]:
    said = tools.ask([program, "-expand-path={$TEXMF,$TEXMFROOT,$SELFAUTOLOC}"])
    listed = said.stdout.decode("utf-8", "replace").strip().split(":")
    return tuple(Path(name) for name in listed if name.startswith("/") and name != "/")


def _tex_can_write() -> bool:
    """Whether luaotfload can keep what it read of the fonts in TeX's own place for that."""
    if tools.find("kpsewhich") is None:
        return False
    names = ("TEXMFCACHE", "TEXMFVAR")
    listed = [tools.ask(["kpsewhich", f"-var-value={name}"]).stdout for name in names]
    folders = [f for line in listed for f in line.decode("utf-8", "replace").strip().split(":")]
    return any(_is_writable(Path(folder)) for folder in folders if folder)


def _is_writable(folder: Path) -> bool:
    """Whether files can be made in a folder, or the folder itself where it is not there yet."""
    for existing in (folder, *folder.parents):
        if existing.exists():
            return existing.is_dir() and os.access(existing, os.W_OK | os.X_OK)
    return False


def _folders(fonts: Sequence[str]) -> list[Path]:
    named = (match["file"] for font in fonts if (match := _PLAIN.fullmatch(font)))
    return list(dict.fromkeys(Path(name).parent for name in named))


def _shared(version: str) -> Path | None:
    """Give the cache of this LuaLaTeX, None where there can be none."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = home / "geppetto" / f"fonts-{_digest(version, *map(str, trees()))}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder if os.access(folder, os.W_OK | os.X_OK) else None


def _read_fonts(shared: Path, fonts: Sequence[str], access: tools.Access) -> bool:
    """Have the fonts read, by one build at a time; say whether they are in the cache."""
    plain = [font for font in fonts if _PLAIN.fullmatch(font)]
    done = shared / f"read-{_digest(*map(_stamped, plain))}"
    if done.exists():
        return True
    with suppress(OSError), (shared / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if done.exists():
            return True
        lines = [rf'\setbox0\hbox{{\font\x="{font}" at 10pt \x x}}' for font in plain]
        (shared / "reading.tex").write_text(_READING % "\n".join(lines), encoding="utf-8")
        result = tools.run(
            ["lualatex", "-interaction=nonstopmode", "-no-shell-escape", "reading.tex"],
            access=access | tools.Access(write=(shared,)),
            cwd=shared,
            environment={"TEXMFVAR": str(shared), "TEXMFCACHE": str(shared)},
            limits=_LIMITS,
        )
        if result.returncode in {0, 1} and (shared / NAMES).is_dir():
            done.touch()
            return True
    return False


def _stamped(font: str) -> str:
    """Name a font's file with its size and time, so that a newer one is read again."""
    match = _PLAIN.fullmatch(font)
    stamp = store.stamp(Path(match["file"])) if match else ""
    return f"{font} {stamp}" if stamp else font


def _take_names(shared: Path, own: Path) -> None:
    """Copy the list of fonts, for which luaotfload looks in the cache that it can write only.

    Not while another build has fonts read, which writes the list anew.
    """
    if not (own / NAMES).is_dir():
        with suppress(OSError), (shared / LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH)
            shutil.copytree(shared / NAMES, own / NAMES)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:16]
