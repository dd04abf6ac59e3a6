"""Books for covers: short and long, in many scripts."""

from __future__ import annotations

from geppetto.covers.order import Order
from geppetto.covers.texts import Texts

LONG = (
    "The Extraordinary and Altogether Improbable History of the Puppet Theatre in Bohemia, "
    "Moravia and Silesia from 1648 to the Present Day"
)
BLURB = ("A language model runs on into a world. Someone turns up in it. " * 6, "It talks back.")
BOOKS = {
    "plain": Texts("A Real Boy", "An essay", "Ann Author", "The Little Press", BLURB, "", "en"),
    "short": Texts("It", "", "", "", (), "", "en"),
    "long": Texts(
        LONG,
        "With an appendix on the making of strings, and a catalogue of marionettes",
        "Wilhelmina\u00a0Featherstonehaugh, Bartholomew\u00a0Cholmondeley-Warner, Ann\u00a0Author",
        "The Society for the History of the Theatre, in Commission",
        BLURB * 2,
        "",
        "en",
    ),
    "compound": Texts(
        "Donaudampfschifffahrtsgesellschaftskapitänsmütze",
        "Roman",
        "Max Müller",
        "",
        BLURB,
        "",
        "de",
    ),
    "cyrillic": Texts(
        "Преступление и наказание",
        "Роман в шести частях",
        "Фёдор Достоевский",
        "Издательство",
        ("Молодой человек вышел из своей каморки под вечер. " * 6,),
        "",
        "ru",
    ),
    "chinese": Texts(
        "红楼梦的叙事艺术与中国古典小说传统",
        "从曹雪芹到张爱玲",
        "王小明",
        "三联书店",
        ("《红楼梦》是中国古典小说的巅峰之作，本书重新审视其结构、视角与时间。" * 4,),
        "",
        "zh",
    ),
    "arabic": Texts(
        "ألف ليلة وليلة", "حكايات", "مؤلف مجهول", "دار النشر", ("كتاب للقراء. " * 30,), "", "ar"
    ),
    "hebrew": Texts(
        "מלחמה ושלום", "רומן", "לב טולסטוי", "הוצאה", ("ספר לקוראים. " * 30,), "", "he"
    ),
}
SEED = bytes(range(32))


class Even:
    """A typecase of one font in which every letter is as wide."""

    families = ("Even",)
    missing: frozenset[str] = frozenset()

    def ruler(self, *_, **__):
        """Give itself: it measures, too."""
        return self

    def width(self, text):
        """Half the size for every letter, all of it for a sign."""
        return sum(1.0 if ord(c) > 0x2E80 else 0.5 for c in text)

    def reach(self, _):
        """Say always the same."""
        return (-0.25, 0.75)


EVEN = Even()


def order(texts, design, seed=SEED, typecase=None):
    """Ask for a cover."""
    return Order(texts, design, seed, typecase or EVEN)
