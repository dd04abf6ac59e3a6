"""Chooses, for the characters that a face lacks, installed fonts that hold them.

One font for each script, a serif one where there is one, the same for the same
characters and the same installed fonts whatever the order in which they come.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fontTools import unicodedata as scripts

from geppetto.emoji import is_emoji
from geppetto.fonts.catalogue import BOLD, REGULAR, UPRIGHT, Font, shape

# Scripts that need no shaping: luaotfload's fastest mode, Basic, is right for them.
SIMPLE = frozenset({"Latn", "Grek", "Cyrl", "Zyyy", "Zinh", "Zzzz"})
# Groups that luaotfload's own shaper (Node) sets well; all others go to HarfBuzz.
_UNSHAPED = frozenset(
    {*SIMPLE, "Armn", "Geor", "Cjk", "Symbols", "Emoji", "Runr", "Ogam", "Copt", "Goth"}
)
CJK = frozenset({"Hani", "Hira", "Kana", "Hang", "Bopo"})
# Families to take first for a script, the best for a book before the others.
_PREFERRED: Mapping[str, tuple[str, ...]] = {
    "Arab": ("Amiri", "Scheherazade New", "Noto Naskh Arabic", "Geeza Pro"),
    "Hebr": ("Frank Ruehl CLM", "Noto Serif Hebrew", "New Peninim MT"),
    "Cjk": ("Noto Serif CJK", "Source Han Serif", "Songti", "Hiragino Mincho", "AppleMyungjo"),
    "Emoji": ("Noto Emoji", "Symbola", "Noto Color Emoji", "Apple Color Emoji"),
    "Symbols": ("DejaVu Serif", "FreeSerif", "DejaVu Sans", "Noto Sans Symbols", "Symbola"),
    "Grek": ("Noto Serif", "DejaVu Serif", "FreeSerif"),
    "Cyrl": ("Noto Serif", "DejaVu Serif", "FreeSerif"),
}
# Fonts for display, for one tradition or for want of anything else.
_ODD = ("Condensed", "Display", "Looped", "Nastaliq", "Kufi", "Rashi", "Quran", "Dogra", "Thin")
_LAST_RESORT = ("Unifont", "LastResort", "Last Resort", "Code2000")
_ENOUGH = 0.9  # of a script's characters: for the rest another font may stand in
# Invisible by themselves though not format characters (Unicode's Default_Ignorable_Code_Point).
_IGNORABLE = frozenset(
    map(chr, (0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x3164, 0xFFA0))
) | frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))


@dataclass(frozen=True)
class Choice:
    """A fallback font, its bold, and the characters for which it was chosen."""

    font: Font
    bold: Font
    group: str
    characters: frozenset[str]


def visible(text: Iterable[str]) -> frozenset[str]:
    """Give the characters that need a glyph: no blanks, controls, joiners, selectors."""
    return frozenset(
        c
        for c in set(text) - _IGNORABLE
        if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"}
    )


def group_of(character: str, present: frozenset[str] = frozenset()) -> str:
    """Give a character's script, or the group it is set with.

    A mark or a point that several scripts share goes with the one of `present`.
    """
    script = scripts.script(character)
    if script in {"Zyyy", "Zinh"}:
        shared = scripts.script_extension(character) - {"Zyyy", "Zinh"}
        if shared & CJK:
            return "Cjk"
        if near := sorted(shared & present):
            return str(near[0])
        return "Emoji" if is_emoji(character) else "Symbols"
    return "Cjk" if script in CJK else str(script)


def choose(
    catalogue: Sequence[Font],
    characters: frozenset[str],
    family: str,
    languages: Sequence[str] = (),
    *,
    mono: bool = False,
) -> tuple[Choice, ...]:
    """Give the fallback fonts for characters that the face `family` lacks, in order of use.

    A private character means something in one font only: no other stands in for it.
    """
    present = frozenset(scripts.script(c) for c in characters)
    groups: dict[str, set[str]] = {}
    for character in sorted(c for c in characters if unicodedata.category(c) != "Co"):
        groups.setdefault(group_of(character, present), set()).add(character)
    chosen: list[Choice] = []
    for group, members in sorted(groups.items()):
        rank = _Rank(family, group, _cjk_suffix(languages, present), mono)
        chosen += _choose_group(catalogue, frozenset(members), rank)
    return _in_order(chosen)


@dataclass(frozen=True)
class _Rank:
    """How well a font stands beside the face `family` for a script; less is better."""

    family: str
    group: str
    suffix: str
    mono: bool

    def of(self, font: Font) -> tuple[int, int, int, int, str]:
        name = font.families[0]
        return (
            any(odd in f"{name} {font.style}" for odd in _ODD),
            int(font.mono is not self.mono and "Mono" not in name) if self.mono else 0,
            self._preference(font),
            int(self.group == "Cjk" and not name.endswith(self.suffix)),
            name,
        )

    def _preference(self, font: Font) -> int:
        name = font.families[0]
        wanted = _PREFERRED.get(self.group, ())
        for place, preferred in enumerate(wanted):
            if name == preferred or (self.group == "Cjk" and name.startswith(preferred)):
                return place
        if name.startswith(self.family):
            return 100
        for penalty, part in ((600, "Mono"), (500, "Math"), (400, "Sans"), (200, "Serif")):
            if part in name:
                return penalty
        return 300


def _choose_group(catalogue: Sequence[Font], wanted: frozenset[str], rank: _Rank) -> list[Choice]:
    """Take the best font, then the best for what it lacks, until nothing more is found."""
    upright = [f for f in catalogue if f.slant == UPRIGHT and 40 < f.weight <= 100]
    chosen: list[Choice] = []
    while wanted:
        held = [(font, covered) for font in upright if (covered := font.covered(wanted))]
        if not held:
            break
        total = len(wanted)
        font, covered = min(held, key=lambda pair: _key(pair[0], len(pair[1]), total, rank))
        chosen.append(Choice(font, _bold(catalogue, font, covered), rank.group, covered))
        wanted -= covered
    return chosen


def _key(font: Font, count: int, total: int, rank: _Rank) -> tuple[object, ...]:
    last = any(name in font.families[0] for name in _LAST_RESORT)
    short = count < _ENOUGH * total
    return (
        last,
        short,
        -count if short else 0,
        rank.of(font),
        abs(font.weight - REGULAR),
        font.path,
    )


def _bold(catalogue: Sequence[Font], font: Font, characters: frozenset[str]) -> Font:
    """Give the bold of a font's family, or the font itself where that lacks a character."""
    siblings = (f for f in catalogue if f.families[0] == font.families[0])
    bold = shape(siblings, weight=BOLD)
    return bold if bold and bold.covered(characters) == characters else font


def _cjk_suffix(languages: Sequence[str], present: frozenset[str]) -> str:
    """Say whose shapes Han characters take: the book's languages, then the scripts, decide."""
    for tag in map(str.casefold, languages):
        main, *rest = tag.split("-")
        if main == "zh":
            return next((s.upper() for s in ("hk", "tw") if s in rest), _chinese(rest)).replace(
                "TW", "TC"
            )
        if main in {"ja", "ko"}:
            return {"ja": "JP", "ko": "KR"}[main]
    if present & {"Hira", "Kana"}:
        return "JP"
    return "KR" if "Hang" in present else "SC"


def _chinese(subtags: Sequence[str]) -> str:
    return "TC" if "hant" in subtags else "SC"


def _in_order(choices: Sequence[Choice]) -> tuple[Choice, ...]:
    """Put first what takes least from the others: the first font that holds a character sets it.

    A Chinese font holds Greek letters too, as wide as a Chinese sign; a font of
    coloured pictures holds signs that are text.
    """
    left = list(choices)
    ordered: list[Choice] = []
    while left:
        best = min(left, key=lambda choice: (choice.font.color, _taken(choice, left)))
        left.remove(best)
        ordered.append(best)
    return tuple(ordered)


def _taken(choice: Choice, others: Iterable[Choice]) -> int:
    return sum(len(choice.font.covered(o.characters)) for o in others if o is not choice)


def specification(font: Font, group: str) -> str:
    """Give luaotfload's name of a font, with the shaper that its script needs.

    Only the bracketed form takes a path outside TeX's tree together with the
    index of a collection (tried with luaotfload 3.23; `file:` takes neither).
    """
    index = f"({font.index})" if Path(font.path).suffix.lower() in {".ttc", ".otc"} else ""
    if font.color:
        features = "mode=harf;"
    elif group in _UNSHAPED:
        features = "mode=node;"
    else:
        features = f"mode=harf;script={group.lower()};"
    return f"[{font.path}]{index}:{features}"
