"""Customers."""

import catalogue
import standing
from errors import StripeError, missing
from events import changing, emit
from forms import Parameters
from world import Json, World

FIELDS = ("email", "name", "phone", "description")
ALLOWED = {*FIELDS, "metadata", "address", "shipping", "invoice_settings", "payment_method", "preferred_locales", "tax", "tax_exempt",
           "tax_id_data", "balance", "business_name", "individual_name"}


def create(world: World, p: Parameters) -> Json:
    p.only(ALLOWED)
    customer = world.put({
        "id": world.ids.next("cus_"), "object": "customer", "address": address(p), "balance": p.integer("balance") or 0,
        "created": world.now(), "currency": None, "default_source": None, "delinquent": False, "description": p.text("description"),
        "discount": None, "email": p.text("email"), "invoice_prefix": world.ids.letters(8).upper(),
        "invoice_settings": {"custom_fields": None, "default_payment_method": None, "footer": None, "rendering_options": None},
        "livemode": False, "metadata": p.metadata({}), "name": p.text("name"), "next_invoice_sequence": 1, "phone": p.text("phone"),
        "preferred_locales": p.texts("preferred_locales"), "shipping": None, "tax_exempt": p.text("tax_exempt") or "none",
        "test_clock": None})
    emit(world, "customer.created", customer)
    return customer


def address(p: Parameters) -> Json | None:
    given = p.inner("address")
    names = ("city", "country", "line1", "line2", "postal_code", "state")
    return {name: given.text(name) for name in names} if given.values else None


def existing(world: World, identifier: str) -> Json:
    customer = world.find("customer", identifier)
    if customer is None:
        raise missing("customer", identifier)
    return customer


def living(world: World, identifier: str, param: str = "customer") -> Json:
    """One that can still be given something."""
    customer = catalogue.named(world, "customer", identifier, param)
    if customer.get("deleted"):
        error = missing("customer", identifier, param)
        error.status = 400
        raise error
    return customer


def change(world: World, identifier: str, p: Parameters) -> Json:
    p.only(ALLOWED)
    customer = living(world, identifier, "id")
    with changing(world, customer, "customer.updated"):
        for name in FIELDS:
            if name in p:
                customer[name] = p.text(name)
        if "balance" in p:
            customer["balance"] = p.integer("balance") or 0
        if "address" in p:
            customer["address"] = address(p)
        if "preferred_locales" in p:
            customer["preferred_locales"] = p.texts("preferred_locales")
        if "default_payment_method" in (settings := p.inner("invoice_settings")):
            customer["invoice_settings"] = customer["invoice_settings"] | {"default_payment_method": method(world, customer, settings)}
        customer["metadata"] = p.metadata(customer["metadata"])
    return customer


def method(world: World, customer: Json, p: Parameters) -> str | None:
    """A card that may be the default of what the customer pays: one of his own."""
    identifier = p.text("default_payment_method")
    if identifier is None:
        return None
    found = catalogue.named(world, "payment_method", identifier, p.name("default_payment_method"))
    if found["customer"] != customer["id"]:
        raise StripeError(
            f"The customer does not have a payment method with the ID {identifier}. The payment method must be attached to the customer.",
            code="resource_missing", param=p.name("default_payment_method"))
    return identifier


def forget(world: World, identifier: str) -> Json:
    """Its subscriptions end at once. What is left of it is its id, so that its invoices still have somebody."""
    customer = living(world, identifier, "id")
    for subscription in world.all("subscription"):
        if subscription["customer"] == identifier and subscription["status"] not in standing.OVER:
            standing.end(world, subscription, "cancellation_requested")
    gone = {"id": identifier, "object": "customer", "deleted": True}
    world.hidden[identifier] = {"deleted": customer}
    world.objects["customer"][identifier] = gone
    emit(world, "customer.deleted", customer)
    return gone
