"""The items of a subscription, their periods, and what a change of them costs."""

import copy
from fractions import Fraction

import catalogue
import invoices
from clock import period_end
from errors import StripeError
from forms import Parameters
from world import Json, World


def item_of(world: World, subscription: str, price: Json, quantity: int, start: int, end: int) -> Json:
    return {
        "id": world.ids.next("si_"), "object": "subscription_item", "billed_until": start, "billing_thresholds": None,
        "created": world.now(), "current_period_end": end, "current_period_start": start, "discounts": [], "metadata": {},
        "plan": plan_of(price), "price": copy.deepcopy(price), "quantity": quantity, "subscription": subscription, "tax_rates": []}


def plan_of(price: Json) -> Json:
    """The older shape of a price, which items still carry."""
    recurring = price["recurring"]
    return {
        "id": price["id"], "object": "plan", "active": price["active"], "amount": price["unit_amount"],
        "amount_decimal": price["unit_amount_decimal"], "billing_scheme": "per_unit", "created": price["created"],
        "currency": price["currency"], "interval": recurring["interval"], "interval_count": recurring["interval_count"],
        "livemode": False, "metadata": dict(price["metadata"]), "meter": None, "nickname": price["nickname"], "product": price["product"],
        "tiers_mode": None, "transform_usage": None, "trial_period_days": None, "usage_type": "licensed"}


def end_of_period(anchor: int, price: Json, start: int) -> int:
    return period_end(anchor, price["recurring"]["interval"], price["recurring"]["interval_count"], start)


def changed(world: World, subscription: Json, given: list[Parameters]) -> list[Json]:
    """The items as a call wants them: named ones changed or deleted, others added."""
    found: list[Json] = copy.deepcopy(subscription["items"]["data"])
    for p in given:
        p.only({"id", "price", "quantity", "deleted", "metadata", "discounts", "tax_rates", "clear_usage", "billing_thresholds"})
        identifier = p.text("id")
        if identifier is None:
            found.append(added(world, subscription, p))
            continue
        item = next((one for one in found if one["id"] == identifier), None)
        if item is None:
            raise StripeError(f"No such subscription item: '{identifier}'", code="resource_missing", param=p.name("id"))
        if p.boolean("deleted"):
            found.remove(item)
        else:
            revalue(world, item, p)
    if not found:
        raise StripeError("A subscription must have at least one active plan. To cancel it, use the cancel API endpoint.", param="items")
    if len({item["price"]["id"] for item in found}) < len(found):
        raise StripeError("Cannot add multiple subscription items with the same plan", param="items")
    return found


def added(world: World, subscription: Json, p: Parameters) -> Json:
    price = recurring_price(world, p)
    first = subscription["items"]["data"][0]
    return item_of(world, subscription["id"], price, quantity(p), first["current_period_start"], first["current_period_end"])


def revalue(world: World, item: Json, p: Parameters) -> None:
    if p.text("price"):
        price = recurring_price(world, p)
        item.update(price=copy.deepcopy(price), plan=plan_of(price))
    if "quantity" in p:
        item["quantity"] = quantity(p)
    item["metadata"] = p.metadata(item["metadata"])


def recurring_price(world: World, p: Parameters) -> Json:
    price = catalogue.usable_price(world, p.need("price"), p.name("price"))
    if price["recurring"] is None:
        raise StripeError("The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.",
                          param=p.name("price"))
    return price


def quantity(p: Parameters) -> int:
    given = p.integer("quantity")
    return 1 if given is None else given


def moved(items: list[Json], start: int, anchor: int) -> list[Json]:
    """The same in the period that begins then."""
    return [
        item | {"current_period_start": start, "current_period_end": end_of_period(anchor, item["price"], start)} for item in items]


def prorations(world: World, subscription: Json, after: list[Json], date: int, anchor_now: bool) -> list[Json]:
    """The unused rest of what changes, given back, and, where the period goes on, the rest of what takes its place."""
    found: list[Json] = []
    before = {item["id"]: item for item in subscription["items"]["data"]}
    wanted = {item["id"]: item for item in after}
    for identifier, item in before.items():
        if anchor_now or not same(item, wanted.get(identifier)):
            found.append(rest(world, subscription, item, date, -1))
    if not anchor_now:
        found += [
            rest(world, subscription, item, date, 1) for identifier, item in wanted.items() if not same(item, before.get(identifier))]
    return [one for one in found if one["amount"]]


def same(item: Json, other: Json | None) -> bool:
    return other is not None and (item["price"]["id"], item["quantity"]) == (other["price"]["id"], other["quantity"])


def rest(world: World, subscription: Json, item: Json, date: int, sign: int) -> Json:
    start, end = item["current_period_start"], item["current_period_end"]
    share = Fraction(max(0, end - date), max(1, end - start))
    # Half up, as Stripe rounds to whole minor units.
    amount = sign * int(item["price"]["unit_amount"] * item["quantity"] * share + Fraction(1, 2))
    name = invoices.product_name(world, item["price"])
    text = f"{'Unused' if sign < 0 else 'Remaining'} time on {name}"
    return invoices.line(
        item["price"], item["quantity"], amount, date, end, subscription["id"], item["id"], True, text)
