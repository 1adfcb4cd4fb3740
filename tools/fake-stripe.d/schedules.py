"""Subscription schedules: what a subscription will be, phase by phase."""

import copy

import catalogue
import items
import standing
import taxes
from clock import later
from errors import StripeError
from events import changing, emit
from forms import Parameters
from world import Json, World

PHASE = {"items", "start_date", "end_date", "duration", "proration_behavior", "metadata", "billing_cycle_anchor", "collection_method",
         "default_payment_method", "description", "trial", "currency", "iterations", "automatic_tax"}


def create(world: World, p: Parameters) -> Json:
    p.only({"from_subscription", "metadata", "billing_mode"})
    subscription = catalogue.named(world, "subscription", p.need("from_subscription"), "from_subscription")
    if subscription["schedule"]:
        raise StripeError(
            f"You cannot migrate a subscription that is already attached to a schedule: {subscription['schedule']}",
            param="from_subscription")
    if subscription["status"] in standing.OVER:
        raise StripeError("You cannot migrate a subscription that is canceled.", param="from_subscription")
    if subscription["cancel_at"]:
        raise StripeError("You cannot migrate a subscription that is set to cancel.", param="from_subscription")
    data = subscription["items"]["data"]
    phase = phase_of(
        subscription, [(item["price"]["id"], item["quantity"]) for item in data], data[0]["current_period_start"],
        data[0]["current_period_end"], {})
    schedule = world.put({
        "id": world.ids.next("sub_sched_"), "object": "subscription_schedule", "application": None,
        "billing_mode": copy.deepcopy(subscription["billing_mode"]), "canceled_at": None, "completed_at": None, "created": world.now(),
        "current_phase": {"start_date": phase["start_date"], "end_date": phase["end_date"]}, "customer": subscription["customer"],
        "customer_account": None,
        "default_settings": {
            "application_fee_percent": None, "automatic_tax": copy.deepcopy(subscription["automatic_tax"]),
            "billing_cycle_anchor": "automatic", "billing_thresholds": None, "collection_method": "charge_automatically",
            "default_payment_method": None, "description": None,
            "invoice_settings": {"account_tax_ids": None, "days_until_due": None, "issuer": {"type": "self"}}, "on_behalf_of": None,
            "transfer_data": None},
        "end_behavior": "release", "livemode": False, "metadata": p.metadata({}), "pause_schedules": [], "phases": [phase], "released_at": None,
        "released_subscription": None, "status": "active", "subscription": subscription["id"], "test_clock": None})
    emit(world, "subscription_schedule.created", schedule)
    with changing(world, subscription, "customer.subscription.updated"):
        subscription["schedule"] = schedule["id"]
    return schedule


def phase_of(subscription: Json, wanted: list[tuple[str, int]], start: int, end: int | None, metadata: Json) -> Json:
    return {
        "add_invoice_items": [], "application_fee_percent": None, "automatic_tax": copy.deepcopy(subscription["automatic_tax"]),
        "billing_cycle_anchor": None, "billing_thresholds": None, "collection_method": None, "currency": subscription["currency"],
        "default_payment_method": None, "default_tax_rates": [], "description": None, "discounts": [], "end_date": end,
        "invoice_settings": None,
        "items": [{
            "billing_thresholds": None, "discounts": [], "metadata": {}, "plan": price, "price": price, "quantity": quantity,
            "tax_rates": []} for price, quantity in wanted],
        "metadata": metadata, "on_behalf_of": None, "proration_behavior": "create_prorations", "start_date": start, "transfer_data": None,
        "trial_end": None}


def running(schedule: Json) -> Json:
    if schedule["status"] not in ("active", "not_started"):
        raise StripeError(f"You cannot change a subscription schedule that is currently in the `{schedule['status']}` status. Only "
                          "schedules in the `not_started` or `active` status can be changed.")
    return schedule


def change(world: World, schedule: Json, p: Parameters) -> Json:
    p.only({"phases", "end_behavior", "metadata", "proration_behavior", "default_settings"})
    running(schedule)
    subscription = world.get("subscription", schedule["subscription"])
    with changing(world, schedule, "subscription_schedule.updated"):
        set_defaults(world, schedule, subscription, p.inner("default_settings"))
        if "phases" in p:
            schedule["phases"] = phases(world, schedule, subscription, p.many("phases"))
            schedule["current_phase"] = current(world, schedule)
        if "end_behavior" in p:
            schedule["end_behavior"] = p.choice("end_behavior", ("release", "cancel"))
        schedule["metadata"] = p.metadata(schedule["metadata"])
    return schedule


def set_defaults(world: World, schedule: Json, subscription: Json, p: Parameters) -> None:
    p.only({"automatic_tax"})
    if "automatic_tax" in p:
        schedule["default_settings"] = schedule["default_settings"] | {"automatic_tax": tax_of(world, subscription, p)}


def tax_of(world: World, subscription: Json, p: Parameters) -> Json:
    wanted = taxes.wish(world, p)
    if wanted:
        taxes.need_location(world.get("customer", subscription["customer"]))
    return taxes.state(wanted)


def phases(world: World, schedule: Json, subscription: Json, given: list[Parameters]) -> list[Json]:
    """Each from where the one before ends; the one that runs has to be among them, as it began."""
    found: list[Json] = []
    for p in given:
        p.only(PHASE)
        start = p.integer("start_date") if "start_date" in p else (found[-1]["end_date"] if found else None)
        if start is None:
            raise StripeError("The subscription schedule update is missing at least one phase with a `start_date` to anchor end dates to.",
                              param=p.name("start_date"))
        if found and start != found[-1]["end_date"]:
            raise StripeError("A phase has to start where the one before it ends.", param=p.name("start_date"))
        wanted = [(items.recurring_price(world, one)["id"], items.quantity(one)) for one in p.many("items")]
        if not wanted:
            raise StripeError(f"Missing required param: {p.name('items')}.", code="parameter_missing", param=p.name("items"))
        phase = phase_of(subscription, wanted, start, end_of(world, p, wanted[0][0], start), p.metadata({}))
        phase["proration_behavior"] = p.text("proration_behavior") or "create_prorations"
        # What a phase does not say is as the schedule has it, not as the subscription does.
        phase["automatic_tax"] = (
            tax_of(world, subscription, p) if "automatic_tax" in p else copy.deepcopy(schedule["default_settings"]["automatic_tax"]))
        found.append(phase)
    runs = schedule["current_phase"]
    if runs and not any(one["start_date"] == runs["start_date"] for one in found):
        raise StripeError("You can not modify the start date of the current phase: pass it as it is.", param="phases")
    return found


def end_of(world: World, p: Parameters, price: str, start: int) -> int:
    if (end := p.integer("end_date")) is not None:
        if end <= start:
            raise StripeError("A phase has to end after it starts.", param=p.name("end_date"))
        return end
    if "iterations" in p:
        raise StripeError("Received unknown parameter: iterations. Did you mean duration?", code="parameter_unknown",
                          param=p.name("iterations"))
    duration = p.inner("duration")
    recurring = world.get("price", price)["recurring"]
    interval = duration.choice("interval", catalogue.INTERVALS) or recurring["interval"]
    return later(start, interval, duration.integer("interval_count") or recurring["interval_count"])


def current(world: World, schedule: Json) -> Json | None:
    for phase in schedule["phases"]:
        if phase["start_date"] <= world.now() < phase["end_date"]:
            return {"start_date": phase["start_date"], "end_date": phase["end_date"]}
    return None


def step(world: World, schedule: Json) -> None:
    """The phase that ran has ended."""
    subscription = world.get("subscription", schedule["subscription"])
    following = next((one for one in schedule["phases"] if one["start_date"] == schedule["current_phase"]["end_date"]), None)
    if following is None:
        if schedule["end_behavior"] == "cancel":
            schedule["subscription"] = None
            complete(world, schedule)
            standing.end(world, subscription, "cancellation_requested")
        else:
            release(world, schedule)
        return
    with changing(world, schedule, "subscription_schedule.updated"):
        schedule["current_phase"] = {"start_date": following["start_date"], "end_date": following["end_date"]}
    take_on(world, subscription, following)


def complete(world: World, schedule: Json) -> None:
    schedule.update(status="completed", completed_at=world.now(), current_phase=None)
    emit(world, "subscription_schedule.completed", schedule)


def take_on(world: World, subscription: Json, phase: Json) -> None:
    """The phase's prices. Where the change falls on a period's end, as ours do, there is nothing to prorate."""
    data = copy.deepcopy(subscription["items"]["data"])
    kept = []
    for place, wanted in enumerate(phase["items"]):
        price = world.get("price", wanted["price"])
        first = data[0]
        item = data[place] if place < len(data) else items.item_of(
            world, subscription["id"], price, 1, first["current_period_start"], first["current_period_end"])
        kept.append(item | {"price": copy.deepcopy(price), "plan": items.plan_of(price), "quantity": wanted["quantity"]})
    with changing(world, subscription, "customer.subscription.updated"):
        subscription["items"] = subscription["items"] | {"data": kept}
        subscription["automatic_tax"] = copy.deepcopy(phase["automatic_tax"])
        subscription["metadata"] = subscription["metadata"] | phase["metadata"]


def release(world: World, schedule: Json) -> Json:
    running(schedule)
    subscription = world.get("subscription", schedule["subscription"])
    schedule.update(
        status="released", released_at=world.now(), released_subscription=subscription["id"], subscription=None, current_phase=None)
    emit(world, "subscription_schedule.released", schedule)
    with changing(world, subscription, "customer.subscription.updated"):
        subscription["schedule"] = None
    return schedule


def cancel(world: World, schedule: Json) -> Json:
    """And its subscription with it."""
    running(schedule)
    standing.end(world, world.get("subscription", schedule["subscription"]), "cancellation_requested")
    return schedule
