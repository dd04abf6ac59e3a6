"""The cover: the author's own image, or one made from book.yaml through a template."""

from __future__ import annotations

import io
from base64 import b64decode, b64encode
from pathlib import Path

from jinja2 import Environment
from PIL import Image

from geppetto import installed, store, templates
from geppetto.covers import front, panel, picture, rendering, texts
from geppetto.covers.order import Order
from geppetto.covers.picture import FORMATS
from geppetto.epub.package import Resource
from geppetto.fonts.ruler import Typecase
from geppetto.model.book import Book
from geppetto.store.shelf import NOTHING, Shelf, key

SIZE = (1600, 2560)  # what Kindle Direct Publishing asks for (help page G6GTK3T3NUHKLEFX, 2026-11)


def make(book: Book, environment: Environment, work: Path, shelf: Shelf = NOTHING) -> Resource:
    """Give the cover as a file for the package; `work` is a folder for files on the way."""
    own = picture.named(book.settings, ebook=True)
    if own is not None:
        data, kind = picture.given(book.root, own, work, SIZE)
    else:
        svg, kind = drawing(book, environment), "JPEG"
        name = key(installed.digest(), store.stamp(rendering.renderer()), svg)
        data = b64decode(shelf.made("cover", name, lambda: b64encode(_drawn(svg, work)).decode()))
    ending, media_type = FORMATS[kind]
    return Resource(f"cover.{ending}", data, media_type, "cover-image")


def drawing(book: Book, environment: Environment) -> str:
    """Draw the cover as SVG."""
    order = ordered(book)
    drawn = front.draw(order, panel.of_ebook(leftward=order.texts.leftward))
    return templates.render(environment, "cover/front.svg", **drawn.values)


def ordered(book: Book) -> Order:
    """Say what cover a book asks for."""
    settings = book.settings
    typecase = Typecase((settings.lang,))
    return Order(texts.of(settings), settings.cover.design, texts.seed(book), typecase)


def _drawn(svg: str, work: Path) -> bytes:
    """Render a drawing to the cover's size as JPEG."""
    with Image.open(io.BytesIO(rendering.to_png(svg.encode(), work, *SIZE))) as image:
        return picture.jpeg(image)


def frames(data: bytes) -> int:
    """Count an image's frames: more than one moves."""
    return picture.frames(data)
