"""`geppetto publish`: the gates, all of them, and the release folder if they hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from geppetto import store, templates
from geppetto.diagnostics import Diagnostic, ordered
from geppetto.pipeline import gating, reading
from geppetto.pipeline.releasing import Release
from geppetto.pipeline.versions import tools_used, version_of
from geppetto.progress import OnStep, Step
from geppetto.publish import folder as kept
from geppetto.publish.folder import Facts, File
from geppetto.publish.gates import Gate, passes

FOLDER = "release"


@dataclass(frozen=True)
class Order:
    """What is asked for: the book; whether gates may be left out whose tool is missing.

    With `only` these gates are asked, and nothing is written.
    """

    root: Path
    allow_missing: bool = False
    only: tuple[str, ...] = ()


@dataclass(frozen=True)
class Published:
    """How the gates ended, and the release folder if they held."""

    gates: tuple[Gate, ...]
    folder: Path | None
    files: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]
    holds: bool


def publish(order: Order, on_step: OnStep) -> Published:
    """Ask every gate; if all hold, put the release in its folder.

    Raises:
        GeppettoError: the book's folder cannot be read, or the release's not written.
    """
    root = order.root
    with store.workspace() as place:
        version, revision = version_of(root), reading.revision(root)
        release = Release(root, place / "files", on_step, version, revision)
        gates = []
        for name in order.only or gating.EVERY:
            on_step(Step(f"gate: {name}"))
            gates.append(gating.run(name, release))
        holds = passes(gates, allow_missing=order.allow_missing)
        folder: Path | None = None
        files: tuple[str, ...] = ()
        if holds and not order.only:
            on_step(Step("writing the release folder"))
            folder, files = _written(release, gates, place / version)
    said = ordered(d for gate in gates for d in gate.diagnostics)
    return Published(tuple(gates), folder, files, said, holds)


def _written(release: Release, gates: Sequence[Gate], place: Path) -> tuple[Path, tuple[str, ...]]:
    """Gather the release in a folder, and put that in its place, whole."""
    files = release.files()
    place.mkdir()
    for file in files:
        store.publish(file.path, place / file.name)
    facts = _facts(release)
    (place / kept.METADATA).write_text(kept.metadata(facts, files), encoding="utf-8")
    (place / kept.BUILD).write_text(_story(release, facts, files, gates), encoding="utf-8")
    (place / kept.SUMS).write_text(kept.sums(place), encoding="utf-8")
    target = release.root / "build" / FOLDER / release.version
    names = tuple(sorted(path.name for path in place.iterdir()))
    store.publish_folder(place, target)
    return target, names


def _facts(release: Release) -> Facts:
    settings = release.book.settings
    return Facts(
        version=release.version,
        revision=release.revision,
        epoch=reading.epoch(release.book),
        book=settings.model_dump(by_alias=True, mode="json", exclude_defaults=True),
        tools=tools_used(),
        sources=release.sources(),
        pages=release.pages(),
    )


def _story(release: Release, facts: Facts, files: Sequence[File], gates: Sequence[Gate]) -> str:
    environment = templates.text_environment(release.root, "publish")
    return templates.render(
        environment,
        "BUILD.md",
        facts=facts,
        files=files,
        gates=gates,
        title=release.book.settings.title,
    )
