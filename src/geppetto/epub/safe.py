"""The EPUB for Kindle: the same pages without MathML, without SVG, without transparency.

Formulas that text can say become text, the others pictures with their TeX as
alternative text; drawings become PNG. Kindle's Enhanced Typesetting has neither
MathML nor SVG (KDP help, G75V4YX5X8GRGXWV).
"""

from __future__ import annotations

import hashlib
import io
import posixpath
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lxml import etree
from PIL import Image

from geppetto.epub import plainmath
from geppetto.epub.holdings import DRAWN
from geppetto.epub.package import Resource
from geppetto.epub.pages import Page
from geppetto.epub.xhtml import MATHML, SVG, XHTML, Element
from geppetto.images import drawing, svg
from geppetto.model.formulas import Drawn, Formula

KIND = "image/svg+xml"
FOLDER = "images"
OURS = frozenset({"image/jpeg", "image/png", "image/gif"})
_PIXELS_TO_EM = 16
Draw = Callable[[Sequence[Formula]], Mapping[Formula, Drawn]]


@dataclass(frozen=True)
class Drawer:
    """What draws formulas; `sources` are those of the book, by how a page spells them on one line."""

    draw: Draw
    sources: Mapping[str, str]


def is_needed(epub: Path) -> bool:
    """Tell whether a finished EPUB holds what Kindle does not show: MathML, SVG, see-through images.

    If not, the EPUB serves as it is.

    Raises:
        zipfile.BadZipFile: the file is no EPUB.
    """
    with zipfile.ZipFile(epub) as archive:
        for name in archive.namelist():
            data = archive.read(name)
            if name.endswith(".svg") or (name.endswith(".xhtml") and _has_foreign(data)):
                return True
            if posixpath.splitext(name)[1] in {".png", ".gif", ".webp"} and not _is_plain(data):
                return True
    return False


def _has_foreign(data: bytes) -> bool:
    return MATHML.encode() in data or SVG.encode() in data


def made(
    pages: Sequence[Page], resources: Sequence[Resource], drawer: Drawer
) -> tuple[list[Page], list[Resource]]:
    """Give the pages and the files beside them as Kindle takes them."""
    plain = {one.name: _plain(one) for one in resources}
    sizes = {one.name: svg.size(one.data) for one in resources if one.kind == KIND}
    renamed = {name: one.name for name, one in plain.items() if name != one.name}
    trees = {
        page.name: etree.fromstring(page.markup.encode())
        for page in pages
        if _is_changed(page, renamed)
    }
    drawn = drawer.draw(_wanted(trees.values(), drawer))
    more: dict[str, Resource] = {}
    done = [
        _rewritten(page, trees[page.name], _Change(page.name, drawer, drawn, renamed, sizes, more))
        if page.name in trees
        else page
        for page in pages
    ]
    kept = [_styled(one, renamed) for one in plain.values()]
    return done, [*kept, *(more[name] for name in sorted(more))]


def _is_changed(page: Page, renamed: Mapping[str, str]) -> bool:
    return bool(
        page.holdings.formulas
        or page.holdings.drawings
        or any(posixpath.basename(name) in page.markup for name in renamed)
    )


def _wanted(trees: Iterable[Element], drawer: Drawer) -> list[Formula]:
    """Give the formulas that have to be drawn."""
    found = []
    for tree in trees:
        for math in tree.iter(f"{{{MATHML}}}math"):
            formula = _formula(math, drawer)
            if formula is not None and _spelled(formula) is None:
                found.append(formula)
    return list(dict.fromkeys(found))


def _formula(math: Element, drawer: Drawer) -> Formula | None:
    """Give a formula of the book's; None for an author's own MathML."""
    source = drawer.sources.get(math.get("alttext", ""))
    return None if source is None else Formula(source, math.get("display") == "block")


def _spelled(formula: Formula) -> Element | None:
    return None if formula.display else plainmath.spelled(formula.source)


@dataclass(frozen=True)
class _Change:
    """What the elements of one page become, and the pictures that come with them (`more`)."""

    page: str
    drawer: Drawer
    drawn: Mapping[Formula, Drawn]
    renamed: Mapping[str, str]
    sizes: Mapping[str, tuple[float, float]]
    more: dict[str, Resource]

    def math(self, math: Element) -> Element:
        """Give text or a picture for a formula."""
        formula = _formula(math, self.drawer)
        said = math.get("alttext", "")
        if formula is None:
            span = etree.Element(f"{{{XHTML}}}span", {"class": DRAWN})
            span.text = said
            return span
        spelled = _spelled(formula)
        if spelled is not None:
            spelled.set("class", DRAWN)
            spelled.set("data-tex", said)
            return spelled
        drawn = self.drawn[formula]
        style = f"width: {drawn.width:.3f}em; height: {drawn.height:.3f}em"
        if not formula.display:
            style += f"; vertical-align: {-drawn.depth:.3f}em"
        kind = f"{DRAWN} display" if formula.display else DRAWN
        return self._image(drawn.png, "formula", {"class": kind, "alt": said, "style": style})

    def svg(self, element: Element) -> Element:
        """Give a picture for a drawing in the page."""
        title = element.find(f"{{{SVG}}}title")
        data = etree.tostring(element, with_tail=False)
        width, _ = svg.size(data)
        words = " ".join("".join(map(str, title.itertext())).split()) if title is not None else ""
        attributes = {"alt": words, "style": f"width: {width / _PIXELS_TO_EM:.3f}em"}
        return self._image(drawing.to_png(data), "drawing", attributes)

    def img(self, element: Element) -> None:
        """Lead an image to its new file, and keep its size."""
        source = element.get("src", "")
        name = posixpath.normpath(posixpath.join(posixpath.dirname(self.page), source))
        if name not in self.renamed:
            return
        element.set(
            "src", source.replace(posixpath.basename(name), posixpath.basename(self.renamed[name]))
        )
        sized = "width" in element.attrib or "width" in (element.get("style") or "")
        if name in self.sizes and not sized and "height" not in (element.get("style") or ""):
            width = self.sizes[name][0] / _PIXELS_TO_EM
            element.set(
                "style", "; ".join(filter(None, [element.get("style"), f"width: {width:.3f}em"]))
            )

    def _image(self, png: bytes, stem: str, attributes: Mapping[str, str]) -> Element:
        name = f"{FOLDER}/{stem}-{hashlib.sha256(png).hexdigest()[:8]}.png"
        self.more[name] = Resource(name, png, "image/png")
        source = posixpath.relpath(name, posixpath.dirname(self.page) or ".")
        return etree.Element(f"{{{XHTML}}}img", {"src": source, **attributes})


def _rewritten(page: Page, tree: Element, change: _Change) -> Page:
    held = page.holdings
    for element in list(tree.iter(f"{{{MATHML}}}math")):
        _replace(element, change.math(element))
    for element in [e for e in tree.iter(f"{{{SVG}}}svg") if e.getparent() is not None]:
        if not any(above.tag == f"{{{SVG}}}svg" for above in element.iterancestors()):
            _replace(element, change.svg(element))
    for element in tree.iter(f"{{{XHTML}}}img"):
        change.img(element)
    etree.cleanup_namespaces(tree, keep_ns_prefixes=["epub"])
    pictures = tree.iter(f"{{{XHTML}}}img")
    drawn = sum(DRAWN in (i.get("class") or "").split() for i in pictures)
    holdings = replace(held, formulas=0, drawings=0, drawn=drawn, images=held.images + drawn)
    head = page.markup[: page.markup.index("<html")]
    return replace(page, markup=head + etree.tostring(tree, encoding="unicode"), holdings=holdings)


def _replace(old: Element, new: Element) -> None:
    parent = old.getparent()
    if parent is not None:
        new.tail, old.tail = old.tail, None
        parent.replace(old, new)


def _plain(one: Resource) -> Resource:
    """Give a file as Kindle takes it: a drawing drawn, a picture without transparency."""
    if one.kind == KIND:
        name = posixpath.splitext(one.name)[0] + ".png"
        return replace(one, name=name, data=drawing.to_png(one.data), kind="image/png")
    if not one.kind.startswith("image/") or (one.kind in OURS and _is_plain(one.data)):
        return one
    name = posixpath.splitext(one.name)[0] + ".png"
    return replace(one, name=name, data=_opaque(one.data), kind="image/png")


def _is_plain(data: bytes) -> bool:
    with Image.open(io.BytesIO(data)) as image:
        return "A" not in image.getbands() and "transparency" not in image.info


def _opaque(data: bytes) -> bytes:
    """Put a picture's first frame on white."""
    with Image.open(io.BytesIO(data)) as image:
        dpi = image.info.get("dpi")
        layered = image.convert("RGBA")
        flat = Image.new("RGB", layered.size, "white")
        flat.paste(layered, mask=layered.getchannel("A"))
    out = io.BytesIO()
    flat.save(out, "PNG", optimize=True, **({"dpi": dpi} if dpi else {}))
    return out.getvalue()


def _styled(one: Resource, renamed: Mapping[str, str]) -> Resource:
    if one.kind != "text/css":
        return one
    text = one.data.decode()
    for old, new in renamed.items():
        text = text.replace(f'"{posixpath.basename(old)}"', f'"{posixpath.basename(new)}"')
    return replace(one, data=text.encode())
