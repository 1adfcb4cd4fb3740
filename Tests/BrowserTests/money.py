"""From signing up to paying, and back to paying nothing, as somebody clicks their way through Recount's pages and Stripe's.

    money.py --url http://127.0.0.1:8080 --outbox FOLDER --stripe http://127.0.0.1:12111 --slack-port N [--pictures FOLDER]

Stripe is tools/fake-stripe, which delivers by itself. Slack is played here, on a port that the server takes for one of Slack's.
Ends with 0 when nothing went wrong; else says what, a line each.
"""

from __future__ import annotations

import argparse
import http.server
import json
import pathlib
import re
import sys
import threading
import time
from typing import Any

from browser import LOOKS, Watched, context, launched
from journey import PATIENCE, Journey
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright
from till import Outbox, Stripe, eventually


class Slack(http.server.ThreadingHTTPServer):
    """Notes what is said to it, and is fine with all of it."""

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), SlackHandler)
        self.said: list[str] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/services/T0/B0/money"

    def heard(self, part: str) -> bool:
        return any(part in text for text in self.said)


class SlackHandler(http.server.BaseHTTPRequestHandler):
    server: Slack

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.said.append(str(body["text"]))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, format: str, *arguments: Any) -> None:
        """Nothing: what was said is what counts."""


class Money(Journey):
    def __init__(self, url: str, outbox: pathlib.Path, stripe: Stripe, slack: Slack, pictures: pathlib.Path | None) -> None:
        super().__init__(url, outbox, False, pictures)
        self.stripe = stripe
        self.slack = slack
        self.email = f"payer-{time.time_ns()}@example.com"

    def go(self, browser: Browser) -> None:
        page = context(browser, LOOKS[2]).new_page()
        page.set_default_timeout(PATIENCE)
        watched = Watched(page)
        self.sign_up(page, watched, self.email)
        self.subscribe(browser, page)
        self.fail(browser, page)
        self.recover(page)
        self.upgrade(browser, page)
        self.tell_slack(page)
        self.downgrade(browser, page)
        self.cancel(browser, page)
        self.be_free(browser, page)
        self.check_complaints(watched, "on the way", 200)
        page.context.close()

    # --- the way through ---------------------------------------------------------------------------------------------

    def subscribe(self, browser: Browser, page: Page) -> None:
        """With a card that pays now, and is declined later."""
        page.goto(f"{self.url}/billing")
        self.see(browser, page, "/billing", "free")
        self.see(browser, page, "/billing/return?tier=pro&asked=yes&look=10", "return-late")
        page.get_by_role("button", name="Subscribe to Pro").click()
        page.get_by_role("button", name="A card that pays now and is declined later").click()
        expect(page.get_by_role("status")).to_contain_text("It is paid")
        self.has_tier(page, "Pro")
        self.see(browser, page, "/billing", "pro")

    def fail(self, browser: Browser, page: Page) -> None:
        """The renewal is declined: its owner is told once, and keeps the tier meanwhile."""
        self.stripe.pass_period()
        alarm = page.get_by_role("heading", name="A payment is overdue")
        self.shows(page, alarm)
        self.has_tier(page, "Pro")
        self.is_told("A payment of USD 9.00 failed")
        self.see(browser, page, "/billing", "overdue")

    def recover(self, page: Page) -> None:
        """A new card, and what is owed is paid with it."""
        page.get_by_role("button", name="Card, address and tax id, at Stripe").click()
        page.get_by_role("button", name="A card that pays", exact=True).click()
        page.get_by_role("link", name="Back to the shop").click()
        page.get_by_role("button", name="Pay it at Stripe").click()
        page.get_by_role("button", name="Pay now with the card that is on file").click()
        expect(page.get_by_role("cell", name="paid")).to_be_visible()
        page.goto(f"{self.url}/billing")
        self.disappears(page, page.get_by_role("heading", name="A payment is overdue"))
        self.is_told("USD 9.00 is paid")

    def upgrade(self, browser: Browser, page: Page) -> None:
        page.get_by_role("region", name="Business").get_by_role("link").click()
        expect(page.get_by_role("heading", name="Move up to Business")).to_be_visible()
        self.see(browser, page, "/billing/tier?to=business", "raise")
        page.get_by_role("button", name=re.compile("^Pay USD .* now")).click()
        self.has_tier(page, "Business")

    def tell_slack(self, page: Page) -> None:
        page.goto(f"{self.url}/settings/slack")
        page.get_by_label("address", exact=False).fill(self.slack.address)
        page.get_by_role("main").get_by_role("button", name="Save").click()
        eventually("Slack gets a message to try it", lambda: bool(self.slack.said))

    def downgrade(self, browser: Browser, page: Page) -> None:
        """Asked for, taken back, asked for again, and it comes with the end of what is paid."""
        page.goto(f"{self.url}/billing")
        for again in (False, True):
            page.get_by_role("region", name="Pro").get_by_role("link").click()
            if not again:
                self.see(browser, page, "/billing/tier?to=pro", "lower")
            page.get_by_role("button", name="Move down to Pro").click()
            coming = page.get_by_text("Becomes Pro on")
            self.shows(page, coming)
            if not again:
                self.see(browser, page, "/billing", "lowering")
                page.get_by_role("button", name="Keep it as it is").click()
                self.disappears(page, coming)
        eventually("Slack hears of the lower tier", lambda: self.slack.heard("Business changes to Pro"))
        self.has_tier(page, "Business")
        self.stripe.pass_period()
        self.has_tier(page, "Pro")

    def cancel(self, browser: Browser, page: Page) -> None:
        page.get_by_role("region", name="Free").get_by_role("link").click()
        self.see(browser, page, "/billing/cancel", "cancel")
        page.get_by_role("button", name="Cancel it").click()
        self.shows(page, page.get_by_text("Ends on"))
        self.has_tier(page, "Pro")
        self.see(browser, page, "/billing", "ending")

    def be_free(self, browser: Browser, page: Page) -> None:
        self.stripe.pass_period()
        self.has_tier(page, "Free")
        self.is_told("The subscription to Pro has ended")
        statuses = [one["status"] for one in self.stripe.all("subscription")]
        if statuses != ["canceled"]:
            self.fault(f"at Stripe the subscriptions are {statuses}")
        for subject in ("A payment of USD 9.00 failed", "USD 9.00 is paid", "The subscription to Pro has ended"):
            if self.mails(subject) != 1:
                self.fault(f"{self.mails(subject)} mails say {subject}")
        self.see(browser, page, "/billing", "ended")

    # --- what is waited for ------------------------------------------------------------------------------------------

    def has_tier(self, page: Page, name: str) -> None:
        self.shows(page, page.get_by_role("region", name="Tier", exact=True).locator(".figure", has_text=name))

    def shows(self, page: Page, part: Locator) -> None:
        eventually(f"{page.url} shows {part}", lambda: part.first.is_visible() or self.reloaded(page, part) > 0)

    def disappears(self, page: Page, part: Locator) -> None:
        eventually(f"{page.url} shows {part} no more", lambda: self.reloaded(page, part) == 0)

    @staticmethod
    def reloaded(page: Page, part: Locator) -> int:
        page.reload()
        return part.count()

    def is_told(self, subject: str) -> None:
        eventually(f"a mail to {self.email} says {subject}", lambda: self.mails(subject) > 0)

    def mails(self, subject: str) -> int:
        """How many mails have come that say so."""
        return Outbox(self.outbox).subjects(self.email)[subject]

    # --- the pages by the way, in every look -------------------------------------------------------------------------

    def see(self, browser: Browser, page: Page, path: str, name: str) -> None:
        """A page as it stands now, in other windows of the same person's."""
        state = page.context.storage_state()
        for look in LOOKS:
            window = context(browser, look, state).new_page()
            window.set_default_timeout(PATIENCE)
            watched = Watched(window)
            where = f"{path} ({look})"
            status = watched.open(self.url + path)
            if status != 200:
                self.fault(f"{where}: answered {status}")
            self.check_fetched(watched, where)
            if look.has_scripts:
                self.check_axe(window, where)
                self.check_width(window, where)
                self.take_picture(window, f"money-{name}-{look.scheme}-{look.width}")
            self.check_complaints(watched, where, status)
            window.context.close()

    def take_picture(self, window: Page, name: str) -> None:
        if self.pictures:
            window.screenshot(path=self.pictures / f"{name}.png", full_page=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", required=True)
    parser.add_argument("--outbox", type=pathlib.Path, required=True)
    parser.add_argument("--stripe", required=True)
    parser.add_argument("--slack-port", type=int, required=True)
    parser.add_argument("--pictures", type=pathlib.Path)
    given = parser.parse_args()
    if given.pictures:
        given.pictures.mkdir(parents=True, exist_ok=True)
    money = Money(given.url, given.outbox, Stripe(given.stripe), Slack(given.slack_port), given.pictures)
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright, launched(playwright) as browser:
        money.go(browser)
    for fault in money.faults:
        print(fault)
    return 1 if money.faults else 0


if __name__ == "__main__":
    sys.exit(main())
