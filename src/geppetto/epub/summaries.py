"""The sentences of an EPUB's accessibility summary, in each language that Geppetto has words of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sentences:
    """What may be said of a book; `drawn` is of formulas that are pictures."""

    flow: str
    described: str
    undescribed: str
    formulas: str
    drawn: str
    pages: str


ENGLISH = Sentences(
    "The text can be reflowed, and its contents and headings can be navigated.",
    "All images have alternative text.",
    "Some images lack alternative text.",
    "Formulas are given as MathML, with their TeX source as alternative text.",
    "Formulas are pictures, with their TeX source as alternative text.",
    "The page numbers of the print edition are marked.",
)

LANGUAGES: dict[str, Sentences] = {
    "en": ENGLISH,
    "de": Sentences(
        "Der Text passt sich dem Bildschirm an; Inhalt und Überschriften sind ansteuerbar.",
        "Alle Bilder haben Alternativtexte.",
        "Einigen Bildern fehlen Alternativtexte.",
        "Formeln sind MathML, mit ihrem TeX-Quelltext als Alternativtext.",
        "Formeln sind Bilder, mit ihrem TeX-Quelltext als Alternativtext.",
        "Die Seitenzahlen der Druckausgabe sind markiert.",
    ),
    "fr": Sentences(
        "Le texte s’adapte à l’écran ; on peut naviguer par la table des matières et les titres.",
        "Toutes les images ont un texte de remplacement.",
        "Certaines images n’ont pas de texte de remplacement.",
        "Les formules sont en MathML, avec leur source TeX comme texte de remplacement.",
        "Les formules sont des images, avec leur source TeX comme texte de remplacement.",
        "Les numéros de page de l’édition imprimée sont indiqués.",
    ),
    "es": Sentences(
        "El texto se adapta a la pantalla; se puede navegar por el índice y los títulos.",
        "Todas las imágenes tienen texto alternativo.",
        "Algunas imágenes carecen de texto alternativo.",
        "Las fórmulas están en MathML, con su código TeX como texto alternativo.",
        "Las fórmulas son imágenes, con su código TeX como texto alternativo.",
        "Los números de página de la edición impresa están marcados.",
    ),
    "it": Sentences(
        "Il testo si adatta allo schermo; si può navigare per indice e titoli.",
        "Tutte le immagini hanno un testo alternativo.",
        "Alcune immagini sono prive di testo alternativo.",
        "Le formule sono in MathML, con il sorgente TeX come testo alternativo.",
        "Le formule sono immagini, con il sorgente TeX come testo alternativo.",
        "I numeri di pagina dell’edizione a stampa sono indicati.",
    ),
    "pt": Sentences(
        "O texto adapta-se ao ecrã; é possível navegar pelo índice e pelos títulos.",
        "Todas as imagens têm texto alternativo.",
        "Algumas imagens não têm texto alternativo.",
        "As fórmulas estão em MathML, com o código TeX como texto alternativo.",
        "As fórmulas são imagens, com o código TeX como texto alternativo.",
        "Os números de página da edição impressa estão assinalados.",
    ),
    "nl": Sentences(
        "De tekst past zich aan het scherm aan; inhoud en koppen zijn navigeerbaar.",
        "Alle afbeeldingen hebben een alternatieve tekst.",
        "Sommige afbeeldingen hebben geen alternatieve tekst.",
        "Formules zijn MathML, met hun TeX-bron als alternatieve tekst.",
        "Formules zijn afbeeldingen, met hun TeX-bron als alternatieve tekst.",
        "De paginanummers van de gedrukte uitgave zijn gemarkeerd.",
    ),
    "pl": Sentences(
        "Tekst dopasowuje się do ekranu; można poruszać się po spisie treści i nagłówkach.",
        "Wszystkie obrazy mają tekst alternatywny.",
        "Niektóre obrazy nie mają tekstu alternatywnego.",
        "Wzory zapisano w MathML, z kodem TeX jako tekstem alternatywnym.",
        "Wzory są obrazami, z kodem TeX jako tekstem alternatywnym.",
        "Zaznaczono numery stron wydania drukowanego.",
    ),
    "ru": Sentences(
        "Текст подстраивается под экран; возможна навигация по оглавлению и заголовкам.",
        "Все изображения имеют альтернативный текст.",
        "У некоторых изображений нет альтернативного текста.",
        "Формулы даны в MathML, исходный код TeX служит альтернативным текстом.",
        "Формулы даны изображениями, исходный код TeX служит альтернативным текстом.",
        "Отмечены номера страниц печатного издания.",
    ),
    "el": Sentences(
        "Το κείμενο προσαρμόζεται στην οθόνη· η πλοήγηση γίνεται από τα περιεχόμενα και τους τίτλους.",
        "Όλες οι εικόνες έχουν εναλλακτικό κείμενο.",
        "Ορισμένες εικόνες δεν έχουν εναλλακτικό κείμενο.",
        "Οι τύποι δίνονται σε MathML, με τον κώδικα TeX ως εναλλακτικό κείμενο.",
        "Οι τύποι είναι εικόνες, με τον κώδικα TeX ως εναλλακτικό κείμενο.",
        "Οι αριθμοί σελίδων της έντυπης έκδοσης είναι σημειωμένοι.",
    ),
    "zh": Sentences(
        "文本可重新排版，并可按目录和标题浏览。",
        "所有图片均有替代文本。",
        "部分图片没有替代文本。",
        "公式采用 MathML，并以 TeX 源代码作为替代文本。",
        "公式为图片，并以 TeX 源代码作为替代文本。",
        "标有印刷版的页码。",
    ),
    "ja": Sentences(
        "本文はリフロー表示でき、目次と見出しで移動できます。",
        "すべての画像に代替テキストがあります。",
        "代替テキストのない画像があります。",
        "数式は MathML で、TeX ソースを代替テキストとしています。",
        "数式は画像で、TeX ソースを代替テキストとしています。",
        "印刷版のページ番号が示されています。",
    ),
}


def sentences(lang: str) -> tuple[str, Sentences]:
    """Give the sentences of a language (BCP 47 tag), or the English ones, and whose they are."""
    base = lang.split("-", maxsplit=1)[0].lower()
    return (lang, LANGUAGES[base]) if base in LANGUAGES else ("en", ENGLISH)
