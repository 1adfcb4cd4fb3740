"""What a subscription's state becomes by what happens to its invoices, and its end."""

import invoices
from events import changing, emit
from world import Json, World

OVER = ("canceled", "incomplete_expired")


def paid(world: World, invoice: Json) -> None:
    """An invoice was paid."""
    subscription = invoices.subscription_of(world, invoice)
    if subscription["status"] in OVER:
        return
    pending = world.secret(subscription["id"]).get("pending")
    if pending and pending["invoice"] == invoice["id"]:
        # One that is being made right now is applied by who makes it.
        if pending["change"]:
            apply_pending(world, subscription, pending)
    elif subscription["status"] in ("incomplete", "past_due", "unpaid") and newest_is_settled(world, subscription):
        with changing(world, subscription, "customer.subscription.updated"):
            subscription["status"] = "active"


def newest_is_settled(world: World, subscription: Json) -> bool:
    owed = [one for one in invoices.of_subscription(world, subscription) if one["status"] not in ("draft", "void")]
    return not owed or owed[-1]["status"] == "paid"


def written_off(world: World, invoice: Json, status: str) -> None:
    """Void or uncollectible, by somebody's hand."""
    invoices.end(world, invoice, status)
    subscription = invoices.subscription_of(world, invoice)
    pending = world.secret(subscription["id"]).get("pending")
    if pending and pending["invoice"] == invoice["id"]:
        expire_pending(world, subscription)
    elif status == "void" and subscription["status"] in ("past_due", "unpaid") and newest_is_settled(world, subscription):
        with changing(world, subscription, "customer.subscription.updated"):
            subscription["status"] = "active"


def apply_pending(world: World, subscription: Json, pending: Json) -> None:
    del world.secret(subscription["id"])["pending"]
    with changing(world, subscription, "customer.subscription.updated"):
        subscription.update(pending["change"])
        subscription["pending_update"] = None
    emit(world, "customer.subscription.pending_update_applied", subscription)


def expire_pending(world: World, subscription: Json) -> None:
    pending = world.secret(subscription["id"]).pop("pending")
    invoice = world.get("invoice", pending["invoice"])
    subscription["pending_update"] = None
    emit(world, "customer.subscription.pending_update_expired", subscription)
    if invoice["status"] == "open":
        invoices.end(world, invoice, "void")


def fall_behind(world: World, subscription: Json) -> None:
    if subscription["status"] == "active":
        with changing(world, subscription, "customer.subscription.updated"):
            subscription["status"] = "past_due"


def give_up(world: World, subscription: Json) -> None:
    """The last retry failed."""
    match world.settings.dunning:
        case "cancel":
            end(world, subscription, "payment_failed")
        case "unpaid":
            with changing(world, subscription, "customer.subscription.updated"):
                subscription["status"] = "unpaid"


def end(world: World, subscription: Json, reason: str, details: Json | None = None) -> None:
    """For good: Stripe never reopens a subscription."""
    now = world.now()
    subscription.update(
        status="canceled", ended_at=now, canceled_at=subscription["canceled_at"] or now, pending_update=None,
        pause_collection=None)
    subscription["cancellation_details"] = subscription["cancellation_details"] | (details or {}) | {"reason": reason}
    end_schedule(world, subscription)
    emit(world, "customer.subscription.deleted", subscription)
    world.secret(subscription["id"]).pop("pending", None)
    stop_collecting(world, subscription)


def stop_collecting(world: World, subscription: Json) -> None:
    for invoice in invoices.of_subscription(world, subscription):
        if invoice["status"] in ("draft", "open"):
            world.secret(invoice["id"]).pop("finalize_at", None)
            with changing(world, invoice, "invoice.updated"):
                invoice.update(auto_advance=False, next_payment_attempt=None, automatically_finalizes_at=None)


def end_schedule(world: World, subscription: Json) -> None:
    schedule = world.find("subscription_schedule", subscription["schedule"])
    if schedule and schedule["status"] in ("active", "not_started"):
        schedule.update(status="canceled", canceled_at=world.now(), current_phase=None)
        emit(world, "subscription_schedule.canceled", schedule)


def expire(world: World, subscription: Json) -> None:
    """The first payment did not come within 23 hours."""
    with changing(world, subscription, "customer.subscription.updated"):
        subscription.update(status="incomplete_expired", ended_at=world.now())
    for invoice in invoices.of_subscription(world, subscription):
        if invoice["status"] == "open":
            invoices.end(world, invoice, "void")
