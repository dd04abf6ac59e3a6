"""The words of a draft: on its sheet before the text, at the foot of its pages, in its outlines.

In the reviewer's language where it is one of these, else in English.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """What a draft says in a language; names in braces are put in.

    `months` are as they stand in a date, blanks between them, `day` says how its parts follow.
    """

    recipient: str
    revision: str
    changed: str
    chapters: str
    invitation: tuple[str, ...]
    months: str
    day: str


@dataclass(frozen=True)
class Sheet:
    """One copy's own words: its title, what it is, for whom, how remarks come home; the foot."""

    title: str
    heading: str
    lines: tuple[str, ...]
    invitation: tuple[str, ...]
    foot: str
    lang: str


ENGLISH = Words(
    "for {name}",
    "revision {revision}",
    "with changes that are not in it",
    "Chapters {chapters}",
    (
        "Mark what you like in the program in which you read this: highlight, strike out, write a note beside a passage. Then save the file and send it back. Every remark finds its line by itself.",
        "Or write a mail: the numbers in the margin, such as {example}, say where a passage stands. {example} is line {line} of chapter {chapter}.",
        "Spelling, facts, a sentence that you read twice, a page where you wanted to stop: all of it helps. Please do not pass the draft on.",
    ),
    "January February March April May June July August September October November December",
    "{day} {month} {year}",
)

CALLED = {
    "ar": "مسودة", "bg": "Чернова", "ca": "Esborrany", "cs": "Koncept", "da": "Udkast",
    "de": "Entwurf", "el": "Προσχέδιο", "en": "Draft", "es": "Borrador", "et": "Mustand",
    "fa": "پیش‌نویس", "fi": "Luonnos", "fr": "Épreuve", "he": "טיוטה", "hr": "Nacrt",
    "hu": "Tervezet", "it": "Bozza", "ja": "下書き", "ko": "초안", "nb": "Utkast",
    "nl": "Concept", "nn": "Utkast", "no": "Utkast", "pl": "Szkic", "pt": "Rascunho",
    "ro": "Ciornă", "ru": "Черновик", "sk": "Koncept", "sl": "Osnutek", "sv": "Utkast",
    "tr": "Taslak", "uk": "Чернетка", "zh": "草稿",
}  # fmt: skip
"""What a draft is called, by language."""

LANGUAGES: dict[str, Words] = {
    "en": ENGLISH,
    "de": Words(
        "für {name}",
        "Fassung {revision}",
        "mit Änderungen, die noch nicht darin sind",
        "Kapitel {chapters}",
        (
            "Merken Sie an, was Sie möchten, in dem Programm, in dem Sie dies lesen: hervorheben, durchstreichen, eine Notiz neben eine Stelle setzen. Speichern Sie dann die Datei und schicken Sie sie zurück. Jede Anmerkung findet ihre Zeile von selbst.",
            "Oder schreiben Sie eine Mail: Die Zahlen am Rand, etwa {example}, sagen, wo eine Stelle steht. {example} ist Zeile {line} von Kapitel {chapter}.",
            "Rechtschreibung, Tatsachen, ein Satz, den Sie zweimal lesen mussten, eine Seite, auf der Sie aufhören wollten: Alles hilft. Bitte geben Sie den Entwurf nicht weiter.",
        ),
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "{day}. {month} {year}",
    ),
    "fr": Words(
        "pour {name}",
        "révision {revision}",
        "avec des modifications qui n’y sont pas encore",
        "Chapitres {chapters}",
        (
            "Annotez ce que vous voulez dans le logiciel où vous lisez ceci : surlignez, barrez, ajoutez une note à côté d’un passage. Enregistrez ensuite le fichier et renvoyez-le. Chaque remarque retrouve d’elle-même sa ligne.",
            "Ou écrivez un courriel : les nombres en marge, comme {example}, disent où se trouve un passage. {example} est la ligne {line} du chapitre {chapter}.",
            "Orthographe, faits, une phrase qu’il a fallu relire, une page où vous auriez voulu vous arrêter : tout est utile. Merci de ne pas diffuser cette épreuve.",
        ),
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "{day} {month} {year}",
    ),
    "es": Words(
        "para {name}",
        "revisión {revision}",
        "con cambios que aún no figuran en ella",
        "Capítulos {chapters}",
        (
            "Anote lo que quiera en el programa en el que lee esto: resalte, tache, escriba una nota junto a un pasaje. Guarde después el archivo y devuélvalo. Cada observación encuentra su línea por sí sola.",
            "O escriba un correo: los números del margen, como {example}, dicen dónde está un pasaje. {example} es la línea {line} del capítulo {chapter}.",
            "Ortografía, datos, una frase que tuvo que leer dos veces, una página en la que quiso dejarlo: todo ayuda. Por favor, no difunda el borrador.",
        ),
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "{day} de {month} de {year}",
    ),
    "it": Words(
        "per {name}",
        "revisione {revision}",
        "con modifiche che ancora non contiene",
        "Capitoli {chapters}",
        (
            "Annoti ciò che vuole nel programma in cui legge: evidenzi, barri, scriva una nota accanto a un passo. Salvi poi il file e lo rimandi. Ogni osservazione ritrova da sé la sua riga.",
            "Oppure scriva una mail: i numeri a margine, come {example}, dicono dove si trova un passo. {example} è la riga {line} del capitolo {chapter}.",
            "Ortografia, fatti, una frase che ha dovuto rileggere, una pagina a cui avrebbe smesso: tutto serve. La preghiamo di non diffondere la bozza.",
        ),
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
        "{day} {month} {year}",
    ),
    "nl": Words(
        "voor {name}",
        "revisie {revision}",
        "met wijzigingen die daar nog niet in staan",
        "Hoofdstukken {chapters}",
        (
            "Teken aan wat u wilt in het programma waarin u dit leest: markeer, streep door, schrijf een notitie naast een passage. Sla het bestand dan op en stuur het terug. Elke opmerking vindt vanzelf haar regel.",
            "Of schrijf een mail: de getallen in de marge, zoals {example}, zeggen waar een passage staat. {example} is regel {line} van hoofdstuk {chapter}.",
            "Spelling, feiten, een zin die u twee keer las, een bladzijde waar u wilde ophouden: alles helpt. Geef het concept alstublieft niet door.",
        ),
        "januari februari maart april mei juni juli augustus september oktober november december",
        "{day} {month} {year}",
    ),
}


def words(lang: str) -> Words:
    """Give the words of a language (BCP 47 tag), or the English ones."""
    return LANGUAGES.get(lang.split("-", maxsplit=1)[0].lower(), ENGLISH)


def called(lang: str) -> str:
    """Give what a draft is called in a language, or in English."""
    return CALLED.get(lang.split("-", maxsplit=1)[0].lower(), CALLED["en"])


@dataclass(frozen=True)
class Given:
    """What a sheet is made from; `chapters` are those that the copy has, none if it has all.

    `example` is a chapter's label and a line in it.
    """

    title: str
    id: str
    date: str
    revision: str
    example: tuple[str, int]
    name: str = ""
    note: str = ""
    chapters: Sequence[str] = ()


def sheet(given: Given, lang: str) -> Sheet:
    """Give the words of one copy."""
    said, known = words(lang), lang.split("-", maxsplit=1)[0].lower() in LANGUAGES
    heading = f"{called(lang if known else 'en')} {given.id}"
    recipient = said.recipient.format(name=given.name) if given.name else ""
    revision = said.revision.format(revision=given.revision) if given.revision else ""
    if given.revision.endswith("+"):
        revision += f", {said.changed}"
    chapters = said.chapters.format(chapters=", ".join(given.chapters)) if given.chapters else ""
    date = day(given.date, lang)
    chapter, line = given.example
    put = {"example": f"{chapter}:{line}", "chapter": chapter, "line": line}
    invitation = [one.format(**put) for one in said.invitation]
    if given.note:
        invitation.insert(0, given.note)
    short = (heading, given.date, given.revision, recipient)
    return Sheet(
        title=given.title,
        heading=heading,
        lines=tuple(one for one in (recipient, date, revision, chapters) if one),
        invitation=tuple(invitation),
        foot=" · ".join(one for one in short if one),
        lang=lang if known else "en",
    )


def day(date: str, lang: str) -> str:
    """Give a day (ISO 8601) as it is written in a language."""
    at, said = datetime.date.fromisoformat(date), words(lang)
    return said.day.format(day=at.day, month=said.months.split()[at.month - 1], year=at.year)
