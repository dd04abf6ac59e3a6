"""Images: where a target leads, and what is refused."""

from __future__ import annotations

import pytest

from geppetto import assets
from geppetto.ast import attr, nodes, para, stringify, text
from geppetto.model.places import Places


def image(target, words="x", classes=(), **pairs):
    return {"t": "Image", "c": [attr("", list(classes), **pairs), text(words), [target, ""]]}


@pytest.fixture
def book(make_book, tmp_path):
    (tmp_path / "secret.png").write_bytes(b"x")
    root = make_book(
        {
            "chapters/a.png": b"x", "chapters/b c.PNG": b"x", "images/d.svg": b"x", "a.txt": b"x",
            "chapters/é.jpg": b"x", "build/z.png": b"x",
        }
    )  # fmt: skip
    (root / "chapters" / "link.png").symlink_to(tmp_path / "secret.png")
    return root


def solve(book, *images, places=None):
    points = Places(images=places or {})
    return assets.resolve([para(list(images))], "chapters/1.md", book, points)


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("a.png", "chapters/a.png"),
        ("./a.png", "chapters/a.png"),
        ("chapters/a.png", "chapters/a.png"),
        ("../images/d.svg", "images/d.svg"),
        ("images/d.svg", "images/d.svg"),
        ("b%20c.PNG", "chapters/b c.PNG"),
        ("%C3%A9.jpg", "chapters/é.jpg"),
        ("../chapters/../images/d.svg", "images/d.svg"),
    ],
)
def test_a_target_is_found(book, target, name):
    """Beside the chapter or from the book's folder; percent-encoded or not."""
    blocks, images, diagnostics = solve(book, image(target))
    assert diagnostics == []
    assert [n["c"][2][0] for n in nodes(blocks, {"Image"})] == [name]
    assert images == {name: (book / name).resolve()}


def test_an_absolute_target_within_the_book_is_made_relative(book):
    """So that the same book in another folder gives the same bytes."""
    _, images, _ = solve(book, image(str(book / "images" / "d.svg")))
    assert list(images) == ["images/d.svg"]


@pytest.mark.parametrize(
    ("target", "code", "hint"),
    [
        ("aa.png", "image-missing", "Did you mean a.png?"),
        ("d.svgg", "image-missing", "Did you mean ../images/d.svg?"),
        ("zzzzzzzzzzz", "image-missing", "The path counts from"),
        ("x" * 5000 + ".png", "image-missing", "The path counts from"),
        ("a%00.png", "image-missing", "Did you mean a.png?"),
        ("https://x.org/a.png", "image-remote", "Put a copy"),
        ("//x.org/a.png", "image-remote", "Put a copy"),
        ("data:image/png;base64,AAAA", "image-remote", "Put a copy"),
        ("../../secret.png", "image-outside", "Put a copy"),
        ("/etc/passwd", "image-outside", "Put a copy"),
        ("link.png", "image-outside", "Put a copy"),
        ("../a.txt", "image-format", "Convert it to one of"),
    ],
)
def test_an_image_that_cannot_be_used(book, target, code, hint):
    """Is an error at each of its places; a mark stands in its stead."""
    places = {target: [(3, 1), (5, 2)]}
    blocks, images, diagnostics = solve(book, image(target), image(target), places=places)
    assert images == {}
    assert [(str(d.location), d.code) for d in diagnostics] == [
        ("chapters/1.md:3:1", code),
        ("chapters/1.md:5:2", code),
    ]
    assert diagnostics[0].hint.startswith(hint)
    assert len(diagnostics[0].message) < 200
    marks = [n for n in nodes(blocks, {"Span"}) if n["c"][0][1] == ["fault"]]
    assert [stringify(m) for m in marks] == [f"[{diagnostics[0].message}]"] * 2


def test_alternative_text(book):
    """The nth image without any is named at its nth place; decorative ones want none."""
    _, _, diagnostics = solve(
        book,
        image("a.png"),
        image("a.png", ""),
        image("a.png", "", alt="y"),
        image("a.png", "", ["decorative"]),
        image("images/d.svg", ""),
        places={"a.png": [(1, 1), (2, 1), (3, 1), (4, 1)]},
    )
    assert [(str(d.location), d.code) for d in diagnostics] == [
        ("chapters/1.md:2:1", "image-alt-missing"),
        ("chapters/1.md", "image-alt-missing"),
    ]
