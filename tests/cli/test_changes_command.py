"""What `geppetto changes` refuses before it looks at the book, and what it prints."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from geppetto.cli import cli


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["HEAD", "--reviewer", "ann"], "Name a revision, or a reviewer: not both."),
        (["HEAD", "--as", "html", "--pages"], "--pages belongs to a PDF."),
        (["HEAD", "--as", "epub"], "'epub' is not one of 'pdf', 'html', 'docx'"),
    ],
)
def test_what_cannot_be_meant(tmp_path, arguments, says):
    said = CliRunner().invoke(cli, ["-C", str(tmp_path), "changes", *arguments])
    assert said.exit_code == 2
    assert says in said.output


@pytest.mark.tools
def test_what_is_printed(make_book):
    """The output, and the counts; to a machine neither."""
    root = make_book({"chapters/1.md": "# One\n\nSome words stand here.\n"})
    folder = root / "build/drafts/abcdef"
    (folder / "sources/chapters").mkdir(parents=True)
    (folder / "sources/book.yaml").write_text("title: A Small Book\n")
    (folder / "sources/chapters/1.md").write_text("# One\n\nSome old words stand here.\n")
    (folder / "draft.json").write_text(
        '{"format": 1, "id": "abcdef", "date": "2026-01-02", "revision": "", "slug": "b",'
        ' "sources": {"book.yaml": "", "chapters/1.md": ""}, "copies": []}'
    )
    arguments = ["-C", str(root), "changes", "--as", "html"]
    said = CliRunner().invoke(cli, arguments)
    assert said.exit_code == 0, said.output
    assert "abcdef-now.html" in said.output
    assert said.output.endswith("1 changes: 0 words inserted, 1 deleted, 0 moved\n")
    assert CliRunner().invoke(cli, [*arguments, "--json"]).output == ""
