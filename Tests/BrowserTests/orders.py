"""One story of money for each of many accounts, and what Stripe says of each comes in another order, some of it twice: all end alike.

    orders.py --url http://127.0.0.1:8080 --outbox FOLDER --stripe http://127.0.0.1:12111 [--seeds 20]

Stripe is tools/fake-stripe, which delivers nothing by itself. The server takes us for a proxy that it trusts.
Ends with 0 when nothing went wrong; else says what, a line each.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import json
import pathlib
import sys
import time
import urllib.request
from collections.abc import Callable
from typing import Any

from till import Outbox, Stripe, eventually

PASSWORD = "thistle-97-gravel"
# What differs from account to account, and when which of Stripe's facts was read.
OWN = {"account_id", "subscription_id", "invoice_id", "number", "position", "because", "as_of"}


class Payer:
    """Somebody with an account, for whom deliveries come in an order of their own."""

    def __init__(self, url: str, outbox: Outbox, seed: int) -> None:
        self.url = url
        self.outbox = outbox
        self.seed = seed
        self.email = f"payer-{seed}-{time.time_ns()}@example.com"
        self.access = ""
        self.account = ""
        self.customer = ""

    def call(self, path: str, body: dict[str, Any] | None = None) -> Any:
        # From an address of their own each, as a proxy tells it: from one so many would not be let sign up.
        headers = {"Content-Type": "application/json", "X-Forwarded-For": f"10.0.{self.seed}.1"}
        if self.access:
            headers["Authorization"] = f"Bearer {self.access}"
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(urllib.request.Request(f"{self.url}/api/v1/{path}", data, headers), timeout=120) as response:
            return json.load(response)

    def sign_up(self) -> None:
        self.call("auth/sign-up", {"email": self.email, "password": PASSWORD})
        eventually(f"a mail to {self.email}", lambda: self.outbox.token(self.email) is not None)
        self.call("auth/verify", {"token": self.outbox.token(self.email)})
        self.access = self.call("auth/log-in", {"email": self.email, "password": PASSWORD})["access_token"]
        eventually(f"{self.email} has an account", lambda: bool(self.call("accounts")["accounts"]))
        self.account = self.call("accounts")["accounts"][0]["account_id"]

    def change(self, what: str, body: dict[str, Any] | None = None) -> Any:
        return self.call(f"accounts/{self.account}/billing/{what}", body or {})

    def billing(self) -> Any:
        return self.call(f"accounts/{self.account}/billing")

    def waits(self, tier: str, **members: Any) -> None:
        """Until the account has a tier, and its one subscription these members."""
        wanted = {"tier": tier} | members

        def is_there() -> bool:
            billing = self.billing()
            known = billing["subscriptions"][0] if billing["subscriptions"] else {}
            return wanted == {"tier": billing["tier"]} | {name: known.get(name) for name in members}

        eventually(f"{wanted} with seed {self.seed}: {self.billing()['subscriptions']}", is_there)

    def is_told(self, subject: str) -> None:
        eventually(f"{subject} with seed {self.seed}", lambda: self.outbox.subjects(self.email)[subject] > 0)

    def read_models(self) -> Any:
        invoices = self.call(f"accounts/{self.account}/billing/invoices?limit=100")["invoices"]
        return without_own({"billing": self.billing(), "invoices": invoices})


def without_own(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_own(inner) for name, inner in value.items() if name not in OWN}
    return [without_own(inner) for inner in value] if isinstance(value, list) else value


class Orders:
    def __init__(self, stripe: Stripe, payers: list[Payer]) -> None:
        self.stripe = stripe
        self.payers = payers
        self.faults: list[str] = []

    def go(self) -> None:
        # All happens to all of them at the same time.
        self.stripe.ask("clock", {"frozen": True})
        self.each(Payer.sign_up)
        self.each(self.pay)
        self.deliver()
        self.each(lambda one: one.waits("pro", status="active"))
        self.stripe.pass_period()
        self.deliver()
        self.each(lambda one: one.waits("pro", status="past_due"))
        self.each(lambda one: one.is_told("A payment of USD 9.00 failed"))
        self.each(self.pay_late)
        self.deliver()
        self.each(lambda one: one.waits("pro", status="active"))
        self.each(lambda one: one.is_told("USD 9.00 is paid"))
        self.each(lambda one: one.change("tier", {"tier": "business"}))
        self.deliver()
        self.each(lambda one: one.waits("business", status="active"))
        self.each(lambda one: one.change("tier", {"tier": "pro"}))
        self.deliver()
        self.each(lambda one: one.waits("business", scheduled_tier="pro"))
        self.stripe.pass_period()
        self.deliver()
        self.each(lambda one: one.waits("pro", scheduled_tier=None))
        self.each(lambda one: one.change("cancel"))
        self.stripe.pass_period()
        self.deliver()
        self.each(lambda one: one.waits("free", status="canceled"))
        self.each(lambda one: one.is_told("The subscription to Pro has ended"))
        self.compare()

    def each(self, work: Callable[[Payer], object]) -> None:
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            list(pool.map(work, self.payers))

    def pay(self, payer: Payer) -> None:
        session = payer.change("checkout", {"tier": "pro"})["url"].split("/")[-1]
        payer.customer = self.stripe.ask("pay", {"session": session, "card": "fails_later"})["session"]["customer"]

    def pay_late(self, payer: Payer) -> None:
        self.stripe.ask("cards", {"customer": payer.customer, "kind": "ok"})
        for invoice in self.stripe.all("invoice"):
            if invoice["customer"] == payer.customer and invoice["status"] == "open":
                self.stripe.ask("dashboard/retry", {"invoice": invoice["id"]})

    def deliver(self) -> None:
        """All that was not delivered yet: to each in its own order, and to every other one twice."""
        owners = {one["id"]: one["customer"] for one in self.stripe.all("invoice")}
        waiting: dict[str, list[str]] = {}
        for entry in self.stripe.ask("outbox")["events"]:
            if not entry["delivered"]:
                what = entry["event"]["data"]["object"]
                owner = what["id"] if what["object"] == "customer" else what.get("customer") or owners.get(what.get("invoice"))
                waiting.setdefault(owner, []).append(entry["id"])

        def bring(payer: Payer) -> None:
            wish = {"ids": waiting.get(payer.customer, []), "shuffle": payer.seed, "repeat": 1 + payer.seed % 2}
            for delivery in self.stripe.ask("deliver", wish)["deliveries"]:
                if delivery["status"] != 200:
                    self.faults.append(f"seed {payer.seed}: {delivery}")

        self.each(bring)

    def compare(self) -> None:
        """What nobody's order may make different."""
        first, *others = [(one.seed, one.read_models(), one.outbox.subjects(one.email)) for one in self.payers]
        for seed, models, mails in others:
            if models != first[1]:
                self.faults.append(f"read models with seed {seed}: {json.dumps(models)}, with seed {first[0]}: {json.dumps(first[1])}")
            if mails != first[2]:
                self.faults.append(f"mails with seed {seed}: {mails}, with seed {first[0]}: {first[2]}")
        for subject in ("A payment of USD 9.00 failed", "USD 9.00 is paid", "The subscription to Pro has ended"):
            if first[2][subject] != 1:
                self.faults.append(f"{first[2][subject]} mails say {subject}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", required=True)
    parser.add_argument("--outbox", type=pathlib.Path, required=True)
    parser.add_argument("--stripe", required=True)
    parser.add_argument("--seeds", type=int, default=20)
    given = parser.parse_args()
    orders = Orders(Stripe(given.stripe), [Payer(given.url, Outbox(given.outbox), seed) for seed in range(given.seeds)])
    orders.go()
    for fault in orders.faults:
        print(fault)
    return 1 if orders.faults else 0


if __name__ == "__main__":
    sys.exit(main())
