"""Small drafts that are kept, and copies of them as reviewers' programs send them back.

Pages are lists of lines; a line is its words and the source line that they come
from. They are set in Helvetica, 11 points, one beneath the other, and the page map
says so.
"""

from __future__ import annotations

import io
import zipfile

import pikepdf
import pypdfium2 as pdfium
from pikepdf import Array, Dictionary, Name, String

from geppetto.pagemap import PageMap, Row, stored
from geppetto.review import drafts

WIDTH, HEIGHT = 432, 648
LEFT, TOP, LEADING = 60, 560, 14
PATH = "chapters/1.md"


def typeset(pages, info=True):
    """Make a PDF of pages of lines."""
    pdf = pikepdf.new()
    font = pdf.make_indirect(
        Dictionary(
            Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica,
            Encoding=Name.WinAnsiEncoding,
        )
    )  # fmt: skip
    for lines in pages:
        shown = [
            b"BT /F1 11 Tf 1 0 0 1 %d %d Tm (%b) Tj ET"
            % (LEFT, TOP - LEADING * number, _escaped(words))
            for number, (words, *_) in enumerate(lines)
        ]
        page = pdf.add_blank_page(page_size=(WIDTH, HEIGHT))
        page.obj.Contents = pdf.make_stream(b"\n".join(shown))
        page.obj.Resources = Dictionary(Font=Dictionary(F1=font))
    if info:
        pdf.docinfo["/GeppettoDraft"] = "d1/ada"
    return _saved(pdf)


def _escaped(words):
    data = words.encode("cp1252")
    return data.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _saved(pdf, **how):
    out = io.BytesIO()
    pdf.save(out, **how)
    return out.getvalue()


def page_map(pages, path=PATH):
    """Give the page map of such pages; a line that comes from no source is on none of its rows."""
    rows = [
        Row(number, LEFT * 100, (HEIGHT - TOP + LEADING * at) * 100, 32000, 800, 300, path, line)
        for number, lines in enumerate(pages, 1)
        for at, (_, line, *_) in enumerate(lines)
        if line
    ]
    return PageMap(((WIDTH * 100, HEIGHT * 100),) * len(pages), tuple(rows), {path: "x"}, "y")


def keep(root, texts, pages=(), copies=None, documents=()):
    """Keep a draft d1 of some texts, with a PDF for Ada of the pages; give the book's folder."""
    place = drafts.folder(root) / "d1"
    for path, text in texts.items():
        file = place / drafts.SOURCES / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    listed = copies or (
        drafts.Copy("ada", "Ada Lovelace", "pdf", "ada.pdf", "z"),
        drafts.Copy("ada", "Ada Lovelace", "docx", "ada.docx", "z"),
    )
    draft = drafts.Draft("d1", "2026-11-30", "abc", "book", dict.fromkeys(texts, "x"), listed)
    (place / drafts.RECORD).write_text(drafts.record(draft), encoding="utf-8")
    (place / drafts.BLOCKS).write_text(drafts.blocks(documents), encoding="utf-8")
    (place / f"single{stored.SUFFIX}").write_bytes(stored.packed(page_map(pages)))
    if pages:
        (place / "ada.pdf").write_bytes(typeset(pages))
    return root


def boxes(data, page, words):
    """Give the rectangle of words on a page (from 0), one for each of its lines."""
    document = pdfium.PdfDocument(data)
    text = document[page].get_textpage()
    whole = text.get_text_range().replace("\ufffe", "-")  # a hyphen at the end of a line
    at = whole.index(words)
    found = []
    for n in range(at, at + len(words)):
        left, low, right, high = text.get_charbox(n)
        if not whole[n].strip():
            continue
        if found and abs(found[-1][1] - low) < LEADING / 2:
            box = found[-1]
            found[-1] = (box[0], min(box[1], low), right, max(box[3], high))
        else:
            found.append((left, low, right, high))
    return found


ORDERS = {
    "Acrobat": "LT RT LB RB",
    "Acrobat on another day": "LB RB LT RT",
    "the standard": "LB RB RT LT",
    "odd": "RB LT LB RT",
}


def quads(found, order="Acrobat"):
    """Give the numbers of quadrilaterals, with their corners as some program orders them."""
    numbers = []
    for left, low, right, high in found:
        edges = {"L": left, "R": right, "T": high, "B": low}
        for corner in ORDERS[order].split():
            numbers += [edges[corner[0]], edges[corner[1]]]
    return numbers


def around(found):
    """Give the rectangle around others."""
    return [
        min(box[0] for box in found), min(box[1] for box in found),
        max(box[2] for box in found), max(box[3] for box in found),
    ]  # fmt: skip


def entries(subtype, found, **more):
    """Give the entries of an annotation over rectangles."""
    made = {"/Type": Name.Annot, "/Subtype": Name("/" + subtype), "/Rect": Array(around(found))}
    if subtype in ("Highlight", "Underline", "StrikeOut", "Squiggly"):
        made["/QuadPoints"] = Array(quads(found, more.pop("order", "Acrobat")))
    for key, value in more.items():
        is_text = isinstance(value, str) and not isinstance(value, (Name, String))
        made["/" + key] = String(value) if is_text else value
    return made


def annotated(data, listed, change=None, **how):
    """Put annotations on pages: (page, entries); an entry IRT is the number of another."""
    pdf = pikepdf.open(io.BytesIO(data))
    made = []
    for page, each in listed:
        answers = each.pop("/IRT", None)
        one = pdf.make_indirect(Dictionary(each))
        if answers is not None:
            one.IRT = made[answers] if isinstance(answers, int) else answers
        if "/Annots" not in pdf.pages[page].obj:
            pdf.pages[page].obj.Annots = Array()
        pdf.pages[page].obj.Annots.append(one)
        made.append(one)
    if change:
        change(pdf)
    return _saved(pdf, **how)


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
W15 = "http://schemas.microsoft.com/office/word/2012/wordml"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def part(name, inside):
    """Make a part's XML, with Word's namespaces."""
    return f'<w:{name} xmlns:w="{W}" xmlns:w14="{W14}" xmlns:w15="{W15}">{inside}</w:{name}>'


def docx(body, label="d1/ada", **parts):
    """Make a DOCX of the XML of its body, and of other parts: `comments="…"`."""
    kinds = {"comments": "comments", "footnotes": "footnotes", "footer": "ftr",
             "commentsExtended": "commentsEx", "commentsIds": "commentsIds"}  # fmt: skip
    files = {"word/document.xml": part("document", f"<w:body>{body}</w:body>")}
    links = []
    for name, inside in parts.items():
        whole = part(kinds[name], inside)
        if name == "commentsExtended":
            whole = whole.replace("w:commentsEx", "w15:commentsEx")
        files[f"word/{name}.xml"] = whole
        links.append(f'<Relationship Id="{name}" Type="{RELATIONS}/{name}" Target="{name}.xml"/>')
    files["word/_rels/document.xml.rels"] = f"<Relationships>{''.join(links)}</Relationships>"
    files["_rels/.rels"] = (
        f'<Relationships><Relationship Id="a" Type="{RELATIONS}/officeDocument" '
        'Target="word/document.xml"/></Relationships>'
    )
    if label:
        files["docProps/custom.xml"] = (
            f'<Properties><property name="GeppettoDraft"><lpwstr>{label}</lpwstr></property>'
            "</Properties>"
        )
    return zipped(files)


def zipped(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def run(words):
    return f'<w:r><w:t xml:space="preserve">{words}</w:t></w:r>'


def para(*inside, stop=None, mark=""):
    """Make a paragraph; `stop` is the name of its bookmark, `mark` what was done to its end."""
    pieces = [run(one) if not one.startswith("<") else one for one in inside]
    begin = ""
    if stop:
        begin = f'<w:bookmarkStart w:id="9" w:name="{stop}"/><w:bookmarkEnd w:id="9"/>'
    end = f"<w:pPr><w:rPr>{mark}</w:rPr></w:pPr>" if mark else ""
    return f"<w:p>{end}{begin}{''.join(pieces)}</w:p>"


def put_in(words, author="Ada", date="2026-12-01T10:00:00Z", name="ins"):
    return f'<w:{name} w:id="1" w:author="{author}" w:date="{date}">{run(words)}</w:{name}>'


def taken_out(words, author="Ada", date="2026-12-01T10:00:00Z", name="del"):
    inside = run(words).replace("w:t", "w:delText")
    inside = run(words) if name == "moveFrom" else inside
    return f'<w:{name} w:id="1" w:author="{author}" w:date="{date}">{inside}</w:{name}>'


def commented(words, key="0"):
    start = f'<w:commentRangeStart w:id="{key}"/>'
    end = f'<w:commentRangeEnd w:id="{key}"/><w:r><w:commentReference w:id="{key}"/></w:r>'
    return f"{start}{run(words) if words else ''}{end}"


def comment(key, words, author="Ada", date="2026-12-01T10:00:00Z", paragraph=""):
    last = f' w14:paraId="{paragraph}"' if paragraph else ""
    return (
        f'<w:comment w:id="{key}" w:author="{author}" w:date="{date}"><w:p{last}>'
        f"{run(words)}</w:p></w:comment>"
    )
