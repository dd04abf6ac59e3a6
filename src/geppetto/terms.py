"""The words and marks the tool itself sets, in the book's language.

Forms are those of babel's caption names and of CLDR 46 (quotation marks, list
patterns), and, for cross-references, of each language's own printed usage. A
language that is not here gets the English words, never a mixture.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Terms:
    """Words for the generated parts of a book; pairs are singular and plural."""

    contents: str
    chapter: tuple[str, str]
    appendix: tuple[str, str]
    section: tuple[str, str]
    figure: tuple[str, str]
    table: tuple[str, str]
    equation: tuple[str, str]
    listing: tuple[str, str]
    part: str
    bibliography: str
    notes: str
    cover: str
    title_page: str
    imprint: str
    landmarks: str
    pages: str
    conjunction: str
    quotes: tuple[str, str, str, str] = ("“", "”", "‘", "’")
    note: str = "Note"
    tip: str = "Tip"
    warning: str = "Warning"
    important: str = "Important"
    caution: str = "Caution"
    # What stands before the names of editors, translators, illustrators, other contributors:
    # in languages that inflect names, a noun and a colon.
    credits: tuple[str, str, str, str] = (
        "Edited by", "Translated by", "Illustrated by", "With contributions by",
    )  # fmt: skip


ENGLISH = Terms(
    "Contents", ("Chapter", "Chapters"), ("Appendix", "Appendices"), ("Section", "Sections"),
    ("Figure", "Figures"), ("Table", "Tables"), ("Equation", "Equations"), ("Listing", "Listings"),
    "Part", "Bibliography", "Notes", "Cover", "Title page", "Imprint", "Landmarks", "Pages", "and",
)  # fmt: skip

LANGUAGES: dict[str, Terms] = {
    "en": ENGLISH,
    "de": Terms(
        "Inhalt", ("Kapitel", "Kapitel"), ("Anhang", "Anhänge"), ("Abschnitt", "Abschnitte"),
        ("Abbildung", "Abbildungen"), ("Tabelle", "Tabellen"), ("Gleichung", "Gleichungen"),
        ("Listing", "Listings"), "Teil", "Literatur", "Anmerkungen", "Umschlag", "Titelseite",
        "Impressum", "Orientierungspunkte", "Seiten", "und", ("„", "“", "‚", "‘"),
        "Hinweis", "Tipp", "Warnung", "Wichtig", "Vorsicht",
        credits=("Herausgegeben von", "Übersetzt von", "Illustriert von", "Mit Beiträgen von"),
    ),
    "fr": Terms(
        "Table des matières", ("chapitre", "chapitres"), ("annexe", "annexes"),
        ("section", "sections"), ("figure", "figures"), ("tableau", "tableaux"),
        ("équation", "équations"), ("listing", "listings"), "Partie", "Bibliographie", "Notes",
        "Couverture", "Page de titre", "Mentions légales", "Repères", "Pages", "et",
        ("«\u202f", "\u202f»", "“", "”"), "Note", "Conseil", "Avertissement", "Important",
        "Attention",
        credits=("Sous la direction de", "Traduit par", "Illustré par", "Avec la collaboration de"),
    ),
    "es": Terms(
        "Índice", ("capítulo", "capítulos"), ("apéndice", "apéndices"), ("sección", "secciones"),
        ("figura", "figuras"), ("tabla", "tablas"), ("ecuación", "ecuaciones"),
        ("listado", "listados"), "Parte", "Bibliografía", "Notas", "Cubierta", "Portada",
        "Créditos", "Puntos de referencia", "Páginas", "y", ("«", "»", "“", "”"), "Nota",
        "Consejo", "Advertencia", "Importante", "Precaución",
        credits=("Edición de", "Traducción de", "Ilustraciones de", "Con la colaboración de"),
    ),
    "it": Terms(
        "Indice", ("capitolo", "capitoli"), ("appendice", "appendici"), ("sezione", "sezioni"),
        ("figura", "figure"), ("tabella", "tabelle"), ("equazione", "equazioni"),
        ("listato", "listati"), "Parte", "Bibliografia", "Note", "Copertina", "Frontespizio",
        "Colophon", "Punti di riferimento", "Pagine", "e", ("«", "»", "“", "”"), "Nota",
        "Suggerimento", "Avviso", "Importante", "Attenzione",
        credits=("A cura di", "Traduzione di", "Illustrazioni di", "Con contributi di"),
    ),
    "pt": Terms(
        "Índice", ("capítulo", "capítulos"), ("apêndice", "apêndices"), ("secção", "secções"),
        ("figura", "figuras"), ("tabela", "tabelas"), ("equação", "equações"),
        ("listagem", "listagens"), "Parte", "Bibliografia", "Notas", "Capa", "Folha de rosto",
        "Ficha técnica", "Pontos de referência", "Páginas", "e", ("“", "”", "‘", "’"), "Nota",
        "Dica", "Aviso", "Importante", "Cuidado",
        credits=("Organização de", "Tradução de", "Ilustrações de", "Com a colaboração de"),
    ),
    "nl": Terms(
        "Inhoud", ("hoofdstuk", "hoofdstukken"), ("bijlage", "bijlagen"),
        ("paragraaf", "paragrafen"), ("figuur", "figuren"), ("tabel", "tabellen"),
        ("vergelijking", "vergelijkingen"), ("listing", "listings"), "Deel", "Bibliografie",
        "Noten", "Omslag", "Titelpagina", "Colofon", "Oriëntatiepunten", "Pagina’s", "en",
        ("“", "”", "‘", "’"), "Opmerking", "Tip", "Waarschuwing", "Belangrijk", "Let op",
        credits=("Onder redactie van", "Vertaald door", "Geïllustreerd door", "Met bijdragen van"),
    ),
    "pl": Terms(
        "Spis treści", ("rozdział", "rozdziały"), ("dodatek", "dodatki"), ("sekcja", "sekcje"),
        ("rysunek", "rysunki"), ("tabela", "tabele"), ("równanie", "równania"),
        ("listing", "listingi"), "Część", "Bibliografia", "Przypisy", "Okładka",
        "Strona tytułowa", "Stopka redakcyjna", "Punkty orientacyjne", "Strony", "i",
        ("„", "”", "«", "»"), "Uwaga", "Wskazówka", "Ostrzeżenie", "Ważne", "Ostrożnie",
        credits=("Redakcja:", "Przekład:", "Ilustracje:", "Współpraca:"),
    ),
    "ru": Terms(
        "Оглавление", ("глава", "главы"), ("приложение", "приложения"), ("раздел", "разделы"),
        ("рисунок", "рисунки"), ("таблица", "таблицы"), ("уравнение", "уравнения"),
        ("листинг", "листинги"), "Часть", "Литература", "Примечания", "Обложка",
        "Титульный лист", "Выходные данные", "Ориентиры", "Страницы", "и", ("«", "»", "„", "“"),
        "Примечание", "Совет", "Предупреждение", "Важно", "Осторожно",
        credits=("Редактор:", "Перевод:", "Иллюстрации:", "При участии:"),
    ),
    "el": Terms(
        "Περιεχόμενα", ("κεφάλαιο", "κεφάλαια"), ("παράρτημα", "παραρτήματα"),
        ("ενότητα", "ενότητες"), ("σχήμα", "σχήματα"), ("πίνακας", "πίνακες"),
        ("εξίσωση", "εξισώσεις"), ("λίστα", "λίστες"), "Μέρος", "Βιβλιογραφία", "Σημειώσεις",
        "Εξώφυλλο", "Σελίδα τίτλου", "Στοιχεία έκδοσης", "Ορόσημα", "Σελίδες", "και",
        ("«", "»", "“", "”"), "Σημείωση", "Συμβουλή", "Προειδοποίηση", "Σημαντικό", "Προσοχή",
        credits=("Επιμέλεια:", "Μετάφραση:", "Εικονογράφηση:", "Συμμετοχή:"),
    ),
    "zh": Terms(
        "目录", ("章", "章"), ("附录", "附录"), ("节", "节"), ("图", "图"), ("表", "表"),
        ("式", "式"), ("代码", "代码"), "部分", "参考文献", "注释", "封面", "扉页", "版权页",
        "地标", "页码", "和", ("“", "”", "‘", "’"), "注", "提示", "警告", "重要", "小心",
        credits=("编者：", "译者：", "插图：", "撰稿："),
    ),
    "ja": Terms(
        "目次", ("章", "章"), ("付録", "付録"), ("節", "節"), ("図", "図"), ("表", "表"),
        ("式", "式"), ("コード", "コード"), "部", "参考文献", "注", "表紙", "扉", "奥付",
        "ランドマーク", "ページ", "と", ("「", "」", "『", "』"), "注", "ヒント", "警告", "重要",
        "注意",
        credits=("編：", "訳：", "挿絵：", "執筆："),
    ),
}  # fmt: skip

SWISS = {"de-ch": ("«", "»", "‹", "›"), "fr-ch": ("«", "»", "‹", "›")}
OTHER_QUOTES = {
    "sv": ("”", "”", "’", "’"), "fi": ("”", "”", "’", "’"), "da": ("“", "”", "‘", "’"),
    "nb": ("«", "»", "‘", "’"), "no": ("«", "»", "‘", "’"), "nn": ("«", "»", "‘", "’"),
    "cs": ("„", "“", "‚", "‘"), "sk": ("„", "“", "‚", "‘"), "hu": ("„", "”", "»", "«"),
    "uk": ("«", "»", "„", "“"), "bg": ("„", "“", "‘", "’"), "ro": ("„", "”", "«", "»"),
    "tr": ("“", "”", "‘", "’"), "la": ("“", "”", "‘", "’"), "ca": ("«", "»", "“", "”"),
    "fa": ("«", "»", "‹", "›"), "he": ("”", "”", "’", "’"), "ar": ("”", "“", "’", "‘"),
    "hr": ("„", "”", "‚", "’"), "sl": ("„", "“", "‚", "‘"), "ko": ("“", "”", "‘", "’"),
}  # fmt: skip

RIGHT_TO_LEFT = frozenset(
    {"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"}
)


def terms(lang: str) -> Terms:
    """Give the words of a language (BCP 47 tag), or the English ones."""
    return LANGUAGES.get(lang.split("-", maxsplit=1)[0].lower(), ENGLISH)


def quotes(lang: str) -> tuple[str, str, str, str]:
    """Give a language's quotation marks: outer pair, inner pair.

    Straight double quotes in the source become the outer pair, single ones
    the inner pair.
    """
    base = lang.split("-", maxsplit=1)[0].lower()
    if lang.lower() in SWISS:
        return SWISS[lang.lower()]
    if base in LANGUAGES:
        return LANGUAGES[base].quotes
    return OTHER_QUOTES.get(base, ENGLISH.quotes)


def direction(lang: str) -> str:
    """Give the direction in which a language is written: "ltr" or "rtl"."""
    subtags = lang.lower().split("-")
    if {"arab", "hebr", "thaa", "syrc"} & set(subtags):
        return "rtl"
    return "rtl" if subtags[0] in RIGHT_TO_LEFT and "latn" not in subtags else "ltr"
