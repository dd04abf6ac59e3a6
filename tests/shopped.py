"""Small EPUBs for the stores' limits: one that every store takes, and ones that break a limit each."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from pathlib import Path

from PIL import Image

from geppetto import stores
from geppetto.diagnostics import Diagnostic
from geppetto.epub import shops
from geppetto.stores import Ebook

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="EPUB/content.opf"/></rootfiles></container>'
)
PAGE = (
    '<html xmlns="http://www.w3.org/1999/xhtml"><body>\n'
    '<p><img src="../images/one.png" alt="{alternative}"/>{more}</p></body></html>'
)
MATH = '<math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi></math>'


@dataclass(frozen=True)
class Made:
    """What the EPUB is made of."""

    picture: bytes
    cover: bytes
    kind: str = "image/png"
    alternative: str = "A square."
    more: str = ""
    pages: int = 4
    before: int = 0
    faults: int = 0


def picture(form: str, mode: str = "RGB", size: tuple[int, int] = (40, 30)) -> bytes:
    """Draw a picture of one colour."""
    out = io.BytesIO()
    Image.new(mode, size).save(out, form)
    return out.getvalue()


def words(count: int) -> str:
    """Give an alternative text of so many characters."""
    return ("A square, grey all over. " * (count // 20 + 1))[: count - 1] + "."


def good() -> Made:
    """Give what every store takes."""
    return Made(picture("PNG"), picture("JPEG", size=(1600, 2560)))


BREAKS: dict[str, Callable[[Made, Ebook], Made]] = {
    "checker": lambda made, _: replace(made, faults=2),
    "bytes": lambda made, want: replace(made, before=want.bytes or 0),
    "page_bytes": lambda made, want: replace(made, more=" " * (want.page_bytes or 0)),
    "pages_min": lambda made, want: replace(made, pages=(want.pages_min or 0) - 1),
    "image_pixels": lambda made, want: replace(
        made, picture=picture("PNG", "L", (2000, (want.image_pixels or 0) // 2000 + 1))
    ),
    "image_bytes": lambda made, want: replace(
        made, picture=made.picture + bytes(want.image_bytes or 0)
    ),
    "image_alpha": lambda made, _: replace(made, picture=picture("PNG", "RGBA")),
    "image_modes": lambda made, _: replace(
        made, picture=picture("JPEG", "CMYK"), kind="image/jpeg"
    ),
    "formats": lambda made, _: replace(made, picture=picture("TIFF"), kind="image/tiff"),
    "alternative_max": lambda made, want: replace(
        made, alternative=words((want.alternative_max or 0) + 1)
    ),
    "kindle_safe": lambda made, _: replace(made, more=MATH),
    "cover_bytes": lambda made, want: replace(
        made, cover=made.cover + bytes(want.cover_bytes or 0)
    ),
    "cover_short_min": lambda made, want: replace(
        made, cover=picture("JPEG", size=((want.cover_short_min or 0) - 1, 2560))
    ),
    "cover_long_min": lambda made, want: replace(
        made,
        cover=picture("JPEG", size=(want.cover_short_min or 0, (want.cover_long_min or 0) - 1)),
    ),
    "cover_long_max": lambda made, want: replace(
        made, cover=picture("JPEG", size=(1600, (want.cover_long_max or 0) + 1))
    ),
    "cover_formats": lambda made, _: replace(made, cover=picture("GIF", "L", (1600, 2560))),
}
"""How each demand of the table is broken, and no other."""


def asked(want: Ebook) -> list[str]:
    """Give the demands that a store makes."""
    plain = Ebook(checker=False)
    return [
        one.name for one in fields(Ebook) if getattr(want, one.name) != getattr(plain, one.name)
    ]


def write(made: Made, path: Path) -> Path:
    """Write the EPUB; `before` bytes stand before the archive, which is no fault of an archive's."""
    names = [f"text/{number}.xhtml" for number in range(max(made.pages, 1))]
    listed = "".join(
        f'<item id="i{n}" href="{name}" media-type="application/xhtml+xml"/>'
        for n, name in enumerate(names)
    )
    references = "".join(f'<itemref idref="i{n}"/>' for n in range(made.pages))
    opf = (
        '<package xmlns="http://www.idpf.org/2007/opf"><manifest>'
        '<item id="c" href="cover.jpg" media-type="image/jpeg" properties="cover-image"/>'
        f'<item id="p" href="images/one.png" media-type="{made.kind}"/>{listed}</manifest>'
        f"<spine>{references}</spine></package>"
    )
    with path.open("wb") as file:
        file.seek(made.before)
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.writestr("META-INF/container.xml", CONTAINER)
            archive.writestr("EPUB/content.opf", opf)
            archive.writestr("EPUB/cover.jpg", made.cover)
            archive.writestr("EPUB/images/one.png", made.picture)
            for number, name in enumerate(names):
                page = PAGE if number == 0 else PAGE.partition("<p>")[0] + "<p/></body></html>"
                text = page.replace("{alternative}", made.alternative).replace("{more}", made.more)
                archive.writestr(f"EPUB/{name}", text)
    return path


def broken(store: str, demand: str, folder: Path) -> list[Diagnostic]:
    """Break one demand of one store; give what is said of it."""
    wanted = stores.every()[store]
    made = BREAKS[demand](good(), wanted.ebook)
    path = write(made, folder / "a-book.epub")
    return shops.examine(path, [wanted], faults=made.faults)


FIRST = {
    "shop-invalid": ("apple", "checker"),
    "shop-file-size": ("ingram", "bytes"),
    "shop-page-size": ("kobo", "page_bytes"),
    "shop-pages": ("google", "pages_min"),
    "shop-image-pixels": ("apple", "image_pixels"),
    "shop-image-size": ("kobo", "image_bytes"),
    "shop-image-alpha": ("kobo", "image_alpha"),
    "shop-image-mode": ("apple", "image_modes"),
    "shop-image-format": ("kdp", "formats"),
    "shop-alternative": ("kdp", "alternative_max"),
    "shop-kindle": ("kdp", "kindle_safe"),
    "shop-cover-size": ("kobo", "cover_bytes"),
    "shop-cover-small": ("ingram", "cover_short_min"),
    "shop-cover-large": ("google", "cover_long_max"),
    "shop-cover-format": ("kobo", "cover_formats"),
}
"""A store and a demand for each code."""


def case(root: Path) -> list[Diagnostic]:
    """Give what is said where the limit of a case is broken; its folder has the code's name."""
    return broken(*FIRST[root.name], root.parent)
