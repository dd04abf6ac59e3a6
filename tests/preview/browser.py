"""A headless Chromium, driven through ChromeDriver by the standard's own commands (W3C WebDriver)."""

from __future__ import annotations

import base64
import http.client
import json
import re
import subprocess
import time
from pathlib import Path

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the standard's name for a reference to an element
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
)
WAIT = 120  # seconds until a test gives up


class Browser:
    """A browser with one window; `profile` is an empty folder."""

    def __init__(self, profile: Path, *flags: str) -> None:
        self.driver = subprocess.Popen(
            ["chromedriver", "--port=0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.session = ""
        try:
            self.port = self._port()
            options = {"args": [*FLAGS, f"--user-data-dir={profile}", *flags]}
            asked = {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
            made = self._do("POST", "", {"capabilities": {"alwaysMatch": asked}})
            self.session = f"/{made['sessionId']}"
        except BaseException:
            self._end()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *fault):
        self._do("DELETE", "")
        self._end()

    def _end(self):
        self.driver.terminate()
        self.driver.wait(WAIT)
        self.driver.stdout.close()

    def _port(self):
        for line in self.driver.stdout:
            if found := re.search(r"successfully on port (\d+)", line):
                return int(found[1])
        raise RuntimeError("ChromeDriver did not start")

    def _do(self, method, path, values=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT)
        body = None if method != "POST" else json.dumps(values or {})
        connection.request(method, f"/session{self.session}{path}", body)
        answer = json.loads(connection.getresponse().read())["value"]
        connection.close()
        if isinstance(answer, dict) and "error" in answer:
            raise RuntimeError(f"{answer['error']}: {answer['message']}")
        return answer

    def get(self, address):
        """Go to a page."""
        self._do("POST", "/url", {"url": address})

    def reload(self):
        """Load the page again."""
        self._do("POST", "/refresh")

    def run(self, script, *arguments):
        """Give what a function's body returns in the page."""
        return self._do("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def until(self, script, *arguments):
        """Wait until an expression is true in the page, and give its value."""
        end = time.monotonic() + WAIT
        while not (value := self.run(f"return {script}", *arguments)):
            assert time.monotonic() < end, (
                f"never true: {script}; {self.run('return document.body.innerText')}"
            )
            time.sleep(0.05)
        return value

    def element(self, css):
        """Give the first element that a selector finds, to be clicked at."""
        return self._do("POST", "/element", {"using": "css selector", "value": css})[ELEMENT]

    def click(self, css):
        """Click on an element's middle."""
        self._do("POST", f"/element/{self.element(css)}/click")

    def click_at(self, across, down):
        """Click on a point of the window."""
        move = {"type": "pointerMove", "duration": 0, "x": round(across), "y": round(down)}
        press = [{"type": kind, "button": 0} for kind in ("pointerDown", "pointerUp")]
        mouse = {"type": "pointer", "id": "mouse", "actions": [move, *press]}
        self._do("POST", "/actions", {"actions": [mouse]})

    def press(self, key):
        """Press a key."""
        strokes = [{"type": kind, "value": key} for kind in ("keyDown", "keyUp")]
        self._do("POST", "/actions", {"actions": [{"type": "key", "id": "k", "actions": strokes}]})

    def size(self, width, height):
        """Make the window of this size."""
        self._do("POST", "/window/rect", {"width": width, "height": height})

    def errors(self):
        """Give what the console has said since it was asked last: errors, refused loads."""
        said = self._do("POST", "/se/log", {"type": "browser"})
        return [one["message"] for one in said if one["level"] in {"SEVERE", "WARNING"}]

    def picture(self):
        """Give a PNG of the window."""
        return base64.b64decode(self._do("GET", "/screenshot"))
