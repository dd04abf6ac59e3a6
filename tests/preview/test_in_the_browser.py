"""The page in a real browser: pages, place, edits, clicks and problems, of a book that is watched."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from browser import WAIT, Browser

from geppetto import tools
from geppetto.pipeline import placing


def _is_set_up() -> bool:
    """Whether the set-up surely installs a ChromeDriver here: Debian has one, and root may."""
    release = Path("/etc/os-release")
    is_debian = release.is_file() and "ID=debian" in release.read_text("utf-8").splitlines()
    return is_debian and os.geteuid() == 0


pytestmark = [
    pytest.mark.tools,
    pytest.mark.skipif(
        not _is_set_up() and tools.find("chromedriver") is None,
        reason="there is no ChromeDriver; the set-up installs it where apt has it and it may",
    ),
]
PARAGRAPHS = 60
WORDS = "Plain words that fill a few lines of the page, one like the other, until it ends. " * 4
LEFT = 250  # pixels: to the left of the middle, within the text of a page in a narrow window


def chapter(title, **changed):
    """Give a chapter; `p7` stands for its seventh paragraph, on line 15."""
    texts = [changed.get(f"p{n}", f"Paragraph {n}. {WORDS}") for n in range(1, PARAGRAPHS + 1)]
    return "\n\n".join([f"# {title}", *texts]) + "\n"


def line(paragraph):
    """Give the line of a paragraph in its chapter."""
    return 2 * paragraph + 1


class Watched:
    """A book that is watched and served by the command itself, and a browser that shows it."""

    def __init__(self, root, folder):
        self.root, self.opened = root, folder / "opened"
        self.editor = folder / "editor"
        self.editor.write_text(
            f'#!/bin/sh\nprintf "%s\\n" "$@" >"{self.opened}.new"\nmv "{self.opened}.new" "{self.opened}"\n'
        )
        self.editor.chmod(0o755)
        self.start()
        self.browser = Browser(folder / "profile")

    def start(self):
        """Begin to watch; the address is the one that is printed."""
        program = "import sys; from geppetto.cli import main; sys.exit(main())"
        command = [sys.executable, "-c", program, "-C", str(self.root), "watch", "--serve"]
        environment = {**os.environ, "GEPPETTO_EDITOR": f"{self.editor} {{file}} {{line}}"}
        self.process = subprocess.Popen(
            command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, env=environment
        )
        printed = self.process.stderr.readline()
        self.address = re.search(r"http://127\.0\.0\.1:\d+/\?token=\S+", printed)[0]

    def stop(self):
        """End the watch as Ctrl-C does."""
        self.process.send_signal(signal.SIGINT)
        self.process.stderr.read()
        self.process.stderr.close()
        assert self.process.wait(WAIT) == 0

    def look(self, width=900, height=900):
        """Open the page, and wait for the first pictures."""
        self.browser.size(width, height)
        self.browser.get(self.address)
        self.browser.until("document.querySelectorAll('.page img').length > 1")
        self.settled()

    def settled(self):
        """Wait for a build to end."""
        self.browser.until("document.getElementById('state').textContent.match(/^(built|stopped)/)")

    def save(self, name, text):
        """Save a chapter."""
        (self.root / "chapters" / name).write_text(text)

    def spot(self, name, paragraph):
        """Give where a paragraph stands in the PDF."""
        return placing.in_pdf(f"chapters/{name}:{line(paragraph)}", self.root).spots[0]

    def show(self, spot, down=0.5):
        """Scroll so that a spot stands so far down the window, and give its middle there."""
        return self.browser.run(
            """const [page, y, height, down] = arguments;
            const figure = document.querySelector(`[data-page="${page}"]`);
            const middle = () => figure.getBoundingClientRect().top + (y + height / 2) * figure.clientHeight;
            scrollBy({ top: middle() - down * innerHeight, behavior: "instant" });
            return middle();""",
            spot.page, spot.y, spot.height, down,
        )  # fmt: skip

    def revision(self):
        """Give the name of the PDF whose picture the page in view shows."""
        return self.browser.run("return state.revision")

    def reached(self):
        """Wait for the editor, and give the arguments that it was started with."""
        end = time.monotonic() + WAIT
        while not self.opened.exists():
            assert time.monotonic() < end, "no editor was started"
            time.sleep(0.02)
        words = self.opened.read_text().splitlines()
        self.opened.unlink()
        return words


@pytest.fixture
def watched(make_book, tmp_path):
    """Watch a book of two chapters."""
    begun = []

    def watch(**texts):
        files = {"1.md": chapter("One"), "2.md": chapter("Two"), **texts}
        root = make_book({f"chapters/{name}": text for name, text in files.items()})
        (root / "book.yaml").write_text("title: A Small Book\ndate: 2026-01-02\n")
        begun.append(Watched(root, tmp_path))
        return begun[0]

    yield watch
    for one in begun:
        one.browser.__exit__()
        if one.process.poll() is None:
            one.stop()


MARKED = """(() => { const mark = document.querySelector(".mark"); if (!mark) return null;
const box = mark.getBoundingClientRect(); const page = mark.parentElement;
return [Number(page.dataset.page), box.top >= 0 && box.bottom <= innerHeight, box.height]; })()"""


def test_pages_are_shown_an_edit_is_gone_to_and_the_place_is_kept(watched):
    book = watched()
    book.look()
    browser = book.browser
    shown = browser.run(
        """return [...document.querySelectorAll(".page img")].map((image) =>
        [image.naturalWidth, image.parentElement.clientWidth, image.alt])"""
    )
    assert all(natural == width > 100 for natural, width, _ in shown)
    assert shown[0][2].startswith("Page ")
    assert browser.run("return document.title") == "A Small Book"

    first = book.revision()
    book.save("2.md", chapter("Two", p50="Edited words. " + WORDS))
    page, is_in_view, height = browser.until(MARKED)
    spot = book.spot("2.md", 50)
    assert (page, is_in_view) == (spot.page, True)
    assert height > 20
    assert book.revision() != first
    browser.until(
        """[...document.querySelectorAll(`[data-page="${arguments[0]}"] img`)].some((image) =>
        image.src.includes(state.revision) && image.naturalWidth > 0)""",
        page,
    )
    browser.until("!document.querySelector('.mark')")
    book.settled()

    book.show(book.spot("2.md", 50), down=0.4)
    before = browser.run("return scrollY")
    book.save("2.md", chapter("Two", p50="Mended words. " + WORDS))
    assert browser.until(MARKED)[:2] == [page, True]
    assert abs(browser.run("return scrollY") - before) <= 1

    browser.run("return new Promise((done) => setTimeout(done, 400))")
    browser.reload()
    browser.until("document.querySelectorAll('.page img').length > 1")
    assert abs(browser.run("return scrollY") - before) <= 1
    assert browser.errors() == []


def test_a_click_opens_the_line_and_problems_come_and_go(watched):
    book = watched()
    book.look()
    browser = book.browser
    spot = book.spot("1.md", 30)
    browser.click_at(LEFT, book.show(spot))
    assert book.reached() == [str(book.root / "chapters/1.md"), str(line(30))]
    assert f"chapters/1.md:{line(30)}" in browser.run("return document.body.innerText")

    book.save("2.md", chapter("Two", p5="See @fig:none."))
    browser.until("document.getElementById('state').textContent === 'stopped'")
    assert browser.run("return document.getElementById('toggle').textContent") == "1 error"
    browser.press("e")
    assert browser.run("return document.getElementById('toggle').ariaExpanded") == "true"
    words = browser.run("return document.getElementById('problems').innerText")
    assert f"chapters/2.md:{line(5)}:5" in words
    assert "@fig:none" in words
    browser.click("#list button")
    assert book.reached() == [str(book.root / "chapters/2.md"), str(line(5))]

    book.save("2.md", chapter("Two"))
    browser.until(
        "document.getElementById('toggle').hidden && document.getElementById('problems').hidden"
    )
    book.settled()
    assert browser.errors() == []


def test_a_book_that_fails_from_the_start_a_watch_that_ends_and_one_that_returns(watched):
    book = watched(**{"1.md": "# One\n\nSee @fig:none.\n"})
    browser = book.browser
    browser.size(900, 900)
    browser.get(book.address)
    browser.until("document.getElementById('state').textContent === 'stopped'")
    assert "There are no pages yet" in browser.run("return document.body.innerText")
    assert browser.run("return document.querySelectorAll('#list li').length") == 1
    assert not browser.run("return document.getElementById('problems').hidden")
    book.save("1.md", chapter("One"))
    browser.until("document.querySelectorAll('.page img').length > 1")
    assert browser.errors() == []
    book.stop()
    browser.until("document.getElementById('said').textContent.includes('The watch has ended')")
    port = re.search(r":(\d+)/", book.address)[1]
    program = f"""
import time
from pathlib import Path
from geppetto.preview import Preview
with Preview(Path({str(book.root)!r}), {port}): time.sleep({WAIT})
"""
    with subprocess.Popen([sys.executable, "-c", program]) as other:
        browser.until("document.getElementById('said').textContent.includes('another address')")
        other.terminate()


def test_another_site_that_knows_the_address_opens_nothing(watched):
    """The header asks the browser to ask first, and the answer is no; without it the token is missing."""
    book = watched()
    book.look()
    book.browser.get("data:text/html,<title>Another site</title>")
    said = book.browser.run(
        """const [address] = arguments;
        const { origin, searchParams } = new URL(address);
        const token = searchParams.get("token");
        const body = JSON.stringify({ path: "book.yaml", line: 1 });
        const sent = [
          { mode: "no-cors" }, { mode: "no-cors", headers: { "X-Geppetto-Token": token } },
          { mode: "cors", headers: { "X-Geppetto-Token": token } },
        ].map((options) => fetch(`${origin}/open?token=${token}`, { method: "POST", body, ...options })
          .then((answer) => answer.status, () => "refused"));
        const read = fetch(address).then((answer) => answer.status, () => "refused");
        return Promise.all([...sent, read]);""",
        book.address,
    )
    assert set(said) <= {0, "refused"}
    assert not book.opened.exists()


def test_a_wide_window_shows_spreads_and_keys_turn_them(watched):
    book = watched()
    book.look(1500, 1000)
    browser = book.browser
    sides = browser.run(
        """return [1, 2, 3].map((number) => {
        const box = document.querySelector(`[data-page="${number}"]`).getBoundingClientRect();
        return [Math.round(box.left), Math.round(box.top)]; })"""
    )
    assert sides[0][0] == sides[2][0] > sides[1][0]
    assert sides[1][1] == sides[2][1] > sides[0][1]
    for key, label in [("n", "2–3 of"), ("n", "4–5 of"), ("p", "2–3 of"), ("p", "1 of")]:
        browser.press(key)
        browser.until("document.getElementById('place').innerText.includes(arguments[0])", label)
    wide = browser.run("return document.querySelector('.page').clientWidth")
    browser.click("#smaller")
    assert browser.run("return document.querySelector('.page').clientWidth") < wide
    browser.press("0")
    assert browser.run("return document.querySelector('.page').clientWidth") == wide
    assert browser.errors() == []
