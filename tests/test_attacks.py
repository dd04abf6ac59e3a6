"""A manuscript that bites: what its LaTeX, its images and its HTML try, and what comes of it.

The canaries are a file beside the book's folder, a variable of the
environment and a listener on the network. The jail's tests need a machine
that allows one; the rest hold everywhere.
"""

from __future__ import annotations

import html
import os
import re
import socket
import subprocess
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from geppetto import tools
from geppetto.diagnostics import GeppettoError
from geppetto.latex import engine
from geppetto.pipeline.building import build
from geppetto.pipeline.edition import Request

pytestmark = pytest.mark.tools
jailed = pytest.mark.skipif(tools.protection().jail is None, reason="no jail on this machine")
CANARY = "canary-5d41402a"

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a494441"
    "54789c636000000002000148afa4710000000049454e44ae426082"
)
# What each attack prints when it comes through; `@` is the folder beside the book's.
LUA = {
    "io.open reads": 'local f = io.open("@/secret.txt") return f and f:read("a")',
    "io.open reads relatively": 'local f = io.open("../../../secret.txt") return f and f:read("a")',
    "io.open through a link": 'local f = io.open("../../link.txt") return f and f:read("a")',
    "io.open writes": 'local f = io.open("@/planted.txt", "w") return f and f:write("canary-planted")',
    "io.lines": 'for line in io.lines("@/secret.txt") do return line end',
    "loadfile": 'local f, e = loadfile("@/secret.lua") return f and f()',
    "dofile": 'return dofile("@/secret.lua")',
    "io.popen": 'local f = io.popen("cat @/secret.txt") return f and f:read("a")',
    "os.execute": 'return os.execute("cp @/secret.txt @/planted.txt") == 0 and "canary-execute"',
    "os.spawn": 'return os.spawn{"cp", "@/secret.txt", "@/planted.txt"} == 0 and "canary-spawn"',
    "os.remove": 'return os.remove("@/victim.txt") and "canary-removed"',
    "os.rename": 'return os.rename("@/victim.txt", "stolen.txt") and "canary-renamed"',
    "os.getenv": 'return os.getenv("CANARY")',
    "lfs.dir": 'for name in lfs.dir("@/") do if name == "secret.txt" then return "canary-seen" end end',
    "lfs.attributes": 'return lfs.attributes("@/secret.txt") and "canary-seen"',
    "lfs.mkdir": 'return lfs.mkdir("@/planted") and "made"',
    "another program's memory": 'local f = io.open("/proc/PARENT/environ") return f and f:read("a")',
    "the machine's users": 'local f = io.open("/etc/passwd") return f and "canary-passwd"',
    "the fonts of other books": (
        'local f = io.open(kpse.expand_var("$TEXMFCACHE"):match(":(.*)") .. "/x", "w")'
        ' return f and "canary-cache"'
    ),
    "a socket": (
        'local t = (socket or require("socket")).tcp() t:settimeout(2)'
        ' return t:connect("127.0.0.1", PORT) and "canary-connected"'
    ),
    "ffi": 'local ffi = require("ffi") ffi.cdef("int getpid(void);") return "canary-ffi"',
}
TEX = {
    "openin": r"\newread\r\openin\r=@/secret.txt \ifeof\r\else\read\r to\x\x\fi",
    "openin through a link": r"\openin1=../../link.txt \ifeof1 \else\read1 to\x\x\fi",
    "write18": r"\immediate\write18{cp @/secret.txt @/planted.txt}",
    "a file that may be there": r"\makeatletter\@input{@/secret.txt}\InputIfFileExists{@/secret}{}{}",
}
# These end LuaLaTeX where there is no such file.
INPUT = {
    "absolute": r"\input{@/secret}",
    "relative": r"\input{../../../secret}",
    "through a link": r"\input{../../link}",
    "of a program": r"\input{|cat @/secret.txt}",
    "primitive": r"\csname @@input\endcsname @/secret.txt ",
    "written as superscripts, in mathematics": r"$^^5cinput{@/secret}$",
    "to write": r"\immediate\openout3=@/planted.txt \immediate\write3{x}",
    "an image": r"\includegraphics{@/secret.png}",
}
DOCUMENT = r"\documentclass{book}\usepackage{graphicx}\begin{document}%s\end{document}"


@dataclass
class Assault:
    """What came of all attacks in one run of LuaLaTeX."""

    folder: Path
    said: dict[str, str] = field(default_factory=dict)
    log: str = ""
    words: str = ""
    accepted: bool = False


@pytest.fixture(scope="module")
def assault(tmp_path_factory):
    folder = tmp_path_factory.mktemp("attack")
    for name in ("secret.txt", "secret.tex", "victim.txt"):
        (folder / name).write_text(f"{CANARY} ")
    (folder / "secret.lua").write_text(f'return "{CANARY}"')
    work = folder / "book/build/latex"
    work.mkdir(parents=True)
    for suffix in ("txt", "tex"):
        (folder / f"book/link.{suffix}").symlink_to(folder / f"secret.{suffix}")
    found = Assault(folder)
    with socket.create_server(("127.0.0.1", 0)) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("CANARY", CANARY)
        server.settimeout(0.1)
        port = str(server.getsockname()[1])
        files = {"book.tex": _document(folder), "attacks.lua": _script(folder, port)}
        run = engine.typeset(
            files,
            work,
            jobname="book",
            epoch=1_700_000_000,
            read=(folder / "book",),
            despite_errors=True,
        )
        try:
            server.accept()
            found.accepted = True
        except TimeoutError:
            pass
    found.log = run.log
    found.said = dict(re.findall(r"^ATTACK ([^=]+)=(.*)$", run.log, re.MULTILINE))
    if run.pdf is not None:
        command = ["pdftotext", str(run.pdf), "-"]
        found.words = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return found


def _document(folder):
    attacks = "\n".join(f"{{{attack}}}\\par" for attack in TEX.values())
    lua = r"\directlua{dofile('attacks.lua')}"
    return DOCUMENT % f"Begun.\n{lua}\n{attacks.replace('@/', f'{folder}/')}\nEnded."


def _script(folder, port):
    lines = ["local function attack(name, f) local _, said = pcall(f)"]
    lines += ['texio.write_nl("ATTACK " .. name .. "=" .. tostring(said):gsub("%s+", " ")) end']
    lines += [f'attack("{name}", function() {code} end)' for name, code in LUA.items()]
    script = "\n".join(lines).replace("@/", f"{folder}/").replace("PORT", port)
    return script.replace("PARENT", str(os.getpid())) + '\ntexio.write_nl("")\n'


@jailed
@pytest.mark.parametrize("name", LUA)
def test_lua_comes_to_nothing(assault, name):
    assert "canary" not in assault.said[name]


@jailed
def test_tex_reads_nothing_from_beside_the_book(assault):
    assert "Begun." in assault.words
    assert "Ended." in assault.words
    assert CANARY not in assault.words
    assert CANARY not in assault.log


@jailed
@pytest.mark.parametrize("name", INPUT)
def test_a_file_beside_the_book_is_not_there(tmp_path, name):
    work = tmp_path / "book/build/latex"
    work.mkdir(parents=True)
    (tmp_path / "secret.tex").write_text(CANARY)
    (tmp_path / "secret.png").write_bytes(PNG)
    (tmp_path / "book/link.tex").symlink_to(tmp_path / "secret.tex")
    document = DOCUMENT % INPUT[name].replace("@/", f"{tmp_path}/")
    run = engine.typeset(
        {"book.tex": document}, work, jobname="book", epoch=0, read=(tmp_path / "book",)
    )
    assert not run.ok
    assert CANARY not in run.log
    assert re.search(r"not found|can't (find|write)|no such file", run.log, re.IGNORECASE)


@jailed
def test_nothing_beside_the_book_is_changed(assault):
    names = sorted(path.name for path in assault.folder.iterdir())
    assert names == ["book", "secret.lua", "secret.tex", "secret.txt", "victim.txt"]
    assert (assault.folder / "victim.txt").read_text() == f"{CANARY} "


@jailed
def test_the_network_hears_nothing(assault):
    assert not assault.accepted


@pytest.mark.parametrize(
    ("attack", "limits", "code"),
    [
        (r"\loop\iftrue\repeat", tools.Limits(seconds=2.5), "tool-timeout"),
        (r"\loop\iftrue\repeat", tools.Limits(seconds=60, cpu_seconds=2), "tool-timeout"),
        (
            r"\loop x\newpage\iftrue\repeat",
            tools.Limits(seconds=60, file_size=30_000),
            "tool-failed",
        ),
        (r"\directlua{while true do end}", tools.Limits(seconds=2.5), "tool-timeout"),
    ],
    ids=["a loop", "a loop, by its processor time", "pages", "Lua"],
)
def test_what_never_ends_is_ended(tmp_path, attack, limits, code):
    with pytest.raises(GeppettoError) as caught:
        engine.typeset(
            {"book.tex": DOCUMENT % attack}, tmp_path, jobname="book", epoch=0, limits=limits
        )
    assert [d.code for d in caught.value.diagnostics] == [code]
    assert not list(tmp_path.glob("*.aux"))


@pytest.mark.parametrize(
    "attack",
    [
        r"\def\x#1{\x{#1#1}}\x{aaaaaaaaaaaaaaaa}",
        r"\directlua{local t = {} while true do table.insert(t, string.rep('x', 1e7) .. os.clock()) end}",
    ],
    ids=["a macro", "Lua"],
)
def test_what_fills_the_memory_is_ended(tmp_path, attack):
    limits = tools.Limits(seconds=60, memory=tools.GIB)
    run = engine.typeset(
        {"book.tex": DOCUMENT % attack}, tmp_path, jobname="book", epoch=0, limits=limits
    )
    assert not run.ok
    assert re.search("capacity exceeded|not enough memory", run.log)


MARKDOWN = r"""# One

Begun. ![a](../secret.png) ![b](../../secret.png) ![c](@/secret.png) ![d](link.png)
![e](https://example.invalid/x.png) ![f](data:image/png;base64,iVBORw0KGgo=)

![page](good.png){page="2,x=\Z" onclick="alert(1)" width="1cm\input{@/secret}"}

[js](javascript:alert(1)) [data](data:text/html,<script>alert(1)</script>) [vb](vbscript:x)

<a href="javascript:alert(1)" onclick="alert(1)">html</a>
<script>alert("canary")</script>
<img src="https://example.invalid/y.png" onerror="alert(1)">
<iframe src="file:///etc/passwd"></iframe>

[Hover]{onmouseover="alert(1)" style="background:url(https://example.invalid/z)"}

::: {onclick="alert(1)"}
Within. `<b onclick="alert(1)">raw</b>`{=html}
:::

$^^5cinput{@/secret}$ Ended.
"""


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A book of attacks through the whole pipeline, its faults marked; both editions' insides."""
    folder = tmp_path_factory.mktemp("whole")
    (folder / "secret.png").write_bytes(PNG + CANARY.encode())
    (folder / "secret.tex").write_text(CANARY)
    root = folder / "book"
    (root / "chapters").mkdir(parents=True)
    (root / "book.yaml").write_text(
        "title: \\input{x} {{ 7*7 }} {% x %}\nauthor: 'A & B $x$ #1'\nlang: en\n"
    )
    (root / "chapters/1.md").write_text(MARKDOWN.replace("@/", f"{folder}/"))
    (root / "chapters/good.png").write_bytes(PNG)
    (root / "chapters/link.png").symlink_to(folder / "secret.png")
    outcome = build(Request(root, ("pdf", "epub"), lenient=True), lambda _: None)
    assert len(outcome.artifacts) == 2, outcome.diagnostics
    with zipfile.ZipFile(root / f"build/{outcome.artifacts[1].path.name}") as epub:
        parts = {name: epub.read(name) for name in epub.namelist()}
    return root, outcome, parts


def test_images_from_elsewhere_are_refused_at_their_places(whole):
    root, outcome, _ = whole
    said = {d.code: [] for d in outcome.diagnostics}
    for d in outcome.diagnostics:
        said[d.code].append(str(d.location))
    lines = (root / "chapters/1.md").read_text().split("\n")
    places = {
        word: f"chapters/1.md:{n}:{line.index(f'![{word}]') + 1}"
        for word in "abcdef"
        for n, line in enumerate(lines, 1)
        if f"![{word}]" in line
    }
    assert said["image-outside"] == [places[word] for word in "abcd"]
    assert said["image-remote"] == [places["e"], places["f"]]


def test_no_canary_in_any_edition(whole):
    _, outcome, parts = whole
    assert not [name for name, data in parts.items() if CANARY.encode() in data]
    assert CANARY.encode() not in outcome.artifacts[0].path.read_bytes()


def test_no_script_in_the_epub(whole):
    _, _, parts = whole
    pages = b"".join(
        data for name, data in parts.items() if name.endswith((".xhtml", ".opf", ".ncx"))
    )
    for word in (
        rb"<script",
        rb"\son\w+\s*=",
        rb"=.javascript:",
        rb"=.data:",
        rb"=.vbscript:",
        rb"<iframe",
        rb"(src|href|url)[=(].?https?://example\.invalid",
    ):
        assert not re.search(word, pages, re.IGNORECASE), word
    assert b"Begun." in pages
    assert b"Within." in pages


def test_signs_of_jinja_and_tex_in_the_title_are_themselves(whole):
    _, outcome, parts = whole
    command = ["pdftotext", "-l", "6", str(outcome.artifacts[0].path), "-"]
    words = " ".join(
        subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    )
    assert "\\input{x} {{ 7*7 }} {% x %}" in words
    assert "A & B $x$ #1" in words
    title = next(data for name, data in parts.items() if name.endswith("titlepage.xhtml")).decode()
    assert "\\input{x} {{ 7*7 }} {% x %}" in title
    assert "A &amp; B $x$ #1" in title


def test_what_never_ends_is_named_by_its_chapter(make_book, monkeypatch):
    root = make_book(
        {
            "chapters/1.md": "# One\n\nWords.\n",
            "chapters/2.md": "# Two\n\n\\loop\\iftrue\\repeat\n",
            "chapters/3.md": "# Three\n\nWords.\n",
        }
    )
    monkeypatch.setattr(engine, "LIMITS", tools.Limits(seconds=12, cpu_seconds=6))
    with pytest.raises(GeppettoError) as caught:
        build(Request(root, ("pdf",)), lambda _: None)
    [found] = caught.value.diagnostics
    assert (found.code, str(found.location)) == ("tool-timeout", "chapters/2.md")
    assert not list(root.glob("build/*.pdf"))


SIGNS = "{{ 7*7 }} #1 %x &"
SIGNED = r"""# One {{ 7*7 }} \\input{x} # % & ~ ^

![Words {{ 7*7 }} of it](<i {{ 7*7 }} #1 %25x &.png>)

{{ 7*7 }} {% x %} {# y #} \\VAR{z} %% if [@k] `{{ code }}`
"""
SIGNED_BIB = r"""@book{k, author = {Neil, A. \& B}, year = 2000, publisher = {P},
  title = {Fifty \% \& \#1 \{\{ 7*7 \}\} \{\% x \%\}}}
"""


def test_signs_of_jinja_and_tex_are_themselves_everywhere(make_book):
    """In text, captions, code, bibliographies and the names of files."""
    root = make_book(
        {
            "book.yaml": f"title: T\nbibliography: 'r {SIGNS}.bib'\n",
            f"chapters/1 {SIGNS}.md": SIGNED,
            f"chapters/i {SIGNS}.png": PNG,
            f"r {SIGNS}.bib": SIGNED_BIB,
        }
    )
    outcome = build(Request(root, ("pdf", "epub")), lambda _: None)
    assert [d for d in outcome.diagnostics if d.is_error] == []
    command = ["pdftotext", str(outcome.artifacts[0].path), "-"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    with zipfile.ZipFile(outcome.artifacts[1].path) as epub:
        names = [name for name in epub.namelist() if name.endswith(".xhtml")]
        markup = "".join(epub.read(name).decode() for name in names)
    for text in (printed, html.unescape(re.sub(r"<[^>]+>", "", markup))):
        words = " ".join(text.split())
        assert r"One {{ 7*7 }} \input{x} # % & ~ ^" in words
        assert "Words {{ 7*7 }} of it" in words
        assert r"{{ 7*7 }} {% x %} {# y #} \VAR{z} %% if" in words
        assert "{{ code" in words
        assert "Fifty % & #1 {{ 7*7 }} {% x %}" in words
        assert "49" not in words


@pytest.mark.parametrize("name", ["@/secret.bib", "../secret.bib", "link.bib"])
def test_a_bibliography_from_elsewhere_is_not_read(make_book, tmp_path, name):
    (tmp_path / "secret.bib").write_text(f"@book{{k, title = {{{CANARY}}}}}")
    name = name.replace("@", str(tmp_path))
    root = make_book(
        {"book.yaml": f"title: T\nbibliography: {name}\n", "chapters/1.md": "# A\n\nx [@k]\n"}
    )
    (root / "link.bib").symlink_to(tmp_path / "secret.bib")
    outcome = build(Request(root, ("epub",)), lambda _: None)
    said = [(d.code, d.location.path, d.location.line) for d in outcome.diagnostics]
    assert ("chapter-outside", "book.yaml", 2) in said
    assert outcome.artifacts == ()
    assert CANARY not in str(outcome.diagnostics)
