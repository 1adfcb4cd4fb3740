"""Stripe Tax, as the package `stripe` asks for it: what is taxed, what a preview says of it, and what is refused without an address or a word of the price."""

import pathlib
import sys
import unittest
from typing import Any

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import stripe  # noqa: E402
from double import MONTH, START, Double  # noqa: E402
from members import faults_of, faults_of_all  # noqa: E402

TAXED: Any = {
    "automatic_tax": {"enabled": True}, "tax_id_collection": {"enabled": True}, "customer_update": {"address": "auto", "name": "auto"}}


class Taxes(unittest.TestCase):
    def setUp(self) -> None:
        self.double = Double("--clock", str(START), "--installation", "i1", "--tax-rate", "19")
        self.addCleanup(self.double.close)
        self.addCleanup(lambda: self.assertEqual(faults_of_all(self.double.state(), self.double.outbox()), []))
        self.v1 = self.double.client.v1

    def behave(self, behavior: Any) -> None:
        for price in self.double.told["prices"].values():
            self.v1.prices.update(price, {"tax_behavior": behavior})

    def session(self, **more: Any) -> stripe.checkout.Session:
        return self.v1.checkout.sessions.create({
            "mode": "subscription", "customer": self.double.customer(), "success_url": "https://shop.example/done",
            "line_items": [{"price": self.double.told["prices"]["pro"], "quantity": 1}], **more})

    def subscribed(self, behavior: Any = "exclusive") -> str:
        self.behave(behavior)
        return str(self.double.do("pay", session=self.session(**TAXED).id, card="ok")["subscription"]["id"])

    def newest(self, subscription: str) -> stripe.Invoice:
        return self.v1.invoices.list({"subscription": subscription}).data[0]

    def charged(self, behavior: str, total: int, tax: int) -> None:
        invoice = self.newest(self.subscribed(behavior))
        self.assertEqual((invoice.total, invoice.amount_paid), (total, total))
        self.assertEqual([(one.amount, one.tax_behavior) for one in invoice.total_taxes or []], [(tax, behavior)])
        self.assertEqual((invoice.subtotal, invoice.total_excluding_tax), (900, total - tax))
        session = self.v1.checkout.sessions.list().data[0]
        self.assertEqual((session.amount_total, session.total_details and session.total_details.amount_tax), (total, tax))

    def test_tax_comes_beside_a_price_that_is_exclusive(self) -> None:
        self.charged("exclusive", 1_071, 171)

    def test_tax_is_in_a_price_that_is_inclusive(self) -> None:
        self.charged("inclusive", 900, 144)

    def previewed(self, behavior: str) -> None:
        subscription = self.subscribed(behavior)
        self.double.do("clock", advance=1_000_003)
        item = self.double.subscription(subscription)["items"].data[0].id
        preview = self.v1.invoices.create_preview({
            "subscription": subscription, "automatic_tax": {"enabled": True}, "subscription_details": {
                "items": [{"id": item, "price": self.double.told["prices"]["business"]}], "proration_behavior": "always_invoice",
                "billing_cycle_anchor": "now"}})
        self.double.upgrade(subscription)
        paid = self.newest(subscription)
        self.assertEqual((paid.amount_paid, paid.total), (preview.amount_due, preview.total))
        self.assertGreater(sum(one.amount for one in preview.total_taxes or []), 0)
        self.assertEqual(sum(one.amount for one in paid.total_taxes or []), sum(one.amount for one in preview.total_taxes or []))

    def test_a_preview_says_what_the_invoice_then_takes_where_tax_comes_beside(self) -> None:
        self.previewed("exclusive")

    def test_a_preview_says_what_the_invoice_then_takes_where_tax_is_in_the_price(self) -> None:
        self.previewed("inclusive")

    def test_a_renewal_and_the_phase_of_a_schedule_are_taxed_as_the_subscription_is(self) -> None:
        subscription = self.subscribed()
        schedule = self.v1.subscription_schedules.create({"from_subscription": subscription})
        phase = schedule.phases[0]
        self.v1.subscription_schedules.update(schedule.id, {
            "default_settings": {"automatic_tax": {"enabled": True}}, "phases": [
                {"items": [{"price": self.double.told["prices"]["pro"]}], "start_date": phase.start_date, "end_date": phase.end_date},
                {"items": [{"price": self.double.told["prices"]["business"]}]}]})
        self.double.do("clock", advance=MONTH)
        self.assertEqual(self.newest(subscription).total, 2_900 + 551)

    def test_what_ran_untaxed_is_taxed_from_the_next_invoice_on_once_somebody_lives_somewhere(self) -> None:
        self.behave("exclusive")
        subscription = self.double.subscribed()
        with self.assertRaises(stripe.InvalidRequestError) as refused:
            self.v1.subscriptions.update(subscription, {"automatic_tax": {"enabled": True}})
        self.assertEqual(refused.exception.code, "customer_tax_location_invalid")
        customer = self.double.subscription(subscription).customer
        self.v1.customers.update(str(customer), {"address": {"country": "DE", "postal_code": "10117"}})
        self.v1.subscriptions.update(subscription, {"automatic_tax": {"enabled": True}})
        self.assertEqual([one.id for one in self.v1.subscriptions.list({"automatic_tax": {"enabled": True}})], [subscription])
        self.assertEqual(len(self.v1.invoices.list({"subscription": subscription}).data), 1)
        self.double.do("clock", advance=MONTH)
        self.assertEqual(self.newest(subscription).total, 1_071)

    def test_a_checkout_takes_all_that_belongs_to_tax(self) -> None:
        self.behave("exclusive")
        for without in ({"address": "auto"}, {"name": "auto"}):
            with self.assertRaises(stripe.InvalidRequestError):
                self.session(**TAXED | {"customer_update": without})
        self.double.do("settings", tax_status="pending")
        with self.assertRaisesRegex(stripe.InvalidRequestError, "head office"):
            self.session(**TAXED)

    def test_a_price_says_once_for_all_whether_tax_is_in_it(self) -> None:
        with self.assertRaisesRegex(stripe.InvalidRequestError, "tax_behavior"):
            self.session(**TAXED)
        self.behave("inclusive")
        self.behave("inclusive")
        with self.assertRaisesRegex(stripe.InvalidRequestError, "cannot be changed"):
            self.behave("exclusive")

    def test_nobody_is_taxed_where_nothing_is_registered_or_the_buyer_pays_the_tax(self) -> None:
        self.double.do("settings", tax_registrations=[])
        invoice = self.newest(self.subscribed())
        self.assertEqual((invoice.total, [one.taxability_reason for one in invoice.total_taxes or []]), (900, ["not_collecting"]))
        settings, registrations = self.v1.tax.settings.retrieve(), self.v1.tax.registrations.list({"status": "active"})
        self.assertEqual((settings.status, registrations.data), ("active", []))
        self.double.do("settings", tax_registrations=["de"])
        found = [settings, *self.v1.tax.registrations.list({"status": "active"})]
        self.assertEqual([len(found), *(fault for one in found for fault in faults_of(one.to_dict()))], [2])


if __name__ == "__main__":
    unittest.main()
