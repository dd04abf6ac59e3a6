"""Formulas that text can say exactly: a letter, a number, x², α₁ < 3.

What has a fraction, a root, an accent, or both an index and an exponent on one
letter, has none: it stays a picture.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from geppetto.epub.xhtml import XHTML, Element

NO_BREAK_SPACE = "\u00a0"
_LETTERS = (
    *("alpha", "beta", "gamma", "delta", "varepsilon", "zeta", "eta", "theta", "iota", "kappa"),
    *("lambda", "mu", "nu", "xi", "omicron", "pi", "rho", "varsigma", "sigma", "tau", "upsilon"),
    *("varphi", "chi", "psi", "omega"),
)
"""Greek letters as Unicode has them from U+03B1 on."""
GREEK = {name: chr(code) for code, name in enumerate(_LETTERS, 0x3B1)} | {
    "epsilon": "ϵ",
    "phi": "ϕ",
    "vartheta": "ϑ",
    "varpi": "ϖ",
    "varrho": "ϱ",
}
CAPITALS = {
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ",
    "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}  # fmt: skip
RELATIONS = {
    "=": "=", "<": "<", ">": ">", "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠",
    "neq": "≠", "approx": "≈", "sim": "∼", "equiv": "≡", "in": "∈", "notin": "∉", "subset": "⊂",
    "subseteq": "⊆", "to": "→", "rightarrow": "→", "mapsto": "↦", "propto": "∝", "ll": "≪",
    "gg": "≫",
}  # fmt: skip
OPERATORS = {
    "+": "+", "-": "−", "times": "×", "cdot": "·", "pm": "±", "cup": "∪", "cap": "∩", "div": "÷",
}  # fmt: skip
SIGNS = {
    "infty": "∞", "ldots": "…", "dots": "…", "partial": "∂", "nabla": "∇", "emptyset": "∅",
    "hbar": "ℏ", "ell": "ℓ", "circ": "∘", "prime": "′", "%": "%", "{": "{", "}": "}", "#": "#",
    "$": "$", "&": "&",
}  # fmt: skip
_PLAIN = frozenset("()[]/!.:;,|")
_TOKEN = re.compile(
    r"\\(?P<word>[A-Za-z]+)\s*|\\(?P<sign>[^A-Za-z])|(?P<number>\d+(?:\.\d+)?)|\s+|(?P<other>.)"
)
_MARKS = {"^": "up", "_": "down", "{": "open", "}": "close", "'": "sign"}
_OPENING = frozenset("([,;=<>+")


class _NotPlainError(Exception):
    """A formula has what text cannot say."""


@dataclass(frozen=True)
class _Atom:
    """A piece of text: `kind` is letter, sign, relation, operator, plain, up, down or open, close."""

    kind: str
    text: str


def spelled(source: str) -> Element | None:
    """Give a formula as a span of text, or None if text cannot say it exactly."""
    try:
        atoms = [atom for match in _TOKEN.finditer(source) if (atom := _atom(match)) is not None]
        span = etree.Element(f"{{{XHTML}}}span")
        _write(atoms, span)
    except _NotPlainError:
        return None
    return span if "".join(map(str, span.itertext())) else None


def _atom(match: re.Match[str]) -> _Atom | None:
    word, number, other = match["word"] or match["sign"], match["number"], match["other"]
    if number:
        return _Atom("sign", number)
    if word is None and other is None:
        return None
    found = _known(word) if word else _character(other)
    if found is None:
        raise _NotPlainError
    return found


def _known(word: str) -> _Atom | None:
    """Give what a command says."""
    tables = (
        *(("letter", GREEK), ("sign", CAPITALS), ("relation", RELATIONS)),
        *(("operator", OPERATORS), ("sign", SIGNS)),
    )
    return next((_Atom(kind, known[word]) for kind, known in tables if word in known), None)


def _character(other: str) -> _Atom | None:
    """Give what a character says in a formula."""
    if other in _MARKS:
        return _Atom(_MARKS[other], "′" if other == "'" else other)
    if other.isalpha():
        return _Atom("letter", other)
    if other in RELATIONS or other in OPERATORS:
        return _known(other)
    return _Atom("plain", other) if other in _PLAIN else None


def _write(atoms: list[_Atom], into: Element) -> None:
    """Write atoms as text, letters slanted, exponents and indices raised and lowered."""
    before, scripted = "", False
    index = 0
    while index < len(atoms):
        atom = atoms[index]
        index += 1
        if atom.kind in {"up", "down"}:
            if scripted or not before:
                raise _NotPlainError
            index = _script(atoms, index, into, "sup" if atom.kind == "up" else "sub")
            scripted, before = True, ")"
            continue
        if atom.kind in {"open", "close"}:
            raise _NotPlainError
        scripted = False
        _append(into, atom, before, last=index == len(atoms))
        before = atom.text


def _script(atoms: list[_Atom], index: int, into: Element, tag: str) -> int:
    """Write what is raised or lowered: one atom, or a group without another in it."""
    if index >= len(atoms):
        raise _NotPlainError
    end = index + 1
    held = atoms[index:end]
    if atoms[index].kind == "open":
        end = next((i for i, a in enumerate(atoms) if i > index and a.kind == "close"), 0)
        held = atoms[index + 1 : end]
        end += 1
    if not held or any(a.kind in {"up", "down", "open", "close", "relation"} for a in held):
        raise _NotPlainError
    element = etree.SubElement(into, f"{{{XHTML}}}{tag}")
    for atom in held:
        _text(element, atom.text, slanted=atom.kind == "letter")
    return end


def _append(into: Element, atom: _Atom, before: str, *, last: bool) -> None:
    blank = NO_BREAK_SPACE
    if atom.kind == "letter":
        _text(into, atom.text, slanted=True)
    elif before and not last and _is_between(atom, before):
        _text(into, f"{blank}{atom.text}{blank}")
    elif atom.text in {",", ";"} and not last:
        _text(into, f"{atom.text}{blank}")
    else:
        _text(into, atom.text)


def _is_between(atom: _Atom, before: str) -> bool:
    """Tell whether an atom stands between two others: a sign before a number does not."""
    return atom.kind == "relation" or (atom.kind == "operator" and before[-1] not in _OPENING)


def _text(into: Element, words: str, *, slanted: bool = False) -> None:
    if slanted:
        last = into[-1] if len(into) else None
        if last is not None and last.tag == f"{{{XHTML}}}em" and not last.tail:
            last.text = (last.text or "") + words
        else:
            etree.SubElement(into, f"{{{XHTML}}}em").text = words
    elif len(into):
        into[-1].tail = (into[-1].tail or "") + words
    else:
        into.text = (into.text or "") + words
