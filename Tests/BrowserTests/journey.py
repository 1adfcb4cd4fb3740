"""From the landing page to the first event on a chart, as somebody clicks their way through, and every page that they pass in every look.

    journey.py --url http://127.0.0.1:8080 --outbox FOLDER [--plots] [--steer-only] [--pictures FOLDER]

Ends with 0 when nothing went wrong; else says what, a line each.
"""

from __future__ import annotations

import argparse
import datetime
import json
import pathlib
import re
import sys
import time
import urllib.parse
import urllib.request
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from browser import LOOKS, Look, Watched, context, launched
from playwright.sync_api import Browser, Page, expect, sync_playwright

PASSWORD = "thistle-97-gravel"
# Compressed, over the network, headers included.
MOST_BYTES = {"Document": 15_000, "Stylesheet": 8_500, "Script": 6_500}
MOST_BYTES_OF_PLOTS = 23_000
MOST_BYTES_OF_PAGE = 55_000
MOST_REQUESTS = 5
# What may take long on a machine that is busy with other tests.
PATIENCE = 60_000

# Whether the canvas has a pixel of the legend's first colour.
HAS_BARS = """(() => {
  const canvas = document.querySelector(".canvas canvas");
  const wanted = getComputedStyle(document.querySelector(".legend .key.b2")).backgroundColor.match(/[0-9]+/g).map(Number);
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  for (let at = 0; at < data.length; at += 4) {
    if (data[at + 3] === 255 && wanted.every((value, part) => data[at + part] === value)) return true;
  }
  return false;
})()"""


class Journey:
    def __init__(self, url: str, outbox: pathlib.Path, has_plots: bool, pictures: pathlib.Path | None) -> None:
        self.url = url
        self.has_plots = has_plots
        self.outbox = outbox
        self.pictures = pictures
        self.faults: list[str] = []
        self.project = ""
        self.key = ""
        self.shared = ""

    def fault(self, what: str) -> None:
        self.faults.append(what)

    # --- the way through ---------------------------------------------------------------------------------------------

    def walk(self, browser: Browser) -> Any:
        """Signs up, verifies, logs in, makes a project and a key, tracks, and sees it. What the browser keeps then."""
        page = context(browser, Look("light", 1280, True)).new_page()
        page.set_default_timeout(PATIENCE)
        watched = Watched(page)
        self.sign_up(page, watched, f"walker-{time.time_ns()}@example.com")
        self.make_project(page)
        self.track_first(page)
        self.see_it_move(page)
        self.share(page)
        for complaint in watched.complaints:
            self.fault(f"on the way: {complaint}")
        return page.context.storage_state()

    def sign_up(self, page: Page, watched: Watched, email: str) -> None:
        """Signs up, verifies the address, and logs in."""
        watched.open(f"{self.url}/")
        page.get_by_role("link", name="Sign up").first.click()
        page.get_by_label("E-mail address").fill(email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("main").get_by_role("button", name="Sign up").click()
        expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
        page.goto(self.link(email))
        page.get_by_role("button", name="Verify this address").click()
        page.get_by_label("E-mail address").fill(email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("main").get_by_role("button", name="Log in").click()
        page.wait_for_url("**/home*")

    def make_project(self, page: Page) -> None:
        page.get_by_role("navigation", name="Main").get_by_role("link", name="Projects").click()
        page.get_by_label("Name").fill("shop")
        page.get_by_role("button", name="Create").click()
        page.wait_for_url("**/keys*")
        self.project = page.url.split("/projects/")[1].split("/")[0]
        page.get_by_label("Name").first.fill("web server")
        page.get_by_role("button", name="Issue the key").click()
        self.key = page.locator("#secret").inner_text()
        page.reload()
        expect(page.locator("#secret")).to_have_count(0)

    def track_first(self, page: Page) -> None:
        page.get_by_role("link", name="Wait for the event").click()
        expect(page.get_by_role("heading", name=re.compile("Waiting"))).to_be_visible()
        self.track("/v2/orders/1234")
        expect(page.get_by_role("heading", name="It is here")).to_be_visible()

    def see_it_move(self, page: Page) -> None:
        """What was tracked a moment ago shows without a reload."""
        page.get_by_role("link", name="See the numbers").click()
        rows = page.locator("[data-live-requests]")
        expect(rows).to_contain_text("/v2/orders/1234")
        self.track("/v2/baskets/77")
        expect(rows).to_contain_text("/v2/baskets/77", timeout=20_000)
        # The script draws what the template drew before: as many cells as there are columns.
        columns = page.locator("table", has=rows).locator("thead th").count()
        cells = rows.locator("tr").first.locator("td").count()
        if columns != cells:
            self.fault(f"a live row has {cells} cells under {columns} columns")

    def share(self, page: Page) -> None:
        """A link to what the project's page shows; it is shown once."""
        page.get_by_role("link", name="Share", exact=True).click()
        page.get_by_label("Name").fill("for the board")
        page.get_by_role("button", name="Share the link").click()
        self.shared = "/shared/" + page.locator("#secret").inner_text().split("/shared/")[1]
        page.reload()
        expect(page.locator("#secret")).to_have_count(0)

    def link(self, email: str) -> str:
        """That of the mail to an address."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            for file in self.outbox.glob("*.eml"):
                text = file.read_text(errors="replace").replace("=\n", "").replace("=3D", "=")
                found = re.search(r"\S+/verify\?token=[A-Za-z0-9_-]+", text)
                if email in text and found:
                    return f"{self.url}/verify?{found.group().split('?')[1]}"
            time.sleep(0.1)
        raise AssertionError(f"no mail to {email} came")

    def track(self, endpoint: str, **more: Any) -> None:
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        event = {
            "endpoint": endpoint, "method": "GET", "status_code": 200, "response_time_ms": 12.5, "timestamp": now,
            **more,
        }
        request = urllib.request.Request(
            f"{self.url}/api/v1/track",
            data=json.dumps(event).encode(),
            headers={"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as response:
            assert response.status == 202

    # --- what scripts add --------------------------------------------------------------------------------------------

    def steer(self, browser: Browser, state: Any) -> None:
        """The chart, keys and the theme, as somebody uses them."""
        page = context(browser, Look("light", 1280, True), state).new_page()
        page.set_default_timeout(PATIENCE)
        watched = Watched(page)
        project = f"{self.url}/projects/{self.project}"
        watched.open(f"{project}?period=24h")
        self.see_chart(page)
        self.drag(page)
        self.check_complaints(watched, "the chart", 200)
        watched.open(project)
        self.press_keys(page, project)
        self.turn_keys_off(page, project)
        self.check_complaints(watched, "keys", 200)
        watched.open(f"{self.url}/docs/summary")
        self.fill_key(page)
        watched.open(f"{self.url}/settings")
        self.choose_theme(page)
        self.check_complaints(watched, "docs and theme", 200)
        page.context.close()

    def see_chart(self, page: Page) -> None:
        expect(page.locator("figcaption")).to_contain_text("calls")
        canvas = page.locator(".canvas canvas")
        if not self.has_plots:
            expect(canvas).to_have_count(0)
            expect(page.locator(".plot > svg a").last).to_be_visible()
            return
        expect(canvas).to_be_visible()
        expect(page.locator(".canvas[aria-hidden=true]")).to_have_count(1)
        expect(page.locator(".plot > svg a").last).to_be_hidden()
        if not page.evaluate(HAS_BARS):
            self.fault("the chart has no bar in the colour that its legend says")
        # Its last interval, with the figures of the table's last row.
        box = page.locator(".u-over").bounding_box()
        assert box
        page.mouse.move(box["x"] + box["width"] - 3, box["y"] + 20)
        calls = page.locator("tr[data-drawn]").last.locator("td").first.text_content()
        expect(page.locator(".tip")).to_contain_text(f"Calls {calls}")
        # Colours are read once: drawn anew with others.
        page.emulate_media(color_scheme="dark")
        expect(canvas).to_have_count(1)
        page.emulate_media(color_scheme="light")

    def drag(self, page: Page) -> None:
        """From the middle of one interval to that of another: all that is between, both included."""
        links = [link.get_attribute("href") or "" for link in page.locator("tr[data-drawn] a").all()]
        first, last = len(links) // 4, len(links) // 2
        box = page.locator(".u-over" if self.has_plots else ".plot > svg").bounding_box()
        assert box
        slot, y = box["width"] / len(links), box["y"] + 60
        page.mouse.move(box["x"] + (first + 0.5) * slot, y)
        page.mouse.down()
        page.mouse.move(box["x"] + (last + 0.5) * slot, y, steps=5)
        expect(page.locator(".plot .band")).to_be_visible()
        page.mouse.up()
        page.wait_for_url("**from=*")
        asked = self.query(page.url)
        if asked.get("from") != self.query(links[first]).get("from") or asked.get("to") != self.query(links[last]).get("to"):
            self.fault(f"dragging from {links[first]} to {links[last]} led to {page.url}")

    @staticmethod
    def query(url: str) -> dict[str, str]:
        return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))

    def press_keys(self, page: Page, project: str) -> None:
        for key, place in [("d", "period=24h"), ("ArrowLeft", "from="), ("ArrowRight", "from="), ("x", "compare=weekday")]:
            with page.expect_navigation(url=re.compile(place)):
                page.keyboard.press(key)
        page.keyboard.press("/")
        search = page.locator("#search")
        expect(search).to_be_focused()
        here = page.url
        # Letters are letters where somebody types.
        page.keyboard.type("dx1")
        expect(search).to_have_value("dx1")
        search.blur()
        # Neither with a modifier.
        page.keyboard.press("Alt+d")
        page.keyboard.press("Shift+D")
        if page.url != here:
            self.fault(f"typing led from {here} to {page.url}")
        page.goto(f"{project}?status=200")
        page.keyboard.press("Escape")
        page.wait_for_url(project)
        page.goto(f"{self.url}/home")
        page.keyboard.press("1")
        page.wait_for_url("**/projects/*")

    def turn_keys_off(self, page: Page, project: str) -> None:
        page.goto(project)
        page.keyboard.press("?")
        dialog = page.get_by_role("dialog", name="Keys")
        expect(dialog).to_contain_text("24 hours")
        self.check_axe(page, "the dialog of keys")
        dialog.get_by_label("Keys work in this browser").uncheck()
        dialog.get_by_role("button", name="Close").click()
        page.reload()
        for key in ["d", "?"]:
            page.keyboard.press(key)
        page.get_by_role("button", name="Keys", exact=True).click()
        expect(dialog.get_by_label("Keys work in this browser")).not_to_be_checked()
        if page.url != project:
            self.fault(f"a key that is turned off led to {page.url}")
        dialog.get_by_label("Keys work in this browser").check()
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        page.keyboard.press("t")
        page.wait_for_url("**period=30d*")

    def fill_key(self, page: Page) -> None:
        command = page.locator("#curl")
        expect(command).to_contain_text("Bearer YOUR_KEY")
        page.get_by_label("Your key").fill("sk_live_' && mine")
        expect(command).to_contain_text("Bearer sk_live_mine'")
        page.reload()
        expect(command).to_contain_text("Bearer YOUR_KEY")
        expect(page.get_by_label("Your key")).to_have_value("")

    def choose_theme(self, page: Page) -> None:
        background = "getComputedStyle(document.body).backgroundColor"
        light = page.evaluate(background)
        for theme in ["Dark", "Light", "As the system has it"]:
            page.get_by_label(theme).check()
            page.get_by_role("button", name="Save the theme").click()
            expect(page.get_by_role("status")).to_contain_text("Saved.")
            if (page.evaluate(background) == light) == (theme == "Dark"):
                self.fault(f"the theme {theme} is not what the page looks like")

    # --- every page, in every look -----------------------------------------------------------------------------------

    def pages(self) -> list[str]:
        project = f"/projects/{self.project}"
        return [
            "/", "/sign-up", "/log-in", "/forgot-password", "/check-mail", "/home", "/projects", f"{project}/keys", f"{project}/voids",
            f"{project}/first-event", project, f"{project}/requests", f"{project}/explain", "/billing", "/docs",
            f"{project}/links", self.shared,
            "/settings", "/settings/account", "/settings/security-log", "/settings/verification", "/nothing-here",
        ]

    def look(self, browser: Browser, look: Look, state: Any) -> None:
        page = context(browser, look, state).new_page()
        page.set_default_timeout(PATIENCE)
        watched = Watched(page)
        for path in self.pages():
            where = f"{path} ({look})"
            status = watched.open(self.url + path)
            expected = 404 if path == "/nothing-here" else 200
            if status != expected:
                self.fault(f"{where}: answered {status}")
            self.check_fetched(watched, where)
            self.check_complaints(watched, where, status)
            if look.has_scripts:
                self.check_axe(page, where)
                self.check_width(page, where)
            if self.pictures:
                name = re.sub(r"[^a-z]+", "-", path.replace(self.project, "project")).strip("-") or "landing"
                scripts = "" if look.has_scripts else "-plain"
                page.screenshot(
                    path=self.pictures / f"{name}-{look.scheme}-{look.width}{scripts}.png", full_page=True)
        page.context.close()

    def check_fetched(self, watched: Watched, where: str) -> None:
        fetched = watched.fetched
        if len(fetched) > MOST_REQUESTS:
            self.fault(f"{where}: {len(fetched)} requests, {[one.url for one in fetched]}")
        for one in fetched:
            if not one.url.startswith(self.url + "/"):
                self.fault(f"{where}: fetched {one.url} of somebody else's")
            most = MOST_BYTES_OF_PLOTS if one.url.endswith("/uplot.js") else MOST_BYTES.get(one.kind)
            if most and one.bytes > most:
                self.fault(f"{where}: {one.kind} of {one.bytes} bytes, more than {most}")

        if sum(one.bytes for one in fetched) > MOST_BYTES_OF_PAGE:
            self.fault(f"{where}: {sum(one.bytes for one in fetched)} bytes in all")

    def check_complaints(self, watched: Watched, where: str, status: int) -> None:
        for complaint in watched.complaints:
            # The browser says of every 404 that it is one.
            if status != 404 or "404" not in complaint:
                self.fault(f"{where}: {complaint}")

    def check_axe(self, page: Page, where: str) -> None:
        for violation in Axe().run(page).response["violations"]:
            nodes = [node["html"][:160] for node in violation["nodes"][:3]]
            self.fault(f"{where}: {violation['id']}: {violation['help']}: {nodes}")

    def check_width(self, page: Page, where: str) -> None:
        """Nobody has to scroll sideways to read a page; what is wide scrolls in itself."""
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            self.fault(f"{where}: wider than the window by {over} px")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", required=True)
    parser.add_argument("--outbox", type=pathlib.Path, required=True)
    parser.add_argument("--plots", action="store_true", help="the server has uPlot")
    parser.add_argument("--steer-only", action="store_true", help="leave out the look at every page")
    parser.add_argument("--pictures", type=pathlib.Path)
    given = parser.parse_args()
    if given.pictures:
        given.pictures.mkdir(parents=True, exist_ok=True)
    journey = Journey(given.url, given.outbox, given.plots, given.pictures)
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright, launched(playwright) as browser:
        state = journey.walk(browser)
        journey.steer(browser, state)
        for look in [] if given.steer_only else LOOKS:
            journey.look(browser, look, state)
    for fault in journey.faults:
        print(fault)
    return 1 if journey.faults else 0


if __name__ == "__main__":
    sys.exit(main())
