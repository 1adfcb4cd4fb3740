"""Invoices: drafts, what finalizing makes of them, and their ends. Paying them is collection.py's."""

import taxes
from errors import StripeError
from events import changing, emit
from world import Json, World


def line(price: Json, quantity: int, amount: int, start: int, end: int, subscription: str | None, item: str | None, proration: bool,
         description: str) -> Json:
    """One line, of an invoice that comes later."""
    return {
        "object": "line_item", "amount": amount, "currency": price["currency"], "description": description, "discount_amounts": [],
        "discountable": not proration, "discounts": [], "livemode": False, "metadata": dict(price["metadata"]),
        "parent": {
            "invoice_item_details": None,
            "subscription_item_details": {
                "invoice_item": None, "proration": proration, "proration_details": {"credited_items": None} if proration else None,
                "subscription": subscription, "subscription_item": item},
            "type": "subscription_item_details"},
        "period": {"start": start, "end": end}, "pretax_credit_amounts": [],
        "pricing": {
            "price_details": {"price": price["id"], "product": price["product"]}, "type": "price_details",
            "unit_amount_decimal": price["unit_amount_decimal"]},
        "quantity": quantity, "quantity_decimal": str(quantity), "subscription": subscription, "subtotal": amount, "taxes": []}


def full_lines(world: World, subscription: Json, items: list[Json]) -> list[Json]:
    """What a period costs."""
    return [
        line(item["price"], item["quantity"], item["price"]["unit_amount"] * item["quantity"], item["current_period_start"],
             item["current_period_end"], subscription["id"], item["id"], False, full_text(world, item)) for item in items]


def full_text(world: World, item: Json) -> str:
    recurring = item["price"]["recurring"]
    each = f"${item['price']['unit_amount'] / 100:.2f}" if item["price"]["currency"] == "usd" else str(item["price"]["unit_amount"])
    return f"{item['quantity']} × {product_name(world, item['price'])} (at {each} / {recurring['interval']})"


def product_name(world: World, price: Json) -> str:
    product = world.find("product", price["product"])
    return str(product["name"]) if product else "a product that is gone"


def draft(world: World, subscription: Json, lines: list[Json], reason: str) -> Json:
    """An invoice that is nobody's yet: a preview is no more than this."""
    now = world.now()
    customer = world.get("customer", subscription["customer"])
    if customer.get("deleted"):
        customer = world.secret(customer["id"])["deleted"]
    identifier = world.ids.next("in_" if reason != "upcoming" else "upcoming_in_")
    enabled = subscription["automatic_tax"]["enabled"] and taxes.located(customer)
    if enabled:
        lines = taxes.of_lines(world, customer, lines)
    totals = taxes.totals(lines)
    total = totals["total"]
    lines = [one | {"id": world.ids.next("il_"), "invoice": identifier} for one in lines]
    start, end = bounds(subscription, lines)
    return {
        "id": identifier, "object": "invoice", "account_country": "US", "account_name": "A test Stripe", "account_tax_ids": None,
        "amount_due": max(0, total + customer["balance"]), "amount_overpaid": 0, "amount_paid": 0,
        "amount_remaining": max(0, total + customer["balance"]), "amount_shipping": 0, "application": None, "attempt_count": 0,
        "attempted": False, "auto_advance": True,
        "automatic_tax": taxes.state(enabled) | {
            "provider": "stripe" if enabled else None, "status": "complete" if enabled else None},
        "automatically_finalizes_at": None, "billing_reason": reason, "collection_method": "charge_automatically", "created": now,
        "currency": subscription["currency"], "custom_fields": None, "customer": subscription["customer"], "customer_account": None,
        "customer_address": customer["address"], "customer_email": customer["email"], "customer_name": customer["name"],
        "customer_phone": customer["phone"], "customer_shipping": None, "customer_tax_exempt": customer["tax_exempt"],
        "customer_tax_ids": [], "default_payment_method": None, "default_source": None, "default_tax_rates": [], "description": None,
        "discounts": [], "due_date": None, "effective_at": None, "ending_balance": None, "footer": None, "from_invoice": None,
        "hosted_invoice_url": None, "invoice_pdf": None, "issuer": {"type": "self"}, "last_finalization_error": None,
        "latest_revision": None,
        "lines": {"object": "list", "data": lines, "has_more": False, "url": f"/v1/invoices/{identifier}/lines"},
        "livemode": False, "metadata": {}, "next_payment_attempt": None, "number": None, "on_behalf_of": None,
        "parent": {
            "quote_details": None, "type": "subscription_details",
            "subscription_details": {"metadata": dict(subscription["metadata"]), "subscription": subscription["id"]}},
        "payment_settings": {"default_mandate": None, "payment_method_options": None, "payment_method_types": None},
        "period_end": end, "period_start": start, "post_payment_credit_notes_amount": 0, "pre_payment_credit_notes_amount": 0,
        "receipt_number": None, "rendering": None, "shipping_cost": None, "shipping_details": None,
        "starting_balance": customer["balance"], "statement_descriptor": None, "status": "draft",
        "status_transitions": {"finalized_at": None, "marked_uncollectible_at": None, "paid_at": None, "voided_at": None},
        "test_clock": None, "total_discount_amounts": [], "total_pretax_credit_amounts": [], "webhooks_delivered_at": None} | totals


def bounds(subscription: Json, lines: list[Json]) -> tuple[int, int]:
    items = subscription["items"]["data"]
    whole = [one["period"] for one in lines if not one["parent"]["subscription_item_details"]["proration"]]
    period = whole[0] if whole else {"start": items[0]["current_period_start"], "end": items[0]["current_period_end"]}
    return period["start"], period["end"]


def create(world: World, subscription: Json, lines: list[Json], reason: str) -> Json:
    invoice = world.put(draft(world, subscription, lines, reason))
    emit(world, "invoice.created", invoice)
    return invoice


def finalize(world: World, invoice: Json) -> None:
    """Gives it a number and a page; what the customer has to his credit is taken off."""
    if invoice["status"] != "draft":
        raise StripeError("This invoice is already finalized, you can't re-finalize a non-draft invoice.", code="invoice_not_editable")
    world.numbers += 1
    with changing(world, invoice, "invoice.updated"):
        invoice.update(
            status="open", number=f"TEST-{world.numbers:04}", effective_at=world.now(), automatically_finalizes_at=None,
            hosted_invoice_url=f"{world.address}/invoice/{invoice['id']}",
            invoice_pdf=f"{world.address}/invoice/{invoice['id']}.pdf")
        invoice["status_transitions"] = invoice["status_transitions"] | {"finalized_at": world.now()}
        use_balance(world, invoice)
    emit(world, "invoice.finalized", invoice)


def use_balance(world: World, invoice: Json) -> None:
    customer = world.find("customer", invoice["customer"])
    starting = 0 if customer is None or customer.get("deleted") else customer["balance"]
    due = invoice["total"] + starting
    invoice.update(
        starting_balance=starting, ending_balance=min(0, due), amount_due=max(0, due), amount_remaining=max(0, due))
    if customer is not None and not customer.get("deleted") and customer["balance"] != min(0, due):
        with changing(world, customer, "customer.updated"):
            customer["balance"] = min(0, due)


def mark_paid(world: World, invoice: Json) -> None:
    with changing(world, invoice, "invoice.updated"):
        invoice.update(
            status="paid", amount_paid=invoice["amount_due"], amount_remaining=0, attempted=True, next_payment_attempt=None,
            auto_advance=False)
        invoice["status_transitions"] = invoice["status_transitions"] | {"paid_at": world.now()}
    emit(world, "invoice.paid", invoice)
    emit(world, "invoice.payment_succeeded", invoice)


def end(world: World, invoice: Json, status: str) -> None:
    """Void or uncollectible."""
    if invoice["status"] not in ("open", "uncollectible"):
        raise StripeError(f"This invoice is {invoice['status']}: only an open one can be made {status}.", code="invoice_not_editable")
    name = "voided" if status == "void" else "marked_uncollectible"
    with changing(world, invoice, "invoice.updated"):
        invoice.update(status=status, next_payment_attempt=None, auto_advance=False)
        invoice["status_transitions"] = invoice["status_transitions"] | {f"{name}_at": world.now()}
    emit(world, f"invoice.{name}", invoice)


def subscription_of(world: World, invoice: Json) -> Json:
    return world.get("subscription", invoice["parent"]["subscription_details"]["subscription"])


def of_subscription(world: World, subscription: Json) -> list[Json]:
    return [
        one for one in world.all("invoice") if one["parent"]["subscription_details"]["subscription"] == subscription["id"]]
