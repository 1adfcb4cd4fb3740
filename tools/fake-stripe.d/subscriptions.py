"""Subscriptions: made, renewed, changed, ended."""

import collection
import customers
import invoices
import items
import standing
import taxes
from clock import HOUR
from errors import StripeError, card_error
from events import changing, emit
from forms import Parameters
from world import Json, World

# How long a first payment, or one of an upgrade, may take.
PATIENCE = 23 * HOUR
CREATABLE = {
    "customer", "items", "metadata", "default_payment_method", "description", "payment_behavior", "cancel_at_period_end", "off_session",
    "automatic_tax", "collection_method", "payment_settings", "currency", "proration_behavior", "billing_mode", "expand"}
PAYMENT_BEHAVIORS = ("allow_incomplete", "pending_if_incomplete", "error_if_incomplete", "default_incomplete")


def make(world: World, customer: str, wanted: list[tuple[Json, int]], metadata: Json, method: str | None, tax: bool = False) -> Json:
    """Not paid for yet: incomplete."""
    now, identifier = world.now(), world.ids.next("sub_")
    data = [
        items.item_of(world, identifier, price, quantity, now, items.end_of_period(now, price, now)) for price, quantity in wanted]
    subscription = world.put({
        "id": identifier, "object": "subscription", "application": None, "application_fee_percent": None,
        "automatic_tax": taxes.state(tax),
        "billing_cycle_anchor": now, "billing_cycle_anchor_config": None,
        "billing_mode": {"flexible": {"proration_discounts": "included"}, "type": "flexible", "updated_at": now},
        "billing_schedules": [], "billing_thresholds": None, "cancel_at": None, "cancel_at_period_end": False, "canceled_at": None,
        "cancellation_details": {"comment": None, "feedback": None, "reason": None}, "collection_method": "charge_automatically",
        "created": now, "currency": wanted[0][0]["currency"], "customer": customer, "customer_account": None, "days_until_due": None,
        "default_payment_method": method, "default_source": None, "default_tax_rates": [], "description": None, "discounts": [],
        "ended_at": None, "invoice_settings": {"account_tax_ids": None, "issuer": {"type": "self"}},
        "items": {"object": "list", "data": data, "has_more": False, "url": f"/v1/subscription_items?subscription={identifier}"},
        "latest_invoice": None, "livemode": False, "metadata": metadata, "next_pending_invoice_item_invoice": None,
        "on_behalf_of": None, "pause_collection": None,
        "payment_settings": {
            "payment_method_options": None, "payment_method_types": None, "save_default_payment_method": "off"},
        "pending_invoice_item_interval": None, "pending_setup_intent": None, "pending_update": None, "schedule": None, "start_date": now,
        "status": "incomplete", "test_clock": None, "transfer_data": None, "trial_end": None,
        "trial_settings": {"end_behavior": {"missing_payment_method": "create_invoice"}}, "trial_start": None})
    set_currency(world, customer, subscription["currency"])
    invoice = world.put(invoices.draft(world, subscription, invoices.full_lines(world, subscription, data), "subscription_create"))
    subscription["latest_invoice"] = invoice["id"]
    emit(world, "customer.subscription.created", subscription)
    emit(world, "invoice.created", invoice)
    invoices.finalize(world, invoice)
    return subscription


def set_currency(world: World, identifier: str, currency: str) -> None:
    customer = world.get("customer", identifier)
    if customer["currency"] is None:
        with changing(world, customer, "customer.updated"):
            customer["currency"] = currency


def latest_invoice(world: World, subscription: Json) -> Json:
    return world.get("invoice", subscription["latest_invoice"])


def create(world: World, p: Parameters) -> Json:
    """POST /v1/subscriptions: paid by the card that is there."""
    p.only(CREATABLE)
    customer = customers.living(world, p.need("customer"))
    wanted = [(items.recurring_price(world, one), items.quantity(one)) for one in p.many("items")]
    if not wanted:
        raise StripeError("Missing required param: items.", code="parameter_missing", param="items")
    behavior = p.choice("payment_behavior", PAYMENT_BEHAVIORS) or "allow_incomplete"
    taxed = taxes.wish(world, p)
    if taxed:
        taxes.need_location(customer)
    before = world.snapshot()
    subscription = make(world, customer["id"], wanted, p.metadata({}), p.text("default_payment_method"), taxed)
    if behavior != "default_incomplete":
        outcome = collection.collect(world, latest_invoice(world, subscription), on_page=True)
        if behavior == "error_if_incomplete" and outcome != "paid":
            world.restore(before)
            raise card_error("Your card was declined.", "card_declined", "generic_decline")
    return world.get("subscription", subscription["id"])


# --- as time passes


def renew(world: World, subscription: Json) -> None:
    """The next period begins, with an invoice that is a draft for an hour."""
    start = subscription["items"]["data"][0]["current_period_end"]
    data = items.moved(subscription["items"]["data"], start, subscription["billing_cycle_anchor"])
    waiting = world.secret(subscription["id"]).pop("waiting_lines", [])
    after = subscription | {"items": subscription["items"] | {"data": data}}
    lines = waiting + invoices.full_lines(world, after, data)
    invoice = world.put(invoices.draft(world, after, lines, "subscription_cycle"))
    # The period that a renewal's invoice names is the one that ended.
    invoice.update(period_start=subscription["items"]["data"][0]["current_period_start"], period_end=start)
    with changing(world, subscription, "customer.subscription.updated"):
        subscription["items"] = subscription["items"] | {"data": data}
        subscription["latest_invoice"] = invoice["id"]
    if subscription["status"] == "unpaid":
        invoice["auto_advance"] = False
    else:
        invoice["automatically_finalizes_at"] = world.now() + HOUR
        world.secret(invoice["id"])["finalize_at"] = world.now() + HOUR
    emit(world, "invoice.created", invoice)


def advance_invoice(world: World, invoice: Json) -> None:
    """The draft's hour is over."""
    if world.secret(invoice["id"]).pop("finalize_at", None) is None:
        # Its subscription ended in the same instant.
        return
    subscription = invoices.subscription_of(world, invoice)
    paused = (subscription["pause_collection"] or {}).get("behavior")
    if paused == "keep_as_draft":
        invoice.update(auto_advance=False, automatically_finalizes_at=None)
        return
    invoices.finalize(world, invoice)
    if paused:
        invoices.end(world, invoice, "void" if paused == "void" else "uncollectible")
    else:
        collection.collect(world, invoice)


# --- ends


def cancel(world: World, subscription: Json, p: Parameters) -> Json:
    p.only({"cancellation_details", "invoice_now", "prorate"})
    if subscription["status"] in standing.OVER:
        raise StripeError(f"No such subscription: '{subscription['id']}'", status=404, code="resource_missing", param="id")
    standing.end(world, subscription, "cancellation_requested", details(p))
    return subscription


def details(p: Parameters) -> Json:
    given = p.inner("cancellation_details")
    given.only({"comment", "feedback"})
    return {name: given.text(name) for name in given.values if name != "expand"}


def set_end(world: World, subscription: Json, p: Parameters) -> None:
    """cancel_at_period_end and cancel_at: two names of one wish, of which only one can be given."""
    if "cancel_at_period_end" in p and p.text("cancel_at"):
        raise StripeError("You may only specify one of these parameters: cancel_at, cancel_at_period_end.", param="cancel_at_period_end")
    if "cancel_at_period_end" not in p and "cancel_at" not in p:
        return
    flag = bool(p.boolean("cancel_at_period_end"))
    at = subscription["items"]["data"][0]["current_period_end"] if flag else end_instant(subscription, p)
    was = subscription["cancel_at"] is not None
    subscription.update(cancel_at=at, cancel_at_period_end=flag)
    if at is None:
        subscription["canceled_at"] = None
        subscription["cancellation_details"] = {"comment": None, "feedback": None, "reason": None}
    elif not was:
        subscription["canceled_at"] = world.now()
        subscription["cancellation_details"] = subscription["cancellation_details"] | {"reason": "cancellation_requested"}


def end_instant(subscription: Json, p: Parameters) -> int | None:
    ends = [item["current_period_end"] for item in subscription["items"]["data"]]
    match p.text("cancel_at"):
        case "min_period_end":
            return int(min(ends))
        case "max_period_end":
            return int(max(ends))
    return p.integer("cancel_at")


def pause(world: World, subscription: Json, also_updated: bool = False) -> Json:
    """Stripe says it by an event of its own, with no word of what was before; whether `updated` comes besides is a test's choice."""
    if subscription["status"] in (*standing.OVER, "paused"):
        raise StripeError(f"A subscription that is {subscription['status']} can't be paused.")
    set_status(world, subscription, "paused", also_updated)
    emit(world, "customer.subscription.paused", subscription)
    return subscription


def resume(world: World, subscription: Json, also_updated: bool = False) -> Json:
    """In the period that runs."""
    if subscription["status"] != "paused":
        raise StripeError("Only paused subscriptions can be resumed.")
    set_status(world, subscription, "active", also_updated)
    emit(world, "customer.subscription.resumed", subscription)
    return subscription


def set_status(world: World, subscription: Json, status: str, also_updated: bool) -> None:
    if not also_updated:
        subscription["status"] = status
        return
    with changing(world, subscription, "customer.subscription.updated"):
        subscription["status"] = status
