"""Which characters are emoji, and which of them are one picture together.

Unicode Technical Standard #51, revision 25 (2023): the property
Emoji_Presentation of emoji-data.txt, and the sequences of section 1.4. A sign
that Unicode sets as text by default (a heart, a telephone) is an emoji only
where U+FE0F follows.
"""

from __future__ import annotations

import re

KEYCAP = "\u20e3"
PICTURE = "\ufe0f"
# Emoji_Presentation=Yes below U+1F000, and the letters of flags apart.
_PRESENTED = (
    "\u231a\u231b\u23e9-\u23ec\u23f0\u23f3\u25fd\u25fe\u2614\u2615\u2648-\u2653\u267f\u2693"
    "\u26a1\u26aa\u26ab\u26bd\u26be\u26c4\u26c5\u26ce\u26d4\u26ea\u26f2\u26f3\u26f5\u26fa\u26fd"
    "\u2705\u270a\u270b\u2728\u274c\u274e\u2753-\u2755\u2757\u2795-\u2797\u27b0\u27bf\u2b1b\u2b1c"
    "\u2b50\u2b55\U0001f004\U0001f0cf\U0001f18e\U0001f191-\U0001f19a\U0001f201\U0001f21a\U0001f22f"
    "\U0001f232-\U0001f236\U0001f238-\U0001f23a\U0001f250\U0001f251\U0001f300-\U0001faff"
)
_FLAG = "\U0001f1e6-\U0001f1ff"
_SIGN = "\u00a9\u00ae\u203c-\u3299"
_ELEMENT = (
    f"(?:[{_PRESENTED}]{PICTURE}?|[{_SIGN}]{PICTURE})"
    "[\U0001f3fb-\U0001f3ff]?(?:[\U000e0020-\U000e007e]+\U000e007f)?"
)
SEQUENCE = re.compile(
    f"[{_FLAG}]{{2}}|[0-9#*]{PICTURE}?{KEYCAP}"
    f"|{_ELEMENT}(?:\u200d(?:{_ELEMENT}|[{_SIGN}]))*|[{_FLAG}]"
)
_SINGLE = re.compile(f"[{_PRESENTED}{_FLAG}{KEYCAP}]")


def is_emoji(character: str) -> bool:
    """Tell whether a character is a picture by itself, or makes one of what stands before it."""
    return _SINGLE.fullmatch(character) is not None
