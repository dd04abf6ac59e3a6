"""Where the words of a language may break: Liang's patterns, as TeX reads them.

They are those of LibreOffice's dictionaries, which the package pyphen carries,
so that the same book breaks its lines alike whatever TeX packages are installed.
Most are TeX's own of hyph-utf8; where those are better, TeX's come first if
they are there (measured: docs/decisions/0009-hyphenation.md).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

DICTIONARIES = "pyphen.dictionaries"
# What a language's tag leads to where it is not a dictionary's own name.
_NAMES = {
    "af": "af_ZA",
    "be": "be_BY",
    "bg": "bg_BG",
    "cs": "cs_CZ",
    "da": "da_DK",
    "de": "de_DE",
    "de_at": "de_AT",
    "de_ch": "de_CH",
    "de_li": "de_CH",
    "el": "el_GR",
    "en": "en_US",
    "en_au": "en_GB",
    "en_gb": "en_GB",
    "en_ie": "en_GB",
    "en_in": "en_GB",
    "en_nz": "en_GB",
    "en_za": "en_GB",
    "et": "et_EE",
    "hr": "hr_HR",
    "hu": "hu_HU",
    "id": "id_ID",
    "it": "it_IT",
    "lv": "lv_LV",
    "mn": "mn_MN",
    "nb": "nb_NO",
    "nl": "nl_NL",
    "nn": "nn_NO",
    "no": "nb_NO",
    "pl": "pl_PL",
    "pt": "pt_PT",
    "pt_br": "pt_BR",
    "ro": "ro_RO",
    "ru": "ru_RU",
    "sk": "sk_SK",
    "sl": "sl_SI",
    "sq": "sq_AL",
    "sr_latn": "sr_Latn",
    "th": "th_TH",
    "uk": "uk_UA",
    "zu": "zu_ZA",
}
_AS_NAMED = frozenset({"ca", "eo", "es", "eu", "fr", "gl", "is", "lt", "sr", "sv"})
# Another way of writing than the dictionary's.
_OTHERS = frozenset({"el_polyton", "mn_mong"})
# One break in a hundred, or more, differs from TeX's own patterns.
_RATHER_TEX = frozenset({
    "af", "be", "bg", "ca", "de", "el", "gl", "hu", "id", "is", "pt_br", "ro", "ru", "sv", "uk",
    "en_us",
})  # fmt: skip
# Languages whose words do not break at a line's end, or not with a hyphen.
_UNBROKEN = frozenset({
    "am", "ar", "bo", "ckb", "dv", "dz", "fa", "he", "ja", "km", "ko", "lo", "my", "ps", "sd",
    "syr", "ug", "ur", "vi", "yi", "zh",
})  # fmt: skip
_PACKAGES = {
    tag: f"texlive-lang-{package}"
    for package, tags in {
        "cyrillic": "be bg cu mn ru sr uk",
        "czechslovak": "cs sk",
        "english": "en",
        "european": "cy da et fi fur ga hr hsb hu is kmr la lt lv mk nb nl nn no oc pms rm ro sl sv tr",
        "french": "eu fr",
        "german": "de",
        "greek": "el grc",
        "italian": "it",
        "polish": "pl",
        "portuguese": "pt",
        "spanish": "ca es gl",
    }.items()
    for tag in tags.split()
}
_OPTION = re.compile(r"^(?:[%#]|[A-Z]{4,})")
_HEX = re.compile(r"\^\^([0-9a-f]{2})")


@dataclass(frozen=True)
class Patterns:
    """The patterns of one language.

    `name` is safe as a file's. `text` holds the patterns with blanks between
    them. Where TeX's own are better, they come first (`rather_tex`).
    """

    name: str
    text: str
    rather_tex: bool = False


def patterns(tag: str) -> Patterns | None:
    """Give the patterns for a BCP 47 tag; None where there are none for the language."""
    subtags = tag.replace("-", "_").lower().split("_")
    for length in range(len(subtags), 0, -1):
        beginning = "_".join(subtags[:length])
        if beginning in _OTHERS:
            return None
        name = _NAMES.get(beginning) or (beginning if beginning in _AS_NAMED else None)
        if name is not None:
            rather_tex = bool({subtags[0], name.lower()} & _RATHER_TEX)
            return Patterns(name.replace("_", "-"), _read(name), rather_tex)
    return None


def breaks_words(tag: str) -> bool:
    """Tell whether a language's words may be broken, so that it needs patterns."""
    return tag.replace("_", "-").split("-")[0].lower() not in _UNBROKEN


def package(tag: str) -> str:
    """Name Debian's package with TeX's own patterns of a language."""
    return _PACKAGES.get(tag.replace("_", "-").split("-")[0].lower(), "texlive-lang-other")


@lru_cache(maxsize=16)
def _read(name: str) -> str:
    """Read a dictionary: its encoding on the first line, options, comments, patterns.

    Of two levels (Hunspell's hyphen(4), NEXTLEVEL) the second is Liang's; the
    first holds compounds, which TeX's algorithm cannot treat apart. Letters
    written as TeX's accents, in one dictionary, match nothing.
    """
    data = (files(DICTIONARIES) / f"hyph_{name}.dic").read_bytes()
    encoding, _, body = data.partition(b"\n")
    lines = body.decode(encoding.decode("ascii").strip()).splitlines()
    if "NEXTLEVEL" in lines:
        lines = lines[lines.index("NEXTLEVEL") + 1 :]
    kept = (line.strip() for line in lines if not _OPTION.match(line) and "\\" not in line)
    return " ".join(_pattern(line) for line in kept if line)


def _pattern(line: str) -> str:
    """Turn a line into TeX's pattern; a break that would change the spelling into none.

    Such a line says after its slash how the letters change. TeX's patterns
    cannot say that, so its break (an odd digit) is forbidden (the next even one).
    """
    letters = _HEX.sub(lambda match: chr(int(match[1], 16)), line)
    plain, slash, _ = letters.partition("/")
    if not slash:
        return plain
    return re.sub(r"[13579]", lambda digit: str(min(int(digit[0]) + 1, 8)), plain)
