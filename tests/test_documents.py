"""The documents say what there is: options, keys, templates, pictures, headings."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from PIL import Image

from geppetto.cli import cli
from geppetto.model.settings import (
    AccessibilitySettings,
    CoverSettings,
    EpubSettings,
    PdfSettings,
    PrintSettings,
    PublishSettings,
    ReviewSettings,
    SmtpSettings,
)
from geppetto.review.reviewers import Entry

HERE = Path(__file__).parents[1]
DOCS = HERE / "docs"
PAGES = ("README.md", "CHANGELOG.md", "docs/guide.md", "docs/templates.md")
PICTURE = re.compile(r"^!\[(.*)\]\(([^)\s]+\.png)\)$", re.M)
LINK = re.compile(r"(?<!!)\[[^\]`]+\]\(([\w./-]*\.md)?#([\w-]+)\)")
CODE = re.compile(r"^(`{3,}).*?^\1$|`[^`\n]+`", re.M | re.S)
BLOCK = re.compile(r"^(`{3,}).*?^\1$", re.M | re.S)
REVIEWING = ("draft", "send", "comments", "changes")
ELSEWHERE = {"--help", "--format", "--json", "--quiet", "--verbose", "--open"}
"""Options that the guide explains once for all commands, and `--open`, which is so by itself."""
LIMIT = 120_000


def chapter(title: str) -> str:
    """Give a chapter of the guide: from its heading to the next of its level."""
    guide = BLOCK.sub(lambda block: block[0].replace("\n#", "\n "), text_of("docs/guide.md"))
    chapters = dict(one.split("\n", 1) for one in re.split(r"^## ", guide, flags=re.M)[1:])
    return chapters[title]


def options(command: click.Command) -> set[str]:
    """Give the long options of a command and of the commands within it."""
    own = {o for p in command.params for o in p.opts if o.startswith("--")}
    within = command.commands.values() if isinstance(command, click.Group) else ()
    return own.union(*(options(one) for one in within))


@pytest.mark.parametrize("name", REVIEWING)
def test_the_guide_has_every_option_of_drafts_and_reviews(name):
    """Each option stands in the chapter as code, and the chapter names none that is not there."""
    wanted = options(cli.commands[name]) - ELSEWHERE
    text = chapter("Drafts and reviews")
    missing = {one for one in wanted if not re.search(rf"`[^`\n]*{one}\b", text)}
    assert wanted
    assert missing == set()


def test_the_guide_names_no_option_of_drafts_and_reviews_that_is_not_there():
    """What looks like an option is one of these commands, or of `docx`."""
    known = set[str]().union(*(options(cli.commands[name]) for name in (*REVIEWING, "docx")))
    said = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", chapter("Drafts and reviews")))
    assert said - known == set()


def test_the_guide_has_every_command_for_remarks():
    """Each command within `comments` stands in the chapter."""
    comments = cli.commands["comments"]
    assert isinstance(comments, click.Group)
    text = chapter("Drafts and reviews")
    missing = [one for one in comments.commands if not re.search(rf"\b{one}\b", text)]
    assert missing == []


@pytest.mark.parametrize(
    ("title", "model"),
    [
        ("book.yaml", ReviewSettings),
        ("book.yaml", SmtpSettings),
        ("book.yaml", PdfSettings),
        ("book.yaml", EpubSettings),
        ("book.yaml", CoverSettings),
        ("book.yaml", PrintSettings),
        ("book.yaml", PublishSettings),
        ("book.yaml", AccessibilitySettings),
        ("Drafts and reviews", Entry),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_the_guide_has_every_key(title, model):
    """Each key has a row in a table of its chapter."""
    fields = model.model_json_schema()["properties"]
    rows = set(re.findall(r"^\| `([\w-]+)` \|", chapter(title), re.M))
    assert set(fields) - rows == set()


def test_every_command_stands_in_the_readme():
    """The table of commands has a row for each."""
    rows = re.findall(r"^\| `([a-z]+)[^`]*` \|", (HERE / "README.md").read_text("utf-8"), re.M)
    assert set(cli.commands) - set(rows) == set()


def test_every_template_stands_in_the_page_for_designers():
    """Each file of templates/ is named; letters by their pattern, the preview by its folder."""
    text = (DOCS / "templates.md").read_text("utf-8")
    files = [p for p in sorted((HERE / "templates").glob("*/*")) if p.parent.name != "preview"]
    letters = re.compile(r"letter\.[\w-]+\.txt")
    missing = [p.name for p in files if p.name not in text and not letters.fullmatch(p.name)]
    assert len(files) > 20
    assert missing == []


@pytest.mark.parametrize("page", PAGES)
def test_pictures_are_there_described_and_small(page):
    """Each picture has an alternative text, and is a small file."""
    file = HERE / page
    for words, path in PICTURE.findall(file.read_text("utf-8")):
        picture = file.parent / path
        assert len(words) > len("A picture"), path
        assert picture.stat().st_size < LIMIT, path
        with Image.open(picture) as image:
            assert min(image.size) > 300, path


def test_no_picture_stands_nowhere():
    """Each picture of docs/ is shown by a page."""
    shown = {Path(path).name for page in PAGES for _, path in PICTURE.findall(text_of(page))}
    assert {p.name for p in DOCS.glob("*.png")} == shown


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_to_headings(page):
    """A link to a heading of another page, or of its own, finds it."""
    for other, anchor in LINK.findall(CODE.sub("", text_of(page))):
        target = (HERE / page).parent / other if other else HERE / page
        titles = re.findall(r"^#+ (.+)$", CODE.sub(kept, target.read_text("utf-8")), re.M)
        assert anchor in {anchored(title) for title in titles}, f"{page}: {other}#{anchor}"


def text_of(page: str) -> str:
    """Give the text of a page of the documents."""
    return (HERE / page).read_text("utf-8")


def kept(code: re.Match[str]) -> str:
    """Give code within a line its words, and leave blocks out."""
    return "" if code[1] else code[0].strip("`")


def anchored(title: str) -> str:
    """Give the anchor that GitHub makes of a heading."""
    return re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-")
