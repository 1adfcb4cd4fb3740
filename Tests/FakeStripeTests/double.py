"""The test Stripe as a process of its own, and the package `stripe` as its client."""

import http.server
import json
import pathlib
import subprocess
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

import stripe

PROGRAM = pathlib.Path(__file__).resolve().parents[2] / "tools" / "fake-stripe"
START = 1_790_000_000


class Double:
    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, PROGRAM, "--port", "0", "--until-stdin-closes", *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self.process.stdout
        self.told: dict[str, Any] = json.loads(self.process.stdout.readline())
        self.client = stripe.StripeClient(
            self.told["api_key"], base_addresses={"api": self.told["address"]},
            max_network_retries=0)

    def close(self) -> None:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()

    def control(self, method: str, path: str, wish: dict[str, Any] | None = None) -> Any:
        request = urllib.request.Request(
            self.told["address"] + path, method=method, data=None if wish is None else json.dumps(wish).encode())
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                raise AssertionError(error.read().decode()) from error

    def do(self, action: str, /, **wish: Any) -> Any:
        return self.control("POST", f"/_test/{action}", wish)

    def state(self) -> Any:
        return self.control("GET", "/_test/state")["objects"]

    def outbox(self, after: int = 0) -> list[dict[str, Any]]:
        return list(self.control("GET", f"/_test/outbox?after={after}")["events"])

    def types(self, after: int = 0) -> list[str]:
        return [one["type"] for one in self.outbox(after)]

    def last(self) -> int:
        return int(self.control("GET", "/_test/outbox?after=999999999")["last"])

    # --- what most stories begin with

    def customer(self) -> str:
        return self.client.v1.customers.create({"email": "ada@example.com", "metadata": {"recount_account": "a1"}}).id

    def session(self, customer: str, tier: str = "pro") -> stripe.checkout.Session:
        return self.client.v1.checkout.sessions.create({
            "mode": "subscription", "customer": customer, "client_reference_id": "a1",
            "line_items": [{"price": self.told["prices"][tier], "quantity": 1}],
            "success_url": "https://shop.example/done?s={CHECKOUT_SESSION_ID}",
            "cancel_url": "https://shop.example/", "subscription_data": {"metadata": {"recount_account": "a1"}}})

    def subscribed(self, card: str = "ok", tier: str = "pro") -> str:
        """A subscription that was paid for."""
        answer = self.do("pay", session=self.session(self.customer(), tier).id, card=card)
        return str(answer["subscription"]["id"])

    def subscription(self, identifier: str) -> stripe.Subscription:
        return self.client.v1.subscriptions.retrieve(identifier)

    def upgrade(self, identifier: str, **more: Any) -> stripe.Subscription:
        item = self.subscription(identifier)["items"].data[0].id
        return self.client.v1.subscriptions.update(identifier, {
            "items": [{"id": item, "price": self.told["prices"]["business"]}], "proration_behavior": "always_invoice",
            "payment_behavior": "pending_if_incomplete", "billing_cycle_anchor": "now", **more})


MONTH = 32 * 86_400


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """A browser's next step is the test's to make."""


def browse(url: str, form: dict[str, str] | None = None) -> tuple[int, bytes, str]:
    """Status, page, and where it leads."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), Stay)
    try:
        with opener.open(url, None if form is None else urllib.parse.urlencode(form).encode()) as answer:
            return answer.status, answer.read(), ""
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read(), error.headers.get("Location", "")


class Hook:
    """A webhook's receiver, which refuses the first few."""

    def __init__(self, refused: int = 0) -> None:
        self.taken: list[tuple[bytes, str]] = []
        outer, left = self, [refused]

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, format: str, *arguments: Any) -> None:
                """Nothing."""

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                left[0] -= 1
                if left[0] < 0:
                    outer.taken.append((body, self.headers["Stripe-Signature"]))
                self.send_response(200 if left[0] < 0 else 500)
                self.send_header("Content-Length", "0")
                self.end_headers()

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}/webhooks/stripe"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
