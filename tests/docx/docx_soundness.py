"""Whether a DOCX is one that Word opens without repairing it: what ISO/IEC 29500 asks of its parts."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections import Counter

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
TEXTS = ("word/document.xml", "word/footnotes.xml")
# The order of children in the schema (wml.xsd): CT_PPr, CT_RPr, CT_SectPr, CT_TblPr, CT_TrPr, CT_TcPr.
ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers"
    " pBdr shd tabs suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE"
    " autoSpaceDN bidi adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents"
    " suppressOverlap jc textDirection textAlignment textboxTightWrap outlineLvl divId cnfStyle rPr"
    " sectPr pPrChange",
    "rPr": "ins del moveFrom moveTo rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint"
    " noProof snapToGrid vanish webHidden color spacing w kern position sz szCs highlight u effect"
    " bdr shd fitText vertAlign rtl cs em lang eastAsianLayout specVanish oMath",
    "sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc"
    " pgBorders lnNumType pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi"
    " rtlGutter docGrid printerSettings",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc"
    " tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText"
    " vAlign hideMark",
    "style": "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden"
    " unhideWhenUsed qFormat locked personal personalCompose personalReply rsid pPr rPr tblPr trPr"
    " tcPr tblStylePr",
    "lvl": "start numFmt lvlRestart pStyle isLgl suff lvlText lvlPicBulletId legacy lvlJc pPr rPr",
}


def parts(data: bytes) -> dict[str, bytes]:
    """Give the parts of a package."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def faults(data: bytes) -> list[str]:
    """Say everything that is wrong with a DOCX."""
    held = parts(data)
    trees = {
        name: etree.fromstring(content)
        for name, content in held.items()
        if name.endswith((".xml", ".rels"))
    }
    found = [*_types(held, trees), *_relations(held, trees), *_ordered(trees)]
    found += [*_numbers(trees), *_bookmarks(trees), *_styles(trees), *_notes(trees)]
    return found + _contents(trees)


def _types(held, trees):
    types = trees["[Content_Types].xml"]
    named = {one.get("PartName") for one in types.iter("{*}Override")}
    by = {one.get("Extension") for one in types.iter("{*}Default")}
    for name in held:
        by_suffix = name.rpartition(".")[2] in by and not name.endswith(".xml")
        if name != "[Content_Types].xml" and f"/{name}" not in named and not by_suffix:
            yield f"{name} has no content type"
    yield from (f"{name} is typed and missing" for name in named if name.lstrip("/") not in held)
    yield from _twice("content type", [one.get("PartName") for one in types.iter("{*}Override")])


def _relations(held, trees):
    for name, tree in trees.items():
        if not name.endswith(".rels"):
            continue
        folder = posixpath.dirname(posixpath.dirname(name))
        for one in tree:
            target = posixpath.normpath(posixpath.join(folder, one.get("Target")))
            if one.get("TargetMode") != "External" and target not in held:
                yield f"{name} leads to {target}, which is missing"
        ids = [one.get("Id") for one in tree]
        yield from _twice(f"relationship of {name}", ids)
        source = posixpath.join(folder, posixpath.basename(name).removesuffix(".rels"))
        if source in trees:
            used = {v for e in trees[source].iter() for k, v in e.attrib.items() if k.startswith(R)}
            yield from (f"{source} uses {one}, which {name} has not" for one in used - set(ids))


def _ordered(trees):
    for name, tree in trees.items():
        for element in tree.iter():
            if not isinstance(element.tag, str):
                yield f"{name} has {etree.tostring(element)!r}"
                continue
            order = ORDER.get(element.tag.removeprefix(W), "").split()
            if order and element.tag.startswith(W):
                found = [child.tag.removeprefix(W) for child in element]
                unknown = set(found) - set(order)
                places = [order.index(one) for one in found if one in order]
                if unknown or places != sorted(places):
                    yield f"{name}: <{element.tag.removeprefix(W)}> holds {found}"


def _numbers(trees):
    for name in TEXTS:
        for known in trees[name].iter(f"{W}pPr", f"{W}rPr", f"{W}tcPr", f"{W}trPr"):
            is_of_a_mark = known.getparent().tag == f"{W}pPr"  # a paragraph's end, last of its own
            if known.getprevious() is not None and not is_of_a_mark:
                yield f"{name}: <{known.tag.removeprefix(W)}> is not the first of its element"
    for kind in ("bookmarkStart", "bookmarkEnd"):
        ids = [e.get(f"{W}id") for n in TEXTS for e in trees[n].iter(f"{W}{kind}")]
        yield from _twice(kind, ids)
    pictures = [e.get("id") for n in TEXTS for e in trees[n].iter("{*}docPr")]
    yield from _twice("picture", pictures)


def _bookmarks(trees):
    names = [e.get(f"{W}name") for n in TEXTS for e in trees[n].iter(f"{W}bookmarkStart")]
    yield from _twice("bookmark", [name.lower() for name in names])
    yield from (f"the bookmark {name} is too long" for name in names if len(name) > 40)
    for name in TEXTS:
        starts, ends = (
            {e.get(f"{W}id") for e in trees[name].iter(f"{W}{kind}")}
            for kind in ("bookmarkStart", "bookmarkEnd")
        )
        yield from (f"{name}: bookmark {one} has one end" for one in starts ^ ends)
        for link in trees[name].iter(f"{W}hyperlink"):
            anchor = link.get(f"{W}anchor")
            if anchor is not None and anchor not in names:
                yield f"{name}: a link leads to {anchor}, which is no bookmark"
            if any(True for _ in link.iterancestors(f"{W}hyperlink")):
                yield f"{name}: a link stands in a link"


def _styles(trees):
    known = {e.get(f"{W}styleId") for e in trees["word/styles.xml"].iter(f"{W}style")}
    used = {
        e.get(f"{W}val")
        for tree in trees.values()
        for kind in ("pStyle", "rStyle", "tblStyle", "basedOn", "next", "link")
        for e in tree.iter(f"{W}{kind}")
    }
    yield from (f"the style {one} is used and not defined" for one in used - known)
    ids = [e.get(f"{W}styleId") for e in trees["word/styles.xml"].iter(f"{W}style")]
    yield from _twice("style", ids)


def _notes(trees):
    known = [e.get(f"{W}id") for e in trees["word/footnotes.xml"].iter(f"{W}footnote")]
    used = [e.get(f"{W}id") for e in trees["word/document.xml"].iter(f"{W}footnoteReference")]
    yield from _twice("note", known)
    yield from _twice("reference to a note", used)
    yield from (f"the note {one} is not there" for one in set(used) - set(known))
    if any(True for _ in trees["word/footnotes.xml"].iter(f"{W}footnoteReference")):
        yield "a note stands in a note"


def _contents(trees):
    found = []
    for name in TEXTS:
        for cell in trees[name].iter(f"{W}tc"):
            held = [e.tag for e in cell if e.tag not in {f"{W}bookmarkStart", f"{W}bookmarkEnd"}]
            if held[-1] != f"{W}p":
                found.append(f"{name}: a cell does not end with a paragraph")
        for table in trees[name].iter(f"{W}tbl"):
            following = table.getnext()
            if following is not None and following.tag == f"{W}tbl":
                found.append(f"{name}: two tables stand in a row")
        for level in trees[name].iter(f"{W}ilvl"):
            if not 0 <= int(level.get(f"{W}val")) <= 8:
                found.append(f"{name}: a list stands on level {level.get(f'{W}val')}")
    return found


def _twice(kind, values):
    yield from (
        f"the {kind} {one} is there {n} times" for one, n in Counter(values).items() if n > 1
    )
