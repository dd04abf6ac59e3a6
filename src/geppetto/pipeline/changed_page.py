"""What changed between two revisions as one HTML file that needs no other, and no scripts."""

from __future__ import annotations

import base64
import posixpath
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote

from lxml import etree
from markupsafe import Markup

from geppetto import images, pandoc, store, templates
from geppetto.ast import Block, Node, attr_of, rewrite
from geppetto.epub import chapters, dialect, finish, rawhtml, xhtml
from geppetto.epub.characters import NOTE, NOTEREF, names
from geppetto.epub.pages import language_values
from geppetto.epub.xhtml import XHTML, Element
from geppetto.model.book import Document, Resolved, Role
from geppetto.model.changes import mark_of
from geppetto.pipeline.edition import Made
from geppetto.progress import OnStep, Step
from geppetto.progress.count import Count, Tally
from geppetto.review.changes import showing, summary
from geppetto.terms import terms

MARKED = "geppetto-change-"
"""What the class begins with that carries a mark's kind through Pandoc."""
_H = f"{{{XHTML}}}"
Pictures = Mapping[str, tuple[str, bytes, str]]


def make(resolved: Resolved, folder: Path, on_step: OnStep) -> Made:
    """Make the page in a folder."""
    tally = Tally()
    count = Count(len(resolved.documents), "chapters", tally.done)
    on_step(Step("making the page", count))
    pictures, diagnostics = images.for_epub({**chapters.raw_images(resolved), **resolved.images})
    sources = {target: name for target, (name, _, _) in pictures.items()}
    prepared = {one.slug: _prepared(resolved, one, sources) for one in resolved.documents}
    root = etree.Element(f"{_H}div", nsmap=xhtml.NAMESPACES)
    by_slug = {one.slug: one for one in resolved.documents}
    written = dict(pandoc.write(prepared, "html", lang=resolved.book.settings.lang))
    for slug in prepared:
        tally.add()
        root.append(_section(by_slug[slug], written[slug]))
    data = _finished(root, resolved, pictures)
    file = folder / "changes.html"
    store.write_bytes(file, data)
    return Made("html", file, count.of, "chapters", tuple(diagnostics))


def _prepared(resolved: Resolved, document: Document, sources: Mapping[str, str]) -> list[Block]:
    """Give a document's blocks as Pandoc is to write them, each mark a span of a class."""
    place = posixpath.dirname(document.chapter.path) if document.chapter else ""

    def locate(source: str) -> str | None:
        named = (posixpath.normpath(posixpath.join(p, unquote(source))) for p in (place, ""))
        return next((sources[name] for name in named if name in sources), None)

    word = terms(resolved.book.settings.lang).appendix[0]
    appendix = word[:1].upper() + word[1:] if document.role is Role.APPENDIX else None
    blocks: list[Block] = rewrite(list(document.blocks), _classed)
    return dialect.prepare(
        blocks,
        appendix=appendix,
        images=dict(sources),
        tidy=lambda raw: rawhtml.tidy(raw, locate)[0],
    )


def _classed(node: Node) -> Node | None:
    """Give a mark its class, which nothing else has."""
    mark, attributes = mark_of(node), attr_of(node)
    if mark is not None:
        own = [node["c"][0][0], [f"{MARKED}{mark.kind}"], []]
        return {"t": node["t"], "c": [own, node["c"][1]]}
    if attributes is None or not any(name.startswith(MARKED) for name in attributes[1]):
        return None
    bare = [attributes[0], [n for n in attributes[1] if not n.startswith(MARKED)], attributes[2]]
    return {**node, "c": [bare if part is attributes else part for part in node["c"]]}


def _section(document: Document, markup: str) -> Element:
    """Give a document as a section, the identifiers of its notes its own."""
    tree, _ = xhtml.parse(markup, raw=dialect.holds_html(document.blocks))
    finish.structure(tree)
    tree.tag = f"{_H}section"
    for element in tree.iter("*"):
        for name, before in (("id", ""), ("href", "#")):
            value = element.get(name) or ""
            if _is_of_note(element) and value.startswith((before + NOTE, before + NOTEREF)):
                element.set(name, f"{value}-{document.slug}")
    return tree


def _is_of_note(element: Element) -> bool:
    classes = set((element.get("class") or "").split())
    return not classes.isdisjoint({"noteref", "footnote", "backlink"})


def _finished(root: Element, resolved: Resolved, pictures: Pictures) -> bytes:
    finish.connect(root, finish.Targets("", {}, names(resolved.homes)))
    inline = {name: _inline(data, kind) for name, data, kind in pictures.values()}
    for image in root.iter(f"{_H}img"):
        image.set("src", inline.get(image.get("src") or "", ""))
    _mark(root)
    _local(root)
    body = b"".join(etree.tostring(one, method="html", encoding="utf-8") for one in root)
    settings = resolved.book.settings
    page = templates.render(
        templates.xml_environment(resolved.book.root),
        "changes/page.html",
        heading=summary.TITLE,
        title=settings.title,
        content=Markup(body.decode()),  # noqa: S704 (serialised by lxml)
        **language_values(settings.lang),
    )
    return page.encode()


def _inline(data: bytes, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def _mark(root: Element) -> None:
    """Make marks `ins` and `del`; where a change begins, say where the ones around it are."""
    begun: list[Element] = []
    for element in list(root.iter(f"{_H}span")):
        kind = (element.get("class") or "").removeprefix(MARKED)
        if not (element.get("class") or "").startswith(MARKED):
            continue
        is_new = kind in {"inserted", "moved-to"}
        element.tag = f"{_H}ins" if is_new else f"{_H}del"
        element.set("class", kind)
        if (element.get("id") or "").startswith(showing.ANCHOR):
            begun.append(element)
    ends = [element.get("id") for element in begun]
    for at, element in enumerate(begun):
        before = ends[at - 1] if at else None
        after = ends[at + 1] if at + 1 < len(ends) else None
        _lead(element, before, after)


def _lead(element: Element, before: str | None, after: str | None) -> None:
    """Put links to the change before and the next behind the beginning of one."""
    steps = etree.Element(f"{_H}span", {"class": "steps"})
    for place, sign, words in ((before, "‹", "the change before"), (after, "›", "the next change")):
        if place is not None:
            link = etree.SubElement(steps, f"{_H}a", {"href": f"#{place}", "title": words})
            link.text = sign
    steps.tail, element.tail = element.tail, None
    element.addnext(steps)


def _local(root: Element) -> None:
    """Take the namespaces away: HTML knows its elements, MathML's and SVG's by their names."""
    for element in root.iter("*"):
        element.tag = etree.QName(element).localname
        for name in list(element.attrib):
            if str(name).startswith("{"):
                value = element.attrib.pop(name)
                if str(name).endswith("}href"):
                    element.set("href", value)
    etree.cleanup_namespaces(root)
