"""Which editions stand: what each was made from is kept, and compared before it is made again.

The book's files are compared by their content, the system's (fonts, TeX's
packages, programs) by size and time. Where any differ, it is said which.
"""

from __future__ import annotations

import hashlib
import json
import os
import sysconfig
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from geppetto import installed, store, tools
from geppetto.diagnostics import Diagnostic, GeppettoError
from geppetto.model.book import Artifact
from geppetto.pipeline import inputs, records

FORMAT = 1
VARIABLES = ("HOME", "PATH", "PYPANDOC_PANDOC", "SOURCE_DATE_EPOCH")
"""What of the environment an edition may depend on: where programs and fonts are, its date."""
PROGRAMS = ("lualatex", "rsvg-convert", "fc-list", "git", "bwrap")


@dataclass(frozen=True)
class Standing:
    """An edition that is as a new build would make it, and what was said of it."""

    artifact: Artifact
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True)
class Basis:
    """What an edition was made from.

    `inputs` are the digests of the book's files by their path from its folder,
    `system` the stamps of files elsewhere; `names` are all files of its folder,
    `options` those of the build.
    """

    inputs: Mapping[str, str]
    system: Mapping[str, str]
    names: frozenset[str]
    options: Sequence[object]


def find(root: Path, kind: str, options: Sequence[object]) -> tuple[Standing | None, list[str]]:
    """Give the edition that stands, or say why it is to be made again."""
    try:
        record = json.loads(_file(root, kind).read_text("utf-8"))
        if record["format"] != FORMAT:
            return None, ["it has not been built by this version"]
        reasons = _changes(root, record["inputs"], record["system"])
        rest = _rest(inputs.stamps(root), options)
        reasons += [f"{n} changed" for n, value in rest.items() if record["rest"].get(n) != value]
        reasons += [
            f"{name} is missing, or was changed"
            for name, value in record["outputs"].items()
            if records.digest(root / name) != value
        ]
        path, count, unit = record["artifact"]
        said = tuple(records.to_diagnostic(one) for one in record["diagnostics"])
        if reasons:
            return None, reasons
        target = root / path
        return Standing(Artifact(kind, target, count, unit, target.stat().st_size, 0.0), said), []
    except FileNotFoundError:
        return None, ["it has not been built"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None, ["what it was made from is not known"]


def basis(
    root: Path, read: Iterable[Path], before: inputs.Stamps, options: Sequence[object]
) -> Basis | None:
    """Say what an edition has just been made from; None if some of it changed meanwhile.

    `read` are the files that it was made from, the book's and the system's;
    `before` are the stamps of the book's files before they were read.
    """
    held: dict[str, str] = {}
    system = {str(path): store.stamp(path) for path in _elsewhere()}
    for path in [*read, *_own_templates(root)]:
        if path.is_dir():  # the names of all files are compared
            continue
        name = os.path.relpath(path, root)
        if name.startswith(".."):
            system[str(path)] = store.stamp(path)
            continue
        held[name] = records.digest(path)
        if path.is_file() and name in before and inputs.stamp(path) != before[name]:
            return None
    if len(before) > inputs.MOST:
        return None
    return Basis(held, system, frozenset(before), options)


def keep(root: Path, standing: Standing, outputs: Iterable[Path], made_from: Basis) -> None:
    """Keep what an edition was made from. Where that cannot be written, it is made again."""
    artifact = standing.artifact
    made = {os.path.relpath(path, root): records.digest(path) for path in outputs}
    record = {
        "format": FORMAT,
        "inputs": dict(made_from.inputs),
        "system": dict(made_from.system),
        "rest": _rest({*made_from.names, *filter(inputs.is_looked_at, made)}, made_from.options),
        "outputs": made,
        "artifact": [os.path.relpath(artifact.path, root), artifact.count, artifact.unit],
        "diagnostics": [records.from_diagnostic(one) for one in standing.diagnostics],
    }
    try:
        store.write_text(_file(root, artifact.kind), json.dumps(record, ensure_ascii=False) + "\n")
    except (GeppettoError, UnicodeEncodeError):
        return


def _file(root: Path, kind: str) -> Path:
    return root / "build" / f"{kind}.json"


def _changes(root: Path, held: Mapping[str, str], system: Mapping[str, str]) -> list[str]:
    found = [
        f"{name} has changed"
        for name, value in held.items()
        if records.digest(root / name) != value
    ]
    names = dict.fromkeys([*system, *map(str, _elsewhere())])  # with what is new there
    others = [name for name in names if store.stamp(Path(name)) != system.get(name)]
    return found + [f"{name} has changed" for name in others[:3]]


def _rest(names: Iterable[str], options: Sequence[object]) -> dict[str, str]:
    variables = repr([os.environ.get(name) for name in VARIABLES])
    return {
        "Geppetto itself": f"{records.version()} {installed.digest()}",
        "the options of the build": repr(list(options)),
        "the environment": hashlib.sha256(variables.encode("utf-8", "surrogateescape")).hexdigest(),
        "the list of the book's files": records.of_names(names),
    }


def _own_templates(root: Path) -> list[Path]:
    return sorted(path for path in (root / "templates").rglob("*") if path.is_file())


def _elsewhere() -> list[Path]:
    """Give what every edition may depend on outside the book's folder."""
    return [*_programs(), *_font_folders(), _libraries()]


def _programs() -> list[Path]:
    return [path for name in PROGRAMS if (path := tools.find(name)) is not None]


def _libraries() -> Path:
    """Give the folder of Python's packages: installing one changes its time."""
    return Path(sysconfig.get_path("purelib"))


def _font_folders() -> list[Path]:
    """Give the folders of installed fonts: one that is added or taken away changes their time."""
    roots = [Path(name).expanduser() for name in tools.FONT_FOLDERS]
    return [Path(folder) for top in roots for folder, _, _ in os.walk(top)]
