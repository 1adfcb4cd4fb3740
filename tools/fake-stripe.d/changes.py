"""Changes of subscriptions: what they cost, how that is taken, and previews of it."""

import copy
import dataclasses

import catalogue
import collection
import customers
import invoices
import items
import standing
import taxes
from errors import StripeError, card_error
from events import changing, emit
from forms import Parameters
from subscriptions import PATIENCE, PAYMENT_BEHAVIORS, details, set_end
from world import Json, World

SETTABLE = {
    "items", "metadata", "cancel_at_period_end", "cancel_at", "default_payment_method", "description", "proration_behavior",
    "proration_date", "payment_behavior", "billing_cycle_anchor", "pause_collection", "cancellation_details", "automatic_tax",
    "off_session", "collection_method", "payment_settings", "trial_end", "invoice_settings"}
# What may be changed together with a payment that may not come.
PENDING = {
    "expand", "items", "payment_behavior", "proration_behavior", "proration_date", "billing_cycle_anchor", "cancel_at_period_end",
    "collection_method", "off_session", "trial_end"}
PRORATIONS = ("always_invoice", "create_prorations", "none")


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
    # Before anything is set: it may be refused.
    if "automatic_tax" in p:
        taxes.switch(world, subscription, p)
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
    if "automatic_tax" in p:
        taxed = taxes.wish(world, p)
        if taxed:
            taxes.need_location(world.get("customer", subscription["customer"]))
        subscription = subscription | {"automatic_tax": taxes.state(taxed)}
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
