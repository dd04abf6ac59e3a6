"""The floors of the house: a module imports from lower layers only."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "geppetto"
LAYERS = {
    0: {"diagnostics", "ast"},
    1: {"model", "terms", "suggest", "emoji", "installed", "cutting", "progress"},
    2: {"tools", "store", "markedyaml", "files"},
    3: {
        "config", "manuscript", "bibliography", "pandoc", "sourcemap", "references", "templates",
        "images", "fonts", "assets", "styles", "packages", "hyphenation", "titlepage", "pagemap", "explanations", "sheet", "verapdf", "stores", "covers",
    },
    4: {"publish", "latex", "epub", "docx", "review", "verification", "checks", "preview", "printing", "preflight"},
    5: {"pipeline", "doctor", "starting"},
    6: {"cli"},
}  # fmt: skip
FLOOR = {name: layer for layer, names in LAYERS.items() for name in names}


def _rooms():
    return sorted(p for p in SOURCE.rglob("*.py") if p.parent != SOURCE or p.stem != "__init__")


def _room(path):
    first = path.relative_to(SOURCE).parts[0]
    return first.removesuffix(".py")


def _imports(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "geppetto":
                yield from (f"geppetto.{alias.name}" for alias in node.names)
            else:
                yield node.module


@pytest.mark.parametrize("path", _rooms(), ids=lambda p: p.relative_to(SOURCE).as_posix())
def test_imports_go_down(path):
    """A module imports from a lower layer, or from its own folder."""
    room = _room(path)
    assert room in FLOOR, f"{room} has no floor: add it to LAYERS and to docs/architecture.md"
    for name in _imports(path):
        if not name.startswith("geppetto.") or name == "geppetto.__version__":
            continue
        other = name.split(".")[1]
        assert other == room or FLOOR[other] < FLOOR[room], f"{room} imports {other}"


def test_only_tools_starts_processes():
    """No module but `tools` imports subprocess."""
    starters = {_room(p) for p in _rooms() if "subprocess" in set(_imports(p))}
    assert starters == {"tools"}


def test_only_the_command_line_prints():
    """No module but `cli` calls print or leaves the process."""
    for path in _rooms():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        called = {
            node.func.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        assert _room(path) == "cli" or not called & {"print", "exit", "quit"}, path


def test_the_architecture_names_every_room():
    """docs/architecture.md names every module and folder."""
    text = (SOURCE.parents[1] / "docs" / "architecture.md").read_text(encoding="utf-8")
    missing = {_room(p) for p in _rooms()} - {
        name for name in FLOOR if f"`{name}`" in text or f"`{name}/`" in text
    }
    assert not missing
