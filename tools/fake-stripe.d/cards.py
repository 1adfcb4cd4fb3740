"""Cards, each of a kind that decides what becomes of payments with it."""

import catalogue
from errors import StripeError, card_error
from events import changing, emit
from forms import Parameters
from world import Json, World

# By kind: last four digits as Stripe's test cards have them, and what a person is told.
KINDS = {
    "ok": ("4242", "A card that pays"),
    "declined": ("0002", "A card that is declined"),
    "3ds": ("3155", "A card whose bank asks once (3D Secure)"),
    "3ds_always": ("3184", "A card whose bank asks at each payment"),
    "fails_later": ("0341", "A card that pays now and is declined later"),
}
ADDRESS = ("city", "country", "line1", "line2", "postal_code", "state")
NAMES = {
    "pm_card_visa": "ok", "pm_card_chargeDeclined": "declined", "pm_card_authenticationRequired": "3ds_always",
    "pm_card_authenticationRequiredOnSetup": "3ds", "pm_card_chargeCustomerFail": "fails_later",
}


def card_of(world: World, kind: str, customer: str | None) -> Json:
    now = world.now()
    method = world.put({
        "id": world.ids.next("pm_"), "object": "payment_method", "allow_redisplay": "unspecified",
        "billing_details": {"address": {name: None for name in ADDRESS}, "email": None, "name": None, "phone": None, "tax_id": None},
        "card": {
            "brand": "visa", "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
            "country": "US", "display_brand": "visa", "exp_month": 12, "exp_year": 2040, "fingerprint": "testtesttesttest",
            "funding": "credit", "generated_from": None, "last4": KINDS[kind][0],
            "networks": {"available": ["visa"], "preferred": None}, "regulated_status": "unregulated",
            "three_d_secure_usage": {"supported": True}, "wallet": None},
        "created": now, "customer": None, "customer_account": None, "livemode": False, "metadata": {}, "type": "card"})
    world.hidden[method["id"]] = {"kind": kind, "paid": 0}
    if customer:
        attach(world, method, customer)
    return method


def card_on_file(world: World, kind: str, customer: str) -> Json:
    """One that is given without paying: the bank was asked meanwhile, and what it declines later it declines from now on."""
    method = card_of(world, kind, customer)
    world.secret(method["id"])["paid"] = 1
    return method


def attach(world: World, method: Json, customer: str) -> Json:
    method["customer"] = customer
    emit(world, "payment_method.attached", method)
    return method


def detach(world: World, method: Json) -> Json:
    owner = method["customer"]
    method["customer"] = None
    emit(world, "payment_method.detached", method, {"customer": owner})
    return method


def attach_named(world: World, identifier: str, p: Parameters) -> Json:
    """One of Stripe's test methods, or one that is there."""
    p.only({"customer"})
    customer = catalogue.named(world, "customer", p.need("customer"), "customer")
    if NAMES.get(identifier) == "declined":
        raise card_error("Your card was declined.", "card_declined", "generic_decline")
    if identifier in NAMES:
        return card_on_file(world, NAMES[identifier], customer["id"])
    return attach(world, world.get("payment_method", identifier), customer["id"])


def default_of(world: World, subscription: Json) -> Json | None:
    """The subscription's card outranks the customer's."""
    customer = world.find("customer", subscription["customer"])
    usual = customer["invoice_settings"]["default_payment_method"] if customer and not customer.get("deleted") else None
    return world.find("payment_method", subscription["default_payment_method"] or usual)


def change_default(world: World, customer: Json, kind: str) -> Json:
    """The customer's new default, as the portal makes it: a subscription that has a card of its own is charged with that one still."""
    if kind not in KINDS:
        raise StripeError(f"there is no card {kind}: one of {', '.join(KINDS)}")
    method = card_on_file(world, kind, customer["id"])
    with changing(world, customer, "customer.updated"):
        customer["invoice_settings"] = customer["invoice_settings"] | {"default_payment_method": method["id"]}
    return method


def change_card(world: World, customer: Json, kind: str) -> Json:
    """A new card for all that the customer pays."""
    method = change_default(world, customer, kind)
    for subscription in world.all("subscription"):
        if subscription["customer"] == customer["id"] and subscription["status"] not in ("canceled", "incomplete_expired"):
            with changing(world, subscription, "customer.subscription.updated"):
                subscription["default_payment_method"] = method["id"]
    return method
