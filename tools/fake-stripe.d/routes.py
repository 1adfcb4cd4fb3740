"""The API: which method and path does what."""

import re
from typing import Callable

import cards
import catalogue
import changes
import checkout
import collection
import customers
import endpoints
import invoices
import portal
import refunds
import render
import schedules
import standing
import subscriptions
import taxes
import testclocks
from errors import StripeError
from forms import Parameters
from world import Json, World

Handler = Callable[[World, Parameters, str], Json]
Filter = Callable[[Json, Parameters], bool]

ROUTES: list[tuple[str, re.Pattern[str], Handler]] = []


def on(method: str, path: str, handler: Handler) -> None:
    pattern = re.compile("^" + re.escape(path).replace("ID", "([A-Za-z0-9_]+)") + "$")
    ROUTES.append((method, pattern, handler))


def find(method: str, path: str) -> tuple[Handler, str]:
    for known, pattern, handler in ROUTES:
        if known == method and (match := pattern.match(path)):
            return handler, match[1] if match.groups() else ""
    raise StripeError(
        f"Unrecognized request URL ({method}: {path}). This test Stripe has what tools/fake-stripe.d/routes.py lists.", status=404)


def readable(kind: str, path: str, filters: dict[str, Filter] | None = None) -> None:
    """GET of the list and of one."""
    allowed = render.PAGING | {"created"} | set(filters or {})

    def listed(world: World, p: Parameters, _: str) -> Json:
        p.only(allowed)
        found = [
            item for item in world.all(kind) if not item.get("deleted")
            and all(wanted(item, p) for name, wanted in (filters or {}).items() if name in p)]
        return render.paged(found, p, path)

    def one(world: World, p: Parameters, identifier: str) -> Json:
        p.only(())
        return world.get(kind, identifier)

    on("GET", path, listed)
    on("GET", f"{path}/ID", one)


def by(name: str) -> Filter:
    def same(item: Json, p: Parameters) -> bool:
        value = item.get(name)
        return (str(value).lower() if isinstance(value, bool) else value) == p.text(name)

    return same


def by_status(subscription: Json, p: Parameters) -> bool:
    match p.text("status"):
        case "all":
            return True
        case "ended":
            return subscription["status"] in standing.OVER
        case wanted:
            return bool(subscription["status"] == wanted)


def by_payment(payment: Json, p: Parameters) -> bool:
    given = p.inner("payment")
    return given.text("payment_intent") in (None, payment["payment"]["payment_intent"]) and given.text("charge") is None


def by_subscription(invoice: Json, p: Parameters) -> bool:
    return bool(invoice["parent"]["subscription_details"]["subscription"] == p.text("subscription"))


def of_charge(item: Json, p: Parameters) -> bool:
    return bool(item["charge"] == p.text("charge"))


def account(world: World, p: Parameters, identifier: str) -> Json:
    if identifier not in ("", world.account):
        raise StripeError(f"The provided key does not have access to account '{identifier}'", status=403, code="account_invalid")
    return {
        "id": world.account, "object": "account", "business_type": None, "capabilities": {"card_payments": "active"},
        "charges_enabled": True, "country": "US", "created": 1_700_000_000, "default_currency": "usd", "details_submitted": True,
        "email": "operator@example.com", "metadata": {}, "payouts_enabled": True,
        "settings": {"dashboard": {"display_name": "A test Stripe", "timezone": "Etc/UTC"}}, "type": "standard"}


def subscriptions_listed(world: World, p: Parameters, _: str) -> Json:
    """Those that ended only where they are asked for."""
    p.only(render.PAGING | {"customer", "status", "price", "created", "collection_method", "automatic_tax"})
    taxed = p.inner("automatic_tax").boolean("enabled")
    found = [
        item for item in world.all("subscription")
        if (by_status(item, p) if "status" in p else item["status"] not in standing.OVER)
        and ("customer" not in p or item["customer"] == p.text("customer"))
        and taxed in (None, item["automatic_tax"]["enabled"])
        and ("price" not in p or any(one["price"]["id"] == p.text("price") for one in item["items"]["data"]))]
    return render.paged(found, p, "/v1/subscriptions")


def registrations_listed(world: World, p: Parameters, _: str) -> Json:
    p.only(render.PAGING | {"status"})
    wanted = p.text("status") in (None, "all", "active")
    return render.paged(taxes.registrations(world) if wanted else [], p, "/v1/tax/registrations")


def events_listed(world: World, p: Parameters, _: str) -> Json:
    """Stripe keeps them for 30 days."""
    p.only(render.PAGING | {"created", "type", "types", "delivery_success"})
    wanted = p.texts("types") or ([p.need("type")] if "type" in p else [])
    found = [one["event"] for one in shown_events(world) if not wanted or one["type"] in wanted]
    return render.paged(found, p, "/v1/events")


def event(world: World, p: Parameters, identifier: str) -> Json:
    for one in shown_events(world):
        if one["id"] == identifier:
            return dict(one["event"])
    raise StripeError(f"No such event: '{identifier}'", status=404, code="resource_missing", param="id")


def shown_events(world: World) -> list[Json]:
    oldest = world.now() - 30 * 86_400
    return [one for one in world.outbox if not one["hidden"] and one["created"] >= oldest]


def methods_of(world: World, p: Parameters, customer: str) -> Json:
    owner = customer or p.text("customer")
    found = [one for one in world.all("payment_method") if owner is None or one["customer"] == owner]
    p.only(render.PAGING | {"customer", "type"})
    return render.paged(found, p, f"/v1/customers/{customer}/payment_methods" if customer else "/v1/payment_methods")


def delete_endpoint(world: World, p: Parameters, identifier: str) -> Json:
    world.remove(world.get("webhook_endpoint", identifier))
    return {"id": identifier, "object": "webhook_endpoint", "deleted": True}


def pause(world: World, p: Parameters, identifier: str) -> Json:
    p.only({"type", "bill_for", "invoicing_behavior"})
    return subscriptions.pause(world, world.get("subscription", identifier))


def resume(world: World, p: Parameters, identifier: str) -> Json:
    p.only({"billing_cycle_anchor", "proration_behavior", "proration_date", "payment_behavior"})
    return subscriptions.resume(world, world.get("subscription", identifier))


def finalize(world: World, p: Parameters, identifier: str) -> Json:
    p.only({"auto_advance"})
    invoice = world.get("invoice", identifier)
    invoices.finalize(world, invoice)
    world.secret(identifier).pop("finalize_at", None)
    return invoice


def write_off(status: str) -> Handler:
    def done(world: World, p: Parameters, identifier: str) -> Json:
        invoice = world.get("invoice", identifier)
        standing.written_off(world, invoice, status)
        return invoice

    return done


def pay(world: World, p: Parameters, identifier: str) -> Json:
    p.only({"payment_method", "off_session", "paid_out_of_band"})
    return collection.pay(world, world.get("invoice", identifier), p.text("payment_method"))


def search(kind: str, path: str) -> None:
    on("GET", f"{path}/search", lambda world, p, _: render.searched(
        [item for item in world.all(kind) if not item.get("deleted")], p, f"{path}/search"))


def close_dispute(world: World, p: Parameters, identifier: str) -> Json:
    return refunds.close(world, world.get("dispute", identifier), "lost")


def expire(world: World, p: Parameters, identifier: str) -> Json:
    return checkout.expire(world, world.get("checkout.session", identifier))


def invoice_lines(world: World, p: Parameters, identifier: str) -> Json:
    return dict(world.get("invoice", identifier)["lines"])


# Before what is readable, whose ids would take "search" for one of theirs.
for _kind, _path in (("product", "products"), ("price", "prices"), ("customer", "customers"), ("subscription", "subscriptions")):
    search(_kind, f"/v1/{_path}")

on("GET", "/v1/account", account)
on("GET", "/v1/accounts/ID", account)

readable("product", "/v1/products", {
    "active": by("active"), "ids": lambda item, p: item["id"] in p.texts("ids"), "url": by("url"), "shippable": by("shippable")})
on("POST", "/v1/products", lambda world, p, _: catalogue.product_of(world, p))
on("POST", "/v1/products/ID", lambda world, p, name: catalogue.change_product(world, world.get("product", name), p))
on("DELETE", "/v1/products/ID", lambda world, p, name: catalogue.delete_product(world, world.get("product", name)))

readable("price", "/v1/prices", {
    "active": by("active"), "product": by("product"), "currency": by("currency"), "type": by("type"),
    "lookup_keys": lambda item, p: item["lookup_key"] in p.texts("lookup_keys")})
on("POST", "/v1/prices", lambda world, p, _: catalogue.price_of(world, p))
on("POST", "/v1/prices/ID", lambda world, p, name: catalogue.change_price(world, world.get("price", name), p))

on("GET", "/v1/customers/ID/payment_methods", methods_of)
readable("customer", "/v1/customers", {"email": by("email")})
on("POST", "/v1/customers", lambda world, p, _: customers.create(world, p))
on("POST", "/v1/customers/ID", lambda world, p, name: customers.change(world, name, p))
on("DELETE", "/v1/customers/ID", lambda world, p, name: customers.forget(world, name))

on("GET", "/v1/payment_methods", methods_of)
on("GET", "/v1/payment_methods/ID", lambda world, p, name: world.get("payment_method", name))
on("POST", "/v1/payment_methods/ID/attach", lambda world, p, name: cards.attach_named(world, name, p))
on("POST", "/v1/payment_methods/ID/detach", lambda world, p, name: cards.detach(world, world.get("payment_method", name)))

readable("checkout.session", "/v1/checkout/sessions", {
    "customer": by("customer"), "status": by("status"), "subscription": by("subscription")})
on("POST", "/v1/checkout/sessions", lambda world, p, _: checkout.create(world, p))
on("POST", "/v1/checkout/sessions/ID/expire", expire)

on("GET", "/v1/subscriptions", subscriptions_listed)
on("GET", "/v1/subscriptions/ID", lambda world, p, name: world.get("subscription", name))
on("POST", "/v1/subscriptions", lambda world, p, _: subscriptions.create(world, p))
on("POST", "/v1/subscriptions/ID", lambda world, p, name: changes.update(world, world.get("subscription", name), p))
on("DELETE", "/v1/subscriptions/ID", lambda world, p, name: subscriptions.cancel(world, world.get("subscription", name), p))
on("POST", "/v1/subscriptions/ID/pause", pause)
on("POST", "/v1/subscriptions/ID/resume", resume)

readable("subscription_schedule", "/v1/subscription_schedules", {"customer": by("customer")})
on("POST", "/v1/subscription_schedules", lambda world, p, _: schedules.create(world, p))
on("POST", "/v1/subscription_schedules/ID", lambda world, p, name: schedules.change(world, world.get("subscription_schedule", name), p))
on("POST", "/v1/subscription_schedules/ID/release",
   lambda world, p, name: schedules.release(world, world.get("subscription_schedule", name)))
on("POST", "/v1/subscription_schedules/ID/cancel",
   lambda world, p, name: schedules.cancel(world, world.get("subscription_schedule", name)))

on("POST", "/v1/invoices/create_preview", lambda world, p, _: changes.preview(world, p))
readable("invoice", "/v1/invoices", {
    "customer": by("customer"), "status": by("status"), "subscription": by_subscription, "collection_method": by("collection_method")})
on("GET", "/v1/invoices/ID/lines", invoice_lines)
on("POST", "/v1/invoices/ID/pay", pay)
on("POST", "/v1/invoices/ID/finalize", finalize)
on("POST", "/v1/invoices/ID/void", write_off("void"))
on("POST", "/v1/invoices/ID/mark_uncollectible", write_off("uncollectible"))

readable("invoice_payment", "/v1/invoice_payments", {
    "invoice": by("invoice"), "status": by("status"), "payment": by_payment})
readable("payment_intent", "/v1/payment_intents", {"customer": by("customer")})
readable("charge", "/v1/charges", {"customer": by("customer"), "payment_intent": by("payment_intent")})
readable("refund", "/v1/refunds", {"charge": of_charge, "payment_intent": by("payment_intent")})
on("POST", "/v1/refunds", lambda world, p, _: refunds.create(world, p))
readable("dispute", "/v1/disputes", {"charge": of_charge, "payment_intent": by("payment_intent")})
on("POST", "/v1/disputes/ID/close", close_dispute)
readable("radar.early_fraud_warning", "/v1/radar/early_fraud_warnings", {"charge": of_charge})

readable("billing_portal.configuration", "/v1/billing_portal/configurations", {"active": by("active"), "is_default": by("is_default")})
on("POST", "/v1/billing_portal/configurations", lambda world, p, _: portal.configure(world, p))
on("POST", "/v1/billing_portal/configurations/ID",
   lambda world, p, name: portal.reconfigure(world, world.get("billing_portal.configuration", name), p))
on("POST", "/v1/billing_portal/sessions", lambda world, p, _: portal.open_session(world, p))

readable("webhook_endpoint", "/v1/webhook_endpoints")
on("POST", "/v1/webhook_endpoints", lambda world, p, _: endpoints.create(world, p))
on("POST", "/v1/webhook_endpoints/ID", lambda world, p, name: endpoints.change(world, world.get("webhook_endpoint", name), p))
on("DELETE", "/v1/webhook_endpoints/ID", delete_endpoint)

on("GET", "/v1/tax/settings", taxes.settings)
on("GET", "/v1/tax/registrations", registrations_listed)

on("GET", "/v1/events", events_listed)
on("GET", "/v1/events/ID", event)

on("GET", "/v1/test_helpers/test_clocks", lambda world, p, _: render.paged([testclocks.of(world)], p, "/v1/test_helpers/test_clocks"))
on("GET", "/v1/test_helpers/test_clocks/ID", lambda world, p, _: testclocks.of(world))
on("POST", "/v1/test_helpers/test_clocks", lambda world, p, _: testclocks.create(world, p))
on("POST", "/v1/test_helpers/test_clocks/ID/advance", lambda world, p, _: testclocks.advance(world, p))
on("DELETE", "/v1/test_helpers/test_clocks/ID", lambda world, p, name: {
    "id": name, "object": "test_helpers.test_clock", "deleted": True})
