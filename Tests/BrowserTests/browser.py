"""A real browser that watches itself: what it said, what it fetched, and what was refused by the policy of the page."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright

PROGRAM = "/usr/bin/chromium-headless-shell"


@dataclasses.dataclass(frozen=True)
class Look:
    """How somebody looks at a page."""

    scheme: str
    width: int
    has_scripts: bool

    def __str__(self) -> str:
        return f"{self.scheme}, {self.width} px, {'with' if self.has_scripts else 'without'} JavaScript"


LOOKS = [
    Look(scheme, width, has_scripts)
    for scheme in ("light", "dark")
    for width in (390, 1280)
    for has_scripts in (True, False)
]


@dataclasses.dataclass
class Fetched:
    """What a page took from the network."""

    url: str
    kind: str
    bytes: int = 0


class Watched:
    """A page, with all that went wrong in it and all that it fetched."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        self._fetched: dict[str, Fetched] = {}
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(f"a script failed: {error}"))
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        # Counted as they come over the network, compressed.
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        session.on("Network.requestWillBeSent", self._sent)
        session.on("Network.loadingFinished", self._finished)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"the console says: {message.text}")

    def _sent(self, event: dict[str, Any]) -> None:
        if event["request"]["url"].startswith("http"):
            self._fetched[event["requestId"]] = Fetched(event["request"]["url"], event.get("type", ""))

    def _finished(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self._fetched:
            self._fetched[event["requestId"]].bytes = int(event["encodedDataLength"])

    def open(self, url: str) -> int:
        """The status of the page that was opened; what was fetched before is forgotten."""
        self._fetched.clear()
        self.complaints.clear()
        response = self.page.goto(url, wait_until="load")
        return response.status if response else 0

    @property
    def fetched(self) -> list[Fetched]:
        # The stream of a live page is no part of what it takes to show it.
        return [one for one in self._fetched.values() if one.kind != "EventSource"]


@contextmanager
def launched(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=PROGRAM, args=["--no-sandbox"])
    try:
        yield browser
    finally:
        browser.close()


def context(browser: Browser, look: Look, state: Any = None) -> BrowserContext:
    return browser.new_context(
        color_scheme=look.scheme,  # type: ignore[arg-type]
        viewport={"width": look.width, "height": 900},
        java_script_enabled=look.has_scripts,
        storage_state=state,
        reduced_motion="reduce",
    )
