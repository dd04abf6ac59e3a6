"""The languages of a book, as babel names them and finds their data.

babel's `.ini` files come with LaTeX itself; their tags are BCP 47's. Names are
babel's own where it has one (babel manual, "Languages supported"), since they
select its caption names and hyphenation rules.
"""

from __future__ import annotations

from dataclasses import dataclass

BABEL: dict[str, tuple[str, str]] = {
    "af": ("afrikaans", "af"),
    "ar": ("arabic", "ar"),
    "be": ("belarusian", "be"),
    "bg": ("bulgarian", "bg"),
    "bn": ("bengali", "bn"),
    "br": ("breton", "br"),
    "bs": ("bosnian", "bs"),
    "ca": ("catalan", "ca"),
    "cs": ("czech", "cs"),
    "cy": ("welsh", "cy"),
    "da": ("danish", "da"),
    "de": ("ngerman", "de"),
    "de-AT": ("naustrian", "de-AT"),
    "de-CH": ("nswissgerman", "de-CH"),
    "el": ("greek", "el"),
    "el-polyton": ("polutonikogreek", "el-polyton"),
    "en": ("english", "en"),
    "en-AU": ("australian", "en-AU"),
    "en-CA": ("canadian", "en-CA"),
    "en-GB": ("british", "en-GB"),
    "en-NZ": ("newzealand", "en-NZ"),
    "en-US": ("american", "en-US"),
    "eo": ("esperanto", "eo"),
    "es": ("spanish", "es"),
    "et": ("estonian", "et"),
    "eu": ("basque", "eu"),
    "fa": ("persian", "fa"),
    "fi": ("finnish", "fi"),
    "fr": ("french", "fr"),
    "fur": ("friulian", "fur"),
    "ga": ("irish", "ga"),
    "gd": ("scottish", "gd"),
    "gl": ("galician", "gl"),
    "grc": ("ancientgreek", "grc"),
    "he": ("hebrew", "he"),
    "hi": ("hindi", "hi"),
    "hr": ("croatian", "hr"),
    "hu": ("magyar", "hu"),
    "hy": ("armenian", "hy"),
    "ia": ("interlingua", "ia"),
    "id": ("indonesian", "id"),
    "is": ("icelandic", "is"),
    "it": ("italian", "it"),
    "ja": ("japanese", "ja"),
    "ka": ("georgian", "ka"),
    "ko": ("korean", "ko"),
    "la": ("latin", "la"),
    "lt": ("lithuanian", "lt"),
    "lv": ("latvian", "lv"),
    "mk": ("macedonian", "mk"),
    "mn": ("mongolian", "mn"),
    "mr": ("marathi", "mr"),
    "ms": ("malay", "ms"),
    "nb": ("norsk", "nb"),
    "nl": ("dutch", "nl"),
    "nn": ("nynorsk", "nn"),
    "no": ("norsk", "nb"),
    "oc": ("occitan", "oc"),
    "pl": ("polish", "pl"),
    "pt": ("portuguese", "pt"),
    "pt-BR": ("brazilian", "pt-BR"),
    "ro": ("romanian", "ro"),
    "ru": ("russian", "ru"),
    "sa": ("sanskrit", "sa"),
    "sk": ("slovak", "sk"),
    "sl": ("slovene", "sl"),
    "sq": ("albanian", "sq"),
    "sr": ("serbian", "sr"),
    "sv": ("swedish", "sv"),
    "syr": ("syriac", "syr"),
    "ta": ("tamil", "ta"),
    "te": ("telugu", "te"),
    "th": ("thai", "th"),
    "tr": ("turkish", "tr"),
    "uk": ("ukrainian", "uk"),
    "ur": ("urdu", "ur"),
    "vi": ("vietnamese", "vi"),
    "zh": ("chinese", "zh"),
    "zh-TW": ("chinese-traditional", "zh-Hant"),
    "zh-HK": ("chinese-traditional", "zh-Hant"),
    "zh-Hant": ("chinese-traditional", "zh-Hant"),
}
# Languages that babel has data for, too, under no name that anything depends on.
_OTHERS = """
am as az ce ckb cop cu dsb ee fo fy gu ha haw hsb ig kk km kmr kn ky lb lo mg ml mt my ne om or
os pa ps qu rm rn rw se sg si so sw ti tk to uz yi yo zu
"""
OTHERS = frozenset(_OTHERS.split())
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "syr", "ur", "yi", "ps", "ckb", "dv", "ug", "sd"})
IDEOGRAPHIC = frozenset({"zh", "ja", "ko"})


@dataclass(frozen=True, order=True)
class Language:
    """A language as babel knows it: its name, and the tag of its `.ini` (None: it has none)."""

    name: str
    ini: str | None
    right_to_left: bool = False


def language(tag: str) -> Language:
    """Find babel's language for a BCP 47 tag; the longest known beginning of the tag wins.

    A language that babel has no data for gets a name of its own, without
    hyphenation rules, so that no other language's are used for it. One that
    runs from right to left takes its direction from Arabic.
    """
    subtags = tag.replace("_", "-").split("-")
    subtags = [subtags[0].lower(), *(_cased(s) for s in subtags[1:])]
    rtl = subtags[0] in RIGHT_TO_LEFT
    for length in range(len(subtags), 0, -1):
        known = BABEL.get("-".join(subtags[:length]))
        if known is not None:
            return Language(*known, right_to_left=rtl)
    letters = "".join(c for c in subtags[0] if c.isascii() and c.isalpha())
    ini = letters if letters in OTHERS else "ar" if rtl else None
    return Language(f"x{letters or 'unknown'}", ini, rtl)


def _cased(subtag: str) -> str:
    if len(subtag) == 2:
        return subtag.upper()
    return subtag.title() if len(subtag) == 4 else subtag.lower()


def tag_of(lang: str) -> str:
    """Give a language's tag as the PDF is to have it, without what no tag holds (BCP 47, 2.1)."""
    return "".join(c for c in lang if c.isascii() and (c.isalnum() or c == "-"))
