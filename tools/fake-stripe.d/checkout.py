"""Checkout sessions: opened, paid on their page, expired."""

import copy

import cards
import catalogue
import collection
import customers
import items
import subscriptions
import taxes
from clock import DAY, HOUR
from errors import StripeError
from events import changing, emit
from forms import Parameters
from world import Json, World

ALLOWED = {
    "mode", "line_items", "customer", "client_reference_id", "success_url", "cancel_url", "metadata", "subscription_data", "automatic_tax",
    "tax_id_collection", "customer_update", "allow_promotion_codes", "locale", "expires_at", "payment_method_collection",
    "billing_address_collection", "payment_method_types", "customer_email", "saved_payment_method_options", "custom_text", "ui_mode",
    "submit_type", "consent_collection", "phone_number_collection", "branding_settings", "managed_payments", "integration_identifier"}


def create(world: World, p: Parameters) -> Json:
    p.only(ALLOWED)
    if p.need("mode") != "subscription":
        raise StripeError("this test Stripe knows mode=subscription alone", param="mode")
    success = p.need("success_url")
    customer = customers.living(world, p.need("customer"))
    data = p.inner("subscription_data")
    data.only({"metadata", "description", "billing_mode", "billing_cycle_anchor", "proration_behavior", "trial_settings"})
    wanted = [(items.recurring_price(world, one), items.quantity(one)) for one in p.many("line_items")]
    if not wanted:
        raise StripeError("Missing required param: line_items.", code="parameter_missing", param="line_items")
    now, identifier = world.now(), "cs_test_" + world.ids.letters(58)
    expires = p.integer("expires_at") or now + DAY
    if not now + HOUR // 2 <= expires <= now + DAY + 60:
        raise StripeError("The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.",
                          param="expires_at")
    total = sum(price["unit_amount"] * quantity for price, quantity in wanted)
    tax = taxes.wish(world, p)
    collects = p.inner("tax_id_collection").boolean("enabled") or False
    refuse_untold(p, customer, [price for price, _ in wanted] if tax else [], collects)
    world.hidden[identifier] = {
        "line_items": [line(world, price, quantity) for price, quantity in wanted],
        "wanted": [[price["id"], quantity] for price, quantity in wanted], "metadata": data.metadata({}), "subscription": None}
    return world.put({
        "id": identifier, "object": "checkout.session", "adaptive_pricing": {"enabled": False}, "after_expiration": None,
        "allow_promotion_codes": p.boolean("allow_promotion_codes"), "amount_subtotal": total, "amount_total": total,
        "automatic_tax": {
            "enabled": tax, "liability": {"type": "self"} if tax else None, "provider": "stripe" if tax else None,
            "status": "requires_location_inputs" if tax else None},
        "billing_address_collection": p.text("billing_address_collection"), "branding_settings": None, "cancel_url": p.text("cancel_url"),
        "client_reference_id": p.text("client_reference_id"), "client_secret": None, "collected_information": None, "consent": None,
        "consent_collection": None, "created": now, "currency": wanted[0][0]["currency"], "currency_conversion": None, "custom_fields": [],
        "custom_text": {"after_submit": None, "shipping_address": None, "submit": None, "terms_of_service_acceptance": None},
        "customer": customer["id"], "customer_account": None, "customer_creation": None, "customer_details": details(customer),
        "customer_email": None, "discounts": [], "expires_at": expires, "integration_identifier": None, "invoice": None,
        "invoice_creation": None, "livemode": False, "locale": p.text("locale"), "metadata": p.metadata({}), "mode": "subscription",
        "origin_context": None, "payment_intent": None, "payment_link": None,
        "payment_method_collection": p.text("payment_method_collection") or "always", "payment_method_configuration_details": None,
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}}, "payment_method_types": ["card"],
        "payment_status": "unpaid", "permissions": None, "phone_number_collection": {"enabled": False}, "recovered_from": None,
        "saved_payment_method_options": {"allow_redisplay_filters": ["always"], "payment_method_remove": "disabled",
                                         "payment_method_save": None},
        "setup_intent": None, "shipping_address_collection": None, "shipping_cost": None, "shipping_options": [], "status": "open",
        "submit_type": None, "subscription": None, "success_url": success,
        "tax_id_collection": {"enabled": collects, "required": "never"} if "tax_id_collection" in p else None, "total_details": {
            "amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page", "url": f"{world.address}/pay/{identifier}", "wallet_options": None})


def refuse_untold(p: Parameters, customer: Json, taxed: list[Json], collects: bool) -> None:
    """What tax takes of a customer that is there already."""
    update = p.inner("customer_update")
    update.only({"address", "name", "shipping"})
    keeps = {name for name in ("address", "name", "shipping") if update.choice(name, ("auto", "never")) == "auto"}
    if taxed and not taxes.located(customer) and not keeps & {"address", "shipping"}:
        raise StripeError(
            "Automatic tax calculation in Checkout requires a valid address on the Customer. Add a valid address to the Customer or set "
            "either `customer_update[address]` to 'auto' or `customer_update[shipping]` to 'auto' to save the address entered in Checkout "
            "to the Customer.", code="customer_tax_location_invalid")
    if collects and "name" not in keeps:
        raise StripeError("Tax ID collection requires updating business name on the customer. To enable tax ID collection for an existing "
                          "customer, please set `customer_update[name]` to `auto`.")
    for price in taxed:
        taxes.need_behavior(price)


def details(customer: Json) -> Json:
    return {
        "address": customer["address"], "business_name": None, "email": customer["email"], "individual_name": None,
        "name": customer["name"], "phone": customer["phone"], "tax_exempt": customer["tax_exempt"], "tax_ids": []}


def line(world: World, price: Json, quantity: int) -> Json:
    amount = price["unit_amount"] * quantity
    return {
        "id": world.ids.next("li_"), "object": "item", "adjustable_quantity": None, "amount_discount": 0, "amount_subtotal": amount,
        "amount_tax": 0, "amount_total": amount, "currency": price["currency"], "description": None, "metadata": {},
        "price": copy.deepcopy(price), "quantity": quantity}


def opened(session: Json) -> Json:
    if session["status"] != "open":
        raise StripeError(
            f"Only Checkout Sessions with a status in [\"open\"] can be expired or paid. This Checkout Session has a status of "
            f"{session['status']}.")
    return session


def expire(world: World, session: Json) -> Json:
    """A subscription that waits for its first payment is left to its 23 hours."""
    opened(session).update(status="expired", url=None)
    emit(world, "checkout.session.expired", session)
    return session


def pay(world: World, session: Json, kind: str) -> str:
    """What the page's button does: paid, action, or declined. Tried again it is the same subscription with another card."""
    opened(session)
    if kind not in cards.KINDS:
        raise StripeError(f"there is no card {kind}: one of {', '.join(cards.KINDS)}")
    method = cards.card_of(world, kind, session["customer"])
    if session["automatic_tax"]["enabled"]:
        tax(world, session)
    hidden = world.secret(session["id"])
    subscription = world.find("subscription", hidden["subscription"])
    if subscription is None or subscription["status"] != "incomplete":
        wanted = [(catalogue.usable_price(world, price, "line_items"), quantity) for price, quantity in hidden["wanted"]]
        subscription = subscriptions.make(
            world, session["customer"], wanted, dict(hidden["metadata"]), method["id"], session["automatic_tax"]["enabled"])
        hidden["subscription"] = subscription["id"]
    else:
        with changing(world, subscription, "customer.subscription.updated"):
            subscription["default_payment_method"] = method["id"]
    return collect(world, session, subscription, False)


def tax(world: World, session: Json) -> None:
    """The page knows now where the payer is."""
    customer = world.get("customer", session["customer"])
    taxes.locate(world, customer)
    lines = world.secret(session["id"])["line_items"]
    for one in lines:
        due = taxes.of_price(world, customer, one["price"], one["amount_subtotal"])
        one["amount_tax"] = due["amount"]
        one["amount_total"] = one["amount_subtotal"] + (due["amount"] if due["tax_behavior"] == "exclusive" else 0)
    session["automatic_tax"] = session["automatic_tax"] | {"status": "complete"}
    session["total_details"] = session["total_details"] | {"amount_tax": sum(one["amount_tax"] for one in lines)}
    session.update(customer_details=details(customer), amount_total=sum(one["amount_total"] for one in lines))


def answer(world: World, session: Json, confirmed: bool) -> str:
    """What the bank's page says."""
    opened(session)
    subscription = world.find("subscription", world.secret(session["id"])["subscription"])
    if subscription is None:
        raise StripeError("no card was given yet")
    if confirmed:
        return collect(world, session, subscription, True)
    emit(world, "invoice.payment_failed", subscriptions.latest_invoice(world, subscription))
    return "declined"


def collect(world: World, session: Json, subscription: Json, confirmed: bool) -> str:
    invoice = subscriptions.latest_invoice(world, subscription)
    outcome = "paid" if invoice["status"] == "paid" else collection.collect(world, invoice, confirmed, on_page=True)
    if outcome == "paid":
        session.update(
            status="complete", payment_status="paid", subscription=subscription["id"], invoice=invoice["id"], url=None)
        emit(world, "checkout.session.completed", session)
    return outcome


def way_back(session: Json) -> str:
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])
