"""Runs of text: joined where they look alike, in their language and direction."""

from __future__ import annotations

import re

from lxml import etree

from geppetto.docx.look import is_east_asian, tag
from geppetto.docx.xml import Element, make, q
from geppetto.terms import direction

RUN, TEXT, PROPERTIES = q("w:r"), q("w:t"), q("w:rPr")
# Unicode's blocks of scripts that run from right to left: Hebrew to Arabic Extended-A, their
# presentation forms, and the supplementary ones (UAX 9, table 4 and DerivedBidiClass.txt).
LEFTWARD = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
LETTER = re.compile(r"[^\W\d_]")
# What may stand behind `w:rtl` in a run's properties (ECMA-376 part 1, 17.3.2.28).
_BEHIND_RTL = (q("w:cs"), q("w:em"), q("w:lang"), q("w:eastAsianLayout"), q("w:specVanish"))


def tidy(root: Element) -> None:
    """Join runs of one look, then set their direction, and their language's kind of script."""
    for paragraph in root.iter(q("w:p")):
        for parent in [paragraph, *paragraph.findall(q("w:hyperlink"))]:
            _join(parent)
    for run in root.iter(RUN):
        _direct(run)
    for lang in root.iter(q("w:lang")):
        _spell(lang)
    for link in root.iter(q("w:hyperlink")):
        if link.get(q("w:anchor")) is not None:
            _quieten(link)


def _join(parent: Element) -> None:
    last, look = None, b""
    for run in list(parent):
        if run.tag != RUN or not _is_text(run):
            last = None
            continue
        known = run.find(PROPERTIES)
        shown = b"" if known is None else etree.tostring(known)
        if last is not None and look == shown:
            text, more = last.find(TEXT), run.find(TEXT)
            if text is not None and more is not None:
                text.text = f"{text.text or ''}{more.text or ''}"
                parent.remove(run)
                continue
        last, look = run, shown


def _is_text(run: Element) -> bool:
    rest = [child for child in run if child.tag != PROPERTIES]
    return len(rest) == 1 and rest[0].tag == TEXT


def _direct(run: Element) -> None:
    """Mark a run of which every letter runs from right to left: its marks and blanks follow."""
    words = "".join(text.text or "" for text in run.findall(TEXT))
    if not LEFTWARD.search(words):
        return
    if all(LEFTWARD.match(letter) for letter in LETTER.findall(words)):
        known = run.find(PROPERTIES)
        if known is None:
            known = make("rPr")
            run.insert(0, known)
        if known.find(q("w:rtl")) is None:
            behind = [child for child in known if child.tag in _BEHIND_RTL]
            known.insert(len(known) - len(behind), make("rtl"))


def _spell(lang: Element) -> None:
    """Say a language again for its kind of script, of which Word knows three."""
    said = lang.get(q("w:val"))
    if said is None:
        return
    lang.set(q("w:val"), tag(said))
    if is_east_asian(said):
        lang.set(q("w:eastAsia"), tag(said))
    elif direction(said) == "rtl":
        lang.set(q("w:bidi"), tag(said))


def _quieten(link: Element) -> None:
    for style in link.iter(q("w:rStyle")):
        if style.get(q("w:val")) == "Hyperlink":
            style.set(q("w:val"), "CrossReference")
