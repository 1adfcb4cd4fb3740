"""What a test may do that Stripe's API doesn't: its clock, its dashboard, its outbox, its faults."""

import copy
import dataclasses
from typing import Callable

import cards
import catalogue
import changes
import checkout
import clock
import collection
import customers
import delivery
import due
import events
import faults
import payments
import portal
import refunds
import standing
import subscriptions
from errors import ControlError
from events import changing
from forms import Parameters
from world import CHOICES, Json, World


def state(world: World, _: Json) -> Json:
    kinds = {customer: world.secret(method)["kind"] for customer, method in default_cards(world)}
    return {
        "clock": clock_now(world, {}), "settings": dataclasses.asdict(world.settings), "objects": copy.deepcopy(world.objects),
        "cards": kinds}


def default_cards(world: World) -> list[tuple[str, str]]:
    found = [(one["customer"], one["default_payment_method"]) for one in world.all("subscription")]
    found += [
        (one["id"], one["invoice_settings"]["default_payment_method"]) for one in world.all("customer") if not one.get("deleted")]
    return [(customer, method) for customer, method in found if method]


def clock_now(world: World, _: Json) -> Json:
    return {"now": world.now(), "frozen": world.clock.frozen_at is not None}


def move_clock(world: World, wish: Json) -> Json:
    known(wish, {"advance", "to", "frozen"})
    if "frozen" in wish:
        world.clock.freeze(bool(wish["frozen"]))
    until = world.now() + int(wish.get("advance", 0))
    if "to" in wish:
        until = clock.instant_of(wish["to"]) if isinstance(wish["to"], str) else int(wish["to"])
    if until < world.now():
        raise ControlError(f"the clock stands at {world.now()} and never goes back")
    before = len(world.outbox)
    due.run(world, until)
    world.clock.move_to(until)
    return clock_now(world, {}) | {"events": [one["id"] for one in world.outbox[before:]]}


def known(wish: Json, names: set[str]) -> None:
    if unknown := set(wish) - names:
        raise ControlError(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(sorted(names))}")


def change_settings(world: World, wish: Json) -> Json:
    known(wish, {field.name for field in dataclasses.fields(world.settings)})
    for name, value in wish.items():
        if name in CHOICES and value not in CHOICES[name]:
            raise ControlError(f"{name} is one of {', '.join(CHOICES[name])}")
        setattr(world.settings, name, value)
    world.changed.notify_all()
    return dataclasses.asdict(world.settings)


def change_card(world: World, wish: Json) -> Json:
    known(wish, {"customer", "kind"})
    return cards.change_card(world, customers.living(world, need(wish, "customer")), need(wish, "kind"))


def need(wish: Json, name: str) -> str:
    if not isinstance(wish.get(name), str):
        raise ControlError(f"{name} is missing")
    return str(wish[name])


# --- paying as a person would


def pay(world: World, wish: Json) -> Json:
    known(wish, {"session", "card", "answer"})
    session = world.get("checkout.session", need(wish, "session"))
    outcome = checkout.pay(world, session, wish.get("card", "ok"))
    answer = wish.get("answer", "confirm")
    if outcome == "action" and answer != "leave":
        outcome = checkout.answer(world, session, answer == "confirm")
    subscription = world.find("subscription", world.secret(session["id"])["subscription"])
    return {
        "session": session, "subscription": subscription, "redirect": checkout.way_back(session) if outcome == "paid" else None,
        "declined": payments.MESSAGES["declined"][2] if outcome == "declined" else None}


def confirm(world: World, wish: Json) -> Json:
    known(wish, {"invoice", "answer"})
    invoice = world.get("invoice", need(wish, "invoice"))
    answer_bank(world, invoice, wish.get("answer", "confirm") == "confirm")
    return invoice


def answer_bank(world: World, invoice: Json, confirmed: bool) -> None:
    """What somebody says to his bank before the hosted invoice."""
    if confirmed:
        collection.collect(world, invoice, confirmed=True)
    else:
        events.emit(world, "invoice.payment_failed", invoice)


# --- the dashboard


def subscribe(world: World, wish: Json) -> Json:
    known(wish, {"customer", "price", "quantity", "items", "card", "metadata"})
    customer = customers.living(world, need(wish, "customer"))
    wanted = [
        (catalogue.usable_price(world, need(one, "price"), "price"), int(one.get("quantity", 1)))
        for one in wish.get("items") or [wish]]
    method = cards.card_of(world, wish.get("card", "ok"), customer["id"])
    subscription = subscriptions.make(
        world, customer["id"], wanted, dict(wish.get("metadata", {})), method["id"])
    collection.collect(world, subscriptions.latest_invoice(world, subscription), confirmed=True)
    return subscription


def subscription_of(world: World, wish: Json) -> Json:
    return world.get("subscription", need(wish, "subscription"))


def set_members(world: World, wish: Json, members: Json) -> Json:
    subscription = subscription_of(world, wish)
    with changing(world, subscription, "customer.subscription.updated"):
        subscription.update(members)
    return subscription


def pause_collection(world: World, wish: Json) -> Json:
    return set_members(world, wish, {"pause_collection": {"behavior": wish.get("behavior", "void"), "resumes_at": None}})


def cancel(world: World, wish: Json) -> Json:
    subscription = subscription_of(world, wish)
    standing.end(world, subscription, wish.get("reason", "cancellation_requested"))
    return subscription


def portal_cancel(world: World, wish: Json) -> Json:
    subscription = subscription_of(world, wish)
    portal.cancel(world, subscription)
    return subscription


def refund(world: World, wish: Json) -> Json:
    return refunds.refund(world, payments.payment_behind(world, wish), wish.get("amount"), wish.get("reason"), {})


def dispute(world: World, wish: Json) -> Json:
    return refunds.dispute(world, payments.payment_behind(world, wish), wish.get("reason", "fraudulent"))


def close_dispute(world: World, wish: Json) -> Json:
    return refunds.close(world, world.get("dispute", need(wish, "dispute")), need(wish, "status"))


def change_customer(world: World, wish: Json) -> Json:
    members = {name: str(value or "") for name, value in wish.items() if name != "customer"}
    return customers.change(world, need(wish, "customer"), Parameters(members))


def write_off(status: str) -> Callable[[World, Json], Json]:
    def done(world: World, wish: Json) -> Json:
        invoice = world.get("invoice", need(wish, "invoice"))
        standing.written_off(world, invoice, status)
        return invoice

    return done


def retry(world: World, wish: Json) -> Json:
    invoice = world.get("invoice", need(wish, "invoice"))
    collection.collect(world, invoice)
    return invoice


def price(world: World, wish: Json) -> Json:
    known(wish, {"product", "amount", "metadata", "currency"})
    product = wish.get("product") or catalogue.product_of(world, Parameters({"name": "Made in the dashboard"}))["id"]
    return catalogue.price_of(world, Parameters({
        "product": product, "currency": wish.get("currency", "usd"), "unit_amount": str(wish.get("amount", 1_900)),
        "recurring": {"interval": "month"}, "metadata": wish.get("metadata", {})}))


def change_price(world: World, wish: Json) -> Json:
    subscription = subscription_of(world, wish)
    first = subscription["items"]["data"][0]["id"]
    return changes.update(world, subscription, Parameters({
        "items": [{"id": first, "price": need(wish, "price")}], "proration_behavior": "none"}))


DASHBOARD: dict[str, Callable[[World, Json], Json]] = {
    "subscribe": subscribe,
    "pause": lambda world, wish: subscriptions.pause(world, subscription_of(world, wish), bool(wish.get("updated"))),
    "resume": lambda world, wish: subscriptions.resume(world, subscription_of(world, wish), bool(wish.get("updated"))),
    "pause_collection": pause_collection, "unpause_collection": lambda world, wish: set_members(world, wish, {"pause_collection": None}),
    "cancel": cancel, "set_status": lambda world, wish: set_members(world, wish, {"status": need(wish, "status")}), "refund": refund,
    "dispute": dispute, "close_dispute": close_dispute,
    "fraud_warning": lambda world, wish: refunds.warn(world, payments.payment_behind(world, wish)),
    "delete_customer": lambda world, wish: customers.forget(world, need(wish, "customer")), "change_customer": change_customer,
    "uncollectible": write_off("uncollectible"), "void": write_off("void"), "retry": retry, "portal_cancel": portal_cancel,
    "price": price, "change_price": change_price,
}

# --- the outbox


def outbox(world: World, wish: Json) -> Json:
    after = int(wish.get("after", 0))
    shown = [
        {name: value for name, value in one.items() if name not in ("attempts", "hidden")} for one in world.outbox
        if one["sequence"] > after]
    return {"events": shown, "last": len(world.outbox)}


def drop(world: World, wish: Json) -> Json:
    known(wish, {"ids", "hide"})
    for identifier in wish.get("ids", []):
        entry = events.entry(world, identifier)
        if entry is None:
            raise ControlError(f"{identifier} is not in the outbox")
        entry.update(dropped=True, hidden=bool(wish.get("hide")), attempts={})
    return {"dropped": wish.get("ids", [])}


def sign(world: World, wish: Json) -> Json:
    return {"requests": [{
        "id": one.id, "twin_of": one.twin_of, "body": one.body, "headers": {
            "Content-Type": "application/json; charset=utf-8", "Stripe-Signature": one.header}} for one in delivery.letters(world, wish)]}


# --- calls and faults


def calls(world: World, wish: Json) -> Json:
    return {"calls": [
        one for one in world.calls if all(one[name] == wish[name] for name in ("method", "path") if name in wish)]}


def forget_calls(world: World, _: Json) -> Json:
    world.calls.clear()
    return {"calls": []}


def no_faults(world: World, _: Json) -> Json:
    world.faults.clear()
    return {"faults": []}


CONTROLS: dict[tuple[str, str], Callable[[World, Json], Json]] = {
    ("GET", "/_test/state"): state, ("GET", "/_test/clock"): clock_now, ("POST", "/_test/clock"): move_clock,
    ("POST", "/_test/settings"): change_settings, ("POST", "/_test/cards"): change_card, ("POST", "/_test/pay"): pay,
    ("POST", "/_test/confirm"): confirm, ("GET", "/_test/outbox"): outbox, ("POST", "/_test/drop"): drop, ("POST", "/_test/sign"): sign,
    ("GET", "/_test/calls"): calls, ("DELETE", "/_test/calls"): forget_calls, ("POST", "/_test/faults"): faults.add,
    ("GET", "/_test/faults"): lambda world, _: {"faults": list(world.faults)}, ("DELETE", "/_test/faults"): no_faults,
} | {("POST", f"/_test/dashboard/{name}"): act for name, act in DASHBOARD.items()}
