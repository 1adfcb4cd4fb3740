"""Taking the money of an invoice, and what follows from having it or not."""

import cards
import invoices
import payments
import standing
from clock import DAY
from errors import StripeError, card_error
from events import changing, emit
from world import Json, World


def collect(world: World, invoice: Json, confirmed: bool = False, on_page: bool = False) -> str:
    """`on_page`: somebody sits before it, so that what the bank asks for is no failure."""
    if invoice["status"] not in ("open", "uncollectible"):
        raise StripeError(f"Invoice is already {invoice['status']}" if invoice["status"] == "paid" else "This invoice cannot be paid.",
                          code="invoice_not_editable")
    subscription = invoices.subscription_of(world, invoice)
    if invoice["amount_due"] == 0:
        outcome = "paid"
    else:
        outcome = payments.attempt(world, invoice, cards.default_of(world, subscription), confirmed)
    if outcome == "paid":
        if invoice["amount_due"]:
            invoice["attempt_count"] += 1
        invoices.mark_paid(world, invoice)
        standing.paid(world, invoice)
    else:
        refused(world, invoice, subscription, outcome, on_page)
    return outcome


def refused(world: World, invoice: Json, subscription: Json, outcome: str, on_page: bool) -> None:
    dunned = invoice["billing_reason"] != "subscription_create" and subscription["status"] in ("active", "past_due") and not pending(
        world, invoice, subscription)
    with changing(world, invoice, "invoice.updated"):
        invoice.update(attempted=True)
        if outcome != "action" or not on_page:
            invoice["attempt_count"] += 1
            invoice["next_payment_attempt"] = next_attempt(world, invoice) if dunned and invoice["auto_advance"] else None
    if outcome == "action":
        emit(world, "invoice.payment_action_required", invoice)
    if outcome != "action" or not on_page:
        emit(world, "invoice.payment_failed", invoice)
        if dunned:
            standing.fall_behind(world, subscription)
            if invoice["next_payment_attempt"] is None and invoice["attempt_count"] > len(world.settings.retry_days):
                standing.give_up(world, subscription)


def pending(world: World, invoice: Json, subscription: Json) -> bool:
    """Whether it is of a change that is not made before it is paid."""
    waiting = world.secret(subscription["id"]).get("pending")
    return bool(waiting and waiting["invoice"] == invoice["id"])


def next_attempt(world: World, invoice: Json) -> int | None:
    made, waits = invoice["attempt_count"], world.settings.retry_days
    return world.now() + waits[made - 1] * DAY if made <= len(waits) else None


def pay(world: World, invoice: Json, method: str | None) -> Json:
    """POST /v1/invoices/ID/pay: an error where it fails, as Stripe has it."""
    if invoice["status"] == "draft":
        invoices.finalize(world, invoice)
    if method:
        subscription = invoices.subscription_of(world, invoice)
        usual = subscription["default_payment_method"]
        subscription["default_payment_method"] = world.get("payment_method", method, "payment_method")["id"]
        outcome = collect(world, invoice)
        subscription["default_payment_method"] = usual
    else:
        outcome = collect(world, invoice)
    if outcome == "action":
        raise card_error("This payment requires additional user action before it can be completed successfully.",
                         "invoice_payment_intent_requires_action", None)
    if outcome != "paid":
        code, decline, message = payments.MESSAGES[outcome]
        raise card_error(message, code, decline)
    return invoice
