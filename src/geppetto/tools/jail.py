"""The jail: what of the machine a program sees, as arguments of bubblewrap.

A program in it sees the system's own folders and what it is given, and
nothing else of the disk; no network, no other process, no terminal. Knows
bubblewrap's flags (https://github.com/containers/bubblewrap, 0.4 and newer)
and where systems keep programs and fonts.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

SYSTEM = (
    *("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/opt"),
    *("/etc/alternatives", "/etc/fonts", "/etc/ld.so.cache", "/etc/ld.so.conf"),
    *("/etc/ld.so.conf.d", "/etc/texmf", "/etc/papersize"),
    *("/var/lib/texmf", "/var/cache/fontconfig"),
    *("/nix/store", "/gnu/store", "/run/current-system/sw", "/home/linuxbrew/.linuxbrew"),
)
"""Where systems keep programs, libraries, TeX and fonts, and nobody's own papers."""

TEMPORARY = "/tmp"  # noqa: S108 - the jail's own, empty, in memory, gone when the program ends
_JAVA = "java-*-openjdk"  # in /etc: Debian's Java keeps its settings there
_OWN_FONTS = (".fonts", ".local/share/fonts", ".fonts.conf", ".config/fontconfig")
_FOLDERS = ("LD_LIBRARY_PATH", "JAVA_HOME", "FONTCONFIG_FILE", "FONTCONFIG_PATH")
_BESIDE = ("bin", "lib", "lib64", "libexec")


@dataclass(frozen=True)
class Access:
    """What a program may see beside the system: files and folders to read, folders to write."""

    read: tuple[Path, ...] = ()
    write: tuple[Path, ...] = ()

    def __or__(self, other: Access) -> Access:
        """Give what either of the two lets a program see."""
        return Access((*self.read, *other.read), (*self.write, *other.write))


def arguments(
    bwrap: Path, program: Path, access: Access, environment: Mapping[str, str]
) -> list[str]:
    """Give what stands before a program's own arguments to start it in the jail."""
    beside = (*_system(), *_homes(program), *_named(environment))
    read = [*beside, *(form for path in access.read for form in _forms(path))]
    write = [form for path in access.write for form in _forms(path)]
    return [
        str(bwrap),
        *("--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL"),
        *("--tmpfs", TEMPORARY),
        *_mounts(read, write),
        *("--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev", "--remount-ro", "/"),
    ]


def _mounts(read: Iterable[Path], write: Iterable[Path]) -> list[str]:
    """Mount each path in its own place, folders before what is in them; links stay links.

    What lies in a folder that is mounted is there already, but to be written it
    is mounted anew.
    """
    mounts: list[str] = []
    folders: set[Path] = set()
    links: set[Path] = set()
    for flag, paths in (("--ro-bind", read), ("--bind", write)):
        for path in sorted(dict.fromkeys(paths), key=lambda p: p.parts):
            held = not folders.isdisjoint((path, *path.parents))
            if not links.isdisjoint((path, *path.parents)) or not path.exists():
                continue
            if path.is_symlink():
                mounts += [] if held else ["--symlink", str(path.readlink()), str(path)]
                links.add(path)
            elif flag == "--bind" or not held:
                mounts += [flag, str(path), str(path)]
                folders.add(path)
    return mounts


def _forms(path: Path) -> tuple[Path, ...]:
    """Give a path as it is said and as it is: a program may go by either."""
    return path.resolve(), Path(os.path.realpath(path.parent)) / path.name, path.absolute()


def _system() -> list[Path]:
    home = Path.home()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache") / "fontconfig"
    java = Path("/etc").glob(_JAVA)
    return [*map(Path, SYSTEM), *java, *(home / name for name in _OWN_FONTS), cache]


def _homes(program: Path) -> list[Path]:
    """Give the folders of a program that is not the system's, with its libraries."""
    homes: list[Path] = []
    for path in dict.fromkeys((program.absolute(), program.resolve())):
        homes.append(path)
        if path.parent.name == "bin":
            homes += [path.parent.parent / name for name in _BESIDE]
    return homes


def _named(environment: Mapping[str, str]) -> list[Path]:
    listed = (environment.get(name, "") for name in _FOLDERS)
    return [Path(part) for value in listed for part in value.split(":") if part.startswith("/")]
