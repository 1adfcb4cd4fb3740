"""Random walks: whatever is done in whatever order, the test Stripe never breaks, and its events tell all that changed.

What is held besides, of each subscription: the events that carry previous attributes lead from each state to the next without a gap, and the
last of them is how the API shows it. Who sums such edges, in any order, comes to the same state.
"""

import copy
import pathlib
import random
import sys
import unittest
from typing import Any

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import stripe  # noqa: E402
from double import MONTH, START, Double  # noqa: E402
from members import faults_of  # noqa: E402

CARDS = ("ok", "ok", "ok", "declined", "3ds", "3ds_always", "fails_later")
SHOWN = (
    "status", "items", "cancel_at", "cancel_at_period_end", "pause_collection", "trial_end", "latest_invoice", "schedule",
    "default_payment_method")


def before(event: dict[str, Any]) -> dict[str, Any]:
    return laid_over(copy.deepcopy(event["data"]["object"]), event["data"]["previous_attributes"])


def laid_over(item: dict[str, Any], previous: dict[str, Any]) -> dict[str, Any]:
    for name, value in previous.items():
        within = item.get(name)
        item[name] = laid_over(within, value) if isinstance(value, dict) and isinstance(within, dict) else value
    return item


def shown(subscription: dict[str, Any]) -> dict[str, Any]:
    return {name: subscription[name] for name in SHOWN}


class Walk:
    """Some customers and what befalls them."""

    def __init__(self, double: Double, seed: int) -> None:
        self.double, self.rng = double, random.Random(seed)
        self.customers = [double.customer() for _ in range(2)]
        self.steps = [
            self.checkout, self.wait, self.card, self.upgrade, self.downgrade, self.cancel_later, self.undo, self.cancel_now, self.release,
            self.pay, self.confirm, self.refund, self.pause, self.settle_dispute, self.dunning, self.write_off, self.wait, self.checkout]

    def step(self) -> None:
        try:
            self.rng.choice(self.steps)()
        except (stripe.InvalidRequestError, stripe.CardError):
            # Refused, as much of what is tried here has to be.
            pass

    def running(self) -> Any:
        """Mostly one that still runs."""
        which: Any = {"limit": 100} if self.rng.random() < 0.9 else {"status": "all", "limit": 100}
        found = self.double.client.v1.subscriptions.list(which).data
        if not found:
            raise stripe.InvalidRequestError("there is none yet", "id")
        return self.rng.choice(found)

    def invoice(self, status: str) -> str:
        found = self.double.client.v1.invoices.list({"status": status, "limit": 100}).data
        if not found:
            raise stripe.InvalidRequestError("there is none yet", "id")
        return str(self.rng.choice(found).id)

    def control(self, action: str, **wish: Any) -> None:
        try:
            self.double.do(action, **wish)
        except AssertionError as refused:
            if "Error(" in str(refused):
                # No refusal of ours, but a fault.
                raise
            raise stripe.InvalidRequestError(str(refused), "control") from refused

    def checkout(self) -> None:
        session = self.double.session(self.rng.choice(self.customers), self.rng.choice(("pro", "business")))
        self.control("pay", session=session.id, card=self.rng.choice(CARDS), answer=self.rng.choice(("confirm", "fail", "leave")))

    def wait(self) -> None:
        self.control("clock", advance=self.rng.choice((60, 3_600, 86_400, 5 * 86_400, MONTH)))

    def card(self) -> None:
        self.control("cards", customer=self.rng.choice(self.customers), kind=self.rng.choice(CARDS))

    def upgrade(self) -> None:
        one = self.running()
        wish: Any = {
            "items": [{"id": one["items"].data[0].id, "price": self.double.told["prices"]["business"]}],
            "proration_behavior": self.rng.choice(("always_invoice", "create_prorations", "none")),
            "payment_behavior": self.rng.choice(("pending_if_incomplete", "allow_incomplete", "error_if_incomplete"))}
        if self.rng.random() < 0.7:
            wish["billing_cycle_anchor"] = "now"
        self.double.client.v1.subscriptions.update(one.id, wish)

    def downgrade(self) -> None:
        schedules = self.double.client.v1.subscription_schedules
        schedule = schedules.create({"from_subscription": self.running().id})
        phase = schedule.phases[0]
        schedules.update(schedule.id, {"phases": [
            {"start_date": phase.start_date, "end_date": phase.end_date, "items": [{"price": str(phase["items"][0].price)}]},
            {"items": [{"price": self.double.told["prices"]["pro"]}]}]})

    def release(self) -> None:
        one = self.running()
        if one.schedule:
            self.double.client.v1.subscription_schedules.release(one.schedule)

    def cancel_later(self) -> None:
        if self.rng.random() < 0.5:
            self.control("dashboard/portal_cancel", subscription=self.running().id)
        self.double.client.v1.subscriptions.update(self.running().id, {"cancel_at_period_end": True})

    def undo(self) -> None:
        self.double.client.v1.subscriptions.update(self.running().id, {"cancel_at_period_end": False})

    def cancel_now(self) -> None:
        if self.rng.random() < 0.3:
            self.double.client.v1.subscriptions.cancel(self.running().id)

    def pay(self) -> None:
        self.double.client.v1.invoices.pay(self.invoice("open"))

    def confirm(self) -> None:
        self.control("confirm", invoice=self.invoice("open"), answer=self.rng.choice(("confirm", "fail")))

    def write_off(self) -> None:
        if self.rng.random() < 0.3:
            self.control(self.rng.choice(("dashboard/void", "dashboard/uncollectible")), invoice=self.invoice("open"))

    def refund(self) -> None:
        self.control("dashboard/refund", invoice=self.invoice("paid"), amount=100)

    def settle_dispute(self) -> None:
        if self.rng.random() < 0.3:
            self.control("dashboard/dispute", invoice=self.invoice("paid"))
        for dispute in self.double.state().get("dispute", {}):
            self.control("dashboard/close_dispute", dispute=dispute, status=self.rng.choice(("won", "lost", "under_review")))

    def pause(self) -> None:
        self.control(f"dashboard/{self.rng.choice(('pause', 'resume'))}", subscription=self.running().id, updated=True)

    def dunning(self) -> None:
        self.control("settings", dunning=self.rng.choice(("cancel", "unpaid", "past_due")))


class Walks(unittest.TestCase):
    maxDiff = None

    def test_whatever_is_done_nothing_breaks_and_events_tell_all_of_it(self) -> None:
        for seed in range(8):
            with self.subTest(seed=seed):
                double = Double("--clock", str(START), "--installation", "i1", "--seed", str(seed))
                try:
                    walk = Walk(double, seed)
                    for _ in range(60):
                        walk.step()
                    self.judge(double)
                finally:
                    double.close()

    def judge(self, double: Double) -> None:
        broken = [one for one in double.control("GET", "/_test/calls")["calls"] if one["status"] is None or one["status"] >= 500]
        self.assertEqual(broken, [])
        events = [one["event"] for one in double.outbox()]
        wrong = {fault for event in events for fault in faults_of(event["data"]["object"])}
        self.assertEqual(sorted(wrong), [])
        state = double.state()
        for identifier, subscription in state.get("subscription", {}).items():
            self.follow(identifier, subscription, events)
        for invoice in state.get("invoice", {}).values():
            self.assertEqual(invoice["total"], sum(line["amount"] for line in invoice["lines"]["data"]))
            self.assertGreaterEqual(invoice["amount_due"], 0)

    def follow(self, identifier: str, subscription: dict[str, Any], events: list[dict[str, Any]]) -> None:
        own = [one for one in events if one["data"]["object"]["id"] == identifier]
        self.assertEqual(own[0]["type"], "customer.subscription.created")
        now = own[0]["data"]["object"]
        for event in own[1:]:
            if event["type"] == "customer.subscription.updated":
                self.assertEqual(shown(before(event)), shown(now), event["id"])
            now = event["data"]["object"]
        self.assertEqual(shown(now), shown(subscription))
        ended = [place for place, one in enumerate(own) if one["type"] == "customer.subscription.deleted"]
        self.assertEqual(len(ended), int(subscription["status"] == "canceled"))


if __name__ == "__main__":
    unittest.main()
