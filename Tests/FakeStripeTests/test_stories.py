"""Whole stories, told by the package `stripe` to the test Stripe, and each object and event held against that package's classes.

Run by tools/test, or by hand: .build/venv/bin/python -m unittest discover Tests/FakeStripeTests
"""

import json
import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import stripe  # noqa: E402
from double import MONTH, START, Double, Hook, browse  # noqa: E402
from members import faults_of, faults_of_all  # noqa: E402


class Story(unittest.TestCase):
    maxDiff = None

    def setUp(self) -> None:
        self.double = Double("--clock", str(START), "--installation", "i1")
        self.addCleanup(self.double.close)
        # After each story all that it made is held against the package's classes.
        self.addCleanup(self.judge)

    def judge(self) -> None:
        self.assertEqual(faults_of_all(self.double.state(), self.double.outbox()), [])

    def invoices(self, subscription: str) -> list[stripe.Invoice]:
        return list(self.double.client.v1.invoices.list({"subscription": subscription}).auto_paging_iter())

    # --- subscribing

    def test_a_card_that_pays_makes_a_subscription_active_and_says_so_in_events(self) -> None:
        session = self.double.session(self.double.customer())
        before = self.double.last()
        answer = self.double.do("pay", session=session.id, card="ok")
        self.assertEqual(answer["redirect"], f"https://shop.example/done?s={session.id}")
        subscription = self.double.subscription(answer["subscription"]["id"])
        self.assertEqual((subscription.status, subscription.metadata["recount_account"]), ("active", "a1"))
        types = self.double.types(before)
        for kind in ("customer.subscription.created", "customer.subscription.updated", "invoice.paid", "invoice_payment.paid",
                     "charge.succeeded", "checkout.session.completed"):
            self.assertEqual(types.count(kind), 1, kind)
        updated = next(one["event"] for one in self.double.outbox(before) if one["type"] == "customer.subscription.updated")
        self.assertEqual(updated["data"]["previous_attributes"], {"status": "incomplete"})

    def test_a_declined_card_leaves_the_session_open_for_another(self) -> None:
        session = self.double.session(self.double.customer())
        answer = self.double.do("pay", session=session.id, card="declined")
        self.assertEqual((answer["session"]["status"], answer["subscription"]["status"]), ("open", "incomplete"))
        again = self.double.do("pay", session=session.id, card="ok")
        self.assertEqual(again["subscription"]["id"], answer["subscription"]["id"])
        self.assertEqual(again["subscription"]["status"], "active")

    def test_a_bank_that_asks_leaves_it_incomplete_until_it_is_answered_and_expires_it_after_a_day(self) -> None:
        session = self.double.session(self.double.customer())
        answer = self.double.do("pay", session=session.id, card="3ds", answer="leave")
        self.assertEqual(answer["subscription"]["status"], "incomplete")
        self.double.do("clock", advance=86_401)
        self.assertEqual(self.double.subscription(answer["subscription"]["id"]).status, "incomplete_expired")
        self.assertEqual(self.double.client.v1.checkout.sessions.retrieve(session.id).status, "expired")

    def test_a_person_pays_on_the_page_and_comes_back_to_the_shop(self) -> None:
        session = self.double.session(self.double.customer())
        status, page, _ = browse(session.url)
        self.assertEqual(status, 200)
        self.assertIn(b"no money moves", page)
        self.assertIn(b"https://shop.example/", page)
        self.assertIn("said=declined", browse(session.url, {"card": "declined"})[2])
        bank = browse(session.url, {"card": "3ds"})[2]
        self.assertEqual(bank, f"/pay/{session.id}/confirm")
        address = self.double.told["address"]
        self.assertEqual(browse(address + bank)[0], 200)
        self.assertEqual(browse(address + bank, {"answer": "confirm"})[2], f"https://shop.example/done?s={session.id}")
        invoice = next(iter(self.double.state()["invoice"].values()))
        self.assertIn(b"Recount Pro", browse(invoice["hosted_invoice_url"])[1])
        self.assertTrue(browse(invoice["invoice_pdf"])[1].startswith(b"%PDF-1.4"))

    def test_a_person_pays_an_open_invoice_on_its_page(self) -> None:
        subscription = self.double.subscribed("3ds_always")
        self.double.do("clock", advance=MONTH)
        page = self.invoices(subscription)[0].hosted_invoice_url
        bank = browse(f"{page}/pay", {"go": "1"})[2]
        browse(self.double.told["address"] + bank, {"answer": "confirm"})
        self.assertEqual(self.double.subscription(subscription).status, "active")

    # --- renewing, failing, recovering

    def test_a_renewal_makes_one_paid_invoice_and_moves_the_period_by_a_month(self) -> None:
        subscription = self.double.subscribed()
        first = self.double.subscription(subscription)["items"].data[0]
        self.double.do("clock", advance=MONTH)
        second = self.double.subscription(subscription)["items"].data[0]
        self.assertEqual(second.current_period_start, first.current_period_end)
        self.assertEqual([one.status for one in self.invoices(subscription)], ["paid", "paid"])
        self.assertEqual(self.invoices(subscription)[0].billing_reason, "subscription_cycle")

    def test_four_attempts_fail_and_then_the_subscription_ends_for_want_of_payment(self) -> None:
        subscription = self.double.subscribed("fails_later")
        self.double.do("clock", advance=MONTH)
        self.assertEqual(self.double.subscription(subscription).status, "past_due")
        self.double.do("clock", advance=22 * 86_400)
        ended = self.double.subscription(subscription)
        self.assertEqual((ended.status, ended.cancellation_details.reason), ("canceled", "payment_failed"))
        failures = [one["event"]["data"]["object"] for one in self.double.outbox() if one["type"] == "invoice.payment_failed"]
        self.assertEqual([one["attempt_count"] for one in failures], [1, 2, 3, 4])
        self.assertEqual([one["next_payment_attempt"] is None for one in failures], [False, False, False, True])

    def test_what_ends_dunning_is_a_setting(self) -> None:
        for setting in ("unpaid", "past_due"):
            self.double.do("settings", dunning=setting)
            subscription = self.double.subscribed("fails_later")
            self.double.do("clock", advance=MONTH + 22 * 86_400)
            self.assertEqual(self.double.subscription(subscription).status, setting)

    def test_a_new_card_and_pay_now_recover(self) -> None:
        subscription = self.double.subscribed("fails_later")
        self.double.do("clock", advance=MONTH)
        open_invoice = self.invoices(subscription)[0]
        with self.assertRaises(stripe.CardError):
            self.double.client.v1.invoices.pay(open_invoice.id)
        self.double.do("cards", customer=open_invoice.customer, kind="ok")
        self.assertEqual(self.double.client.v1.invoices.pay(open_invoice.id).status, "paid")
        self.assertEqual(self.double.subscription(subscription).status, "active")

    def test_a_card_of_the_portal_that_is_declined_later_is_declined_at_the_next_renewal(self) -> None:
        subscription = self.double.subscribed()
        customer = self.double.subscription(subscription).customer
        methods = self.double.client.v1.payment_methods
        with self.assertRaises(stripe.CardError):
            methods.attach("pm_card_chargeDeclined", {"customer": customer})
        card = methods.attach("pm_card_chargeCustomerFail", {"customer": customer}).id
        self.double.client.v1.customers.update(customer, {"invoice_settings": {"default_payment_method": card}})
        self.double.client.v1.subscriptions.update(subscription, {"default_payment_method": card})
        self.double.do("clock", advance=MONTH)
        self.assertEqual(self.double.subscription(subscription).status, "past_due")

    def test_a_renewal_that_the_bank_asks_about_makes_three_events_and_is_well_once_confirmed(self) -> None:
        subscription = self.double.subscribed("3ds_always")
        before = self.double.last()
        self.double.do("clock", advance=MONTH)
        types = self.double.types(before)
        for kind in ("payment_intent.requires_action", "invoice.payment_action_required", "invoice.payment_failed"):
            self.assertEqual(types.count(kind), 1, kind)
        self.double.do("confirm", invoice=self.double.subscription(subscription).latest_invoice)
        self.assertEqual(self.double.subscription(subscription).status, "active")

    # --- changing

    def test_an_upgrade_costs_what_its_preview_said_and_begins_a_period(self) -> None:
        subscription = self.double.subscribed()
        self.double.do("clock", advance=10 * 86_400)
        item = self.double.subscription(subscription)["items"].data[0]
        date = START + 10 * 86_400
        preview = self.double.client.v1.invoices.create_preview({
            "subscription": subscription, "subscription_details": {
                "items": [{"id": item.id, "price": self.double.told["prices"]["business"]}], "proration_behavior": "always_invoice",
                "billing_cycle_anchor": "now", "proration_date": date}})
        self.assertEqual(faults_of(json.loads(str(preview))), [])
        share = (item.current_period_end - date) / (item.current_period_end - item.current_period_start)
        self.assertEqual(preview.total, 2_900 - round(900 * share))
        self.double.do("clock", advance=60)
        upgraded = self.double.upgrade(subscription, proration_date=date)
        invoice = self.double.client.v1.invoices.retrieve(upgraded.latest_invoice)
        self.assertEqual((invoice.total, invoice.status), (preview.total, "paid"))
        self.assertEqual(upgraded["items"].data[0].current_period_start, date + 60)
        self.assertIsNone(upgraded.pending_update)

    def test_a_declined_upgrade_waits_changes_nothing_and_expires(self) -> None:
        subscription = self.double.subscribed("fails_later")
        before = self.double.last()
        pending = self.double.upgrade(subscription)
        self.assertEqual((pending.status, pending["items"].data[0].price.unit_amount), ("active", 900))
        self.assertIsNotNone(pending.pending_update)
        self.double.do("clock", advance=86_400)
        self.assertIsNone(self.double.subscription(subscription).pending_update)
        self.assertIn("customer.subscription.pending_update_expired", self.double.types(before))
        self.assertEqual(self.invoices(subscription)[0].status, "void")

    def test_an_upgrade_that_the_bank_asks_about_is_made_once_confirmed(self) -> None:
        subscription = self.double.subscribed("3ds_always")
        pending = self.double.upgrade(subscription)
        self.assertIsNotNone(pending.pending_update)
        self.double.do("confirm", invoice=pending.latest_invoice)
        upgraded = self.double.subscription(subscription)
        self.assertEqual(upgraded["items"].data[0].price.unit_amount, 2_900)
        self.assertIn("customer.subscription.pending_update_applied", self.double.types())

    def test_a_second_upgrade_takes_the_place_of_one_that_waits(self) -> None:
        subscription = self.double.subscribed("fails_later")
        first = self.double.upgrade(subscription).latest_invoice
        self.double.do("cards", customer=self.double.subscription(subscription).customer, kind="ok")
        self.assertEqual(self.double.upgrade(subscription)["items"].data[0].price.unit_amount, 2_900)
        self.assertEqual(self.double.client.v1.invoices.retrieve(first).status, "void")

    def test_an_upgrade_undoes_an_end_in_the_same_call(self) -> None:
        subscription = self.double.subscribed()
        self.double.client.v1.subscriptions.update(subscription, {"cancel_at_period_end": True})
        upgraded = self.double.upgrade(subscription, cancel_at_period_end=False)
        self.assertEqual((upgraded.cancel_at_period_end, upgraded.cancel_at), (False, None))

    def test_metadata_can_not_go_with_a_payment_that_may_not_come(self) -> None:
        with self.assertRaises(stripe.InvalidRequestError):
            self.double.upgrade(self.double.subscribed(), metadata={"a": "b"})

    def scheduled(self, subscription: str) -> stripe.SubscriptionSchedule:
        schedules = self.double.client.v1.subscription_schedules
        schedule = schedules.create({"from_subscription": subscription})
        phase = schedule.phases[0]
        return schedules.update(schedule.id, {"end_behavior": "release", "phases": [
            {"start_date": phase.start_date, "end_date": phase.end_date,
             "items": [{"price": self.double.told["prices"]["business"], "quantity": 1}]},
            {"items": [{"price": self.double.told["prices"]["pro"], "quantity": 1}],
             "duration": {"interval": "month", "interval_count": 1}}]})

    def test_a_scheduled_downgrade_comes_at_the_period_s_end_and_is_billed_lower(self) -> None:
        subscription = self.double.subscribed(tier="business")
        schedule = self.scheduled(subscription)
        self.assertEqual(self.double.subscription(subscription).schedule, schedule.id)
        self.double.do("clock", advance=MONTH)
        self.assertEqual(self.double.subscription(subscription)["items"].data[0].price.unit_amount, 900)
        self.assertEqual(self.invoices(subscription)[0].total, 900)
        self.double.do("clock", advance=MONTH)
        self.assertEqual(self.double.client.v1.subscription_schedules.retrieve(schedule.id).status, "released")
        self.assertIsNone(self.double.subscription(subscription).schedule)

    def test_to_cancel_while_one_is_scheduled_is_an_error_until_it_is_released(self) -> None:
        subscription = self.double.subscribed(tier="business")
        schedule = self.scheduled(subscription)
        with self.assertRaises(stripe.InvalidRequestError):
            self.double.client.v1.subscriptions.update(subscription, {"cancel_at_period_end": True})
        self.double.client.v1.subscription_schedules.release(schedule.id)
        self.double.client.v1.subscriptions.update(subscription, {"cancel_at_period_end": True})
        self.double.do("clock", advance=MONTH)
        self.assertEqual(self.double.subscription(subscription).status, "canceled")
        self.assertEqual(self.double.types().count("customer.subscription.deleted"), 1)

    def test_canceling_now_ends_at_once_and_for_ever(self) -> None:
        subscription = self.double.subscribed()
        self.assertEqual(self.double.client.v1.subscriptions.cancel(subscription).status, "canceled")
        with self.assertRaises(stripe.InvalidRequestError):
            self.double.client.v1.subscriptions.update(subscription, {"cancel_at_period_end": False})
        self.assertEqual(self.double.client.v1.subscriptions.list({"status": "canceled"}).data[0].id, subscription)
        self.assertEqual(self.double.client.v1.subscriptions.list().data, [])

    # --- portal, money back

    def test_the_portal_cancels_by_date_alone_and_undoes_it(self) -> None:
        subscription = self.double.subscribed()
        portal = self.double.client.v1.billing_portal
        configuration = portal.configurations.create({"features": {
            "subscription_cancel": {"enabled": True, "mode": "at_period_end"}, "payment_method_update": {"enabled": True},
            "subscription_update": {
                "enabled": True, "default_allowed_updates": ["price"], "proration_behavior": "always_invoice",
                "products": [{"product": self.double.told["products"]["pro"], "prices": [self.double.told["prices"]["pro"]]}],
                "schedule_at_period_end": {"conditions": [{"type": "decreasing_item_amount"}]}}}})
        self.assertEqual(configuration.features.subscription_update.schedule_at_period_end.conditions[0].type, "decreasing_item_amount")
        session = portal.sessions.create({
            "customer": self.double.subscription(subscription).customer, "return_url": "https://shop.example/"})
        self.assertEqual(faults_of(json.loads(str(session))), [])
        self.assertIn(b"Recount Pro", browse(session.url)[1])
        self.assertEqual(browse(f"{session.url}/cancel", {"subscription": subscription})[0], 303)
        ending = self.double.subscription(subscription)
        self.assertEqual((ending.cancel_at, ending.cancel_at_period_end), (ending["items"].data[0].current_period_end, False))
        browse(f"{session.url}/undo", {"subscription": subscription})
        self.assertIsNone(self.double.subscription(subscription).cancel_at)

    def test_a_card_of_the_portal_is_charged_only_where_the_subscription_has_none_of_its_own(self) -> None:
        subscription = self.double.subscribed()
        customer = self.double.subscription(subscription).customer
        self.double.client.v1.billing_portal.configurations.create({"features": {"payment_method_update": {"enabled": True}}})
        session = self.double.client.v1.billing_portal.sessions.create({"customer": customer, "return_url": "https://shop.example/"})
        self.assertEqual(browse(f"{session.url}/card", {"card": "fails_later"})[0], 303)
        self.double.do("clock", advance=MONTH)
        self.assertEqual(self.double.subscription(subscription).status, "active")
        self.double.client.v1.subscriptions.update(subscription, {"default_payment_method": ""})
        self.assertIsNone(self.double.subscription(subscription).default_payment_method)
        self.double.do("clock", advance=MONTH)
        self.assertEqual(self.double.subscription(subscription).status, "past_due")

    def test_a_refund_is_told_by_the_charge_and_found_through_the_payment(self) -> None:
        subscription = self.double.subscribed()
        payments = self.double.client.v1.invoice_payments.list({"invoice": self.invoices(subscription)[0].id})
        intent = payments.data[0].payment.payment_intent
        refund = self.double.client.v1.refunds.create({"payment_intent": intent})
        self.assertEqual((refund.status, refund.amount), ("succeeded", 900))
        self.assertTrue(self.double.client.v1.charges.retrieve(refund.charge).refunded)
        found = self.double.client.v1.invoice_payments.list({"payment": {"type": "payment_intent", "payment_intent": intent}})
        self.assertEqual(found.data[0].invoice, self.invoices(subscription)[0].id)
        with self.assertRaises(stripe.InvalidRequestError):
            self.double.client.v1.refunds.create({"payment_intent": intent})
        self.assertEqual(self.double.subscription(subscription).status, "active")

    def test_a_dispute_that_is_lost_ends_the_subscription(self) -> None:
        subscription = self.double.subscribed()
        dispute = self.double.do("dashboard/dispute", subscription=subscription)
        self.double.do("dashboard/fraud_warning", subscription=subscription)
        self.assertEqual(self.double.client.v1.disputes.retrieve(dispute["id"]).status, "needs_response")
        self.double.do("dashboard/close_dispute", dispute=dispute["id"], status="lost")
        ended = self.double.subscription(subscription)
        self.assertEqual((ended.status, ended.cancellation_details.reason), ("canceled", "payment_disputed"))

    def test_a_deleted_customer_takes_its_subscriptions_along_and_leaves_its_invoices(self) -> None:
        subscription = self.double.subscribed()
        customer = self.double.subscription(subscription).customer
        self.assertTrue(self.double.client.v1.customers.delete(customer).deleted)
        self.assertTrue(self.double.client.v1.customers.retrieve(customer).deleted)
        self.assertEqual(self.double.subscription(subscription).status, "canceled")
        self.assertEqual(len(self.invoices(subscription)), 1)
        self.assertEqual(self.double.types()[-2:], ["customer.subscription.deleted", "customer.deleted"])

    def test_dashboard_s_other_doings_are_told(self) -> None:
        subscription = self.double.do(
            "dashboard/subscribe", customer=self.double.customer(), price=self.double.do("dashboard/price", amount=1_900)["id"])["id"]
        self.assertEqual(self.double.subscription(subscription).status, "active")
        self.double.do("dashboard/pause", subscription=subscription)
        self.double.do("dashboard/resume", subscription=subscription)
        self.double.do("dashboard/pause_collection", subscription=subscription, behavior="void")
        self.double.do("clock", advance=MONTH)
        self.assertEqual(self.invoices(subscription)[0].status, "void")
        self.assertEqual(self.double.subscription(subscription).status, "active")
        self.double.do("dashboard/change_price", subscription=subscription, price=self.double.told["prices"]["pro"])
        self.double.do("dashboard/set_status", subscription=subscription, status="something_new")
        self.assertEqual(self.double.subscription(subscription).status, "something_new")


class Door(unittest.TestCase):
    """The API's manners and the way of events."""

    def setUp(self) -> None:
        self.double = Double("--installation", "i1")
        self.addCleanup(self.double.close)

    def test_a_key_repeats_its_answer_and_refuses_another_question(self) -> None:
        customers = self.double.client.v1.customers
        first = customers.create({"name": "Ada"}, {"idempotency_key": "k1"})
        self.assertEqual(customers.create({"name": "Ada"}, {"idempotency_key": "k1"}).id, first.id)
        with self.assertRaises(stripe.IdempotencyError):
            customers.create({"name": "Bob"}, {"idempotency_key": "k1"})
        self.assertEqual(len(customers.list().data), 1)

    def test_a_stored_500_stays_and_the_work_may_have_been_done(self) -> None:
        customers = self.double.client.v1.customers
        self.double.do("faults", method="POST", path="/v1/customers", status=500, after=True)
        for _ in range(2):
            with self.assertRaises(stripe.APIError):
                customers.create({"name": "Ada"}, {"idempotency_key": "k1"})
        self.assertEqual(len(customers.list().data), 1)

    def test_faults_answer_as_told(self) -> None:
        customers = self.double.client.v1.customers
        self.double.do("faults", path="/v1/customers", status=429, retry_after=3)
        with self.assertRaises(stripe.RateLimitError) as raised:
            customers.list()
        self.assertEqual(raised.exception.headers["Retry-After"], "3")
        self.double.do("faults", path="/v1/customers", kind="close", after=True)
        with self.assertRaises(stripe.APIConnectionError):
            customers.create({"name": "Ada"}, {"idempotency_key": "k2"})
        self.assertEqual(customers.create({"name": "Ada"}, {"idempotency_key": "k2"}).id, customers.list().data[0].id)

    def test_lists_come_in_pages_and_each_thing_once(self) -> None:
        made = [self.double.client.v1.customers.create({"metadata": {"n": str(n), "mine": "yes"}}).id for n in range(25)]
        page = self.double.client.v1.customers.list({"limit": 7})
        self.assertTrue(page.has_more)
        self.assertEqual([one.id for one in page.auto_paging_iter()], made[::-1])
        found = self.double.client.v1.customers.search({"query": "metadata['n']:'3' AND metadata['mine']:'yes'"})
        self.assertEqual([one.id for one in found.data], [made[3]])
        events = self.double.client.v1.events.list({"types": ["customer.created"], "limit": 10})
        self.assertEqual(len(list(events.auto_paging_iter())), 25)

    def test_prices_are_found_by_lookup_key_and_a_key_moves_only_when_told(self) -> None:
        prices = self.double.client.v1.prices
        found = prices.list({"lookup_keys": ["recount_i1_pro"]}).data
        self.assertEqual([one.id for one in found], [self.double.told["prices"]["pro"]])
        wish = {"currency": "usd", "unit_amount": 1_000, "product": found[0].product, "recurring": {"interval": "month"},
                "lookup_key": "recount_i1_pro"}
        with self.assertRaises(stripe.InvalidRequestError):
            prices.create(wish)
        moved = prices.create({**wish, "transfer_lookup_key": True})
        self.assertEqual([one.id for one in prices.list({"lookup_keys": ["recount_i1_pro"]}).data], [moved.id])

    def test_wrong_keys_unknown_parameters_and_missing_things_are_refused_as_stripe_does(self) -> None:
        stranger = stripe.StripeClient("sk_test_wrong", base_addresses={"api": self.double.told["address"]}, max_network_retries=0)
        with self.assertRaises(stripe.AuthenticationError):
            stranger.v1.customers.list()
        with self.assertRaises(stripe.InvalidRequestError) as raised:
            self.double.client.v1.customers.create({"colour": "red"})
        self.assertEqual((raised.exception.code, raised.exception.param), ("parameter_unknown", "colour"))
        with self.assertRaises(stripe.InvalidRequestError) as raised:
            self.double.client.v1.subscriptions.retrieve("sub_none")
        self.assertEqual((raised.exception.code, raised.exception.http_status), ("resource_missing", 404))

    def test_expanding_puts_objects_in_the_place_of_ids(self) -> None:
        subscription = self.double.client.v1.subscriptions.retrieve(
            self.double.subscribed(), {"expand": ["latest_invoice.payments", "customer", "items.data.price.product"]})
        self.assertEqual(subscription.latest_invoice.payments.data[0].status, "paid")
        self.assertEqual(subscription.customer.email, "ada@example.com")
        self.assertEqual(subscription["items"].data[0].price.product.name, "Recount Pro")

    def verified(self, request: dict, secret: str) -> stripe.Event:
        return stripe.Webhook.construct_event(request["body"], request["headers"]["Stripe-Signature"], secret)

    def test_signatures_are_those_that_the_package_takes_and_forged_ones_are_not(self) -> None:
        self.double.subscribed()
        secret = self.double.told["webhook_secret"]
        for request in self.double.do("sign")["requests"]:
            self.assertEqual(self.verified(request, secret).id, request["id"])
        one = [self.double.outbox()[0]["id"]]
        for wish in ({"tamper": True}, {"scheme": "v0"}, {"scheme": "none"}, {"age": 301}, {"secrets": ["whsec_other"]}):
            with self.assertRaises(stripe.SignatureVerificationError, msg=str(wish)):
                self.verified(self.double.do("sign", ids=one, **wish)["requests"][0], secret)
        rolled = self.double.do("sign", ids=one, secrets=["whsec_old", secret], twin=True, set={"data.object.name": "Bob"})["requests"]
        self.assertEqual(len({self.verified(request, secret).id for request in rolled}), 2)
        self.assertEqual(self.verified(rolled[0], "whsec_old").data.object.name, "Bob")

    def test_an_endpoint_s_secret_is_shown_once_and_signs_what_it_wants(self) -> None:
        endpoints = self.double.client.v1.webhook_endpoints
        made = endpoints.create({
            "url": "http://127.0.0.1:9/hook", "enabled_events": ["customer.created"], "api_version": "2026-10-28.endive"})
        self.assertTrue(made.secret.startswith("whsec_"))
        self.assertIsNone(endpoints.retrieve(made.id).to_dict().get("secret"))
        self.assertEqual(faults_of(json.loads(str(made))), [])
        self.double.customer()
        requests = self.double.do("sign")["requests"]
        self.assertEqual(len(requests), 1)
        self.assertEqual(self.verified(requests[0], made.secret).type, "customer.created")
        self.assertEqual(self.double.do("deliver")["deliveries"][0]["status"], None)
        self.assertTrue(endpoints.delete(made.id).deleted)

    def test_automatic_delivery_goes_on_until_each_event_is_taken_once(self) -> None:
        hook = Hook(refused=2)
        self.addCleanup(hook.close)
        double = Double("--installation", "i1", "--deliver", "auto", "--webhook", hook.address)
        self.addCleanup(double.close)
        double.subscribed()
        self.assertEqual(double.do("settle", seconds=60)["pending"], 0)
        taken = [stripe.Webhook.construct_event(body, header, double.told["webhook_secret"]).id for body, header in hook.taken]
        self.assertEqual(sorted(taken), sorted(one["id"] for one in double.outbox()))

    def test_deliveries_come_in_the_order_number_and_shape_that_a_test_wants(self) -> None:
        hook = Hook()
        self.addCleanup(hook.close)
        self.double.subscribed()
        ids = [one["id"] for one in self.double.outbox()][:3]
        answers = self.double.do("deliver", ids=ids, reverse=True, repeat=2, url=hook.address)["deliveries"]
        self.assertEqual([one["status"] for one in answers], [200] * 6)
        self.assertEqual([json.loads(body)["id"] for body, _ in hook.taken], (ids * 2)[::-1])
        self.double.do("drop", ids=[self.double.outbox()[3]["id"]], hide=True)
        rest = self.double.do("deliver", shuffle=7, url=hook.address)["deliveries"]
        self.assertEqual(len(rest), len(self.double.outbox()) - 4)
        hidden = self.double.outbox()[3]["id"]
        self.assertNotIn(hidden, [one.id for one in self.double.client.v1.events.list({"limit": 100}).data])

    def test_an_account_says_which_it_is(self) -> None:
        self.assertEqual(self.double.client.v1.accounts.retrieve_current().id, self.double.told["account"])

    def test_all_is_still_there_after_a_restart(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            state = f"{folder}/state.json"
            first = Double("--state", state, "--installation", "i1", "--clock", str(START))
            subscription = first.subscribed()
            outbox = first.outbox()
            first.close()
            second = Double("--state", state, "--installation", "i1")
            self.addCleanup(second.close)
            self.assertEqual(second.told["prices"], first.told["prices"])
            self.assertEqual(second.told["api_key"], first.told["api_key"])
            self.assertEqual(second.subscription(subscription).status, "active")
            self.assertEqual([one["id"] for one in second.outbox()], [one["id"] for one in outbox])


if __name__ == "__main__":
    unittest.main()
