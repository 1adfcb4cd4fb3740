"""Stripe Tax: one rate for everybody whose address is known, on prices that say whether it is in them."""

from fractions import Fraction

from errors import StripeError
from events import changing
from forms import Parameters
from world import Json, World

BEHAVIORS = ("inclusive", "exclusive", "unspecified")
RATE = "txr_test_the_one_rate"
# What the page of a checkout would ask for.
ADDRESS = {
    "city": "Berlin", "country": "DE", "line1": "Unter den Linden 1", "line2": None, "postal_code": "10117", "state": None}


def wish(world: World, p: Parameters) -> bool:
    """What a call says of automatic_tax. It takes that somebody has set Stripe Tax up."""
    given = p.inner("automatic_tax")
    given.only({"enabled", "liability"})
    wanted = given.boolean("enabled") or False
    if wanted and world.settings.tax_status != "active":
        raise StripeError(
            "You must have a valid head office address to enable automatic tax calculation in test mode. Visit "
            "https://dashboard.stripe.com/test/settings/tax to update it.", param=given.within)
    return wanted


def located(customer: Json) -> bool:
    return bool((customer["address"] or {}).get("country"))


def need_location(customer: Json) -> None:
    if not located(customer):
        raise StripeError(
            "The customer's location isn't recognized. Set a valid customer address in order to automatically calculate tax.",
            code="customer_tax_location_invalid", param="automatic_tax[enabled]")


def need_behavior(price: Json) -> None:
    if price["tax_behavior"] == "unspecified":
        raise StripeError(
            f"The price {price['id']} doesn't have tax_behavior set. Set it on the price, or a default in the settings of Stripe Tax.",
            param="automatic_tax[enabled]")


def state(enabled: bool) -> Json:
    """As subscriptions and schedules have it."""
    return {"disabled_reason": None, "enabled": enabled, "liability": {"type": "self"} if enabled else None}


def switch(world: World, subscription: Json, p: Parameters) -> None:
    """Counts from the next invoice on: what was paid is not taxed later."""
    wanted = wish(world, p)
    if wanted:
        need_location(world.get("customer", subscription["customer"]))
        for item in subscription["items"]["data"]:
            need_behavior(world.get("price", item["price"]["id"]))
    subscription["automatic_tax"] = state(wanted)


def locate(world: World, customer: Json) -> None:
    """The payer types an address, which the checkout was told to keep."""
    if not located(customer):
        with changing(world, customer, "customer.updated"):
            customer.update(address=dict(ADDRESS), name=customer["name"] or "Ada Lovelace")


def of_price(world: World, customer: Json, price: Json, amount: int) -> Json:
    """The tax of an amount: beside it or in it, as its price says; half up to whole minor units, a credit like the charge it gives back."""
    inclusive = price["tax_behavior"] == "inclusive"
    rate, reason = rate_for(world, customer)
    share = rate / (100 + rate) if inclusive else rate / 100
    tax = int(abs(amount) * share + Fraction(1, 2)) * (-1 if amount < 0 else 1)
    return {
        "amount": tax, "tax_behavior": "inclusive" if inclusive else "exclusive", "tax_rate_details": {"tax_rate": RATE},
        "taxability_reason": reason, "taxable_amount": amount - tax if inclusive else amount, "type": "tax_rate_details"}


def rate_for(world: World, customer: Json) -> tuple[Fraction, str]:
    if not world.settings.tax_registrations:
        return Fraction(0), "not_collecting"
    match customer["tax_exempt"]:
        case "reverse":
            return Fraction(0), "reverse_charge"
        case "exempt":
            return Fraction(0), "customer_exempt"
    return Fraction(str(world.settings.tax_rate)), "standard_rated"


def of_lines(world: World, customer: Json, lines: list[Json]) -> list[Json]:
    """The lines of an invoice, each with its tax."""
    found = []
    for one in lines:
        price = world.get("price", one["pricing"]["price_details"]["price"])
        need_behavior(price)
        found.append(one | {"taxes": [of_price(world, customer, price, one["amount"])]})
    return found


def totals(lines: list[Json]) -> Json:
    """What an invoice's lines come to."""
    taxes = [tax for one in lines for tax in one["taxes"]]
    subtotal = sum(one["amount"] for one in lines)
    inside, beside = (sum(tax["amount"] for tax in taxes if tax["tax_behavior"] == kind) for kind in ("inclusive", "exclusive"))
    return {
        "subtotal": subtotal, "subtotal_excluding_tax": subtotal - inside, "total": subtotal + beside,
        "total_excluding_tax": subtotal - inside, "total_taxes": together(taxes)}


def together(taxes: list[Json]) -> list[Json]:
    """Those of one kind as one."""
    found: dict[tuple[str, str], Json] = {}
    for tax in taxes:
        kind = (tax["tax_behavior"], tax["taxability_reason"])
        known = found.get(kind)
        found[kind] = tax if known is None else known | {
            name: known[name] + tax[name] for name in ("amount", "taxable_amount")}
    return list(found.values())


# --- what the dashboard would set


def settings(world: World, p: Parameters, _: str) -> Json:
    p.only(())
    active = world.settings.tax_status == "active"
    return {
        "object": "tax.settings", "defaults": {"provider": "stripe", "tax_behavior": None, "tax_code": "txcd_10103001"},
        "head_office": {"address": dict(ADDRESS)} if active else None, "livemode": False, "status": world.settings.tax_status,
        "status_details": {
            "active": {} if active else None, "pending": None if active else {"missing_fields": ["head_office"]}}}


def registrations(world: World) -> list[Json]:
    return [{
        "id": f"taxreg_test_{country}", "object": "tax.registration", "active_from": 1_700_000_000, "country": country.upper(),
        "country_options": {country: {"type": "standard", "standard": {"place_of_supply_scheme": "standard"}}},
        "created": 1_700_000_000, "expires_at": None, "livemode": False, "status": "active"}
        for country in world.settings.tax_registrations]
