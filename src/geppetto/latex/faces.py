"""Font files as fontspec is told of them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from geppetto.fonts import Face, FontPlan
from geppetto.templates import Tex

ROMAN, BOLD, MONO = "book", "bookbold", "bookmono"  # names of lists of fallbacks


@dataclass(frozen=True)
class LoadedFace:
    r"""What `\setmainfont{file}[options]` is given: one face and its shapes."""

    file: Tex
    options: Tex


def faces(plan: FontPlan) -> dict[str, LoadedFace]:
    """Give the roman, mono, math and perhaps emoji face of a plan, by file, else by family."""
    bold = BOLD if plan.bold_fallbacks else ROMAN
    roman = {"": ROMAN, "Bold": bold} if plan.fallbacks else {}
    mono = {"": MONO, "Bold": MONO} if plan.mono_fallbacks else {}
    made = {
        "roman": _loaded(plan.roman, plan.roman_face, plan.renderer, roman),
        "mono": _loaded(plan.mono, plan.mono_face, plan.mono_renderer, mono),
        "math": _loaded(plan.math, plan.math_face, None, {}),
    }
    if plan.emoji is not None:
        made["emoji"] = _loaded(
            plan.emoji.family, plan.emoji, "HarfBuzz", {"": ROMAN, "Bold": bold}
        )
    return made


def specifications(plan: FontPlan) -> tuple[str, ...]:
    """Give luaotfload's names of all that a plan sets a book in."""
    modes = {"Basic": "node", "Node": "node", "HarfBuzz": "harf"}
    given = (
        (plan.roman_face, modes[plan.renderer]),
        (plan.mono_face, modes[plan.mono_renderer]),
        (plan.math_face, "node"),
        (plan.emoji, "harf"),
    )
    named = [
        f"[{path.as_posix()}]{f'({face.index})' if face.index else ''}:mode={mode};"
        for face, mode in given
        if face is not None
        for path in (face.regular, face.bold, face.italic, face.bold_italic)
        if path is not None
    ]
    fallbacks = (*plan.fallbacks, *plan.bold_fallbacks, *plan.mono_fallbacks)
    return tuple(dict.fromkeys((*named, *fallbacks)))


def _loaded(
    family: str, face: Face | None, renderer: str | None, fallbacks: dict[str, str]
) -> LoadedFace:
    options = [] if renderer is None else [f"Renderer={renderer}"]
    if fallbacks:
        options += [
            f"UprightFeatures={{RawFeature={{fallback={fallbacks['']}}}}}",
            f"ItalicFeatures={{RawFeature={{fallback={fallbacks['']}}}}}",
            f"BoldFeatures={{RawFeature={{fallback={fallbacks['Bold']}}}}}",
            f"BoldItalicFeatures={{RawFeature={{fallback={fallbacks['Bold']}}}}}",
        ]
    if face is None:
        return LoadedFace(Tex(family), Tex(",".join(options)))
    shapes = (
        ("BoldFont", face.bold),
        ("ItalicFont", face.italic),
        ("BoldItalicFont", face.bold_italic),
    )
    folder = face.regular.parent
    options.append(f"Path={{{folder.as_posix()}/}}")
    if renderer is not None:
        options += [f"{s}={{{_relative(path, folder)}}}" for s, path in shapes if path is not None]
    if face.index:
        options.append(f"FontIndex={face.index}")
    return LoadedFace(Tex(face.regular.name), Tex(",".join(options)))


def _relative(path: Path, folder: Path) -> str:
    """Name a shape's file from the folder fontspec was given."""
    return Path(os.path.relpath(path, folder)).as_posix()
