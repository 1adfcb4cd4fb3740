"""What tests of money have in hand: tools/fake-stripe, the mails that came, and patience."""

from __future__ import annotations

import email
import email.policy
import json
import pathlib
import re
import time
import urllib.request
from collections import Counter
from collections.abc import Callable
from typing import Any

# How long something may take to come that nobody waits before.
DEADLINE = 600
HOUR = 3_600


def eventually(what: str, condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"did not come true within two minutes: {what}")
        time.sleep(0.1)


class Stripe:
    """The test's hand on tools/fake-stripe."""

    def __init__(self, url: str) -> None:
        self.url = url

    def ask(self, path: str, wish: dict[str, Any] | None = None) -> Any:
        data = None if wish is None else json.dumps(wish).encode()
        with urllib.request.urlopen(urllib.request.Request(f"{self.url}/_test/{path}", data), timeout=300) as response:
            return json.load(response)

    def all(self, kind: str) -> list[dict[str, Any]]:
        return list(self.ask("state")["objects"].get(kind, {}).values())

    def pass_period(self) -> None:
        """The clock moves until what is paid has ended, and what is paid next would have been taken."""
        running = [one for one in self.all("subscription") if one["status"] != "canceled"]
        ends = [one["items"]["data"][0]["current_period_end"] for one in running]
        self.ask("clock", {"to": max(ends) + 2 * HOUR})


class Outbox:
    """The folder where mails are left."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder

    def subjects(self, address: str) -> Counter[str]:
        """What the mails to an address are about, and how many of each there are."""
        found: Counter[str] = Counter()
        for file in self.folder.glob("*.eml"):
            message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            if address in str(message["To"]):
                found[str(message["Subject"])] += 1
        return found

    def token(self, address: str) -> str | None:
        """That of the link which verifies an address."""
        for file in self.folder.glob("*.eml"):
            message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            body = message.get_body(("plain",))
            found = re.search(r"/verify\?token=([A-Za-z0-9_-]+)", str(body.get_content()) if body else "")
            if address in str(message["To"]) and found:
                return found.group(1)
        return None
