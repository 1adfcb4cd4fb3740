"""Subscriptions: made, renewed, changed, ended."""

import copy
import dataclasses

import catalogue
import collection
import customers
import invoices
import items
import standing
from clock import HOUR
from errors import StripeError, card_error
from events import changing, emit
from forms import Parameters
from world import Json, World

# How long a first payment, or one of an upgrade, may take.
PATIENCE = 23 * HOUR
SETTABLE = {
    "items", "metadata", "cancel_at_period_end", "cancel_at", "default_payment_method", "description", "proration_behavior",
    "proration_date", "payment_behavior", "billing_cycle_anchor", "pause_collection", "cancellation_details", "automatic_tax",
    "off_session", "collection_method", "payment_settings", "trial_end", "invoice_settings"}
CREATABLE = {
    "customer", "items", "metadata", "default_payment_method", "description", "payment_behavior", "cancel_at_period_end", "off_session",
    "automatic_tax", "collection_method", "payment_settings", "currency", "proration_behavior", "billing_mode", "expand"}
# What may be changed together with a payment that may not come.
PENDING = {
    "expand", "items", "payment_behavior", "proration_behavior", "proration_date", "billing_cycle_anchor", "cancel_at_period_end",
    "collection_method", "off_session", "trial_end"}
PAYMENT_BEHAVIORS = ("allow_incomplete", "pending_if_incomplete", "error_if_incomplete", "default_incomplete")
PRORATIONS = ("always_invoice", "create_prorations", "none")


def make(world: World, customer: str, wanted: list[tuple[Json, int]], metadata: Json, method: str | None, tax: bool = False) -> Json:
    """Not paid for yet: incomplete."""
    now, identifier = world.now(), world.ids.next("sub_")
    data = [
        items.item_of(world, identifier, price, quantity, now, items.end_of_period(now, price, now)) for price, quantity in wanted]
    subscription = world.put({
        "id": identifier, "object": "subscription", "application": None, "application_fee_percent": None,
        "automatic_tax": {"disabled_reason": None, "enabled": tax, "liability": {"type": "self"} if tax else None},
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
    before = world.snapshot()
    subscription = make(world, customer["id"], wanted, p.metadata({}), p.text("default_payment_method"))
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


# --- changes


@dataclasses.dataclass
class Change:
    """What a call would make of a subscription, and what that costs now."""

    data: list[Json]
    anchor: int
    lines: list[Json]
    # What is put on the next invoice instead.
    later: list[Json]

    def members(self, subscription: Json) -> Json:
        return {"items": subscription["items"] | {"data": self.data}, "billing_cycle_anchor": self.anchor}


def change_of(world: World, subscription: Json, p: Parameters) -> Change:
    now = world.now()
    behavior = p.choice("proration_behavior", PRORATIONS) or "create_prorations"
    anchor_now = p.choice("billing_cycle_anchor", ("now", "unchanged")) == "now"
    date = proration_date(subscription, p, now)
    data = items.changed(world, subscription, p.many("items"))
    anchor_now = anchor_now or any_interval_changed(subscription, data)
    prorated = [] if behavior == "none" else items.prorations(world, subscription, data, date, anchor_now)
    if not anchor_now:
        at_once = prorated if behavior == "always_invoice" else []
        return Change(data, subscription["billing_cycle_anchor"], at_once, [] if at_once else prorated)
    data = items.moved(data, now, now)
    after = subscription | {"items": subscription["items"] | {"data": data}}
    return Change(data, now, prorated + invoices.full_lines(world, after, data), [])


def any_interval_changed(subscription: Json, data: list[Json]) -> bool:
    """Stripe begins a new period by itself then."""
    return rhythm(subscription["items"]["data"]) != rhythm(data)


def rhythm(data: list[Json]) -> tuple[str, int]:
    recurring = data[0]["price"]["recurring"]
    return recurring["interval"], recurring["interval_count"]


def proration_date(subscription: Json, p: Parameters, now: int) -> int:
    date = p.integer("proration_date")
    item = subscription["items"]["data"][0]
    if date is not None and not item["current_period_start"] <= date <= item["current_period_end"]:
        raise StripeError("Invalid proration_date: it must be within the current period of the subscription.", param="proration_date")
    return now if date is None else date


def update(world: World, subscription: Json, p: Parameters) -> Json:
    p.only(SETTABLE)
    behavior = p.choice("payment_behavior", PAYMENT_BEHAVIORS) or "allow_incomplete"
    refuse(world, subscription, p, behavior)
    if not (p.many("items") or p.text("billing_cycle_anchor") == "now"):
        with changing(world, subscription, "customer.subscription.updated"):
            set_members(world, subscription, p)
        return subscription
    change = change_of(world, subscription, p)
    if subscription["pending_update"]:
        # The new wish takes the place of the one that waits.
        standing.expire_pending(world, subscription)
    world.secret(subscription["id"]).setdefault("waiting_lines", []).extend(change.later)
    if not change.lines:
        with changing(world, subscription, "customer.subscription.updated"):
            set_members(world, subscription, p)
            subscription.update(change.members(subscription))
        return subscription
    return invoice_change(world, subscription, p, change, behavior)


def refuse(world: World, subscription: Json, p: Parameters, behavior: str) -> None:
    if subscription["status"] in standing.OVER:
        allowed = {"metadata", "cancellation_details", "expand"}
        if set(p.values) - allowed:
            raise StripeError("A canceled subscription can only update its cancellation_details and metadata.")
    if behavior == "pending_if_incomplete":
        for name in p.values:
            if name not in PENDING:
                raise StripeError(
                    f"When `payment_behavior` is set to `pending_if_incomplete`, you cannot pass `{name}`: only "
                    f"{', '.join(sorted(PENDING))}.", param=name)
        if subscription["status"] not in ("active", "trialing"):
            raise StripeError("`payment_behavior=pending_if_incomplete` needs a subscription that is active.", param="payment_behavior")
    wish = p.boolean("cancel_at_period_end") or p.text("cancel_at")
    if subscription["schedule"] and wish:
        raise StripeError(
            f"The subscription is managed by the subscription schedule `{subscription['schedule']}`, and updating any cancelation "
            "behavior directly is not allowed. Please update the schedule instead.")


def set_members(world: World, subscription: Json, p: Parameters) -> None:
    set_end(world, subscription, p)
    if "metadata" in p:
        subscription["metadata"] = p.metadata(subscription["metadata"])
    if "description" in p:
        subscription["description"] = p.text("description")
    if "default_payment_method" in p:
        customer = world.get("customer", subscription["customer"])
        subscription["default_payment_method"] = customers.method(world, customer, p)
    if "pause_collection" in p:
        pause = p.inner("pause_collection")
        behavior = pause.choice("behavior", ("void", "keep_as_draft", "mark_uncollectible"))
        subscription["pause_collection"] = {"behavior": behavior, "resumes_at": pause.integer("resumes_at")} if behavior else None
    if "cancellation_details" in p:
        subscription["cancellation_details"] = subscription["cancellation_details"] | details(p)


def invoice_change(world: World, subscription: Json, p: Parameters, change: Change, behavior: str) -> Json:
    """Billed at once. Where the payment does not come, what becomes of the change is the call's to say."""
    before = world.snapshot()
    wanted = copy.deepcopy(subscription)
    set_members(world, wanted, p)
    wanted.update(change.members(subscription))
    invoice = world.put(invoices.draft(world, wanted, change.lines, "subscription_update"))
    wanted["latest_invoice"] = invoice["id"]
    emit(world, "invoice.created", invoice)
    invoices.finalize(world, invoice)
    hidden = world.secret(subscription["id"])
    hidden["pending"] = {"invoice": invoice["id"], "change": None}
    outcome = collection.collect(world, invoice, on_page=True) if invoice["status"] == "open" else "paid"
    if outcome != "paid" and behavior == "error_if_incomplete":
        world.restore(before)
        raise card_error("Your card was declined.", "card_declined", "generic_decline")
    if outcome != "paid" and behavior == "pending_if_incomplete":
        keep_pending(world, subscription, wanted, invoice)
        return subscription
    hidden.pop("pending", None)
    with changing(world, subscription, "customer.subscription.updated"):
        subscription.update(wanted)
        if outcome != "paid":
            subscription["status"] = "past_due"
    return subscription


def keep_pending(world: World, subscription: Json, wanted: Json, invoice: Json) -> None:
    names = ("items", "billing_cycle_anchor", "cancel_at", "cancel_at_period_end", "canceled_at", "cancellation_details")
    world.secret(subscription["id"])["pending"] = {"invoice": invoice["id"], "change": {name: wanted[name] for name in names}}
    with changing(world, subscription, "customer.subscription.updated"):
        subscription["latest_invoice"] = invoice["id"]
        subscription["pending_update"] = {
            "billing_cycle_anchor": wanted["billing_cycle_anchor"], "cancel_at_period_end": wanted["cancel_at_period_end"],
            "discounts": None,
            "expires_at": min(world.now() + PATIENCE, subscription["items"]["data"][0]["current_period_end"]), "metadata": None,
            "subscription_items": copy.deepcopy(wanted["items"]["data"]), "trial_end": None, "trial_from_plan": None}


def preview(world: World, p: Parameters) -> Json:
    """POST /v1/invoices/create_preview: of a change, or of the next renewal."""
    p.only({"customer", "subscription", "subscription_details", "schedule", "schedule_details", "automatic_tax", "currency",
            "preview_mode", "discounts", "invoice_items"})
    subscription = catalogue.named(world, "subscription", p.need("subscription"), "subscription")
    if subscription["status"] in standing.OVER:
        raise StripeError("No upcoming invoices for customer", status=404, code="invoice_upcoming_none")
    wish = p.inner("subscription_details")
    wish.only({"items", "proration_behavior", "proration_date", "billing_cycle_anchor", "cancel_at_period_end", "cancel_at", "cancel_now",
               "default_tax_rates", "resume_at", "start_date", "trial_end", "billing_mode", "billing_schedules"})
    before = world.snapshot()
    try:
        return previewed(world, subscription, wish)
    finally:
        world.restore(before)


def previewed(world: World, subscription: Json, wish: Parameters) -> Json:
    if wish.many("items") or wish.text("billing_cycle_anchor") == "now":
        change = change_of(world, subscription, wish)
        if change.lines:
            after = subscription | change.members(subscription)
            return copy.deepcopy(invoices.draft(world, after, change.lines, "upcoming") | {"billing_reason": "subscription_update"})
        data, waiting = change.data, change.later
    else:
        data, waiting = subscription["items"]["data"], []
    if subscription["cancel_at_period_end"] or wish.boolean("cancel_at_period_end"):
        raise StripeError("No upcoming invoices for customer", status=404, code="invoice_upcoming_none")
    waiting = world.secret(subscription["id"]).get("waiting_lines", []) + waiting
    data = items.moved(data, data[0]["current_period_end"], subscription["billing_cycle_anchor"])
    after = subscription | {"items": subscription["items"] | {"data": data}}
    return invoices.draft(world, after, waiting + invoices.full_lines(world, after, data), "upcoming")


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
