"""`geppetto changes`: revisions out of git and out of drafts, and what is made of them."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pypdfium2
import pytest
from lxml import etree, html

from geppetto import pandoc
from geppetto.diagnostics import ExitCode, GeppettoError
from geppetto.pipeline import changing
from geppetto.pipeline.changing import Request
from geppetto.review import drafts, ledger
from geppetto.review.drafts import Copy, Draft
from geppetto.review.records import Sent

BOOKS = Path(__file__).parents[1] / "books" / "changed"
OLD, NEW = BOOKS / "old", BOOKS / "new"
ENVIRONMENT = {
    **os.environ,
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_SYSTEM": "/dev/null",
    **{f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in (
        ("NAME", "A. Writer"), ("EMAIL", "a@example.org"), ("DATE", "2026-01-02T12:00:00Z"))},
}  # fmt: skip


def git(root, *arguments):
    done = subprocess.run(
        ["git", *arguments], cwd=root, env=ENVIRONMENT, check=True, capture_output=True, text=True
    )
    return done.stdout


def ignore(_):
    """Nothing is said of steps."""


def change(root, **asked):
    outcome, comparison = changing.change(Request(root, **asked), ignore)
    assert outcome.artifacts, outcome.diagnostics
    return outcome.artifacts[0], comparison


def put(source, root):
    """Let a folder be the book, its own git's folder apart."""
    for path in root.iterdir():
        if path.name not in {".git", "build"}:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.copytree(source, root, dirs_exist_ok=True)


@pytest.fixture
def committed(tmp_path):
    """Give a book of which the old revision is committed, and the new is in the work tree."""
    root = tmp_path / "book"
    root.mkdir()
    git(root, "init", "-q")
    put(OLD, root)
    (root / ".gitignore").write_text("build/\n")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "The old revision")
    put(NEW, root)
    (root / ".gitignore").write_text("build/\n")
    return root


def texts(path, tag):
    tree = html.fromstring(path.read_bytes())
    return [" ".join(found.text_content().split()) for found in tree.iter(tag)]


@pytest.mark.tools
def test_a_page_of_what_changed_since_a_commit(committed):
    """It needs no other file and no script; its links lead somewhere; the tree is as it was."""
    before = git(committed, "status", "--porcelain")
    made, comparison = change(committed, revision="HEAD", form="html")
    assert git(committed, "status", "--porcelain") == before
    commit = git(committed, "rev-parse", "HEAD")[:10]
    assert made.path == committed / f"build/changes/{commit}-now.html"
    tree = html.fromstring(made.path.read_bytes())
    assert not tree.xpath("//script | //link | //img[not(starts-with(@src, 'data:'))]")
    names = set(tree.xpath("//@id"))
    assert {a[1:] for a in tree.xpath("//a/@href") if a.startswith("#")} <= names
    assert len(tree.xpath("//@id")) == len(names)
    assert {"once", "(Eco 1979)", "nose.length"} <= set(texts(made.path, "del"))
    assert {"one time", "(Calvino 1979)", "nose.size"} <= set(texts(made.path, "ins"))
    assert comparison.total.moved > 0


@pytest.mark.tools
def test_the_same_revisions_give_the_same_bytes(committed, tmp_path):
    """In another folder, too."""
    first = change(committed, revision="HEAD", form="html")[0].path.read_bytes()
    other = Path(shutil.copytree(committed, tmp_path / "other"))
    assert change(other, revision="HEAD", form="html")[0].path.read_bytes() == first


@pytest.fixture
def twice(committed):
    """Give the book with both revisions committed."""
    git(committed, "add", "-A")
    git(committed, "commit", "-qm", "The new revision")
    return committed


@pytest.mark.tools
def test_a_bare_clone(twice, tmp_path):
    """Both revisions are out of the history: no work tree is needed."""
    bare = tmp_path / "bare.git"
    git(tmp_path, "clone", "-q", "--bare", str(twice), str(bare))
    out = tmp_path / "out.html"
    change(bare, revision="HEAD~1", to="HEAD", form="html", output=out)
    assert "once" in texts(out, "del")


@pytest.mark.tools
def test_a_clone_that_borrows_its_history(twice, tmp_path):
    """What it borrows is read, too."""
    shared = tmp_path / "shared"
    git(tmp_path, "clone", "-q", "--shared", str(twice), str(shared))
    assert "once" in texts(change(shared, revision="HEAD~1", form="html")[0].path, "del")


@pytest.mark.tools
def test_a_book_in_a_folder_of_a_repository(tmp_path):
    """Only the book's own folder is read."""
    git(tmp_path, "init", "-q")
    root = Path(shutil.copytree(OLD, tmp_path / "books/one"))
    (tmp_path / "book.yaml").write_text("title: Another\n")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "One")
    put(NEW, root)
    assert "once" in texts(change(root, revision="HEAD", form="html")[0].path, "del")


def refused(root, **asked):
    with pytest.raises(GeppettoError) as caught:
        changing.change(Request(root, **asked), ignore)
    fault = caught.value.diagnostics[0]
    return fault.code, fault.hint, caught.value.exit_code


@pytest.mark.tools
def test_a_shallow_clone(twice, tmp_path):
    """Where the older commits are, the hint says."""
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{twice}", str(shallow))
    code, hint, exit_code = refused(shallow, revision="HEAD~1")
    assert (code, exit_code) == ("revision-unknown", ExitCode.USAGE)
    assert "git fetch --unshallow" in hint


@pytest.mark.parametrize("name", ["nothing", "--output=x", "HEAD:book.yaml", "a\nb", ""])
def test_a_revision_that_there_is_not(committed, name):
    """Whatever it looks like, it is no option of git's."""
    assert refused(committed, revision=name)[0] == "revision-unknown"
    assert not (committed / "x").exists()


def test_no_git(committed, monkeypatch, tmp_path):
    """The line that installs it is said."""
    monkeypatch.setenv("PATH", str(tmp_path))
    code, hint, exit_code = refused(committed, revision="HEAD")
    assert (code, exit_code) == ("tool-missing", ExitCode.TOOL)
    assert "apt install git" in hint


@pytest.mark.tools
def test_a_repository_starts_no_program(committed, tmp_path):
    """Its settings can name programs: for watching files, filters of contents, paging."""
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/started\ncat\n")
    program.chmod(0o755)
    (committed / ".gitattributes").write_text("* filter=own diff=own\n")
    for name in ("core.fsmonitor", "core.pager", "filter.own.smudge", "diff.own.textconv"):
        git(committed, "config", name, str(program))
    change(committed, revision="HEAD", form="html")
    assert not (tmp_path / "started").exists()


@pytest.mark.tools
def test_a_link_in_the_history_leads_nowhere_outside(committed, tmp_path):
    """One within the book is followed."""
    secret = tmp_path / "secret.md"
    secret.write_text("# Secret\n\nNobody may read it.\n")
    git(committed, "stash", "-qu")
    (committed / "chapters/02-moves.md").rename(committed / "moves.md")
    (committed / "chapters/02-moves.md").symlink_to("../moves.md")
    (committed / "chapters/03-gone.md").unlink()
    (committed / "chapters/03-gone.md").symlink_to(secret)
    git(committed, "add", "-A")
    git(committed, "commit", "-qm", "Links")
    git(committed, "checkout", "-q", "HEAD~1")
    put(NEW, committed)
    made, comparison = change(committed, revision="HEAD@{1}", form="html")
    assert "Nobody may read it." not in made.path.read_text("utf-8")
    old = [one.old.slug for one in comparison.documents if one.old is not None]
    assert "ch02-moves" in old
    assert "ch03-gone" not in old


def keep(root, name, date, *copies):
    """Keep a draft of the old revision."""
    folder = drafts.folder(root) / name
    listed = [p for p in sorted(OLD.rglob("*")) if p.suffix in {".md", ".bib", ".yaml"}]
    sources = {
        p.relative_to(OLD).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in listed
    }
    for path in sources:
        (folder / "sources" / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(OLD / path, folder / "sources" / path)
    made = tuple(Copy(one.lower(), one, "pdf", f"{one}.pdf", "0" * 64) for one in copies)
    draft = Draft(name, date, "", "a-changed-book", sources, made)
    (folder / drafts.RECORD).write_text(drafts.record(draft))


@pytest.fixture
def kept(make_book):
    """Give a book of which drafts are kept, and which is in no repository."""
    root = make_book()
    put(NEW, root)
    keep(root, "bbb222", "2026-01-02", "Ann", "Ben")
    keep(root, "aaa111", "2026-02-03", "Ben")
    return root


@pytest.mark.tools
@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ({}, "aaa111"),
        ({"reviewer": "ann"}, "bbb222"),
        ({"reviewer": "Ben"}, "aaa111"),
        ({"revision": "bbb222"}, "bbb222"),
    ],
    ids=["the newest", "a reviewer's", "a reviewer's newest", "by its id"],
)
def test_since_a_kept_draft(kept, asked, name):
    """Its texts are compared; its images it has not kept."""
    made, comparison = change(kept, form="html", **asked)
    assert made.path.name == f"{name}-now.html"
    assert comparison.total.changes
    assert "once" in texts(made.path, "del")


@pytest.mark.tools
def test_the_ledger_says_what_a_reviewer_was_sent(kept):
    """A draft that was made for them and never went out is not the one they read."""
    when = "2026-01-04T10:00:00Z"
    ledger.append(kept, [Sent("bbb222", "ben", "<m@example.org>", when, "b@example.org", "smtp")])
    made, _ = change(kept, form="html", reviewer="Ben")
    assert made.path.name == "bbb222-now.html"


def test_drafts_that_there_are_not(kept):
    """Those that there are are named."""
    assert refused(kept, reviewer="Zoe") == (
        "draft-unknown",
        "There are drafts for ann, ben.",
        ExitCode.USAGE,
    )
    shutil.rmtree(kept / "build")
    assert refused(kept)[0] == "draft-unknown"


def test_a_draft_that_names_files_outside_the_book(kept):
    """None is written there."""
    record = drafts.folder(kept) / "aaa111" / drafts.RECORD
    record.write_text(record.read_text().replace("references.bib", "../../x.bib"))
    assert refused(kept)[0] == "revision-unread"
    assert not list(kept.parent.glob("**/x.bib"))


@pytest.mark.tools
def test_a_pdf_in_which_every_construct_was_changed(committed):
    """It compiles; what is gone is in no contents; the book's own work folder is not touched."""
    made, _ = change(committed, revision="HEAD")
    assert made.path.read_bytes()[:5] == b"%PDF-"
    assert [path.name for path in (committed / "build").iterdir() if path.is_dir()] == ["changes"]
    pdf = pypdfium2.PdfDocument(made.path)
    pages = [page.get_textpage().get_text_bounded() for page in pdf]
    titles = [item.get_title() for item in pdf.get_toc()]
    whole = " ".join(" ".join(pages).split())
    assert "What has changed" in pages[0]
    assert {"Everything at one time", "A heading that has changed"} <= {
        t.split(" ", 1)[-1] for t in titles
    } | set(titles)
    assert not [title for title in titles if "goes away" in title or "once" in title]
    for words in ("A heading that goes away", "Lucignolo", "Cuckoo", "moved from", "In a hurry."):
        assert words in whole, words
    again, _ = change(committed, revision="HEAD", output=committed / "build/again.pdf")
    assert again.path.read_bytes() == made.path.read_bytes()


@pytest.mark.tools
def test_only_the_pages_with_changes(committed):
    """Others are left out."""
    put(OLD, committed)
    (committed / ".gitignore").write_text("build/\n")
    path = committed / "chapters/02-moves.md"
    path.write_text(path.read_text().replace("fourth", "last"))
    made, comparison = change(committed, revision="HEAD", pages=True)
    assert comparison.total.changes == 1
    assert made.count == 2
    pdf = pypdfium2.PdfDocument(made.path)
    assert "What has changed" in pdf[0].get_textpage().get_text_bounded()
    assert "last paragraph stays" in " ".join(pdf[1].get_textpage().get_text_bounded().split())


W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def _plain(path, how):
    """Give a DOCX as text, its tracked changes accepted or rejected."""
    program = str(pandoc.program())
    command = [program, f"--track-changes={how}", "-f", "docx", "-t", "plain", "--wrap=none", path]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return " ".join(done.stdout.split())


@pytest.mark.tools
def test_tracked_changes_in_a_docx(committed):
    """Accepted they give the new words, rejected the old; paragraphs and rows go with theirs."""
    made, _ = change(committed, revision="HEAD", form="docx")
    old, new = (_plain(made.path, how) for how in ("reject", "accept"))
    for words in ("told the truth on Monday", "Lucignolo", "This note goes away", "Cuckoo"):
        assert words in old, words
        assert words not in new, words
    for words in ("told a lie on Tuesday", "Candlewick", "With a paragraph in it.", "In a hurry."):
        assert words in new, words
        assert words not in old, words
    root = etree.fromstring(zipfile.ZipFile(made.path).read("word/document.xml"))
    changes = [*root.iter(f"{W}ins", f"{W}del")]
    assert len({one.get(f"{W}id") for one in changes}) == len(changes)
    assert {one.get(f"{W}author") for one in changes} == {"A. Writer"}
    gone = [p for p in root.iter(f"{W}p") if "An inserted paragraph" in "".join(p.itertext())]
    assert [p.find(f"{W}pPr/{W}rPr/{W}ins") is not None for p in gone] == [True]
    rows = {kind: len(root.findall(f".//{W}trPr/{W}{kind}")) for kind in ("ins", "del")}
    assert rows["ins"] >= 1
    assert rows["del"] >= 1
